// Moving: forward phase by phase, back with the chosen error, and through an update in slow motion.

import { updateDock } from "../inspector/inspector.js";
import { clamp } from "../shared.js";
import { draw } from "./draw.js";
import { drawChanges, drawWeights } from "./maps.js";
import { beatsOf, byPhase, endOf, isAtEnd, subsOf } from "./moment.js";
import { FRAME_MS, lastStep, SEGMENTS, whoseStep } from "./phases.js";
import { isJudged } from "./plan.js";
import { show } from "./show.js";
import { playerOf, stepAt } from "./sound.js";

/**
 * @import { Phase, StageData } from "./plan.js"
 * @import { Stage } from "./stage.js"
 */

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
export const isPlayed = (data) => isJudged(data) && !matchMedia("(prefers-reduced-motion: reduce)").matches;
