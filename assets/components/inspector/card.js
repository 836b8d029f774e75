// The numbers on the card of a step: the scales of what is shown, sums in figures that close, and what δ⟨t⟩ stamps.

import { errorsOf } from "../errors.js";
import { finite } from "../shared.js";
import { closedProduct, closedSumFor, closedSumTo, joined, scaleOf } from "./closing.js";
import { directionsScale } from "./hop_picture.js";
import { ARRIVES, DELTAS, MADE, multiplied } from "./made.js";
import { format, isRoundedOtherwise } from "./numbers.js";
import { terms } from "./recipes.js";
import { SQUASH } from "./squash.js";

/**
 * @import { Errors, Whose } from "../errors.js"
 * @import { InspectorData } from "./factors.js"
 * @import { Example } from "./facts.js"
 * @import { Sum } from "./made.js"
 */

const ALL_DIGITS = 7;

/** @param {ArrayLike<number>} row */
export const length = (row) => Math.hypot(...Array.from(row));

/** The largest |value| of what is finite @param {ArrayLike<number>[]} rows */
const largest = (rows) => {
  let most = 0;
  for (const row of rows) for (const v of Array.from(row)) if (finite(v) && Math.abs(v) > most) most = Math.abs(v);
  return most;
};

// ---------------------------------------------------------------- what is shown of an example

/**
 * The scales of an example, one for all its steps: nothing is rescaled from step to step
 * @param {Example} example
 */
export function forwardScales({ data, row }) {
  const steps = data.words.map((_, i) => i + 1);
  const of = (/** @type {string} */ kind) =>
    MADE[data.cell].filter(({ scale }) => scale === kind).map(({ name }) => name);
  const values = (/** @type {string} */ kind) => steps.flatMap((t) => of(kind).map((name) => row(name, t)));
  const state = data.cell === "relu" ? scaleOf(largest(values("state"))) : 1;
  return { sum: scaleOf(largest(values("sum"))), state, memory: scaleOf(largest(values("memory"))), gate: 1 };
}

/**
 * The scales of one error, and the stamps of all steps: δ⟨t⟩ and what it is multiplied with
 * @param {InspectorData} data @param {Errors} errors
 */
function backwardScales(data, errors) {
  const { row } = errors.rows;
  const steps = data.words.map((_, i) => i + 1);
  const names = ARRIVES[data.cell].filter(({ scale }) => scale === "error").map(({ name }) => name);
  const blocks = DELTAS[data.cell].map((delta, block) => {
    const made = steps.map((t) => largest([row(delta, t)]) * largest([row(multiplied(data.cell, block), t)]));
    const sums = [...new Set(data.group)].map((group) => stampsSoFar(data, errors, 1, block, group));
    return { stamp: scaleOf(Math.max(...made)), sum: scaleOf(largest(sums)) };
  });
  const error = scaleOf(largest(steps.flatMap((t) => names.map((name) => row(name, t)))));
  return { error, slope: 1, blocks, directions: directionsScale(data, errors) };
}

/** An error, and the scales of all that it does @param {InspectorData} data @param {Whose} whose */
export function sent(data, whose) {
  const errors = errorsOf(data, whose);
  return { errors, scales: backwardScales(data, errors) };
}

/**
 * ∂ℒ/∂Waa of the chosen error, as far as it has come: the sum of the stamps of a group's steps from t on
 * @param {InspectorData} data @param {Errors} errors @param {number} t @param {number} block @param {string} group
 */
export function stampsSoFar(data, { rows: { row } }, t, block, group) {
  const sum = new Float64Array(data.n_a ** 2);
  for (let s = data.words.length; s >= t; s--) {
    if (data.group[s - 1] !== group) continue;
    const [delta, before] = [row(DELTAS[data.cell][block], s), row(multiplied(data.cell, block), s)];
    for (let i = 0; i < data.n_a; i++) for (let j = 0; j < data.n_a; j++) sum[i * data.n_a + j] += delta[i] * before[j];
  }
  return sum;
}

// ---------------------------------------------------------------- figures

/**
 * The sum of one unit in figures that close, and with all digits
 * @param {Example["row"]} row @param {Sum} sum @param {number} t @param {number} unit
 */
export function figures(row, sum, t, unit) {
  const parts = terms(row, sum.terms, t, unit);
  const out = row(sum.out, t)[unit];
  const all = (/** @type {number} */ v) => format(v, ALL_DIGITS);
  if (parts.length === 1) {
    const made = closedProduct(parts[0], out);
    const exact = `${parts[0].map(all).join(" × ")} = ${all(out)}`;
    const brief = made ? `${made.factors.join(" × ")} = ${made.result}` : exact;
    return { brief, exact, ...asWritten(parts[0], made?.factors) };
  }
  const products = parts.map((factors) => factors.reduce((product, v) => product * v));
  const end = sum.z ? row(sum.z, t)[unit] : out;
  const biases = sum.terms.split(" + ").flatMap((name, i) => (/^b(_|$)/.test(name) ? [i] : []));
  const squashed = (/** @type {number} */ z) => !sum.g || short(SQUASH[sum.g](z)) === short(out);
  const made = closedSumFor(products, end, biases, squashed); // a bias is the same at every step
  const [after, exactly] = sum.g ? [` → ${short(out)}`, ` → ${all(out)}`] : ["", ""];
  const exact = `${joined(products.map(all))} = ${all(end)}${exactly}`;
  const brief = made ? `${joined(made.terms)} = ${made.result}${after}` : exact;
  return { brief, exact, ...asWritten(products, made?.terms) };
}

/**
 * The terms as they are written, and which of them have another last digit than their own, for the whole to close
 * @param {number[]} values @param {string[]} [terms]
 */
function asWritten(values, terms = []) {
  const isBent = (/** @type {string} */ term, /** @type {number} */ i) =>
    isRoundedOtherwise(Math.abs(values[i]), term.replace(/^−/, ""));
  return { terms, bent: terms.flatMap((term, i) => (isBent(term, i) ? [i] : [])) };
}

/** A state or a gate in two decimals; what these cannot tell, in three digits @param {number} v */
function short(v) {
  const size = Math.abs(v);
  return finite(v) && size >= 0.01 && size < 1000 ? v.toFixed(2).replace("-", "−") : format(v);
}

/**
 * All products w · a of one unit, one by one, and their sum: in the figures in which that sum is a term of the unit's own
 * @param {Example} example @param {Sum} sum @param {number} t @param {number} unit
 */
export function products({ data, row, factors }, sum, t, unit) {
  const { n_a } = data;
  const { block = 0 } = sum;
  const v = row(multiplied(data.cell, block), t);
  const start = (block * n_a + unit) * n_a;
  const w = factors.Waa(t).subarray(start, start + n_a);
  const each = Array.from(w, (weight, j) => weight * v[j]);
  const [term] = figures(row, sum, t, unit).terms;
  const made = closedSumTo(
    each,
    each.reduce((all, p) => all + p, 0),
    term,
  );
  const { bent } = asWritten(each, made?.terms);
  return {
    lines: each.map((p, j) => ({
      from: j + 1,
      isBent: bent.includes(j),
      w: format(w[j]),
      a: format(v[j]),
      product: made?.terms[j] ?? format(p),
    })),
    sum: made?.result ?? "–",
  };
}
