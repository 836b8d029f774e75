// What the reader asks of the stage: a press on it, a value that is typed, or a command of the row of the loop.

import { chooseStream, showDock } from "../inspector/inspector.js";
import { unitAt, weightAt } from "./hover.js";
import { lastStep, whoseStep } from "./phases.js";
import { pick } from "./picked.js";
import { isJudged } from "./plan.js";
import { go, halt, play, select, step, toggle } from "./play.js";
import { show } from "./show.js";
import { playerOf } from "./sound.js";
import { entryOf } from "./weights.js";

/**
 * @import { Whose } from "./plan.js"
 * @import { Stage } from "./stage.js"
 */

/** What a press means before it means a step: a weight, a unit, a loss @param {Stage} stage @param {MouseEvent} event */
export function press(stage, event) {
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
export function correct(stage, t) {
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
export function setWeight({ picked, page }, value) {
  if (!picked) return;
  const { group, name, row, column } = picked;
  page.setStateValue("edit", [group, name, row, column, value, Date.now()]);
}

/** What the row of the loop asks for @param {Stage} stage @param {Record<string, unknown>} asked */
export function obey(stage, { act, by, t, value }) {
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
export function scrubTo(stage, t) {
  halt(stage);
  go(stage, { t });
  stage.tell();
}
