// The inspector, in the dock beside the stage: one step of the network with its real numbers. The stage tells it which. A
// step only fills places that stand there, so it is cheap and nothing jumps.

import { clamp, el, text } from "../shared.js";
import { build, palette } from "./elements.js";
import { exampleOf } from "./facts.js";
import { fill, ownPlace, paint, point } from "./filling.js";
import { layout } from "./numbers.js";
import { colourCard, makeCard, pressCard, renewCard, showCard, unitOf, weightOf } from "./step_card.js";
import { makeUpdateCard, showUpdateCard } from "./update_card.js";
import { makeField } from "./weight_field.js";

/**
 * @import { Whose } from "../errors.js"
 * @import { Entry } from "../stage/weights.js"
 * @import { InspectorData } from "./factors.js"
 * @import { UpdateShown } from "./update_card.js"
 * @typedef {ReturnType<typeof makeDock>} Inspector
 * @typedef {"forward" | "backward"} Phase
 */

const HEADER = 64; // px at the top of the window that the page's own header covers, with a margin

/**
 * @param {InspectorData} data
 * @param {{ pick: (entry: Entry | null) => void, set: (value: number) => void, onStream: () => void }} acts a weight is
 * picked here, or none any more, and set to a value; the reader has chosen the other stream
 */
export function makeDock(data, { pick, set, onStream }) {
  const root = el("div", "inspector", { "data-testid": "inspector" });
  const example = exampleOf(data);
  const card = makeCard(example);
  const handle = el("button", "handle", { type: "button", "aria-expanded": "false" }, text("sheet"));
  const ofAll = el("p", "of-all", {}, text("equations_of_all"));
  const equations = el("details", "equations", {}, el("summary", "", {}, text("equations")), ofAll, root);
  const [field, updateCard] = [makeField(set, () => pick(null)), makeUpdateCard()];
  const streams = ["first", "second"].map((name) =>
    el("button", "", { type: "button", "data-stream": name }, text(`stream_${name}`)),
  );
  const both = el(
    "div",
    "streams",
    { "data-testid": "streams", role: "group", "aria-label": text("streams") },
    ...streams,
  );
  const [end, more] = [el("i", "end"), el("button", "more", { type: "button" }, text("more"))];
  const sheet = el("div", "sheet-of-dock", {}, both, card.root, updateCard.root, end, equations, field.root);
  const inspector = {
    ...{ root, example, card, updateCard, equations, handle, both, streams, field, end, more, pick, onStream },
    data,
    second: /** @type {InspectorData | null} */ (null), // of a network that reads in both directions
    isSecond: false, // is the second stream shown?
    home: el("div", "dock", { "data-testid": "dock" }, palette(), sheet, more, handle),
    phase: /** @type {Phase} */ ("forward"),
    sub: "", // all that belongs to the step is there
    whose: /** @type {Whose} */ ("all"),
    t: data.selected,
    unit: 0,
    update: /** @type {UpdateShown | null} */ (null),
    parts: build(el("div"), data, () => {}),
    builtFor: "", // the shape of the data that the equations were made for: not before the reader opens them
    width: 0, // of the room for equations, in px
    shape: layout(0, data.n_a),
    over: /** @type {HTMLElement | null} */ (null),
    payload: "",
    stop: () => {},
  };
  listen(inspector);
  return inspector;
}

// ---------------------------------------------------------------- following the step

/**
 * What the stage shows, or what the reader points at here
 * @param {Inspector} inspector @param {Partial<Pick<Inspector, "t" | "phase" | "sub" | "whose" | "unit" | "over" | "update">>} change
 */
export function showDock(inspector, change) {
  Object.assign(inspector, change);
  const { home, root, card, example, equations, t, phase, update } = inspector;
  Object.assign(root.dataset, { t, phase });
  Object.assign(home.dataset, { phase: update ? "update" : phase, single: inspector.whose !== "all" });
  card.root.hidden = update !== null;
  showUpdateCard(inspector.updateCard, update);
  const sub = inspector.isSecond ? "" : inspector.sub; // it has been read, and walked back, as a whole
  showCard(card, example, { phase, sub, unit: inspector.unit, ...ownPlace(inspector) });
  if (!equations.open) return;
  if (inspector.builtFor !== shapeOf(example.data)) buildEquations(inspector);
  fill(inspector);
  paint(inspector);
  point(inspector);
}

/** Never asks for the width: in the middle of a change that would cost a layout of the whole page @param {Inspector} inspector */
function fit(inspector) {
  const { root, example, width } = inspector;
  inspector.shape = layout(width, example.data.n_a);
  const { columns, cell, numbers, beside } = inspector.shape;
  root.classList.toggle("numbers", numbers);
  root.classList.toggle("beside", beside);
  root.style.setProperty("--columns", String(columns));
  root.style.setProperty("--cell", `${cell}px`);
  root.style.setProperty("--digits", `${Math.min(13, (cell - 3) / 2.45)}px`);
  showDock(inspector, { over: null });
}

// ---------------------------------------------------------------- life

/** What decides which elements there are @param {InspectorData} data */
const shapeOf = ({ cell, n_a, words, softmax, attention, weights, stream }) =>
  JSON.stringify([cell, n_a, words.length, softmax, Boolean(attention), Object.keys(weights), stream]);

/** By which a change of theme is known: it repeats the same data @param {InspectorData} data @param {InspectorData | null} second */
export const payloadOfDock = (data, second) => JSON.stringify([data, second]);

/**
 * New numbers. The elements stay as long as they fit, so that the reader's focus and choices do too. The stage says
 * afterwards which step it shows.
 * @param {Inspector} inspector @param {InspectorData} data @param {InspectorData | null} second @param {string} [payload]
 */
export function updateDock(inspector, data, second, payload = payloadOfDock(data, second)) {
  if (!inspector.payload || payload === inspector.payload) colourCard(inspector.card);
  if (payload === inspector.payload) return;
  const before = inspector.payload ? inspector.example.data : null;
  Object.assign(inspector, { payload, data, second, isSecond: inspector.isSecond && Boolean(second) });
  takeStream(inspector, before);
}

/** The stream that is shown @param {Inspector} inspector @param {boolean} isSecond */
export function chooseStream(inspector, isSecond) {
  if (inspector.isSecond === (isSecond && Boolean(inspector.second))) return;
  inspector.isSecond = isSecond;
  takeStream(inspector, inspector.example.data);
  inspector.onStream();
}

/** @param {Inspector} inspector @param {InspectorData | null} before what its elements were made for */
function takeStream(inspector, before) {
  const { isSecond, second } = inspector;
  const data = isSecond && second ? second : inspector.data;
  inspector.both.hidden = !second;
  for (const button of inspector.streams)
    button.setAttribute("aria-pressed", String((button.dataset.stream === "second") === isSecond));
  const [T, unit] = [data.words.length, Math.min(inspector.unit, data.n_a - 1)];
  Object.assign(inspector, { example: exampleOf(data), unit, t: clamp(inspector.t, 1, T) });
  renewCard(inspector.card, inspector.example, before?.cell !== data.cell || before.n_a !== data.n_a);
  fit(inspector);
}

/** The equations of such a network, and of so many steps @param {Inspector} inspector */
function buildEquations(inspector) {
  const { data } = inspector.example;
  inspector.parts = build(inspector.root, data, (phase) => showDock(inspector, { phase }));
  inspector.builtFor = shapeOf(data);
}

/** @param {Inspector} inspector */
function listen(inspector) {
  const { root, home, card, handle, equations, end, more } = inspector;
  const below = new IntersectionObserver(([{ isIntersecting }]) => more.classList.toggle("away", isIntersecting), {
    root: home,
  });
  below.observe(end);
  more.onclick = () => home.scrollBy(0, home.clientHeight / 2);
  card.root.onpointerover = ({ target }) => {
    const unit = unitOf(/** @type {HTMLElement} */ (target));
    if (unit >= 0) showDock(inspector, { unit });
  };
  card.root.onclick = ({ target }) => {
    const at = /** @type {HTMLElement} */ (target);
    const weight = weightOf(card, inspector.example.data, at, inspector);
    if (weight) inspector.pick(weight);
    if (pressCard(card, inspector.example.data, at)) showDock(inspector, {});
  };
  inspector.both.onclick = ({ target }) => {
    const { stream } = /** @type {HTMLElement} */ (target).dataset;
    if (stream) chooseStream(inspector, stream === "second");
  };
  equations.ontoggle = () => {
    fit(inspector);
    if (equations.open) home.scrollTop = equations.offsetTop - home.offsetTop; // beside the stage it opens out of sight
  };
  handle.onclick = () => {
    const isRaised = !home.classList.contains("raised") || home.classList.contains("low"); // from the field to all of it
    home.classList.toggle("raised", isRaised);
    home.classList.remove("low");
    home.style.setProperty("--room", `${handle.getBoundingClientRect().top - HEADER}px`); // no higher: its title would be hidden
    handle.setAttribute("aria-expanded", String(isRaised));
  };
  root.onpointerover = ({ target }) => {
    const over = /** @type {HTMLElement | null} */ (/** @type {Element} */ (target).closest(".cell"));
    if (over) showDock(inspector, { over, unit: [...(over.parentElement?.children ?? [])].indexOf(over) });
    else if (inspector.over) showDock(inspector, { over: null });
  };
  root.onpointerleave = () => showDock(inspector, { over: null });
  root.oninput = ({ target }) => {
    const unit = /** @type {HTMLInputElement} */ (target).valueAsNumber - 1;
    if (Number.isInteger(unit) && unit >= 0 && unit < inspector.example.data.n_a) showDock(inspector, { unit });
  };
  // The stage plays and steps on Space and arrows: keys that a control in this card needs stay here
  home.onkeydown = (event) => {
    const { key, target } = event;
    const at = /** @type {HTMLElement} */ (target);
    if (key === " " || at.matches("input")) event.stopPropagation();
    if (!at.matches('[role="button"]') || (key !== " " && key !== "Enter")) return;
    event.preventDefault();
    at.click();
  };
  const watch = new ResizeObserver(([{ contentRect }]) => {
    inspector.width = contentRect.width;
    fit(inspector);
  });
  watch.observe(root);
  inspector.stop = () => {
    watch.disconnect();
    below.disconnect();
  };
}
