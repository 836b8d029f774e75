// The phases of a step, forward and on the way back, and of an update: which there are, in which order, how long each is seen.

import { finite } from "../shared.js";

/**
 * @import { StageData, Whose } from "./plan.js"
 * @typedef {"word" | "look-up" | "gates" | "recur" | "squash" | "write" | "attend" | "predict" | "compare"} ForwardSub
 * @typedef {"arrive" | "meet" | "slope" | "stamp" | "travel"} BackwardSub
 * @typedef {ForwardSub | BackwardSub | "sweep" | "clip" | "move" | "forward"} Sub
 */

const STEP_MS = 800; // one step at 1×
const PHASE_MS = 700; // one phase, where the phases are read one by one
const SHORTEST_MS = 60; // a phase that would be shorter is not stopped at
export const LINE_MS = 600; // a running line can be read
export const FRAME_MS = 16;

/** An update in four, together 4 s at 1×, however long the sentence @type {[Sub, number][]} */
export const SEGMENTS = [
  ["sweep", 1300],
  ["clip", 600],
  ["move", 1100],
  ["forward", 1000],
];

/** @type {ForwardSub[]} */
export const FORWARD = ["word", "look-up", "gates", "recur", "squash", "write", "attend", "predict", "compare"];

/** How a step is computed: only what happens in it @param {StageData} data @param {number} t @returns {ForwardSub[]} */
export function forwardSubs({ words, silent, labels, attention, dock }, t) {
  const i = t - 1;
  const isGated = dock.cell === "gru" || dock.cell === "lstm";
  const has = {
    word: words[i] !== null,
    "look-up": words[i] !== null,
    gates: isGated,
    recur: true,
    squash: true,
    write: isGated,
    attend: Boolean(attention) && !silent[i],
    predict: !silent[i],
    compare: labels[i] !== null,
  };
  return FORWARD.filter((sub) => has[sub]);
}

/**
 * How the chosen error goes through step t: two streams meet where it also comes down, and nothing travels on from step 1.
 * @param {StageData} data @param {Whose} whose @param {number} t @returns {BackwardSub[]}
 */
export function backwardSubs(data, whose, t) {
  const meets = t < lastStep(data, whose) && comesDown(data, whose, t);
  return [
    "arrive",
    ...(meets ? /** @type {const} */ (["meet"]) : []),
    "slope",
    "stamp",
    ...(t > 1 ? /** @type {const} */ (["travel"]) : []),
  ];
}

/** Does the chosen error come down to a⟨t⟩ from above, too? @param {StageData} data @param {Whose} whose @param {number} t */
function comesDown({ labels, silent, attention }, whose, t) {
  if (attention && silent[t - 1]) return true; // each error enters the encoder at every step
  return whose === "all" ? labels[t - 1] !== null : t === whose;
}

/** The step where the chosen error begins @param {StageData} data @param {Whose} whose */
export const lastStep = ({ words }, whose) => (whose === "all" ? words.length : whose);

/**
 * "last" as the step that it means, and of a step that pays no loss all of them
 * @param {StageData} data @param {"all" | "last" | number | undefined} chosen @returns {Whose}
 */
export function whoseStep({ labels, loss }, chosen) {
  const t = chosen === "last" ? labels.findLastIndex((label) => label !== null) + 1 : chosen;
  return typeof t === "number" && labels[t - 1] !== null && labels[t - 1] !== undefined && finite(loss[t - 1])
    ? t
    : "all";
}

/**
 * How long each phase of a step is seen, in ms; 0: it is passed without a stop
 * @param {number} n how many phases it has @param {number} speed
 * @param {boolean} isByPhase does the reader want to read them one by one? Then each stands as long as a line takes.
 */
export function beats(n, speed, isByPhase) {
  if (isByPhase) return Array(n).fill(Math.max(LINE_MS, PHASE_MS / speed));
  if (speed < 1) return Array(n).fill((PHASE_MS * 0.5) / speed);
  const [step, each] = [STEP_MS / speed, STEP_MS / speed / n];
  return each >= SHORTEST_MS ? Array(n).fill(each) : [...Array(n - 1).fill(0), step];
}
