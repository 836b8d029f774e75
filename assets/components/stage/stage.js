// The stage: one sequence on one time axis, forward and then backward, of any structure, and its weights. What the reader
// does, and how the stage lives in the page; plan.js says where things stand, elements.js makes them, draw.js fills them,
// play.js moves.

import { errorsOf } from "../errors.js";
import { directionLine } from "../inspector/hop.js";
import { chooseStream, makeDock, payloadOfDock, showDock, updateDock } from "../inspector/inspector.js";
import { Choice, clamp, component, el, gradientLabel, text } from "../shared.js";
import { onKeys } from "../transport.js";
import { onPress, onRest } from "./around.js";
import { onHold, showAfter, showBefore } from "./before.js";
import { draw } from "./draw.js";
import { makeLegend, makeRowLabels, makeTrack } from "./elements.js";
import { entryText, nowOf } from "./entry.js";
import { formed, secondOf } from "./formed.js";
import { colours } from "./grids.js";
import { lastStep, whoseStep } from "./phases.js";
import { pick, putAt, walk } from "./picked.js";
import { arrange, isJudged, isLarge, isNarrow, LAPTOP, layout, PROJECTOR } from "./plan.js";
import { go, halt, isPlayed, play, playUpdate, replaceUpdate, select, step, toggle } from "./play.js";
import { show } from "./show.js";
import { onPlayer, playerOf } from "./sound.js";
import { drawStreams } from "./streams.js";
import { entryAt, entryOf } from "./weights.js";

/**
 * @import { Errors } from "../errors.js"
 * @import { Inspector } from "../inspector/inspector.js"
 * @import { Page } from "../shared.js"
 * @import { Holds } from "./grids.js"
 * @import { Sub } from "./phases.js"
 * @import { Phase, Sizes, StageData, Whose } from "./plan.js"
 * @import { Entry } from "./weights.js"
 * @import { Map as WeightMap } from "./maps.js"
 * @typedef {ReturnType<typeof makeStage>} Stage
 * @typedef {Pick<Stage, "t" | "k" | "whole" | "phase">} Home
 * @typedef {{ sub: Sub, data: StageData, home: Home, since: number, isNew: boolean }} Motion an update that is being shown
 */

const SHARE = 0.6; // of the window's height that the stage may take
const SHARE_OF_PHONE = 0.48; // its row and the strip take more lines there

/**
 * A step as one number: where the page keeps the phase, too, −5 is step 5 on the way back.
 * @param {{ t: number, phase?: Phase | null }} place @param {StageData} data
 */
const signed = ({ t, phase }, { phase: kept }) => (kept && phase === "backward" ? -t : t);

/** @param {StageData} data */
const asked = (data) => signed({ t: data.selected, phase: data.phase }, data);

/**
 * The stage with everything that it remembers, and the dock that shows the same step
 * @param {Page} page @param {StageData} data @param {Inspector} dock
 */
function makeStage(page, data, dock) {
  const [legend, band, tip] = [makeLegend(), el("div", "band"), el("div", "tip", { role: "tooltip", hidden: "" })];
  const live = el("div", "unseen", { "aria-live": "polite" });
  const track = el("div", "track", { role: "listbox", "aria-orientation": "horizontal", "aria-label": text("steps") });
  const home = el("div", "weights", { role: "group", "aria-label": text("weights") });
  const scroller = el("div", "scroller", {}, el("div", "sheet", {}, makeRowLabels(), home, track));
  const [question, banner] = [el("div", "question"), el("div", "banner", { "data-testid": "banner" })];
  const attributes = { "data-testid": "stage", tabindex: 0, role: "group", "aria-label": text("stage") };
  const card = el("div", "card", {}, el("div", "top", {}, question, banner), scroller);
  const root = el("div", "stage", attributes, card, legend.root, live, tip);
  const parts = el("div", "parts", {}, root, dock.home);
  // The step and when it was chosen: the same step chosen again, after the page has moved it, is news
  const selected = new Choice((/** @type {number} */ t) => page.setStateValue("t", [t, Date.now()]));
  const whose = whoseStep(data, data.whose);
  return {
    ...{ root, parts, legend, band, tip, live, track, scroller, home, question, banner, ...makeTrack(data, band) },
    ...{ room: 0, width: 0, height: 0, seen: "", sizes: LAPTOP },
    ...{ data, result: data.result, dock, selected, page, aim: 0, taken: 0, drawn: 0, payload: "" },
    ...formed(data),
    plan: layout(data, 0, 400),
    colour: colours(root),
    painted: "",
    pen: /** @type {CanvasRenderingContext2D} */ (el("canvas").getContext("2d")),
    held: /** @type {Holds[]} */ ([]),
    heldLater: /** @type {string[]} */ ([]), // of the second stream
    maps: /** @type {WeightMap[]} */ ([]),
    mapNames: "",
    zMark: el("div", "remark z-mark"),
    phase: /** @type {Phase} */ ("forward"),
    ...{ speed: 1, size: "auto", t: 1, k: 0, whole: true, told: false, playing: false, lineAt: 0, announced: "" },
    asked: /** @type {Whose | "last"} */ (data.whose ?? "all"),
    errors: errorsOf(data.dock, whose),
    second: secondOf(data, whose),
    update: /** @type {Motion | null} */ (null),
    before: /** @type {StageData | null} */ (null), // what was drawn before the last update
    asksBefore: false, // does the reader hold the stage?
    after: /** @type {StageData | null} */ (null), // what is drawn again when the reader no longer holds the stage
    chosen: /** @type {{ unit?: number }} */ ({}),
    picked: /** @type {Entry | null} */ (null),
    timer: /** @type {ReturnType<typeof setTimeout> | undefined} */ (undefined),
    hover: /** @type {{ target: Element, x: number, y: number } | null} */ (null),
    stop: () => {},
    /** @param {number} [delay] */
    tell(delay) {
      selected.tell(() => signed(this, this.data), delay);
    },
    /** New numbers @param {StageData} next */
    take(next) {
      Object.assign(this, { data: next, ...formed(next), drawn: this.drawn + 1 });
      this.errors = errorsOf(next.dock, this.errors.whose);
      this.second = secondOf(next, this.errors.whose);
    },
    /** Whose error is sent back @param {Whose} whose */
    choose(whose) {
      if (whose === this.errors.whose) return;
      this.errors = errorsOf(this.data.dock, whoseStep(this.data, whose));
      this.second = secondOf(this.data, this.errors.whose);
      this.columns.forEach((column) => {
        column.reach = "";
      });
      drawStreams(this);
    },
  };
}

// ---------------------------------------------------------------- what the reader does

/**
 * The tooltip of what is under the pointer: a hidden unit or a weight, or the exact number of a bar or an arrow.
 * @param {Stage} stage
 */
function showTip(stage) {
  const { root, tip, hover } = stage;
  const owner = /** @type {HTMLElement | undefined} */ (
    hover?.target.closest?.(".hidden, .later, .sheet-of, [data-tip]")
  );
  tip.hidden = !owner;
  if (!hover || !owner) return;
  const { box, said } = owner.matches(".hidden, .later")
    ? unitAt(stage, hover, owner)
    : owner.classList.contains("sheet-of")
      ? weightAt(stage, hover, owner)
      : { box: owner.getBoundingClientRect(), said: tipOf(stage, owner) };
  tip.hidden = said === undefined;
  tip.textContent = said ?? "";
  const home = root.getBoundingClientRect();
  const half = tip.offsetWidth / 2;
  tip.style.left = `${clamp(box.left + box.width / 2 - home.left, half + 2, home.width - half - 2)}px`;
  tip.style.top = `${Math.max(box.top - home.top, tip.offsetHeight + 8)}px`;
}

/** What a piece tells of itself; of a hop also why it did that, worked out only when it is asked @param {Stage} stage @param {HTMLElement} owner */
function tipOf({ data, errors }, owner) {
  const { tip } = owner.dataset;
  if (errors.whose === "all" || !owner.matches(".from-next, .norm-next")) return tip;
  const t = Number(/** @type {HTMLElement} */ (owner.closest(".step")).dataset.t);
  const why = directionLine(data.dock, errors, t + 1);
  return why ? `${tip}. ${why}` : tip;
}

const FRAME = 4; // px, around the grid of a hidden state

/**
 * The hidden unit under the pointer, if its state has been computed
 * @param {Stage} stage @param {{ x: number, y: number }} hover @param {HTMLElement} hidden
 */
function unitAt({ plan: { grid }, data: { n_a }, a, held, second }, { x, y }, hidden) {
  const { left, top } = hidden.getBoundingClientRect();
  const { columns, rows, unit } = grid;
  const [i, j] = [x - left, y - top].map((distance) => Math.floor((distance - FRAME) / unit));
  const k = clamp(j, 0, rows - 1) * columns + clamp(i, 0, columns - 1);
  const t = Number(hidden.parentElement?.dataset.t);
  const later = hidden.classList.contains("later") ? second?.a(t) : undefined;
  const isThere = k < n_a && (later || held[t - 1] === "state" || held[t - 1] === "pale");
  const value = gradientLabel(later ? later[k] : a[t * n_a + k]).replace(/^-/, "−");
  const said = isThere ? text(later ? "unit_value_later" : "unit_value", { t, unit: k + 1, value }) : undefined;
  return {
    unit: k < n_a ? k : undefined,
    said,
    box: { left: left + FRAME + i * unit, top: top + FRAME + j * unit, width: unit },
  };
}

/**
 * The entry of a matrix under the pointer
 * @param {Stage} stage @param {{ x: number, y: number }} hover @param {HTMLElement} sheet
 */
function weightAt(stage, { x, y }, sheet) {
  const box = sheet.getBoundingClientRect();
  const map = stage.maps.find((one) => one.sheet === sheet);
  const at = map && entryAt(map.weight, (x - box.left) / box.width, (y - box.top) / box.height);
  if (!map || !at) return { box, said: undefined };
  const { weight, entry } = map;
  putAt(entry, weight, at);
  return { box, said: entryText(weight, at, nowOf(stage, weight)), map, at };
}

/** Lights every place where the matrix under the pointer is used. @param {Stage} stage */
function lightShared({ root, hover, maps }) {
  const owner = hover?.target.closest?.(".map, .name");
  const name = owner ? [...owner.classList].find((one) => one.startsWith("of-")) : "";
  if (root.dataset.lit === (name ?? "")) return;
  root.dataset.lit = name ?? "";
  for (const node of root.querySelectorAll(".map, .name"))
    node.classList.toggle("lit-up", Boolean(name) && node.classList.contains(name ?? ""));
  for (const { entry } of maps) entry.hidden = true;
}

/** What a press means before it means a step: a weight, a unit, a loss @param {Stage} stage @param {MouseEvent} event */
function press(stage, event) {
  const { target, clientX: x, clientY: y } = event;
  const node = /** @type {Element} */ (target);
  const [sheet, hidden] = [".sheet-of", ".hidden, .later"].map(
    (one) => /** @type {HTMLElement | null} */ (node.closest(one)),
  );
  if (sheet) {
    const { map, at } = weightAt(stage, { x, y }, sheet);
    if (!map || !at) return;
    const { name, group } = map.weight;
    if (name === "Wya") chooseUnit(stage, at.column);
    else if (group) chooseUnit(stage, at.row % stage.data.n_a);
    map.at = at;
    pick(stage, entryOf(map.weight, at));
  }
  if (hidden) chooseStream(stage.dock, hidden.classList.contains("later"));
  if (hidden) chooseUnit(stage, unitAt(stage, { x, y }, hidden).unit);
  const column = /** @type {HTMLElement | null} */ (node.closest(".step"));
  if (column && node.closest(".from-next, .norm-next")) {
    event.stopPropagation(); // a hop is made at the step that sends it
    return select(stage, Number(column.dataset.t) + 1);
  }
  const corrects = Boolean(node.closest(".target")) && Boolean(stage.data.corrects);
  if (!column || !(corrects || node.closest(".lossbox, .loss"))) return;
  event.stopPropagation(); // it is a label or an error that is chosen, not the step
  const t = Number(column.dataset.t);
  if (corrects) correct(stage, t);
  else chooseError(stage, whoseStep(stage.data, t));
}

/** The reader says that the label of step t is the other one. @param {Stage} stage @param {number} t */
function correct(stage, t) {
  const { data, page } = stage;
  if (!data.corrects) return;
  halt(stage);
  page.setStateValue("label", [t, 1 - Number(data.targets[t - 1]), Date.now()]);
}

/** @param {Stage} stage @param {number | undefined} unit */
function chooseUnit(stage, unit) {
  if (unit === undefined) return;
  stage.chosen = { unit };
  showDock(stage.dock, { unit });
}

/**
 * The reader sends an error: the picture of the way back is its, at once, from its own step on.
 * @param {Stage} stage @param {Whose | "last"} asked
 */
function chooseError(stage, asked) {
  halt(stage);
  stage.asked = asked;
  const whose = whoseStep(stage.data, asked);
  stage.choose(whose);
  go(stage, { phase: "backward", t: lastStep(stage.data, whose), whole: true });
  stage.page.setStateValue("whose", asked);
  stage.tell();
}

/** The reader has typed the value of the picked weight. @param {Stage} stage @param {number} value */
function setWeight({ picked, page }, value) {
  if (!picked) return;
  const { group, name, row, column } = picked;
  page.setStateValue("edit", [group, name, row, column, value, Date.now()]);
}

/** What the row of the loop asks for @param {Stage} stage @param {Record<string, unknown>} asked */
function obey(stage, { act, by, t, value }) {
  /** @type {Record<string, () => void>} */
  const acts = {
    forward: () => play(stage, "forward"),
    backward: () => isJudged(stage.data) && play(stage, "backward"),
    toggle: () => toggle(stage),
    step: () => step(stage, Number(by)),
    scrub: () => scrubTo(stage, Number(t)),
    whose: () => chooseError(stage, /** @type {Whose | "last"} */ (value)),
    speed() {
      stage.speed = Number(value);
      const player = playerOf(stage);
      if (player) player.playbackRate = stage.speed;
      show(stage);
    },
    "step-size"() {
      stage.size = String(value);
      show(stage);
    },
  };
  acts[String(act)]?.();
}

/** @param {Stage} stage @param {number} t */
function scrubTo(stage, t) {
  halt(stage);
  go(stage, { t });
  stage.tell();
}

/** @param {Stage} stage */
function listen(stage) {
  const { root, scroller } = stage;
  const choose = (/** @type {HTMLElement} */ column) => select(stage, Number(column.dataset.t));
  stage.track.addEventListener("click", ({ target }) => {
    const column = /** @type {HTMLElement | null} */ (/** @type {Element} */ (target).closest(".step"));
    if (column) choose(column);
  });
  const moves = {
    b: () => showBefore(stage),
    " ": () => toggle(stage),
    ArrowLeft: () => step(stage, -1),
    ArrowRight: () => step(stage, 1),
  };
  const stopKeys = onKeys(root, (column) =>
    column ? { ...moves, Enter: () => choose(column), y: () => correct(stage, Number(column.dataset.t)) } : moves,
  );
  const stopHolding = onHold(stage, scroller); // first: a press that was held is no click
  const stops = [stopHolding, stopKeys, onPress(root), onRest((typed) => stage.page.setStateValue("rested", typed))];
  stops.push(
    onPlayer(stage, {
      play: (t) => play(stage, "forward", { t }),
      move: (t) => scrubTo(Object.assign(stage, { phase: "forward" }), t),
    }),
  );
  scroller.addEventListener("click", (event) => press(stage, event), { capture: true });
  stage.home.addEventListener("keydown", (event) => walk(stage, event));
  stage.home.addEventListener("focusout", () => {
    for (const { entry } of stage.maps) entry.hidden = true;
  });
  for (const kind of /** @type {const} */ (["pointermove", "pointerover", "pointerleave"])) {
    scroller.addEventListener(kind, ({ target, clientX, clientY }) => {
      const isOver = kind !== "pointerleave";
      stage.hover = isOver ? { target: /** @type {Element} */ (target), x: clientX, y: clientY } : null;
      lightShared(stage);
      showTip(stage);
    });
  }
  const fit = (/** @type {number} */ room) => {
    if (room && makeRoom(stage, stage.data, room)) redraw(stage);
  };
  const watch = new ResizeObserver(([{ contentRect }]) => fit(Math.round(contentRect.width)));
  watch.observe(stage.parts);
  const onResize = () => fit(stage.room);
  const onCommand = (/** @type {Event} */ event) => obey(stage, /** @type {CustomEvent} */ (event).detail);
  const onHello = () => {
    stage.announced = "";
    show(stage);
    tellResult(stage.result);
  };
  window.addEventListener("resize", onResize);
  window.addEventListener("rnn-command", onCommand);
  window.addEventListener("rnn-hello", onHello);
  stage.stop = () => {
    for (const stop of stops) stop();
    watch.disconnect();
    window.removeEventListener("resize", onResize);
    window.removeEventListener("rnn-command", onCommand);
    window.removeEventListener("rnn-hello", onHello);
  };
}

// ---------------------------------------------------------------- life

/** Of the columns, in px @param {number} width @param {string} seen where the dock is @param {Sizes} sizes */
function heightFor(width, seen, { most, besides, below }) {
  const share = (isNarrow(width) ? SHARE_OF_PHONE : SHARE) * window.innerHeight;
  return Math.round(Math.min(share, most) - besides) - (seen === "below" ? below : 0);
}

/**
 * Shares the room between stage and dock; from here on drawing never has to ask for a layout.
 * @param {Stage} stage @param {StageData} data @param {number} room in px
 * @returns is it another room for the stage than before?
 */
function makeRoom(stage, data, room) {
  const sizes = isLarge() ? PROJECTOR : LAPTOP;
  const { seen, dock, width } = arrange(data, room, window.innerHeight, sizes);
  const height = heightFor(width, seen, sizes);
  const isNew = width !== stage.width || height !== stage.height || seen !== stage.seen;
  Object.assign(stage, { room, seen, width, height, sizes });
  stage.parts.dataset.seen = seen;
  stage.root.dataset.large = String(isLarge());
  stage.parts.style.setProperty("--dock", `${dock}px`);
  return isNew;
}

/** @param {Stage} stage */
function redraw(stage) {
  draw(stage);
  show(stage);
}

/** What decides which columns there are, and which pieces they have @param {StageData} data */
const shape = ({ words, group, silent, fed, labels, attention, reverse }) =>
  JSON.stringify([
    words,
    group,
    silent,
    fed,
    labels.map((label) => label !== null),
    Boolean(attention),
    Boolean(reverse),
  ]);

/**
 * New words make new columns; the same words keep columns, focus, position and playback, and change only numbers. An update
 * is shown in slow motion: until its new forward pass the old numbers stay.
 * @param {Stage} stage @param {StageData} data @param {Page} page
 */
function update(stage, data, page) {
  const { asksBefore: isHeld } = stage;
  stage.result = data.result;
  tellResult(data.result);
  showAfter(stage);
  const isOtherRoom = makeRoom(stage, data, stage.room || stage.parts.clientWidth);
  const isFirst = !stage.track.hasChildNodes();
  const before = stage.data;
  const isSame = !isFirst && shape(before) === shape(data);
  const taken = data.update?.taken ?? 0;
  const isNew = taken !== stage.taken; // the same data comes again with a change of theme
  if (isSame && !isNew) replaceUpdate(stage, data);
  if (!isSame || isNew) halt(stage); // a press during an update ends its motion, and counts
  if (!isSame || isNew) stage.before = isSame && data.update?.fresh ? stage.data : null;
  if (data.before) stage.before = { ...data, ...data.before, before: null };
  if (String(stage.before?.targets) !== String(data.targets)) stage.before = null; // other labels have other losses
  stage.taken = taken;
  const ofDock = payloadOfDock(data.dock, data.reverse);
  const payload = JSON.stringify({ ...data, dock: null, reverse: null }) + ofDock;
  if (isFirst || payload === stage.payload) stage.colour = colours(stage.root); // only a change of theme repeats the data
  stage.payload = payload;
  if (isSame && isNew && data.update?.fresh && isPlayed(data)) return playUpdate(stage, data);
  if (stage.update) {
    if (isOtherRoom) redraw(stage);
    return;
  }
  updateDock(stage.dock, data.dock, data.reverse, ofDock);
  stage.take(data);
  if (isNew) stage.told = false; // an undo, another label
  if (isFirst || !isSame || String(before.whose) !== String(data.whose)) stage.asked = data.whose ?? "all";
  if (isSame) followPage(stage);
  else begin(stage, isFirst ? data.phase : stage.phase);
  stage.choose(whoseStep(data, stage.asked));
  if (!isFirst && !isSame) toItsError(stage);
  redraw(stage);
  showTip(stage);
  if (isHeld && data.before) showBefore(stage);
  if (data.tell && (isFirst || !before.tell)) tellPainted(page);
}

/** @param {Stage} stage @param {Phase | null | undefined} phase */
function begin(stage, phase) {
  const { data, band, zMark, track, plan, width, scroller } = stage;
  Object.assign(stage, makeTrack(data, band), { announced: "", painted: "", hover: null, aim: 0 });
  track.replaceChildren(...stage.children, zMark);
  if (plan && plan.width > width - 2) scroller.scrollLeft = 0; // else it is, and to say so would cost a layout
  goToPageStep(stage, data.phase ?? phase);
  stage.tell(); // unless it is what the page has already
}

/** In a new sentence the way back is seen from where its error begins, if the step is none of its. @param {Stage} stage */
function toItsError(stage) {
  const { errors, phase, t, data } = stage;
  if (phase !== "backward" || errors.part[t - 1]) return;
  stage.t = lastStep(data, errors.whose);
  stage.tell();
}

/** The page may select a step too. @param {Stage} stage */
function followPage(stage) {
  const isOverruled = stage.selected.isOverruledBy(asked(stage.data));
  if (isOverruled && !stage.playing) goToPageStep(stage, stage.data.phase ?? stage.phase);
}

/**
 * Goes where the page says: all is seen.
 * @param {Stage} stage @param {Phase | null | undefined} phase
 */
function goToPageStep(stage, phase) {
  const { data, selected } = stage;
  Object.assign(stage, { whole: true, told: false });
  stage.t = clamp(data.selected, 1, data.words.length);
  stage.phase = phase === "backward" && isJudged(data) ? "backward" : "forward";
  selected.value = asked(data);
}

/** The strip changes with the stage's data, not a round of the page later. @param {StageData["result"]} detail */
const tellResult = (detail) => window.dispatchEvent(new CustomEvent("rnn-result", { detail }));

/** After the frame in which the stage is seen @param {Page} page */
const tellPainted = (page) => requestAnimationFrame(() => setTimeout(() => page.setTriggerValue("painted", true)));

export default component({
  create(page, /** @type {StageData} */ data) {
    const dock = makeDock(data.dock, {
      pick: (entry) => pick(stage, entry),
      set: (value) => setWeight(stage, value),
      onStream: () => show(stage),
    });
    const stage = makeStage(page, data, dock);
    listen(stage);
    return { root: el("div", "machine", {}, stage.parts), stage, dock };
  },
  update: ({ stage }, data, page) => update(stage, data, page),
  destroy({ stage, dock }) {
    halt(stage);
    stage.selected.cancel();
    stage.stop();
    dock.stop();
  },
});
