// Brings the screen to where the stage is: its columns, the running line, the dock, and the row of the loop.

import { showDock } from "../inspector/inspector.js";
import { clamp } from "../shared.js";
import { markStep } from "../transport.js";
import { draw } from "./draw.js";
import { entryPlace } from "./entry.js";
import { paintStates } from "./grids.js";
import { showLine, sizes, speak } from "./line.js";
import { subsOf, whoseNow } from "./moment.js";
import { lastStep, SEGMENTS } from "./phases.js";
import { showPicked } from "./picked.js";
import { holdsAt, light, remark, reveal, showGlance } from "./reveal.js";
import { placeSound } from "./sound.js";

/**
 * @import { Moved } from "./plan.js"
 * @import { Stage } from "./stage.js"
 */

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
  else root.classList.remove("glancing"); // as the structure before may have left it
  if (!stage.playing) speak(stage);
  showLine(stage, sub);
  showPicked(stage);
  tellOthers(stage, sub);
}

/** All of it is drawn again, at the moment where the stage is. @param {Stage} stage */
export function redraw(stage) {
  draw(stage);
  show(stage);
}

/** What the dock shows of an update between its sweep and its new forward pass @param {Stage} stage */
function updateShown(stage) {
  const { update } = stage;
  const sub = update?.sub;
  if (!update?.data.update || (sub !== "clip" && sub !== "move")) return null;
  const place = (/** @type {Moved} */ moved) => entryPlace(moved, stage, moved.answer);
  return { sub, update: update.data.update, place, ...sizes(stage, update.data) };
}

/** The dock shows the same moment; the row of the loop hears where we are. @param {Stage} stage @param {string} sub */
function tellOthers(stage, sub) {
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
