// What the row of the loop asks of the stage.

import { isJudged } from "./plan.js";
import { go, halt, place, play, show, step, toggle } from "./play.js";
import { tellState } from "./state.js";

/** @import { Stage } from "./stage.js" */

/**
 * Follows the commands until it is told to stop.
 * @param {Stage} stage @returns {() => void} stops listening
 */
export function onCommands(stage) {
  const T = () => stage.columns.length;
  /** @type {Record<string, (detail: any) => void>} */
  const acts = {
    forward: () => play(stage, 1),
    backward: () => isJudged(stage.data) && play(stage, T() + 1),
    toggle: () => toggle(stage),
    step: ({ by }) => step(stage, by),
    scrub({ t }) {
      halt(stage);
      stage.selected.cancel();
      go(stage, place(stage).phase === "forward" ? t : 2 * T() + 1 - t);
      stage.tell();
    },
    speed({ value }) {
      stage.transport.speed.value = String(value);
      show(stage);
    },
  };
  const obey = (/** @type {Event} */ event) => {
    const { detail } = /** @type {CustomEvent} */ (event);
    acts[detail.act]?.(detail);
  };
  const answer = () => tellState(stage, place(stage));
  window.addEventListener("rnn-command", obey);
  window.addEventListener("rnn-hello", answer);
  return () => {
    window.removeEventListener("rnn-command", obey);
    window.removeEventListener("rnn-hello", answer);
  };
}
