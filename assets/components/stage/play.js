// Moving: forward phase by phase, back with the chosen error, and through an update. Where the stage is, is a way, a step of
// it and a phase of that step; "whole" is at rest: everything is computed and readable.

import { directionLine } from "../inspector/hop.js";
import { showDock, updateDock } from "../inspector/inspector.js";
import { clamp, setText, text, threeDigits } from "../shared.js";
import { markStep } from "../transport.js";
import {
  backwardLine,
  backwardRestLine,
  backwardWordLine,
  doneLine,
  forwardLine,
  restLine,
  updateLine,
  wordLine,
} from "./banner.js";
import { draw } from "./draw.js";
import { label } from "./elements.js";
import { entryPlace } from "./entry.js";
import { paintStates } from "./grids.js";
import { drawChanges, drawWeights } from "./maps.js";
import { backwardSubs, beats, FORWARD, forwardSubs, LINE_MS, lastStep, whoseStep } from "./phases.js";
import { showPicked } from "./picked.js";
import { exact, isJudged, twoDecimals } from "./plan.js";
import { placeSound, playerOf, stepAt } from "./sound.js";
import { placeOf } from "./weights.js";

/**
 * @import { Stage } from "./stage.js"
 * @import { Moved, Phase, StageData } from "./plan.js"
 * @import { BackwardSub, ForwardSub, Sub } from "./phases.js"
 */

/** An update in four, together 4 s at 1×, however long the sentence @type {[Sub, number][]} */
const SEGMENTS = [
  ["sweep", 1300],
  ["clip", 600],
  ["move", 1100],
  ["forward", 1000],
];
const FRAME_MS = 16;

const isReduced = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

// ---------------------------------------------------------------- where we are

/** The phases of step t on the way that is shown @param {Stage} stage @param {number} [t] @returns {Sub[]} */
export const subsOf = ({ data, errors, phase, t: now }, t = now) =>
  phase === "backward" ? backwardSubs(data, errors.whose, t) : forwardSubs(data, t);

/** Where the way ends: forward at the last step, back at the first @param {Stage} stage */
const endOf = ({ phase, data }) => (phase === "backward" ? 1 : data.words.length);

/** @param {Stage} stage */
const isAtEnd = (stage) => stage.whole || (stage.t === endOf(stage) && stage.k === subsOf(stage).length - 1);

/** How long each phase of this step is seen @param {Stage} stage */
const beatsOf = (stage) => beats(subsOf(stage).length, stage.speed, stage.size === "phase");

/** Does a step mean a phase? By itself where phases are read one by one. @param {Stage} stage */
const byPhase = ({ size, speed }) => size === "phase" || (size === "auto" && speed < 1);

// ---------------------------------------------------------------- showing a position

/** Brings the screen to where the stage is. @param {Stage} stage */
export function show(stage) {
  const { root, columns, plan, band, data, t, phase, update } = stage;
  const forward = phase === "forward";
  const subs = subsOf(stage);
  stage.k = stage.whole ? subs.length - 1 : clamp(stage.k, 0, subs.length - 1);
  const own = stage.whole ? "" : subs[stage.k];
  const sub = update ? update.sub : own;
  follow(stage, t); // first: as long as nothing has changed, asking where the scroller stands costs no layout
  const whose = String(update ? "all" : whoseNow(stage));
  Object.assign(root.dataset, { phase: update ? "update" : phase, t, sub, whose, playing: String(stage.playing) });
  Object.assign(root.dataset, { state: data.state, way: phase, single: String(stage.errors.whose !== "all") });
  root.classList.toggle("playing", stage.playing && !update);
  const last = lastStep(data, stage.errors.whose);
  markStep(root, columns, t, (step) => !stage.whole && (forward ? step > t : step < t));
  columns.forEach((_, i) => {
    reveal(stage, i, last);
  });
  paintStates(stage, (i) => holdsAt(stage, i + 1, own, last));
  remark(stage, last);
  light(stage, own);
  band.style.transform = `translateX(${plan.x[t - 1]}px)`;
  if (data.attention) showGlance(stage, t, forward);
  if (!stage.playing) speak(stage);
  showLine(stage, sub);
  showPicked(stage);
  tellOthers(stage, sub);
}

/** Which phase first shows a piece of a column @type {Record<string, ForwardSub>} */
const SEEN = {
  ...{ strip: "word", onehot: "word", mark: "word", lift: "word", unk: "word" },
  ...{ into: "look-up", "name-into": "look-up", "from-prev": "recur", "name-from-prev": "recur" },
  ...{ memory: "write", "from-memory": "write", out: "predict", "name-out": "predict" },
  ...{ filled: "predict", before: "predict", prediction: "predict", sure: "predict", verdict: "predict" },
  ...{ target: "compare", lossbox: "compare", loss: "compare" },
};

/** @type {Record<string, BackwardSub[]>} from which phase of the way back a piece is seen; grad where the streams have met */
const BACK = {
  ...{
    "from-y": ["arrive"],
    "norm-y": ["arrive"],
    "from-next": ["arrive"],
    "norm-next": ["arrive"],
    grad: ["meet", "slope"],
  },
};
const BACKWARD = ["arrive", "meet", "slope", "stamp", "travel"];

/**
 * What is seen of a column: only what has been computed, unless the stage is at rest.
 * @param {Stage} stage @param {number} i @param {number} last
 */
function reveal(stage, i, last) {
  const { columns, phase, t, k, whole } = stage;
  const { root, part } = columns[i];
  const step = i + 1;
  const forward = phase === "forward";
  const sub = subsOf(stage)[k];
  const rank =
    !forward || whole || step < t ? FORWARD.length : step > t ? -1 : FORWARD.indexOf(/** @type {ForwardSub} */ (sub));
  const isBeyond = !forward && step > last && !(stage.data.attention && stage.data.silent[i]);
  const isApart = isBeyond && !stage.second; // a second stream takes the error to what is read later, too
  const back = forward || isBeyond ? -1 : whole || step > t ? BACKWARD.length : step < t ? -1 : BACKWARD.indexOf(sub);
  const isNext = !forward && !isBeyond && step === t - 1 && sub === "travel"; // the hop that this step sends
  const isWalked = !forward && (whole || t === 1); // the second stream is walked back after the first
  const isLater = isWalked && (stage.errors.whose === "all" || step >= stage.errors.whose);
  const reach = `${rank} ${back} ${isApart} ${isNext} ${isLater}`;
  if (columns[i].reach === reach) return; // of forty columns one or two change
  columns[i].reach = reach;
  if (rank < 0) root.dataset.state = "empty";
  else delete root.dataset.state;
  root.classList.toggle("apart", isApart);
  for (const [name, from] of Object.entries(SEEN)) part[name]?.classList.toggle("veiled", rank < FORWARD.indexOf(from));
  for (const [name, [from]] of Object.entries(BACK)) {
    const isSeen = back >= BACKWARD.indexOf(from) || (isNext && name.endsWith("next"));
    part[name]?.classList.toggle("behind", !isSeen);
  }
  for (const name of ["to-later", "norm-later", "grad-later"]) part[name]?.classList.toggle("behind", !isLater);
  const { whose } = stage.errors;
  part["way-out"]?.classList.toggle("behind", !forward && !(isLater && (whose === "all" || whose === step)));
}

/**
 * What the grid of a column holds: in the step that is computed first the sum, then its squash
 * @param {Stage} stage @param {number} step @param {string} sub @param {number} last
 */
function holdsAt({ phase, t, whole, data }, step, sub, last) {
  if (phase === "backward") return step > last && !(data.attention && data.silent[step - 1]) ? "pale" : "state";
  if (whole || step < t) return "state";
  if (step > t) return "empty";
  const isGated = data.dock.cell === "gru" || data.dock.cell === "lstm";
  const from = FORWARD.indexOf(isGated ? "write" : "squash");
  if (FORWARD.indexOf(/** @type {ForwardSub} */ (sub)) >= from) return "state";
  return sub === "recur" && !isGated ? "z" : "empty";
}

/** Under the cells, in words: what is still to come, what has no part, and what the sum before the squash is measured by @param {Stage} stage @param {number} last */
function remark(stage, last) {
  const { waits, apart, zMark, plan, data, phase, t, whole, k, zScale, errors, columns, second } = stage;
  const { x, col } = plan;
  const T = columns.length;
  const isBack = phase === "backward";
  const [before, after] = [isBack && !whole ? t - 1 : 0, isBack && !data.attention ? T - last : 0];
  const span = (
    /** @type {HTMLElement} */ node,
    /** @type {number} */ from,
    /** @type {number} */ n,
    /** @type {string} */ said,
  ) => {
    node.hidden = n * col < 80;
    if (node.hidden) return;
    node.style.left = `${x[from]}px`;
    node.style.width = `${n * col}px`;
    setText(node, said);
  };
  span(waits, 0, before - 1, text("still_to_come"));
  const none = second ? "no_part_of_first" : after * col > 300 ? "no_part" : "no_part_short";
  span(apart, last, after, text(none, { whose: errors.whose }));
  const sub = forwardSubs(data, t)[k];
  const isSum = !isBack && !whole && sub === "recur" && (data.dock.cell === "tanh" || data.dock.cell === "relu");
  span(zMark, t - 1, isSum ? 2 : 0, text("z_mark", { t, size: twoDecimals(zScale) }));
}

/** Which matrices work in a phase @type {Partial<Record<Sub, string[]>>} */
const USES = {
  "look-up": ["Wax"],
  gates: ["Wax", "Waa", "ba"],
  recur: ["Waa", "ba"],
  attend: [],
  predict: ["Wya", "by", "Wyc"],
  stamp: ["Wax", "Waa", "ba"],
  travel: ["Waa"],
};

/** Lights the matrices that are used now, and marks the word's column of Wax. @param {Stage} stage @param {string} sub */
function light({ maps, data, t, columns, root, errors, dock }, sub) {
  const uses = (!dock.isSecond && USES[/** @type {Sub} */ (sub)]) || [];
  const group = dock.isSecond ? "reverse" : data.group[t - 1];
  root.dataset.uses = uses.join(" ");
  for (const { root: map, weight, lit } of maps) {
    const { name, ids } = weight;
    map.classList.toggle("using", uses.includes(name) && (!weight.group || weight.group === group));
    const isOther = weight.group ? weight.group !== group : dock.isSecond && name === "Wya";
    map.classList.toggle("elsewhere", isOther);
    if (name !== "Wax" || weight.group !== group) continue;
    const column = ids.indexOf(data.ids[t - 1]);
    lit.hidden = column < 0;
    if (column >= 0) {
      lit.style.left = `${placeOf(weight, 0, column).left * 100}%`;
      lit.style.width = `${100 / weight.columns}%`;
    }
  }
  const isOwn = sub === "arrive" && (t === errors.whose || errors.whose === "all");
  root.dataset.falls = String(isOwn);
  columns.forEach(({ root: column }, i) => {
    column.classList.toggle("sender", i + 1 === errors.whose);
  });
}

/**
 * How strongly the decoder's step t looks at each encoder step; on the way back, where the errors come from.
 * @param {Stage} stage @param {number} t @param {boolean} forward
 */
function showGlance({ root, columns, data, plan, rail, context, regions }, t, forward) {
  const own = t - plan.handed; // the decoder's own step
  const row = data.attention?.[own - 1];
  const from = plan.x[0] + plan.col / 2;
  const to = plan.x[forward ? t - 1 : plan.x.length - 1] + plan.col / 2;
  const title = /** @type {Element} */ (regions[1].querySelector("b span"));
  root.classList.toggle("glancing", forward && Boolean(row));
  rail.classList.toggle("reached", !forward && t <= plan.handed);
  rail.style.left = `${from}px`;
  rail.style.width = `${to - from - (forward ? 5 : 0)}px`;
  /** @type {Element} */ (context.lastElementChild).textContent = `⟨${own}⟩`;
  context.dataset.tip = text("stage_context", { t, own });
  title.textContent = forward ? (data.looks?.[t - 1] ?? "") : "";
  row?.forEach((share, s) => {
    const { inflow, glance, glanced, share: number } = columns[s].part;
    const tip = text("glance", { t, own, s: s + 1, share: exact(share) });
    glanced.style.width = `${(share ?? 0) * 100}%`;
    inflow.style.width = `${(share ?? 0) * 10}px`;
    glance.dataset.tip = tip;
    label(number, twoDecimals(share), tip);
  });
}

/** The step in a sentence, for a reader who hears the stage @param {Stage} stage */
function speak({ live, data, t }) {
  const [summary, look] = [data.summary[t - 1], data.looks?.[t - 1]];
  setText(live, look ? text("summary_and_look", { summary, look }) : summary);
}

// ---------------------------------------------------------------- the running line

/** @param {Stage} stage @param {string} sub */
function lineOf(stage, sub) {
  const { data, rows, errors, t, phase, whole, update, plan } = stage;
  if (update) return updateLine(update.data, update.sub, finer(stage, update.data));
  if (stage.after)
    return text("line_before", { total: threeDigits(data.total), after: threeDigits(stage.after.total) });
  if (stage.told) return doneLine(data);
  const isByPhase = byPhase(stage) || (stage.playing && stage.speed < 1);
  if (phase === "forward") {
    if (whole) return restLine(data, data.update !== null);
    if (isByPhase) return forwardLine(data, rows, t, /** @type {Sub} */ (sub));
    const isAhead = stage.playing ? beatsOf(stage)[0] > 0 : !["compare", "predict"].includes(sub);
    return wordLine(data, t, isAhead);
  }
  if (whole) return backwardRestLine(data, errors, t);
  if (!isByPhase) return backwardWordLine(data, errors, t);
  const line = backwardLine(data, errors, t, /** @type {Sub} */ (sub));
  const why = sub === "travel" && !plan.narrow ? directionLine(data.dock, errors, t) : ""; // a phone has it in the card
  return why ? `${line} ${why}` : line;
}

/** The largest |value| of Waa, and the most that an update adds to one of it @param {Stage} stage @param {StageData} after */
function sizes({ maps }, { update }) {
  const Waa = maps.find(({ weight }) => weight.name === "Waa")?.weight;
  const most = update?.moved.find(({ label }) => label === Waa?.label);
  return { scale: Waa?.scale ?? 1, change: most ? Math.abs(most.after - most.before) : 0 };
}

/** How many times finer the scale of what an update adds to Waa is; nothing where Waa stays @param {Stage} stage @param {StageData} after */
function finer(stage, after) {
  const { scale, change } = sizes(stage, after);
  return change ? String(Number((scale / change).toPrecision(2))) : "";
}

/** What the dock shows of an update between its sweep and its new forward pass @param {Stage} stage */
function updateShown(stage) {
  const { update } = stage;
  const sub = update?.sub;
  if (!update?.data.update || (sub !== "clip" && sub !== "move")) return null;
  const place = (/** @type {Moved} */ moved) => entryPlace(moved, stage, moved.answer);
  return { sub, update: update.data.update, place, ...sizes(stage, update.data) };
}

/** A line stands long enough to be read, however fast the words go by. @param {Stage} stage @param {string} sub */
function showLine(stage, sub) {
  const now = performance.now();
  if (stage.playing && !stage.update && now - stage.lineAt < LINE_MS - FRAME_MS) return;
  const line = lineOf(stage, sub);
  if (line === stage.banner.textContent) return;
  stage.lineAt = now;
  setText(stage.banner, line);
}

// ---------------------------------------------------------------- what the others hear

/** The dock shows the same moment; the row of the loop hears where we are. @param {Stage} stage @param {string} sub */
export function tellOthers(stage, sub) {
  const { t, phase, update, playing, data, errors, chosen, whole } = stage;
  const whose = update ? "all" : whoseNow(stage);
  const segment = update ? SEGMENTS.findIndex(([name]) => name === update.sub) + 1 : undefined;
  const [T, way] = [data.words.length, update ? "update" : phase];
  const steps = data.owners.map((word, i) => ({ t: i + 1, word, loss: data.labels[i] === null ? null : data.loss[i] }));
  const detail = { phase: way, t, sub, T, last: update ? SEGMENTS.length : T, playing, whose, steps, segment };
  const said = JSON.stringify([detail, errors.whose, whole, stage.drawn]);
  if (stage.announced === said) return;
  stage.announced = said;
  placeSound(stage);
  const isBack = update && (update.sub === "sweep" || update.sub === "clip");
  const own = update || whole ? "" : sub;
  const place = { t, phase: isBack ? "backward" : phase, sub: own, whose: errors.whose, ...chosen };
  showDock(stage.dock, { ...place, update: updateShown(stage) });
  window.dispatchEvent(new CustomEvent("rnn-state", { detail }));
}

/** Whose error it is, as the reader chose it @param {Stage} stage */
const whoseNow = ({ asked, errors }) => (asked === "last" ? asked : errors.whose);

/** Keeps step t in view by scrolling the scroller, never the page. @param {Stage} stage @param {number} t */
function follow(stage, t) {
  const { scroller, plan, width } = stage;
  if (plan.width <= width - 2) return; // nothing to scroll
  const fixed = plan.labels + (plan.narrow ? 0 : plan.weights); // what stays at the left
  const before = plan.narrow ? plan.weights : 0; // what scrolls away with the columns
  const room = width - 2 - fixed;
  const x = before + plan.x[t - 1];
  const left = x - stage.aim;
  if (left >= plan.lead / 2 && left + plan.col * 1.3 <= room) return;
  stage.aim = clamp(x - (room - plan.col) / 2, 0, plan.width - (width - 2)); // where a glide will end, not where it is now
  scroller.scrollLeft = stage.aim; // the style says whether it glides
}

// ---------------------------------------------------------------- moving

/** @typedef {Partial<Pick<Stage, "phase" | "t" | "k" | "whole">>} Place */

/** @param {Stage} stage @param {Place} place */
export function go(stage, place) {
  Object.assign(stage, { whole: false, told: false, k: Number.POSITIVE_INFINITY }, place);
  stage.t = clamp(stage.t, 1, stage.data.words.length);
  show(stage);
}

/** @param {Stage} stage */
export function halt(stage) {
  clearTimeout(stage.timer);
  if (stage.playing) playerOf(stage)?.pause();
  stage.playing = false;
  if (stage.update) finishUpdate(stage);
}

/** Plays a way from its beginning, or from where it is. @param {Stage} stage @param {Phase} way @param {Place} [from] */
export function play(stage, way, from) {
  halt(stage);
  stage.selected.cancel();
  stage.playing = true;
  stage.lineAt = 0;
  stage.phase = way;
  go(stage, from ?? { t: way === "forward" ? 1 : lastStep(stage.data, stage.errors.whose), k: 0 });
  const player = way === "forward" ? playerOf(stage) : null;
  if (player) sound(stage, player, !from);
  else wait(stage);
}

/**
 * The sound is the clock: the stage is at the step that sounds, and rests when it stops.
 * @param {Stage} stage @param {HTMLAudioElement} player @param {boolean} fromStart
 */
function sound(stage, player, fromStart) {
  if (fromStart) player.currentTime = 0;
  player.playbackRate = stage.speed;
  player.play().catch(() => player.pause()); // where nothing may sound, nothing goes on
  const tick = () => {
    if (player.paused) return rest(stage);
    const t = stepAt(stage.data.sound ?? [], player.currentTime);
    if (t !== stage.t || stage.k < subsOf(stage).length - 1) go(stage, { t });
    if (!stage.selected.awaitsAnswer) stage.tell(0); // the page follows as fast as it can
    stage.timer = setTimeout(tick, FRAME_MS);
  };
  tick();
}

/** One phase after the other, a stop at the end @param {Stage} stage */
function wait(stage) {
  const all = beatsOf(stage);
  const tick = () => {
    if (isAtEnd(stage)) return rest(stage);
    const n = subsOf(stage).length;
    if (stage.k < n - 1) go(stage, { k: stage.k + 1 });
    else go(stage, { t: stage.t + (stage.phase === "forward" ? 1 : -1), k: 0 });
    wait(stage);
  };
  if (!all[stage.k] && !isAtEnd(stage)) {
    stage.k = all.length - 1; // too quick to be seen one by one
    show(stage);
  }
  stage.timer = setTimeout(tick, all[stage.k]);
}

/** At the end of a way everything has been computed. @param {Stage} stage */
function rest(stage) {
  halt(stage);
  stage.whole = isAtEnd(stage);
  show(stage);
  stage.tell();
}

/**
 * One step, or one phase, on or back in the way that is shown
 * @param {Stage} stage @param {number} by
 */
export function step(stage, by) {
  halt(stage);
  const forward = stage.phase === "forward";
  const [t, first, last] = [stage.t, forward ? 1 : lastStep(stage.data, stage.errors.whose), endOf(stage)];
  const next = t + (forward ? by : -by);
  const isOut = forward ? next < first || next > last : next > first || next < last;
  if (!byPhase(stage)) {
    if (!isOut) go(stage, { t: next });
    else if (by > 0) go(stage, { whole: true });
  } else if (stage.whole && by > 0 && t === last) go(stage, { t: first, k: 0 });
  else if (stage.k + by >= 0 && stage.k + by < subsOf(stage).length && !stage.whole) go(stage, { k: stage.k + by });
  else if (!isOut) go(stage, { t: next, k: by > 0 ? 0 : Number.POSITIVE_INFINITY });
  stage.tell();
}

/** @param {Stage} stage @param {number} t */
export function select(stage, t) {
  halt(stage);
  go(stage, { t, whole: stage.whole });
  stage.tell(0);
}

/** Play or pause @param {Stage} stage */
export function toggle(stage) {
  if (stage.playing) return rest(stage);
  if (isAtEnd(stage)) play(stage, stage.phase);
  else play(stage, stage.phase, { t: stage.t, k: stage.k });
}

// ---------------------------------------------------------------- an update in slow motion

/**
 * The numbers from before the update stay until the new forward pass: the sweep that made its gradient, what clipping left
 * of it, how the weights move, and only then what the network says now.
 * @param {Stage} stage @param {StageData} data with the new numbers
 */
export function playUpdate(stage, data) {
  const home = { t: stage.t, whole: stage.whole, k: stage.k, phase: stage.phase };
  halt(stage);
  stage.selected.cancel();
  stage.tip.hidden = true; // what it tells will not be so
  Object.assign(stage, { playing: true, update: { sub: "sweep", data, home, since: performance.now(), isNew: false } });
  stage.choose("all");
  enter(stage, data.update?.edited ? 2 : 0); // an edit has no gradient behind it
}

/** @param {Stage} stage @param {number} k */
function enter(stage, k) {
  const { update } = stage;
  if (!update) return;
  if (k === SEGMENTS.length) return rest(stage);
  const [sub, ms] = SEGMENTS[k];
  const length = ms / stage.speed;
  update.sub = sub;
  if (sub === "move") drawChanges(stage, update.data);
  if (sub === "forward") renew(stage);
  update.since = performance.now(); // drawing takes no time from what is to be seen
  const T = stage.columns.length;
  const tick = () => {
    const done = (performance.now() - update.since) / length;
    if (done >= 1) return enter(stage, k + 1);
    const reached = Math.floor(done * T);
    if (sub === "sweep") go(stage, { phase: "backward", t: T - reached });
    else if (sub === "forward") go(stage, { phase: "forward", t: Math.min(T, reached + 1) });
    else go(stage, { phase: "backward", t: 1 });
    stage.timer = setTimeout(tick, sub === "sweep" || sub === "forward" ? FRAME_MS : length);
  };
  tick();
}

/** From here on everything is the new network's. @param {Stage} stage */
function renew(stage) {
  if (!stage.update || stage.update.isNew) return;
  stage.update.isNew = true;
  replaceUpdate(stage, stage.update.data);
}

/** The update that plays has other numbers, if it was taken again at another rate. @param {Stage} stage @param {StageData} data */
export function replaceUpdate(stage, data) {
  if (!stage.update) return;
  stage.update.data = data;
  if (!stage.update.isNew) return; // they wait for the new forward pass
  updateDock(stage.dock, data.dock, data.reverse);
  stage.take(data);
  draw(stage);
}

/** Ended or cut short: the new numbers, where the reader was, in the way that was shown @param {Stage} stage */
function finishUpdate(stage) {
  const { update } = stage;
  if (!update) return;
  renew(stage);
  Object.assign(stage, { ...update.home, update: null, told: true });
  stage.choose(whoseStep(stage.data, stage.asked));
  drawWeights(stage);
}

/** @param {StageData} data may an update be played? */
export const isPlayed = (data) => !isReduced() && isJudged(data);
