// Where everything stands in the one-hot picture, drawn to scale: pure functions of the data and the width.

import { clamp, text } from "../shared.js";

/**
 * T words, and Wax x⟨t⟩ both ways (explorer/components/onehot.py)
 * @typedef {object} Data
 * @property {string[]} words @property {boolean[]} known @property {number[]} ids @property {number} n_x
 * @property {number} n_a
 * @property {string} product float32 (T, n_a): one_hot @ Wax.T
 * @property {string} picked float32 (T, n_a): columns of Wax
 * @property {boolean[]} equal
 * @property {number[][]} near indices around each word's own
 * @property {number[]} columns every index that is near
 * @property {string[]} columns_words
 * @property {string} columns_values float32
 * @property {number | null} scale @property {number} selected
 *
 * @typedef {ReturnType<typeof layout>} Plan
 */

const WITH_NUMBER = 29; // px: the narrowest cell that holds "−.83"

/** Round indices for the scale at the left, the last index among them @param {number} n_x @param {number} height */
export function ticks(n_x, height) {
  const rough = (n_x * 34) / height; // at least 34 px apart
  const unit = 10 ** Math.floor(Math.log10(rough));
  const by = Math.max(1, ([1, 2, 5, 10].find((k) => k * unit >= rough) ?? 10) * unit);
  const round = Array.from({ length: Math.ceil(n_x / by) }, (_, i) => i * by);
  const apart = round.filter((i) => i === 0 || (n_x - 1 - i) * height >= 18 * n_x);
  return [...apart, n_x - 1].filter((v, i, all) => v !== all[i - 1]);
}

/**
 * Where everything stands, in pixels, in a picture `width` wide
 * @param {Pick<Data, "words" | "n_x" | "ids" | "n_a">} data @param {number} width
 */
export function layout({ words, n_x, ids, n_a }, width) {
  const narrow = width < 600;
  const axis = narrow ? 50 : 118; // the scale at the left
  const col = clamp(Math.floor((width - axis) / words.length), narrow ? 88 : 92, 190);
  const tall = narrow ? 220 : 250;
  const row = tall / n_x; // the height of one entry
  const head = narrow ? 0 : 268; // the words left of the cells
  const inner = width - head - (narrow ? 22 : 38);
  const lines = [1, 2, 3, 4, 6, 8].find((k) => inner / Math.ceil(n_a / k) >= WITH_NUMBER) ?? 11;
  const columns = Math.ceil(n_a / lines);
  const cell = Math.min(56, Math.floor(inner / columns));
  const thick = Math.max(4, row - (row > 8 ? 1 : 0)); // the 1 stays visible however many entries there are
  const x = words.map((_, i) => i * col);
  const y = ids.map((id) => (id + 0.5) * row);
  const scale = ticks(n_x, tall);
  return {
    narrow,
    axis,
    col,
    tall,
    row,
    head,
    columns,
    width: axis + col * words.length,
    cell,
    thick,
    x,
    y,
    ticks: scale,
  };
}

/** @param {number} n */
export const count = (n) => n.toLocaleString("en");

/**
 * "0 × column 0 + … + 1 × column 12 + … + 0 × column 677", with the 1 marked
 * @param {number} id @param {number} last @returns {{ text: string, one?: boolean }[]}
 */
export function terms(id, last) {
  const zero = (/** @type {number} */ i) => ({ text: text("no_column", { id: count(i) }) });
  const dots = (/** @type {number} */ gap) => (gap > 1 ? [{ text: "…" }] : []);
  return [
    ...(id > 0 ? [zero(0), ...dots(id)] : []),
    { text: text("one_column", { id: count(id) }), one: true },
    ...(id < last ? [...dots(last - id), zero(last)] : []),
  ];
}
