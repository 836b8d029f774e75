// How numbers are written and coloured, and how cells share a row: pure functions.

import { clamp, finite, printed } from "../shared.js";

const DECADES = 3; // gradients fade by powers of ten: colour tells this many apart, and the legend says so
const WITH_NUMBER = 29; // px: the narrowest cell that holds "−.83" at 10 px
const BESIDE = 280; // px: room for a row's words on the left of its cells; with less they stand above
const MOST_DIGITS = 7; // of a probability
const BARE = 14; // px: the narrowest cell that is still easy to point at

/**
 * Three significant digits (or as many as asked): 4.70, 0.991, 2.10e-5; what is not finite is "–".
 * @param {unknown} v
 */
export function format(v, digits = 3) {
  if (!finite(v)) return "–";
  const size = Math.abs(v);
  if (Number.isInteger(v) && size < 1e4) return printed(String(v));
  return printed(size < 1e-3 || size >= 1e4 ? v.toExponential(digits - 1) : v.toPrecision(digits));
}

/**
 * σ(z): close to 1 it needs more digits, because `rest` = 1 − p is what the loss sees; where p or rest is too small for
 * a number of the computer, it is written as the power of e that it is.
 * @param {number | null} p
 */
export function probability(p, rest = 1 - (p ?? 0), z = 0) {
  if (p === 0 && z < 0) return `e^(${format(z)})`;
  if (!finite(p) || p < 0.9995) return format(p);
  if (rest === 0) return `(1 − e^(${format(-z)}))`;
  return rest > 1e-9 ? p.toFixed(Math.ceil(-Math.log10(rest)) + 1) : `(1 − ${format(rest)})`;
}

/**
 * The probability of which a loss is −log, with so many digits that the loss in three digits can be recomputed from it;
 * where that would take too many, as 1 less what is left.
 * @param {string} usual as it is written elsewhere @param {number} p @param {number} rest 1 − p
 * @param {number | null} loss @param {boolean} isOfRest is the loss −log(1 − p)?
 */
export function closing(usual, p, rest, loss, isOfRest) {
  if (!finite(loss) || !(p > 0) || !(rest > 0)) return usual;
  const closes = (/** @type {string} */ shown) =>
    format(-Math.log(isOfRest ? 1 - Number(shown) : Number(shown))) === format(loss);
  const more = [4, 5, 6, MOST_DIGITS].map((digits) => (p < 0.5 ? format(p, digits) : p.toFixed(digits)));
  return [usual, ...more].find(closes) ?? (p > 0.5 && !isOfRest ? `(1 − ${format(rest)})` : usual);
}

/**
 * Is this number written with another last digit than its own? So is one of a sum now and then, for the sum to close.
 * @param {number | null} v @param {string} written with decimals, or as a power
 */
export function isRoundedOtherwise(v, written) {
  const decimals = /^\d+\.(\d+)$/.exec(written)?.[1].length;
  return decimals !== undefined && finite(v) && Math.abs(Number(written) - v) > 0.50001 * 10 ** -decimals;
}

/**
 * A sum of products with its numbers: [[0.31, 0.82], [-0.69, -0.1]] -> "0.310·0.820 − 0.690·(−0.100)"
 * @param {number[][]} sum
 */
export const written = (sum) =>
  sum
    .map(([first, ...others], i) => {
      const sign = i === 0 ? "" : first < 0 ? "− " : "+ ";
      const factors = others.map((v) => (v < 0 ? `(${format(v)})` : format(v)));
      return sign + [format(i ? Math.abs(first) : first), ...factors].join("·");
    })
    .join(" ");

/**
 * -1..1: the sign is the hue, the size the strength of the colour.
 * @param {number} v @param {boolean} gate @param {string} phase @param {number} bound the value in full colour
 */
export function strength(v, gate, phase, bound) {
  if (!finite(v) || v === 0) return 0;
  if (gate) return v;
  const size = Math.abs(v) / bound;
  return Math.sign(v) * clamp(phase === "forward" ? size : 1 + Math.log10(size) / DECADES, 0, 1);
}

/**
 * How the cells of n units share a row: as few lines as stay readable, with numbers inside if two lines allow it.
 * @param {number} width @param {number} n
 */
export function layout(width, n) {
  const size = (/** @type {number} */ lines) => Math.min(56, Math.floor(width / Math.ceil(n / lines)));
  const numbers = [1, 2].find((lines) => size(lines) >= WITH_NUMBER);
  const lines = numbers ?? [1, 2, 3, 4, 6].find((k) => size(k) >= BARE) ?? 8;
  const columns = Math.ceil(n / lines);
  const beside = width - columns * size(lines) >= BESIDE;
  return { columns, cell: size(lines), numbers: numbers !== undefined, beside };
}
