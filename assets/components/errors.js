// The errors one at a time: what ∂ℒ⟨s⟩ of one step s is at every step, formed from the same factors as the sum of all.
// The way back is linear, so the recipes of recipes.js hold for each: only what comes down, and so all that follows, differs.

import { factorsOf, rowsOf } from "./inspector/factors.js";

/**
 * @import { InspectorData, Rows } from "./inspector/factors.js"
 * @typedef {"all" | number} Whose
 * @typedef {ReturnType<typeof errorsOf>} Errors
 */

/** @param {...ArrayLike<number>} rows */
const length = (...rows) => Math.hypot(...rows.flatMap((row) => [...Array.from(row)]));

/**
 * Every row of numbers as with `rowsOf`, of one step's error
 * @param {InspectorData} data @param {Whose} whose @returns {Rows}
 */
export function rowsOfError(data, whose) {
  if (whose === "all") return rowsOf(data);
  const all = factorsOf(data);
  const zero = new Float64Array(all.n_a);
  const rows = rowsOf(data, {
    ...all,
    fromAnswer: (t) => (t === whose ? all.fromAnswer(t) : zero),
    contextGradient: (t) => (t === whose ? all.contextGradient(t) : zero),
    gradients(t) {
      const { row } = rows;
      const next = row("stream_next", t);
      const d_a = row("entered", t).map((v, i) => v + next[i]);
      if (data.cell !== "lstm") return d_a;
      const memory = t < all.T ? row("f·d_c", t + 1) : zero;
      return Float64Array.from([...d_a, ...memory]);
    },
  });
  return rows;
}

/**
 * The chosen error at every step, each list from step 1 on. Lengths are those of the whole state: of the LSTM a and c.
 * @param {InspectorData} data @param {Whose} whose
 */
export function errorsOf(data, whose) {
  const rows = rowsOfError(data, whose);
  const { row, factors } = rows;
  const steps = data.words.map((_, i) => i + 1);
  const last = whose === "all" ? factors.T : whose;
  const lengths = steps.map((t) => length(factors.gradients(t)));
  const sent = (/** @type {number} */ t) => [row("sent", t), ...(data.cell === "lstm" ? [row("f·d_c", t)] : [])];
  return {
    whose,
    rows,
    part: steps.map((t) => t <= last),
    length: lengths,
    /** what comes down to a⟨t⟩ from above: from its ŷ, or through attention */
    from_y: steps.map((t) => length(row("entered", t))),
    from_next: steps.map((t) => (t < factors.T ? length(...sent(t + 1)) : 0)),
    /** of the hop from step t + 1 to step t: what it did to the length that travels, and what its two parts did */
    factor: steps.map((t) => (t < last && lengths[t] > 0 ? length(...sent(t + 1)) / lengths[t] : null)),
    parts: steps.map((t) => (t < last && lengths[t] > 0 ? PARTS[data.cell](row, t + 1, lengths[t]) : null)),
  };
}

/** @type {(row: Rows["row"], t: number, length: number) => { slope: number, Waa: number }} */
const plain = (row, t, arrived) => {
  const delta = length(row("delta", t));
  return { slope: delta / arrived, Waa: delta ? length(row("sent", t)) / delta : 0 };
};

/**
 * A hop taken apart: slope times Waaᵀ, or what the memory carries beside what goes through the gates
 * @type {Record<InspectorData["cell"], (row: Rows["row"], t: number, arrived: number) => Record<string, number>>}
 */
const PARTS = {
  tanh: plain,
  relu: plain,
  gru(row, t, arrived) {
    const kept = row("1-u·d_a", t);
    const rest = row("sent", t).map((v, i) => v - kept[i]);
    return { memory: length(kept) / arrived, gates: length(rest) / arrived };
  },
  lstm: (row, t, arrived) => ({
    memory: length(row("f·d_c", t)) / arrived,
    gates: length(row("sent", t)) / arrived,
  }),
};
