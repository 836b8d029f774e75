// From the factors that the page sends to every number of the equations: the products are formed here, when they are
// first looked at, so that a step costs no request.

import { decode } from "../shared.js";
import { COMMON, LETTERS, product, RECIPES, summed } from "./recipes.js";

/**
 * @import { Row, Recipe } from "./recipes.js"
 * What the inspector is fed with (explorer/components/inspector.py). Base64 is float32; null: there is nothing to tell.
 * @typedef {object} InspectorData
 * @property {"only" | "first" | "second"} stream of a network that reads in both directions, which of the two; the second
 * is told as a network of its own, whose step 1 is the last word's
 * @property {"tanh" | "relu" | "gru" | "lstm"} cell @property {number} n_a
 * @property {string[]} group whose weights each step uses: rnn, or encoder and decoder
 * @property {Record<string, { Waa: string, ba: string, Wax: string, columns: number[], total: number | null }>} weights
 * of each group; of Wax the columns that these steps read; total: ‖∂ℒ/∂Waa‖
 * @property {(string | null)[]} words what each step reads @property {(string | null)[]} owners what each loss is
 * called after
 * @property {boolean[]} known @property {(number | null)[]} ids
 * @property {("answer" | "label" | null)[]} fed where an earlier answer is read
 * @property {string} state (T+1, n_state): a⟨t⟩, of the LSTM then c⟨t⟩
 * @property {string} d_state (T, n_state): ∂ℒ/∂state⟨t⟩
 * @property {string} from_y (answers, n_a): Wyaᵀ ∂ℒ/∂logits⟨t⟩
 * @property {{ alpha: string, d_context: string } | null} attention (answers, Tx) and (answers, n_a)
 * @property {Numbers} shares ‖∂ℒ/∂Waa|(t)‖, what each step adds to its group's
 * @property {number} scale the |a| in full colour
 * @property {(Answer | null)[]} answers
 * @property {Record<string, { name: string, by: number }>} classes those that are shown
 * @property {boolean} softmax
 * @property {number} n_y how many classes there are
 * @property {{ forward: Code, backward: Code }} code @property {number} selected
 *
 * @typedef {object} Answer of one step: the likeliest few classes, and the right one; of a sigmoid its only number
 * @property {number[]} shown classes
 * @property {Numbers} logits
 * @property {Numbers} from_a Wya a⟨t⟩
 * @property {Numbers} from_more what else meets it: Wyc context⟨t⟩, or what the other stream adds
 * @property {number | null} log_sum log Σ e^z over all classes
 * @property {number | null} target null: nobody knows
 * @property {string | null} label @property {boolean} guessed @property {number | null} loss
 * @property {string} in_sum the loss as the stage writes it, where all add up to ℒ
 *
 * @typedef {(number | null)[]} Numbers
 * @typedef {{ title: string, source: string }} Code
 * @typedef {ReturnType<typeof factorsOf>} Factors
 * @typedef {{ row: Row, factors: Factors }} Rows
 */

/**
 * The step of the words: the second stream counts its own from the last word
 * @param {Pick<InspectorData, "stream" | "words">} data @param {number} t
 */
export const stepOf = ({ stream, words }, t) => (stream === "second" ? words.length + 1 - t : t);

/**
 * The decoder's own step, by which the lecture counts what it sees: its first is 1
 * @param {Pick<InspectorData, "group">} data @param {number} t
 */
export const ownStep = ({ group }, t) => t - Math.max(group.indexOf("decoder"), 0);

/**
 * A label at step t: a⟨t−1⟩ at t = 4 is a⟨3⟩; of the second stream, which comes from the right, ←a⟨5⟩
 * @param {string} label @param {number} t of the stream itself @param {Pick<InspectorData, "stream" | "words">} data
 */
export const labelAt = (label, t, data) =>
  label.replace(/([ac]?)⟨t([−+]1)?⟩/g, (_, letter, by) => {
    const name = letter && data.stream === "second" ? `←${letter}` : letter;
    return `${name}⟨${stepOf(data, t + (by === "−1" ? -1 : by ? 1 : 0))}⟩`;
  });

/** The payload, decoded: every function gives the row of step t. @param {InspectorData} data */
export function factorsOf(data) {
  const { n_a, words, group, ids, answers } = data;
  const weights = Object.fromEntries(
    Object.entries(data.weights).map(([name, { Waa, ba, Wax, columns }]) => [
      name,
      { Waa: decode(Waa), ba: decode(ba), Wax: decode(Wax), columns },
    ]),
  );
  const [state, d_state, from_y] = [data.state, data.d_state, data.from_y].map(decode);
  const [alpha, d_context] = data.attention ? [data.attention.alpha, data.attention.d_context].map(decode) : [];
  const n = state.length / (words.length + 1);
  const Tx = group.findIndex((name) => name !== group[0]);
  const answered = answers.map((answer, i) => (answer ? answers.slice(0, i).filter(Boolean).length : -1));
  const of = (/** @type {number} */ t) => weights[group[t - 1]];
  /** @param {Float32Array} array @param {number} size @param {number} i */
  const part = (array, size, i) =>
    i < 0 ? new Float64Array(size) : Float64Array.from(array.subarray(i * size, (i + 1) * size));
  const at = (/** @type {number} */ t) => answered[t - 1];
  return {
    n_a,
    Tx,
    attends: Boolean(data.attention),
    T: words.length,
    letters: LETTERS[data.cell],
    Waa: (/** @type {number} */ t) => of(t).Waa,
    bias: (/** @type {number} */ t) => Float64Array.from(of(t).ba),
    input: (/** @type {number} */ t) => {
      const { Wax, columns, ba } = of(t);
      const id = ids[t - 1];
      return part(Wax, ba.length, id === null ? -1 : columns.indexOf(id));
    },
    states: (/** @type {number} */ t) => part(state, n, t),
    gradients: (/** @type {number} */ t) => part(d_state, n, t - 1),
    fromAnswer: (/** @type {number} */ t) => part(from_y, n_a, at(t)),
    alpha: (/** @type {number} */ t) => part(alpha, Tx, at(t)),
    contextGradient: (/** @type {number} */ t) => part(d_context, n_a, at(t)),
  };
}

/**
 * Every row of numbers by its name, formed when it is first asked for: row("a_prev", t) is a⟨t−1⟩, row("past_u", t) the
 * block of the update gate in Waa a⟨t−1⟩, row("1-u", t) a sum.
 * @param {InspectorData} data @param {Factors} [factors] @returns {Rows}
 */
export function rowsOf(data, factors = factorsOf(data)) {
  const { n_a, letters } = factors;
  /** @type {Record<string, Recipe>} */
  const recipes = { ...COMMON, ...RECIPES[data.cell] };
  /** @type {Map<string, Float64Array>} */
  const known = new Map();
  /** @type {(name: string, t: number) => Float64Array} */
  const make = (name, t) => {
    if (name.endsWith("_prev")) return row(name.slice(0, -5), t - 1);
    const recipe = recipes[name];
    if (typeof recipe === "function") return recipe(row, t, factors);
    if (recipe || /[·+-]/.test(name)) return summed(row, recipe ?? name, t, n_a);
    const [stack, letter] = name.split("_");
    const k = letters.indexOf(letter);
    if (!(stack in COMMON) || k < 0) throw new Error(`There is no row ${name}.`);
    if (stack === "past")
      return product(factors.Waa(t), row(data.cell === "gru" && letter === "c" ? "kept" : "a_prev", t), k);
    return row(stack, t).subarray(k * n_a, (k + 1) * n_a);
  };
  /** @type {Row} */
  const row = (name, t) => {
    const key = `${name} ${t}`;
    const made = known.get(key) ?? make(name, t);
    known.set(key, made);
    return made;
  };
  return { row, factors };
}
