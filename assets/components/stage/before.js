// Press and hold: the network as it was before the update, with all its numbers, for as long as the reader holds.

import { updateDock } from "../inspector/inspector.js";
import { redraw } from "./show.js";

/**
 * @import { Stage } from "./stage.js"
 * @import { StageData } from "./plan.js"
 */

const HOLD_MS = 350; // a press that is no click

/** @param {Stage} stage @param {StageData} data */
function swap(stage, data) {
  updateDock(stage.dock, data.dock, data.reverse);
  stage.take(data);
  redraw(stage);
}

/** @param {Stage} stage */
export function showBefore(stage) {
  const { before, after, playing, data, page } = stage;
  if (!data.update || after || playing) return;
  if (!before && !stage.asksBefore) page.setStateValue("held", Date.now()); // a browser that came later never saw it
  stage.asksBefore = true;
  if (!before) return;
  stage.after = data;
  swap(stage, before);
}

/** @param {Stage} stage */
export function showAfter(stage) {
  const { after } = stage;
  stage.asksBefore = false;
  stage.after = null;
  if (after) swap(stage, after);
}

/** What the stage shows while it is held, and what ends that @param {Stage} stage @param {HTMLElement} place */
export function onHold(stage, place) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  let wasHeld = false;
  const press = () => {
    wasHeld = false;
    timer = setTimeout(() => {
      wasHeld = stage.data.update !== null;
      showBefore(stage);
    }, HOLD_MS);
  };
  const release = () => {
    clearTimeout(timer);
    showAfter(stage);
  };
  const letKeyGo = (/** @type {KeyboardEvent} */ { key }) => key === "b" && release();
  const click = (/** @type {Event} */ event) => {
    if (wasHeld) event.stopImmediatePropagation(); // it was held, and chooses nothing
    wasHeld = false;
  };
  place.addEventListener("pointerdown", press);
  place.addEventListener("click", click, { capture: true });
  place.addEventListener("contextmenu", (event) => stage.after && event.preventDefault()); // a finger that is held asks for it
  for (const kind of /** @type {const} */ (["pointerup", "pointercancel", "blur"]))
    window.addEventListener(kind, release);
  window.addEventListener("keyup", letKeyGo);
  return () => {
    clearTimeout(timer);
    for (const kind of /** @type {const} */ (["pointerup", "pointercancel", "blur"]))
      window.removeEventListener(kind, release);
    window.removeEventListener("keyup", letKeyGo);
  };
}
