// Moving through the two sweeps. A position p runs over 1..2T: 1..T is the forward sweep, T+1..2T the backward sweep with
// t = 2T + 1 − p; where nothing is sent back, it ends at T.

import { showDock } from "../inspector/inspector.js";
import { clamp, finite, gradientLabel, text } from "../shared.js";
import { markStep, setPlayIcon } from "../transport.js";
import { drawStreams, label } from "./draw.js";
import { exact, isJudged, lastPosition, threeDigits, twoDecimals } from "./plan.js";
import { tellState } from "./state.js";

/**
 * @import { Stage } from "./stage.js"
 * @import { Phase } from "./plan.js"
 */

const STEP_MS = 800; // one step at 1×
const RUSH_MS = 1100; // the whole backward sweep of an update, however long the sentence

const isReduced = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

/** @param {Pick<Stage, "p" | "columns">} stage @returns {{ t: number, phase: Phase }} */
export function place({ p, columns: { length: T } }) {
  return p <= T ? { t: p, phase: "forward" } : { t: 2 * T + 1 - p, phase: "backward" };
}

// ---------------------------------------------------------------- showing a position

/** Brings the screen to position p. @param {Stage} stage */
export function show(stage) {
  const { root, columns, plan, band, data, transport } = stage;
  const { t, phase } = place(stage);
  const forward = phase === "forward";
  follow(stage, t); // first: as long as nothing has changed, asking where the scroller stands costs no layout
  Object.assign(root.dataset, { phase, t, playing: String(stage.playing), state: data.state });
  root.classList.toggle("rushing", stage.rush > 0);
  root.classList.toggle("playing", stage.playing && !stage.rush);
  root.style.setProperty("--beat", `${STEP_MS / Number(transport.speed.value)}ms`);
  markStep(root, columns, t, (step) => !stage.whole && (forward ? step > t : step < t));
  band.style.transform = `translateX(${plan.x[t - 1]}px)`;
  if (data.attention) showGlance(stage, t, forward);
  showTransport(stage, t, phase);
  tellState(stage, { t, phase });
  if (stage.announced === `${phase} ${t}`) return;
  stage.announced = `${phase} ${t}`;
  showDock(stage.dock, { t, phase });
}

/**
 * How strongly the decoder's step t looks at each encoder step; on the way back, where the errors come from.
 * @param {Stage} stage @param {number} t @param {boolean} forward
 */
function showGlance({ root, columns, data, plan, rail, context, regions }, t, forward) {
  const row = data.attention?.[t - 1 - plan.handed];
  const from = plan.x[0] + plan.col / 2;
  const to = plan.x[forward ? t - 1 : plan.x.length - 1] + plan.col / 2;
  const title = /** @type {Element} */ (regions[1].querySelector("b span"));
  root.classList.toggle("glancing", Boolean(forward && row));
  rail.classList.toggle("reached", !forward && t <= plan.handed);
  rail.style.left = `${from}px`;
  rail.style.width = `${to - from - (forward ? 5 : 0)}px`;
  /** @type {Element} */ (context.lastElementChild).textContent = `⟨${t}⟩`;
  context.dataset.tip = text("context", { t });
  title.textContent = forward ? (data.looks?.[t - 1] ?? "") : "";
  row?.forEach((share, s) => {
    const { inflow, glance, glanced, share: number } = columns[s].part;
    const tip = text("glance", { t, s: s + 1, share: exact(share) });
    glanced.style.width = `${(share ?? 0) * 100}%`;
    inflow.style.width = `${(share ?? 0) * 10}px`;
    glance.dataset.tip = tip;
    label(number, twoDecimals(share), tip);
  });
}

/** @param {Stage} stage @param {number} t @param {Phase} phase */
function showTransport(stage, t, phase) {
  const { p, playing, transport, data, live } = stage;
  const { scrub, where, value, play } = transport;
  const [word, summary, look, last] = [data.words[t - 1], data.summary[t - 1], data.looks?.[t - 1], lastPosition(data)];
  const name = text(word === null ? `at_${phase}` : `at_${phase}_word`, { t, word });
  scrub.value = String(p);
  scrub.style.setProperty("--done", String(last > 1 ? (p - 1) / (last - 1) : 1));
  scrub.setAttribute("aria-valuetext", name);
  where.textContent = name;
  value.textContent = readout(stage, t, phase);
  setPlayIcon(play, playing);
  if (!playing) live.textContent = look ? text("summary_and_look", { summary, look }) : summary; // spoken only when at rest
}

/**
 * One line on where we are: the gradient, the loss so far, or what is answered where nobody knows the right answer.
 * @param {Stage} stage @param {number} t @param {Phase} phase
 */
function readout({ data, rush, whole }, t, phase) {
  const { grad } = (rush && data.update) || data;
  if (phase === "backward") return `‖∂ℒ/∂${data.state}⟨${t}⟩‖ = ${gradientLabel(grad[t - 1])}`;
  if (!isJudged(data)) return [data.said[t - 1], data.sure?.[t - 1]].filter(Boolean).join(" ");
  if (whole) return text("total_loss", { loss: threeDigits(data.total) });
  const due = data.loss.slice(0, t).filter((_, i) => data.labels[i] !== null);
  const sum = due.every(finite) ? due.reduce((all, v) => all + v, 0) : null;
  return due.length ? text("loss_so_far", { loss: threeDigits(sum) }) : text("no_loss_yet");
}

/** Keeps step t in view by scrolling the scroller, never the page. @param {Stage} stage @param {number} t */
function follow({ scroller, plan, width }, t) {
  if (plan.width <= width - 2) return; // nothing to scroll
  const room = width - 2 - plan.labels;
  const left = plan.x[t - 1] - scroller.scrollLeft;
  if (left >= plan.lead / 2 && left + plan.col * 1.3 <= room) return;
  scroller.scrollLeft = plan.x[t - 1] - (room - plan.col) / 2; // the style says whether it glides
}

// ---------------------------------------------------------------- moving

/** @param {Stage} stage @param {number} p */
export function go(stage, p, whole = false) {
  stage.p = clamp(p, 1, lastPosition(stage.data));
  stage.whole = whole;
  show(stage);
}

/** @param {Stage} stage */
export function halt(stage) {
  clearTimeout(stage.timer);
  stage.playing = false;
  if (!stage.rush) return;
  Object.assign(stage, { rush: 0, p: stage.home, whole: true }); // a rush always ends where it began
  drawStreams(stage, stage.data);
}

/** @param {Stage} stage @param {number} from */
export function play(stage, from) {
  halt(stage);
  stage.selected.cancel();
  stage.playing = true;
  go(stage, from);
  wait(stage);
}

/** One step per beat, a breath between the two sweeps, a stop at the end. @param {Stage} stage */
function wait(stage) {
  const beats = stage.p === stage.columns.length ? 2 : 1;
  stage.timer = setTimeout(
    () => {
      if (stage.p === lastPosition(stage.data)) return rest(stage);
      go(stage, stage.p + 1);
      wait(stage);
    },
    (STEP_MS / Number(stage.transport.speed.value)) * beats,
  );
}

/** @param {Stage} stage */
function rest(stage) {
  halt(stage);
  show(stage);
  stage.tell();
}

/**
 * After an update: the gradient that made it runs back once, fast; then the forward view with the new numbers.
 * @param {Stage} stage
 */
export function playUpdate(stage) {
  const T = stage.columns.length;
  const tick = () => {
    const done = (performance.now() - stage.rush) / RUSH_MS;
    if (done >= 1) return rest(stage);
    go(stage, T + 1 + Math.floor(done * T));
    stage.timer = setTimeout(tick, 16);
  };
  halt(stage);
  stage.selected.cancel();
  stage.home = place(stage).t;
  if (isReduced() || !stage.data.update) {
    go(stage, stage.home, true);
    return stage.tell();
  }
  Object.assign(stage, { rush: performance.now(), playing: true });
  drawStreams(stage, stage.data.update);
  tick();
}

/** @param {Stage} stage @param {number} by */
export function step(stage, by) {
  halt(stage);
  go(stage, stage.p + by);
  stage.tell();
}

/** @param {Stage} stage @param {number} t */
export function select(stage, t) {
  const T = stage.columns.length;
  halt(stage);
  go(stage, place(stage).phase === "forward" ? t : 2 * T + 1 - t, stage.whole);
  stage.tell(0);
}

/** @param {Stage} stage */
export function toggle(stage) {
  if (stage.playing) return rest(stage);
  play(stage, stage.whole || stage.p === lastPosition(stage.data) ? 1 : stage.p);
}
