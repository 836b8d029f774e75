// The figures of the step that was taken: pure functions.

import { finite, printed } from "../shared.js";

/** Two decimals; of small numbers two figures @param {unknown} v */
export function digits(v) {
  if (!finite(v)) return "–";
  const size = Math.abs(v);
  if (size >= 1e5 || (size > 0 && size < 1e-4)) return printed(v.toExponential(1));
  return size >= 0.095 || size === 0 ? v.toFixed(2) : String(Number(v.toPrecision(2)));
}

const LEAST = 5e-5; // what four decimals can tell apart

/**
 * ℒ before, after, and what lies between, in figures that close: so many decimals that the change has two of its own
 * @param {number | null} before @param {number | null} after @param {number | null} foretold
 */
export function changeOf(before, after, foretold) {
  if (!finite(before) || !finite(after)) {
    return { before: digits(before), after: digits(after), actual: "–", foretold: "–", verdict: "same" };
  }
  const size = Math.abs(after - before);
  const decimals = size >= 0.1 ? 2 : size >= 0.01 ? 3 : 4;
  const write = (/** @type {number} */ v) => v.toFixed(decimals);
  const signed = (/** @type {number | null} */ v) =>
    finite(v) ? `${Number(write(v)) > 0 ? "+" : Number(write(v)) < 0 ? "−" : ""}${write(Math.abs(v))}` : "–";
  return {
    before: write(before),
    after: write(after),
    actual: signed(Number(write(after)) - Number(write(before))),
    foretold: signed(foretold),
    verdict: size < LEAST ? "same" : after < before ? "better" : "worse",
  };
}

/** Where a rate stands on the axis, from 0 to 1: small rates need room, and 0 has a place @param {number} rate @param {number} end */
export const placeOf = (rate, end) => Math.sqrt(rate / end);

/** The rate of the menu that is nearest to a place @param {number[]} menu @param {number} place @param {number} end */
export const nearest = (menu, place, end) =>
  menu.reduce((best, rate) =>
    Math.abs(placeOf(rate, end) - place) < Math.abs(placeOf(best, end) - place) ? rate : best,
  );

const NAME = 36; // px, the room of a rate's name on the axis

/** The rates whose name has room on an axis so many px long, between 0 and its end @param {number[]} menu @param {number} end @param {number} long */
export function apart(menu, end, long) {
  let last = 0;
  return menu.filter((rate) => {
    const x = placeOf(rate, end) * long;
    const fits = x - last >= NAME && long - x >= 1.5 * NAME; // the last name ends with the axis
    if (fits) last = x;
    return fits;
  });
}
