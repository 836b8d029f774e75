// What the chart draws of a number: pure functions of the data.

import { clamp, finite } from "../shared.js";

/**
 * How much of every error arrives where (explorer/components/reach_chart.py)
 * @typedef {object} Reach
 * @property {string[]} words what each step reads @property {string[]} owners what each loss is called after
 * @property {(number | null)[][]} norms row s: at steps 1 … s; empty: no error starts there; null: not finite
 * @property {number} step whose row stands out
 * @property {string[]} colours from the low end of the scale to the high one
 * @property {[number, number]} scale in powers of ten
 */

/**
 * The colour of a norm: one absolute log scale, the same for every sentence; what lies beyond an end has its colour
 * @param {number | null} norm @param {Pick<Reach, "colours" | "scale">} data
 */
export function colourOf(norm, { colours, scale: [low, high] }) {
  if (!finite(norm)) return colours[colours.length - 1];
  const place = (clamp(norm > 0 ? Math.log10(norm) : low, low, high) - low) / (high - low);
  const at = place * (colours.length - 1);
  const from = Math.min(Math.floor(at), colours.length - 2);
  return `color-mix(in srgb, ${colours[from + 1]} ${(100 * (at - from)).toFixed(1)}%, ${colours[from]})`;
}

/** Whose row stands out: the error's own, of all errors that of the step @param {"all" | "last" | number} whose @param {number} t @param {Reach["norms"]} norms */
export function rowOf(whose, t, norms) {
  if (whose === "all") return t;
  return whose === "last" ? norms.findLastIndex((row) => row.length) + 1 : whose;
}
