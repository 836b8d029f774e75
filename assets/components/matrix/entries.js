// What a matrix holds, and which colour it has: pure functions of the data.

import { clamp, text } from "../shared.js";

/**
 * @typedef {{ low: number, high: number, colours: string[] }} Scale powers of ten at its ends, and #rrggbb between them
 * @typedef {object} Data (explorer/components/matrix.py)
 * @property {number} steps
 * @property {string} entries base64 of what is deflated, of 16 bits each: hundredths of a power of ten, row after row
 * @property {[number, number] | null} chosen s and k
 * @property {string} told @property {Scale} scale @property {boolean} is_chosen_from
 */

const [NOTHING, BEYOND] = [-(2 ** 15), 2 ** 15 - 1];
const SHADES = 512; // more than an eye can tell apart
const CLOSE = 0.12; // of an axis: nearer to each other two numbers would touch

/** Every browser's typed arrays are little-endian, like the payload @param {string} base64 */
export const decode = async (base64) => {
  const deflated = new Blob([Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))]);
  const entries = deflated.stream().pipeThrough(new DecompressionStream("deflate"));
  return new Int16Array(await new Response(entries).arrayBuffer());
};

/** Where entry (s, k) stands, both from 1 @param {number} s @param {number} k */
export const place = (s, k) => (s * (s - 1)) / 2 + k - 1;

/** What stands under the pointer, from shares of the picture; nothing where k is later than s @param {number} steps @param {number} x @param {number} y */
export function under(steps, x, y) {
  const [k, s] = [x, y].map((share) => clamp(Math.floor(share * steps) + 1, 1, steps));
  return k <= s ? { s, k } : null;
}

/** The scale from its low end to its high one, red, green and blue of each shade @param {Scale} scale */
export function shades({ colours }) {
  const stops = colours.map((colour) => [1, 3, 5].map((i) => Number.parseInt(colour.slice(i, i + 2), 16)));
  return Array.from({ length: SHADES }, (_, i) => {
    const at = (i / (SHADES - 1)) * (stops.length - 1);
    const from = Math.min(Math.floor(at), stops.length - 2);
    return stops[from].map((c, j) => Math.round(c + (at - from) * (stops[from + 1][j] - c)));
  });
}

/** Which shade an entry has; none where nothing is left. What is off the scale, or not finite, has that of its end. @param {number} entry @param {Scale} scale */
export function shade(entry, { low, high }) {
  if (entry === NOTHING) return null;
  const share = entry === BEYOND ? 1 : clamp((entry / 100 - low) / (high - low), 0, 1);
  return Math.round(share * (SHADES - 1));
}

/** Is there room for a line between two entries, one pixel wide? Where they are flat or narrow it would eat their colour @param {number} width @param {number} height @param {number} steps */
export const haveGaps = (width, height, steps) => Math.min(width, height) >= 6 * steps;

/** All entries as the pixels of a square; what is empty can be looked through @param {Data} data @param {Int16Array} entries */
export function pixels({ steps, scale }, entries) {
  const [found, known] = [new Uint8ClampedArray(4 * steps * steps), shades(scale)];
  for (let s = 1; s <= steps; s++) {
    for (let k = 1; k <= s; k++) {
      const at = shade(entries[place(s, k)], scale);
      if (at !== null) found.set([...known[at], 255], 4 * ((s - 1) * steps + k - 1));
    }
  }
  return found;
}

/** Numbers along an axis: the first step, the last, and round ones between them that touch none @param {number} steps */
export function ticks(steps) {
  const every = [1, 2, 5, 10, 20].find((round) => 8 * round >= steps) ?? 50;
  const round = Array.from({ length: Math.floor(steps / every) }, (_, i) => (i + 1) * every);
  const inner = round.filter((t) => t - 1 >= CLOSE * steps && steps - t >= CLOSE * steps);
  return steps > 1 ? [1, ...inner, steps] : [1];
}

/** Two digits of a number that may be smaller than any of the computer's @param {number} entry hundredths of a power */
export function size(entry) {
  const exponent = Math.floor(entry / 100);
  const digits = (10 ** (entry / 100 - exponent)).toPrecision(2);
  if (Math.abs(exponent) < 3) return String(Number((10 ** (entry / 100)).toPrecision(2)));
  return digits === "10" ? `1.0e${exponent + 1}` : `${digits}e${exponent}`;
}

/** An entry in words @param {number} s @param {number} k @param {number} entry */
export function told(s, k, entry) {
  if (entry === NOTHING) return text("entry_none", { s, k });
  return entry === BEYOND ? text("entry_beyond", { s, k }) : text("entry", { s, k, size: size(entry) });
}
