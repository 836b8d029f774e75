// What the page sends: new words make new columns, new numbers only fill them, and an update is first seen in slow motion.

import { payloadOfDock, updateDock } from "../inspector/inspector.js";
import { clamp } from "../shared.js";
import { showAfter, showBefore } from "./before.js";
import { makeTrack } from "./elements.js";
import { colours } from "./grids.js";
import { showTip } from "./hover.js";
import { lastStep, whoseStep } from "./phases.js";
import { isJudged } from "./plan.js";
import { halt, isPlayed, playUpdate, replaceUpdate } from "./play.js";
import { makeRoom } from "./room.js";
import { redraw } from "./show.js";

/**
 * @import { Page } from "../shared.js"
 * @import { Phase, StageData } from "./plan.js"
 * @import { Stage } from "./stage.js"
 */

/**
 * A step as one number: where the page keeps the phase, too, −5 is step 5 on the way back.
 * @param {{ t: number, phase?: Phase | null }} place @param {StageData} data
 */
export const signed = ({ t, phase }, { phase: kept }) => (kept && phase === "backward" ? -t : t);

/** @param {StageData} data */
const asked = (data) => signed({ t: data.selected, phase: data.phase }, data);

/** What decides which columns there are, and which pieces they have @param {StageData} data */
const shape = ({ words, group, silent, fed, labels, attention, reverse, state }) =>
  JSON.stringify([
    state,
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
export function update(stage, data, page) {
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
export const tellResult = (detail) => window.dispatchEvent(new CustomEvent("rnn-result", { detail }));

/** After the frame in which the stage is seen @param {Page} page */
const tellPainted = (page) => requestAnimationFrame(() => setTimeout(() => page.setTriggerValue("painted", true)));
