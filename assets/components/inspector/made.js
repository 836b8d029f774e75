// What the card of a step is made of, for each cell: its rows, the phase in which each is there, and the sum behind it.

/**
 * @import { InspectorData } from "./factors.js"
 * @typedef {object} MadeRow
 * @property {string} name the row's name in recipes.js
 * @property {string} label with ⟨t⟩ and ⟨t−1⟩
 * @property {string} note a text of assets/prose/inspector.md
 * @property {string} sub the phase from which on it is there
 * @property {"sum" | "state" | "memory" | "gate" | "error" | "slope"} scale which rows share a scale
 * @property {string} [sum] the sum behind it, a key of SUMS
 *
 * @typedef {object} Sum
 * @property {string} terms in the letters of recipes.js
 * @property {string} formula
 * @property {string} out the row that it gives
 * @property {string} [g] what squashes the sum: σ or tanh
 * @property {string} [z] the row of sums, one dot each on the curve
 * @property {number} [block] which block of Waa is in it
 */

/** The phases of a step in order (stage/phases.js names those that a step has) */
export const ORDER = {
  forward: ["word", "look-up", "gates", "recur", "squash", "write", "attend", "predict", "compare"],
  backward: ["arrive", "meet", "slope", "stamp", "travel"],
};

/** @param {string} name @param {string} label @param {string} note @param {string} sub @param {MadeRow["scale"]} scale @param {string} [sum] @returns {MadeRow} */
const row = (name, label, note, sub, scale, sum) => ({ name, label, note, sub, scale, sum });

/** @param {string} g @returns {MadeRow[]} */
const plain = (g) => [
  row("past", "Waa a⟨t−1⟩", "row_memory", "recur", "sum", "a"),
  row("x", "+ Wax x⟨t⟩", "row_word", "look-up", "sum", "a"),
  row("b", "+ ba", "row_bias", "recur", "sum", "a"),
  row("z", "= z⟨t⟩", "row_sum", "recur", "sum", "a"),
  row("a", `a⟨t⟩ = ${g} z⟨t⟩`, "row_state", "squash", "state", "a"),
];

/** The candidate of a gated cell @param {string} past @returns {MadeRow[]} */
const candidate = (past) => [
  row("past_c", past, "row_memory", "recur", "sum", "c_tilde"),
  row("x_c", "+ Wcx x⟨t⟩", "row_word", "look-up", "sum", "c_tilde"),
  row("b_c", "+ bc", "row_bias", "recur", "sum", "c_tilde"),
  row("z_c", "= z⟨t⟩", "row_sum", "recur", "sum", "c_tilde"),
  row("c_tilde", "c̃⟨t⟩ = tanh z⟨t⟩", "row_candidate", "squash", "state", "c_tilde"),
];

/** @type {Record<InspectorData["cell"], MadeRow[]>} */
export const MADE = {
  tanh: plain("tanh"),
  relu: plain("ReLU"),
  gru: [
    row("u", "Γu", "row_update", "gates", "gate", "u"),
    row("r", "Γr", "row_relevance", "gates", "gate", "r"),
    ...candidate("Wcc (Γr ⊙ a⟨t−1⟩)"),
    row("a", "a⟨t⟩", "row_state", "write", "state", "a"),
  ],
  lstm: [
    row("u", "Γu", "row_update", "gates", "gate", "u"),
    row("f", "Γf", "row_forget", "gates", "gate", "f"),
    row("o", "Γo", "row_output", "gates", "gate", "o"),
    ...candidate("Wca a⟨t−1⟩"),
    row("c", "c⟨t⟩", "row_memory_now", "write", "memory", "c"),
    row("a", "a⟨t⟩", "row_state", "write", "state", "a"),
  ],
};

/** A gate, or the candidate, as its sum @param {string} letter @param {number} block @param {string} past @param {string} g @returns {Sum} */
const inside = (letter, block, past, g) => ({
  terms: `past_${letter} + x_${letter} + b_${letter}`,
  formula: `${past} + W${letter}x x⟨t⟩ + b${letter}`,
  out: letter === "c" ? "c_tilde" : letter,
  g,
  z: `z_${letter}`,
  block,
});

/** @param {string} g @returns {Record<string, Sum>} */
const plainSum = (g) => ({
  a: { terms: "past + x + b", formula: "Waa a⟨t−1⟩ + Wax x⟨t⟩ + ba", out: "a", g, z: "z", block: 0 },
});

/** @type {Record<InspectorData["cell"], Record<string, Sum>>} */
export const SUMS = {
  tanh: plainSum("tanh"),
  relu: plainSum("ReLU"),
  gru: {
    u: inside("u", 0, "Wuc a⟨t−1⟩", "σ"),
    r: inside("r", 1, "Wrc a⟨t−1⟩", "σ"),
    c_tilde: inside("c", 2, "Wcc (Γr ⊙ a⟨t−1⟩)", "tanh"),
    a: { terms: "u·c_tilde + 1-u·a_prev", formula: "Γu ⊙ c̃⟨t⟩ + (1 − Γu) ⊙ a⟨t−1⟩", out: "a" },
  },
  lstm: {
    u: inside("u", 0, "Wua a⟨t−1⟩", "σ"),
    f: inside("f", 1, "Wfa a⟨t−1⟩", "σ"),
    o: inside("o", 2, "Woa a⟨t−1⟩", "σ"),
    c_tilde: inside("c", 3, "Wca a⟨t−1⟩", "tanh"),
    c: { terms: "u·c_tilde + f·c_prev", formula: "Γu ⊙ c̃⟨t⟩ + Γf ⊙ c⟨t−1⟩", out: "c" },
    a: { terms: "o·tanh c", formula: "Γo ⊙ tanh c⟨t⟩", out: "a" },
  },
};

/** Which sum is seen in a phase, if the reader has chosen none @param {InspectorData["cell"]} cell @param {string} sub */
export function sumOfPhase(cell, sub) {
  const gated = cell === "gru" || cell === "lstm";
  if (!gated) return "a";
  if (sub === "gates" || sub === "word") return "u";
  if (sub === "recur" || sub === "squash" || sub === "look-up") return "c_tilde";
  return "a";
}

// ---------------------------------------------------------------- the way back

/** Named by its own curve: g is a name of the gradient, too @param {string} g @returns {MadeRow[]} */
const plainBack = (g) => [
  row("entered", "from ŷ⟨t⟩", "row_from_y", "arrive", "error"),
  row("stream_next", "+ from a⟨t+1⟩", "row_from_next", "arrive", "error"),
  row("d_a", "= ∂ℒ/∂a⟨t⟩", "row_arrives", "meet", "error"),
  row("slope", `⊙ slope of ${g}`, "row_slope", "slope", "slope"),
  row("delta", "= δ⟨t⟩", "row_delta", "slope", "error"),
];

/** @type {Record<InspectorData["cell"], MadeRow[]>} */
export const ARRIVES = {
  tanh: plainBack("tanh"),
  relu: plainBack("ReLU"),
  gru: [
    row("entered", "from ŷ⟨t⟩", "row_from_y", "arrive", "error"),
    row("stream_next", "+ from a⟨t+1⟩", "row_from_next", "arrive", "error"),
    row("d_a", "= ∂ℒ/∂a⟨t⟩", "row_arrives", "meet", "error"),
    row("delta_u", "δu", "row_delta_gate", "slope", "error"),
    row("delta_r", "δr", "row_delta_gate", "slope", "error"),
    row("delta_c", "δc", "row_delta_candidate", "slope", "error"),
  ],
  lstm: [
    row("entered", "from ŷ⟨t⟩", "row_from_y", "arrive", "error"),
    row("stream_next", "+ from a⟨t+1⟩", "row_from_next", "arrive", "error"),
    row("d_a", "= ∂ℒ/∂a⟨t⟩", "row_arrives", "meet", "error"),
    row("memory_next", "from c⟨t+1⟩", "row_along_memory", "arrive", "error"),
    row("d_c", "∂ℒ/∂c⟨t⟩", "row_memory_sum", "meet", "error"),
    row("delta_u", "δu", "row_delta_gate", "slope", "error"),
    row("delta_f", "δf", "row_delta_gate", "slope", "error"),
    row("delta_o", "δo", "row_delta_gate", "slope", "error"),
    row("delta_c", "δc", "row_delta_candidate", "slope", "error"),
  ],
};

/** The errors that are stamped, in the order of Waa's blocks @type {Record<InspectorData["cell"], string[]>} */
export const DELTAS = {
  tanh: ["delta"],
  relu: ["delta"],
  gru: ["delta_u", "delta_r", "delta_c"],
  lstm: ["delta_u", "delta_f", "delta_o", "delta_c"],
};

/** What a block of Waa multiplies, as a row @param {InspectorData["cell"]} cell @param {number} block */
export const multiplied = (cell, block) => (cell === "gru" && block === 2 ? "kept" : "a_prev");

/** Is what belongs to a phase there already? No phase: all is. @param {"forward" | "backward"} phase @param {string} own @param {string} sub */
export const isThere = (phase, own, sub) => !sub || ORDER[phase].indexOf(own) <= ORDER[phase].indexOf(sub);
