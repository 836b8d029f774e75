// What the exhibits draw of numbers: pure functions of the data.

import { clamp, finite, printed } from "../shared.js";

const PALEST = 0.05; // of the colour in a cell of 0, so that a cell can be seen
const WHITE = 4.5; // the contrast of white letters that is enough; black ones then have as much on what is lighter. WCAG 2

/** @param {string} hex */
const channels = (hex) => [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));

/** The colour of a probability, and that of letters on it; null: not finite @param {number | null} p @param {[string, string]} colours of no and of full strength */
export function paint(p, [none, full]) {
  const share = PALEST + (1 - PALEST) * (finite(p) ? clamp(p, 0, 1) : 0);
  const [from, to] = [channels(none), channels(full)];
  const ground = from.map((channel, i) => Math.round(channel + share * (to[i] - channel)));
  const linear = ground.map((c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
  const luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
  return { ground: `rgb(${ground.join(" ")})`, ink: 1.05 / (luminance + 0.05) >= WHITE ? "white" : "black" };
}

/** A probability; what rounds to 1 is `1` @param {number | null} p */
export const twoDecimals = (p) => (finite(p) ? (p > 0.995 ? "1" : p.toFixed(2)) : "–");

/** Two decimals, with a true minus, and never −0.00 @param {number | null} score */
export const scoreText = (score) => (finite(score) ? (Number(score.toFixed(2)) + 0).toFixed(2).replace("-", "−") : "–");

/** e^score, between 0 and 1; of an impossible sentence 0 @param {number | null} score */
export const chance = (score) => (finite(score) ? Math.exp(Math.min(score, 0)) : 0);

/** Every so many names stand along a side, so that there are at most `most` @param {number} n @param {number} most */
export const every = (n, most) => Math.ceil(n / most) || 1;

/** A number as its power of ten: 1.234e-3 @param {number | null} v */
export const inPowers = (v) => (finite(v) ? printed(v.toExponential(3)) : "–");
