// What is drawn of the data without standing in it, formed once: states, sums before the squash, the second stream.

import { errorsOf } from "../errors.js";
import { rowsOf } from "../inspector/factors.js";
import { decode } from "../shared.js";
import { largest } from "./weights.js";

/**
 * @import { Whose } from "../errors.js"
 * @import { StageData } from "./plan.js"
 * @typedef {NonNullable<ReturnType<typeof secondOf>>} Second
 */

/** The numbers that are drawn from the data, formed once @param {StageData} data */
export function formed(data) {
  const rows = rowsOf(data.dock);
  const hasMemory = data.state !== "a";
  const T = data.words.length;
  const state = decode(data.dock.state);
  const n = state.length / (T + 1);
  const memory = hasMemory
    ? Float32Array.from(
        { length: (T + 1) * data.n_a },
        (_, k) => state[Math.floor(k / data.n_a) * n + data.n_a + (k % data.n_a)],
      )
    : null;
  const isPlain = data.dock.cell === "tanh" || data.dock.cell === "relu";
  const sums = isPlain ? data.words.flatMap((_, i) => [...rows.row("z", i + 1)]) : [];
  return { rows, memory, a: decode(data.a), zScale: largest(sums), memoryScale: largest(memory ?? []) };
}

/**
 * The second stream of a network that reads in both directions, told as a network of its own whose step 1 is the last
 * word's; null: there is none
 * @param {StageData} data @param {Whose} whose
 */
export function secondOf(data, whose) {
  const { reverse, words, silent, ids, labels, n_a } = data;
  if (!reverse) return null;
  const T = words.length;
  const state = decode(reverse.state);
  const n = state.length / (T + 1);
  return {
    data: {
      ...data,
      dock: reverse,
      group: reverse.group,
      words: words.toReversed(),
      silent: silent.toReversed(),
      ids: ids.toReversed(),
      labels: labels.toReversed(),
    },
    errors: errorsOf(reverse, whose === "all" ? whose : T + 1 - whose),
    /** ←a⟨t⟩ @param {number} t */
    a: (t) => state.subarray((T + 1 - t) * n, (T + 1 - t) * n + n_a),
  };
}
