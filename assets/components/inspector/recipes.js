// How every row of numbers is formed from the factors, in the order and the letters of core/cells.py and core/attention.py.

/**
 * @import { Factors, InspectorData } from "./factors.js"
 * @typedef {(name: string, t: number) => Float64Array} Row the row of that name at step t
 * @typedef {string | ((row: Row, t: number, factors: Factors) => Float64Array)} Recipe a sum of products, or a function
 */

/**
 * "u·c_tilde + 1-u·a_prev" -> its terms, each a list of factors, each the names of what is subtracted
 * @param {string} sum
 */
const parse = (sum) => sum.split(" + ").map((term) => term.split("·").map((factor) => factor.split("-")));

/**
 * One factor of a sum at step t, for any unit: a row, or 1, x², tanh x
 * @param {Row} row @param {string} name @param {number} t @returns {(unit: number) => number}
 */
function operand(row, name, t) {
  if (name === "1") return () => 1;
  if (name.endsWith("²")) {
    const root = operand(row, name.slice(0, -1), t);
    return (unit) => root(unit) ** 2;
  }
  const isTanh = name.startsWith("tanh ");
  const values = row(isTanh ? name.slice(5) : name, t);
  return isTanh ? (unit) => Math.tanh(values[unit]) : (unit) => values[unit];
}

/** @param {Row} row @param {string} sum @param {number} t @returns {(unit: number) => number[][]} */
function termsOf(row, sum, t) {
  const terms = parse(sum).map((factors) => factors.map((names) => names.map((name) => operand(row, name, t))));
  return (unit) =>
    terms.map((factors) => factors.map(([from, ...less]) => less.reduce((v, at) => v - at(unit), from(unit))));
}

/**
 * A sum with the numbers of step t and one unit: [[0.31, 0.82], [0.69, -0.1]]
 * @param {Row} row @param {string} sum @param {number} t @param {number} unit
 */
export const terms = (row, sum, t, unit) => termsOf(row, sum, t)(unit);

/** @param {Row} row @param {string} sum @param {number} t @param {number} n */
export function summed(row, sum, t, n) {
  const at = termsOf(row, sum, t);
  const product = (/** @type {number[]} */ factors) => factors.reduce((all, v) => all * v);
  return Float64Array.from({ length: n }, (_, unit) => at(unit).reduce((all, factors) => all + product(factors), 0));
}

// ---------------------------------------------------------------- matrix products

/**
 * W v, of the rows from × n … of a stack
 * @param {Float32Array} W @param {ArrayLike<number>} v @param {number} [first] block
 */
export function product(W, v, first = 0) {
  const n = v.length;
  return Float64Array.from({ length: n }, (_, i) => {
    const start = (first * n + i) * n;
    let sum = 0;
    for (let j = 0; j < n; j++) sum += W[start + j] * v[j];
    return sum;
  });
}

/**
 * Wᵀ v, v one block or several; `first` is where in the stack they begin
 * @param {Float32Array} W @param {ArrayLike<number>} v @param {number} n @param {number} [first] block
 */
function transposed(W, v, n, first = 0) {
  const result = new Float64Array(n);
  for (let i = 0; i < v.length; i++) {
    const start = (first * n + i) * n;
    for (let j = 0; j < n; j++) result[j] += W[start + j] * v[i];
  }
  return result;
}

/** @param {Float64Array} u @param {Float64Array} v */
const dot = (u, v) => u.reduce((sum, x, i) => sum + x * v[i], 0);

/** @param {Float64Array[]} rows */
const joined = (rows) => Float64Array.from(rows.flatMap((row) => [...row]));

/** @param {Float64Array} z */
const sigmoid = (z) => z.map((v) => 1 / (1 + Math.exp(-v)));

/** @param {Float64Array} z */
const tanh = (z) => z.map(Math.tanh);

// ---------------------------------------------------------------- the recipes

/** @type {Record<string, Recipe>} */
const PLAIN = {
  z: "past + x + b",
  delta: "slope·d_a",
  sent: (row, t, { Waa, n_a }) => transposed(Waa(t), row("delta", t), n_a),
};

/** @param {string} letters @returns {Record<string, Recipe>} */
const gates = (letters) =>
  Object.fromEntries(
    [...letters].flatMap((k) => [
      [`z_${k}`, `past_${k} + x_${k} + b_${k}`],
      [k, (/** @type {Row} */ row, /** @type {number} */ t) => sigmoid(row(`z_${k}`, t))],
    ]),
  );

/** @type {Record<InspectorData["cell"], Record<string, Recipe>>} */
export const RECIPES = {
  tanh: { ...PLAIN, slope: "1-a²" },
  relu: { ...PLAIN, slope: (row, t) => row("a", t).map((v) => (v > 0 ? 1 : 0)) },
  gru: {
    ...gates("ur"),
    kept: "r·a_prev",
    z_c: "past_c + x_c + b_c",
    c_tilde: (row, t) => tanh(row("z_c", t)),
    updated: "u·c_tilde + 1-u·a_prev",
    delta_u: "d_a·c_tilde-a_prev·u·1-u",
    delta_c: "d_a·u·1-c_tilde²",
    d_past: (row, t, { Waa, n_a }) => transposed(Waa(t), row("delta_c", t), n_a, 2),
    delta_r: "d_past·a_prev·r·1-r",
    by_gates: (row, t, { Waa, n_a }) => transposed(Waa(t), joined([row("delta_u", t), row("delta_r", t)]), n_a),
    sent: "1-u·d_a + d_past·r + by_gates",
  },
  lstm: {
    ...gates("ufo"),
    z_c: "past_c + x_c + b_c",
    c_tilde: (row, t) => tanh(row("z_c", t)),
    updated: "u·c_tilde + f·c_prev",
    d_c: "memory_next + o·1-tanh c²·d_a",
    delta_u: "d_c·c_tilde·u·1-u",
    delta_f: "d_c·c_prev·f·1-f",
    delta_o: "d_a·tanh c·o·1-o",
    delta_c: "d_c·u·1-c_tilde²",
    sent: (row, t, { Waa, n_a }) => transposed(Waa(t), joined([..."ufoc"].map((k) => row(`delta_${k}`, t))), n_a),
  },
};

export const LETTERS = { tanh: "", relu: "", gru: "urc", lstm: "ufoc" };

/** What comes from the payload, and what every cell has @type {Record<string, Recipe>} */
export const COMMON = {
  a: (_, t, { states, n_a }) => states(t).slice(0, n_a),
  c: (_, t, { states, n_a }) => states(t).slice(n_a),
  d_a: (_, t, { gradients, n_a }) => gradients(t).slice(0, n_a),
  memory_next: (_, t, { gradients, n_a }) => gradients(t).slice(n_a),
  past: (row, t, { Waa }) => product(Waa(t), row("a_prev", t)),
  x: (_, t, { input }) => input(t),
  b: (_, t, { bias }) => bias(t),
  stream_next: (row, t, { T, n_a }) => (t < T ? row("sent", t + 1) : new Float64Array(n_a)),
  stream_y: (_, t, { fromAnswer }) => fromAnswer(t),
  /** all that comes down to a⟨t⟩: from its ŷ, and through attention */
  entered(row, t, { attends, Tx }) {
    if (!attends) return row("stream_y", t);
    const through = row(t > Tx ? "stream_look" : "stream_attention", t);
    return row("stream_y", t).map((v, i) => v + through[i]);
  },
  // a decoder that attends: e⟨t,s⟩ = a⟨t⟩ · a⟨s⟩, α = softmax over s, context⟨t⟩ = Σ α⟨t,s⟩ a⟨s⟩
  score: (row, t, { Tx }) => over(Tx, (s) => dot(row("a", t), row("a", s))),
  alpha: (_, t, { alpha }) => alpha(t),
  context: (row, t, { Tx, n_a }) => mixed(row("alpha", t), (s) => row("a", s), Tx, n_a),
  d_context: (_, t, { contextGradient }) => contextGradient(t),
  d_alpha: (row, t, { Tx }) => over(Tx, (s) => dot(row("d_context", t), row("a", s))),
  d_score: (row, t) => {
    const [alpha, d_alpha] = [row("alpha", t), row("d_alpha", t)];
    const mean = dot(alpha, d_alpha);
    return alpha.map((share, s) => share * (d_alpha[s] - mean));
  },
  stream_look: (row, t, { Tx, n_a }) => mixed(row("d_score", t), (s) => row("a", s), Tx, n_a),
  stream_attention: (row, s, { Tx, T, n_a }) => {
    const result = new Float64Array(n_a);
    for (let t = Tx + 1; t <= T; t++) {
      const [share, chosen] = [row("alpha", t)[s - 1], row("d_score", t)[s - 1]];
      const [d_context, a] = [row("d_context", t), row("a", t)];
      for (let i = 0; i < n_a; i++) result[i] += share * d_context[i] + chosen * a[i];
    }
    return result;
  },
};

/** One number for each encoder step @param {number} Tx @param {(s: number) => number} of */
const over = (Tx, of) => Float64Array.from({ length: Tx }, (_, i) => of(i + 1));

/**
 * Σ_s shares[s] v⟨s⟩
 * @param {Float64Array} shares @param {(s: number) => Float64Array} of @param {number} Tx @param {number} n
 */
function mixed(shares, of, Tx, n) {
  const result = new Float64Array(n);
  for (let s = 1; s <= Tx; s++) {
    const v = of(s);
    for (let i = 0; i < n; i++) result[i] += shares[s - 1] * v[i];
  }
  return result;
}
