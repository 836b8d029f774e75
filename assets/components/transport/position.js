// What the bar says of where the stage is: pure functions of its state.

import { asWord, finite, text } from "../shared.js";

/**
 * What the stage tells after every change
 * @typedef {object} State
 * @property {"forward" | "backward" | "update"} phase
 * @property {number} t the step that is shown, from 1 @property {number} T steps
 * @property {string} [sub] the phase of the step, where steps have phases
 * @property {number} last the last position of the slider: T, or the segments of an update
 * @property {boolean} playing
 * @property {"all" | "last" | number} [whose] whose error walks back, where that can be chosen
 * @property {{ t: number, word: string | null, loss: number | null }[]} steps
 * @property {number} [segment] of an update, from 1 @property {number} [done] how much of the way is done, 0 … 1
 */

const SEGMENTS = ["sweep", "clip", "move", "forward"]; // of an update

/** How far the slider's track is drawn as done @param {State} state */
export function scrubbed({ t, last, segment, done }) {
  if (finite(done)) return done;
  return last > 1 ? ((segment ?? t) - 1) / (last - 1) : 1;
}

/** What stands below the slider: its two ends, or the parts of an update @param {State} state */
export function marks({ phase, T }) {
  if (phase === "update") return SEGMENTS.map((name) => text(`segment_${name}`));
  return [...new Set([1, T])].map((t) => text("mark", { t }));
}

/**
 * Whose error may walk back: all, the last one alone, or that of one step. [value, what it is called]
 * @param {State} state @returns {[string, string][]}
 */
export function errorsToChoose({ steps }) {
  const due = steps.filter(({ loss }) => loss !== null);
  if (!due.length) return [];
  const named = due.map(({ t, word }) =>
    text(word === null ? "whose_step" : "whose_word", { t, word: asWord(word ?? "") }),
  );
  return [
    ["all", text("whose_all")],
    ["last", text("whose_last", { t: due[due.length - 1].t })],
    ...due.map(({ t }, i) => /** @type {[string, string]} */ ([String(t), named[i]])),
  ];
}
