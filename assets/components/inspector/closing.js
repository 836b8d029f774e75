// Sums and products in figures that close: what is printed adds up, or multiplies, to what is printed behind the "=".

import { finite } from "../shared.js";
import { format } from "./numbers.js";

const MOST_DIGITS = 7; // as many as float32 has
const TINY = 1e-6; // of a sum: what is left of adding figures in binary
const MINUS = "−";

/** Half away from zero, for both signs @param {number} v */
const round = (v) => Math.sign(v) * Math.round(Math.abs(v));

/**
 * How the terms of one sum are written: all in one power of ten, and with so many decimals that the largest has two figures.
 * @param {number[]} values @param {number} finer decimals more than that
 */
function writing(values, finer) {
  const most = Math.max(...values.map(Math.abs));
  const order = most > 0 ? Math.floor(Math.log10(most)) : 0;
  const power = order < -3 || order > 4 ? order : 0;
  const decimals = finer + (power ? 2 : Math.max(2, 1 - order));
  const suffix = power ? `e${power}` : "";
  return { unit: 10 ** (power - decimals), decimals, suffix };
}

/**
 * A sum in figures: each term rounded, the result the exact one, rounded. Where the rounded terms miss it, those with the
 * largest remainder are rounded the other way, and those that are read elsewhere in the same digits only if nothing else helps.
 * @param {number[]} terms @param {number} result @param {number[]} [known] which are read elsewhere
 * @param {number} [finer] decimals more than usual
 * @returns {{ terms: string[], result: string } | null} null: a number is not finite
 */
export function closedSum(terms, result, known = [], finer = 0) {
  if (![...terms, result].every(finite)) return null;
  const { unit, decimals, suffix } = writing([...terms, result], finer);
  const shown = terms.map((v) => round(v / unit));
  const end = round(result / unit);
  const missing = end - shown.reduce((sum, n) => sum + n, 0);
  const remainder = (/** @type {number} */ i) => Math.sign(missing) * (terms[i] / unit - shown[i]);
  const isKnown = (/** @type {number} */ i) => Number(known.includes(i));
  const order = [...terms.keys()].sort((i, k) => isKnown(i) - isKnown(k) || remainder(k) - remainder(i));
  for (const i of order.slice(0, Math.abs(missing))) shown[i] += Math.sign(missing);
  const write = (/** @type {number} */ n) =>
    (Math.abs(n) / 10 ** decimals).toFixed(decimals).replace(/^/, n < 0 ? MINUS : "") + suffix;
  return { terms: shown.map(write), result: write(end) };
}

/**
 * A sum in figures, with so many decimals that what is read of it can be recomputed from its printed result.
 * @param {number[]} terms @param {number} result @param {number[]} known @param {(printed: number) => boolean} closes
 */
export function closedSumFor(terms, result, known, closes) {
  const made = [0, 1, 2, 3].map((finer) => closedSum(terms, result, known, finer));
  return made.find((one) => one && closes(value(one.result))) ?? made[0];
}

/**
 * A sum in figures whose result is read elsewhere: its terms add up to what stands there, unless they are too few to be
 * rounded that far.
 * @param {number[]} terms @param {number} result @param {string} [written] what stands there, within a digit of the result
 */
export function closedSumTo(terms, result, written) {
  const made = written ? [0, 1, 2, 3].map((finer) => closedSum(terms, value(written), [], finer)) : [];
  const closes = (/** @type {ReturnType<typeof closedSum>} */ one) => {
    const gap = one?.terms.reduce((sum, v) => sum - value(v), value(one.result));
    return gap !== undefined && Math.abs(gap) < TINY * Math.abs(value(written ?? ""));
  };
  return (
    made.find((one) => one && value(one.result) === value(written ?? "") && closes(one)) || closedSum(terms, result)
  );
}

/** "0.49 + 0.81 − 0.17" @param {string[]} terms */
export const joined = (terms) =>
  terms.map((v, i) => (i === 0 ? v : v.startsWith(MINUS) ? `${MINUS} ${v.slice(1)}` : `+ ${v}`)).join(" ");

/** @param {string} digits */
const value = (digits) => Number(digits.replaceAll(MINUS, "-"));

/**
 * A product in figures: the printed factors, of three digits, multiply to the printed result. Where they do not, one factor
 * is rounded the other way, but one that is read elsewhere only if nothing else helps; before that all show more digits.
 * @param {number[]} factors @param {number} result @param {number[]} [known] which are read elsewhere
 * @param {(v: number) => string} [write] how the result is written: in two digits, or as it is read elsewhere
 * @returns {{ factors: string[], result: string } | null} null: a number is not finite
 */
export function closedProduct(factors, result, known = [], write = (v) => format(v, 2)) {
  if (![...factors, result].every(finite)) return null;
  const end = write(result);
  const closes = (/** @type {string[]} */ shown) => write(shown.reduce((all, v) => all * value(v), 1)) === end;
  let shown = factors.map((v) => format(v));
  for (let digits = 3; digits <= MOST_DIGITS; digits++) {
    shown = factors.map((v) => format(v, digits));
    if (closes(shown)) break;
    const turned = factors
      .map((v, i) => ({
        ...{ i, other: otherWay(v, shown[i], digits), isKnown: Number(known.includes(i)) },
        miss: Math.abs(v - value(shown[i])) / Math.abs(v || 1),
      }))
      .filter(({ isKnown }) => !isKnown || digits === MOST_DIGITS)
      .sort((one, other) => one.isKnown - other.isKnown || other.miss - one.miss)
      .map(({ i, other }) => shown.with(i, other))
      .find(closes);
    if (turned) return { factors: turned, result: end };
  }
  return { factors: shown, result: end };
}

/** The neighbour of what is shown, on the other side of the value @param {number} v @param {string} shown @param {number} digits */
function otherWay(v, shown, digits) {
  const unit = 10 ** (Math.floor(Math.log10(Math.abs(v) || 1)) - digits + 1);
  return format(value(shown) + (v >= value(shown) ? unit : -unit), digits);
}

/** The end of a scale: two digits, and nothing lies beyond @param {number} most */
export function scaleOf(most) {
  if (!(most > 0) || !finite(most)) return 1;
  const unit = 10 ** (Math.floor(Math.log10(most)) - 1);
  return Number((Math.ceil(most / unit - 1e-9) * unit).toPrecision(2));
}
