// The stage: one sequence on one time axis, forward and then backward, of any structure, and its weights, and how it lives
// in the page. plan.js says where things stand, elements.js makes them, draw.js fills them, show.js goes to a moment and
// play.js from one to the next; incoming.js takes what the page sends, acts.js what the reader does.

import { errorsOf } from "../errors.js";
import { makeDock } from "../inspector/inspector.js";
import { Choice, component, el, text } from "../shared.js";
import { onKeys } from "../transport.js";
import { correct, obey, press, scrubTo, setWeight } from "./acts.js";
import { onPress, onRest } from "./around.js";
import { onHold, showBefore } from "./before.js";
import { makeLegend, makeRowLabels, makeTrack } from "./elements.js";
import { formed, secondOf } from "./formed.js";
import { colours } from "./grids.js";
import { lightShared, showTip } from "./hover.js";
import { signed, tellResult, update } from "./incoming.js";
import { whoseStep } from "./phases.js";
import { pick, walk } from "./picked.js";
import { LAPTOP, layout } from "./plan.js";
import { halt, play, select, step, toggle } from "./play.js";
import { makeRoom } from "./room.js";
import { redraw, show } from "./show.js";
import { onPlayer } from "./sound.js";
import { drawStreams } from "./streams.js";

/**
 * @import { Inspector } from "../inspector/inspector.js"
 * @import { Page } from "../shared.js"
 * @import { Holds } from "./grids.js"
 * @import { Map as WeightMap } from "./maps.js"
 * @import { Sub } from "./phases.js"
 * @import { Phase, StageData, Whose } from "./plan.js"
 * @import { Entry } from "./weights.js"
 * @typedef {ReturnType<typeof makeStage>} Stage
 * @typedef {Pick<Stage, "t" | "k" | "whole" | "phase">} Home
 * @typedef {{ sub: Sub, data: StageData, home: Home, since: number, isNew: boolean }} Motion an update that is being shown
 */

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
    ...{ room: 0, tall: 0, width: 0, height: 0, seen: "", sizes: LAPTOP },
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
  const watch = new ResizeObserver(([{ contentRect }]) => {
    stage.tall = contentRect.height || stage.tall; // 0 where it has gone
    fit(Math.round(contentRect.width));
  });
  watch.observe(stage.parts);
  const onResize = () => fit(stage.room);
  const onCommand = (/** @type {Event} */ event) => obey(stage, /** @type {CustomEvent} */ (event).detail);
  const onHello = () => {
    stage.announced = "";
    show(stage);
    tellResult(stage.result);
  };
  const onLeave = () => {
    halt(stage);
    stage.selected.cancel(); // or it would choose a step of what comes next
  };
  window.addEventListener("rnn-leave", onLeave);
  window.addEventListener("resize", onResize);
  window.addEventListener("rnn-command", onCommand);
  window.addEventListener("rnn-hello", onHello);
  stage.stop = () => {
    for (const stop of stops) stop();
    watch.disconnect();
    window.removeEventListener("rnn-leave", onLeave);
    window.removeEventListener("resize", onResize);
    window.removeEventListener("rnn-command", onCommand);
    window.removeEventListener("rnn-hello", onHello);
  };
}

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
    document.documentElement.style.setProperty("--stage", `${stage.tall}px`); // its room stays: see page.css
    stage.selected.cancel();
    stage.stop();
    dock.stop();
  },
});
