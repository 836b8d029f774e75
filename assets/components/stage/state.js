// Where the stage is, told to the row of the loop after every change.

/**
 * @import { Stage } from "./stage.js"
 * @import { Phase } from "./plan.js"
 */

/** @param {Pick<Stage, "data" | "playing">} stage @param {{ t: number, phase: Phase }} place */
export function tellState({ data, playing }, { t, phase }) {
  const steps = data.words.map((word, i) => ({ t: i + 1, word, loss: data.labels[i] === null ? null : data.loss[i] }));
  const T = steps.length;
  window.dispatchEvent(new CustomEvent("rnn-state", { detail: { phase, t, T, last: T, playing, steps } }));
}
