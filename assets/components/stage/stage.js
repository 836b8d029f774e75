// The stage: one sequence on one time axis, forward and then backward, of any structure. What the reader does, and how the
// stage lives in the page; plan.js says where things stand, elements.js makes them, draw.js fills them, play.js moves.

import { makeDock, updateDock } from "../inspector/inspector.js";
import { Choice, clamp, component, decode, el, gradientLabel, text } from "../shared.js";
import { onMoves } from "../transport.js";
import { onCommands } from "./commands.js";
import { colours, draw } from "./draw.js";
import { makeLegend, makeRowLabels, makeTrack, makeTransport } from "./elements.js";
import { isJudged, layout } from "./plan.js";
import { go, halt, place, play, playUpdate, select, show, step, toggle } from "./play.js";

/**
 * @import { Page } from "../shared.js"
 * @import { Inspector } from "../inspector/inspector.js"
 * @import { InspectorData } from "../inspector/factors.js"
 * @import { StageData, Phase } from "./plan.js"
 * @typedef {ReturnType<typeof makeStage>} Stage
 */

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
  const [transport, legend, band, tip] = [
    makeTransport(),
    makeLegend(),
    el("div", "band"),
    el("div", "tip", { role: "tooltip", hidden: "" }),
  ];
  const live = el("div", "unseen", { "aria-live": "polite" });
  const track = el("div", "track", { role: "listbox", "aria-orientation": "horizontal", "aria-label": text("steps") });
  const scroller = el("div", "scroller", {}, el("div", "sheet", {}, makeRowLabels(), track));
  const attributes = { "data-testid": "stage", tabindex: 0, role: "group", "aria-label": text("stage") };
  legend.root.append(transport.readout);
  const root = el("div", "stage", attributes, scroller, legend.root, live, tip);
  // The step and when it was chosen: the same step chosen again, after the page has moved it, is news
  const selected = new Choice((/** @type {number} */ t) => page.setStateValue("t", [t, Date.now()]));
  const position = { p: 1, whole: true, playing: false, rush: 0, home: 1, announced: "" };
  const drawn = { plan: layout(data, 0), a: decode(data.a), colour: colours(root), painted: "" };
  return {
    ...{ root, transport, legend, band, tip, live, track, scroller, ...makeTrack(data, band) },
    ...position,
    ...drawn,
    data,
    dock,
    selected,
    width: 0,
    taken: 0,
    timer: /** @type {ReturnType<typeof setTimeout> | undefined} */ (undefined),
    hover: /** @type {{ target: Element, x: number, y: number } | null} */ (null),
    stop: () => {},
    /** @param {number} [delay] */
    tell(delay) {
      selected.tell(() => signed(place(this), this.data), delay);
    },
  };
}

// ---------------------------------------------------------------- what the reader does

/**
 * The tooltip of what is under the pointer: a hidden unit by name, or the exact number of a bar or an arrow.
 * @param {Stage} stage
 */
function showTip(stage) {
  const { root, tip, hover } = stage;
  const owner = /** @type {HTMLElement | undefined} */ (hover?.target.closest?.(".hidden, [data-tip]"));
  tip.hidden = !owner;
  if (!hover || !owner) return;
  const { box, said } = owner.classList.contains("hidden")
    ? unitAt(stage, hover, owner)
    : { box: owner.getBoundingClientRect(), said: owner.dataset.tip };
  tip.hidden = said === undefined;
  tip.textContent = said ?? "";
  const home = root.getBoundingClientRect();
  const half = tip.offsetWidth / 2;
  tip.style.left = `${clamp(box.left + box.width / 2 - home.left, half + 2, home.width - half - 2)}px`;
  tip.style.top = `${box.top - home.top}px`;
}

const FRAME = 4; // px, around the grid of a hidden state

/**
 * The hidden unit under the pointer
 * @param {Stage} stage @param {{ x: number, y: number }} hover @param {HTMLElement} hidden
 */
function unitAt({ plan: { grid }, data: { n_a }, a }, { x, y }, hidden) {
  const { left, top } = hidden.getBoundingClientRect();
  const { columns, rows, unit } = grid;
  const [i, j] = [x - left, y - top].map((distance) => Math.floor((distance - FRAME) / unit));
  const k = clamp(j, 0, rows - 1) * columns + clamp(i, 0, columns - 1);
  const t = Number(hidden.parentElement?.dataset.t);
  const said = k < n_a ? `a⟨${t}⟩[${k}] = ${gradientLabel(a[t * n_a + k])}` : undefined;
  return { said, box: { left: left + FRAME + i * unit, top: top + FRAME + j * unit, width: unit } };
}

/** @param {Stage} stage */
function listen(stage) {
  const { root, track, selected } = stage;
  const { forward, backward, scrub } = stage.transport;
  const { press, stop } = onMoves(stage, {
    toggle: () => toggle(stage),
    step: (by) => step(stage, by),
    select: (t) => select(stage, t),
    show: () => show(stage),
  });
  press(forward, () => play(stage, 1));
  press(backward, () => play(stage, stage.columns.length + 1));
  scrub.addEventListener("input", () => {
    halt(stage);
    selected.cancel();
    go(stage, Number(scrub.value));
  });
  scrub.addEventListener("change", () => stage.tell());
  for (const kind of /** @type {const} */ (["pointermove", "pointerover", "pointerleave"])) {
    track.addEventListener(kind, ({ target, clientX, clientY }) => {
      const isOver = kind !== "pointerleave";
      stage.hover = isOver ? { target: /** @type {Element} */ (target), x: clientX, y: clientY } : null;
      showTip(stage);
    });
  }
  const watch = new ResizeObserver(([{ contentRect }]) => {
    const width = Math.round(contentRect.width);
    if (width === stage.width) return;
    stage.width = width; // from here, so that drawing never has to ask for a layout
    draw(stage);
    show(stage);
  });
  watch.observe(root);
  const stopCommands = onCommands(stage);
  stage.stop = () => {
    stop();
    stopCommands();
    watch.disconnect();
  };
}

// ---------------------------------------------------------------- life

/** What decides which columns there are, and which pieces they have @param {StageData} data */
const shape = ({ words, group, silent, fed, labels, attention }) =>
  JSON.stringify([words, group, silent, fed, labels.map((label) => label !== null), Boolean(attention)]);

/**
 * New words make new columns; the same words keep columns, focus, position and playback, and change only numbers.
 * @param {Stage} stage @param {StageData} data @param {Page} page
 */
function update(stage, data, page) {
  const isFirst = !stage.track.hasChildNodes();
  const before = stage.data;
  const isSame = !isFirst && shape(before) === shape(data);
  const taken = data.update?.taken ?? 0;
  if (!isSame || (stage.rush && taken !== stage.taken)) halt(stage);
  const phase = isFirst ? data.phase : place(stage).phase;
  stage.width ||= stage.root.clientWidth;
  Object.assign(stage, { data, a: decode(data.a), colour: colours(stage.root) });
  if (isSame) followPage(stage, phase);
  else begin(stage, phase);
  draw(stage);
  show(stage);
  const isFresh = !isFirst && data.update?.fresh && taken !== stage.taken; // the same data comes again with a change of theme
  stage.taken = taken;
  if (isFresh && isJudged(data)) playUpdate(stage); // it comes home to the forward view
  showTip(stage);
  if (data.tell && (isFirst || !before.tell)) tellPainted(page);
}

/** @param {Stage} stage @param {Phase | null | undefined} phase */
function begin(stage, phase) {
  Object.assign(stage, makeTrack(stage.data, stage.band), { announced: "", painted: "", hover: null });
  stage.track.replaceChildren(...stage.children);
  goToPageStep(stage, stage.data.phase ?? phase);
  stage.tell(); // unless it is what the page has already
}

/** The page may select a step too. @param {Stage} stage @param {Phase | null | undefined} phase */
function followPage(stage, phase) {
  const isOverruled = stage.selected.isOverruledBy(asked(stage.data));
  if (isOverruled && !stage.playing) goToPageStep(stage, stage.data.phase ?? phase);
}

/**
 * Goes where the page says: all is seen, unless the way back is being studied.
 * @param {Stage} stage @param {Phase | null | undefined} phase
 */
function goToPageStep(stage, phase) {
  const { data, selected } = stage;
  const T = data.words.length;
  const t = clamp(data.selected, 1, T);
  stage.whole = phase !== "backward" || !isJudged(data);
  stage.p = stage.whole ? t : 2 * T + 1 - t;
  selected.value = asked(data);
}

/** After the frame in which the stage is seen @param {Page} page */
const tellPainted = (page) => requestAnimationFrame(() => setTimeout(() => page.setTriggerValue("painted", true)));

export default component({
  create(page, /** @type {StageData & { dock: InspectorData }} */ data) {
    const dock = makeDock(data.dock);
    const stage = makeStage(page, data, dock);
    listen(stage);
    return { root: el("div", "machine", {}, el("div", "parts", {}, stage.root, dock.home)), stage, dock };
  },
  update({ stage, dock }, data, page) {
    updateDock(dock, data.dock);
    update(stage, data, page);
  },
  destroy({ stage, dock }) {
    halt(stage);
    stage.selected.cancel();
    stage.stop();
    dock.stop();
  },
});
