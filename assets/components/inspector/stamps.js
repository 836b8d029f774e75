// The stamp of a step as a picture: δ (down) times the state before (across), and the sum of the stamps so far.

import { clamp, el } from "../shared.js";

/**
 * @import { Card } from "./step_card.js"
 */

/** @param {string} name */
export function makeGrid(name) {
  const [canvas, caption] = [el("canvas"), el("figcaption")];
  return { root: el("figure", "grid", { "data-testid": name }, canvas, caption), canvas, caption };
}

/**
 * δ (down) times the state before (across): the two factors, and every product of them
 * @param {HTMLCanvasElement} canvas @param {Float64Array | null} delta null: not yet @param {Float64Array} before
 * @param {{ error: number, stamp: number, state: number }} scales @param {Card["colour"]} colour
 */
export function paintStamp(canvas, delta, before, { error, stamp, state }, colour) {
  const n = before.length;
  const pen = penOf(canvas, n + 2, colour);
  for (let j = 0; j < n; j++) pen(0, j + 2, before[j] / state);
  if (!delta) return;
  delta.forEach((d, i) => {
    pen(i + 2, 0, d / error);
    for (let j = 0; j < n; j++) pen(i + 2, j + 2, (d * before[j]) / stamp);
  });
}

/** @param {HTMLCanvasElement} canvas @param {Float64Array} values @param {number} n @param {number} scale @param {Card["colour"]} colour */
export function paintGrid(canvas, values, n, scale, colour) {
  const pen = penOf(canvas, n, colour);
  for (let k = 0; k < values.length; k++) pen(Math.floor(k / n), k % n, values[k] / scale);
}

/** Clears a canvas of n × n entries; what is returned paints one of them @param {HTMLCanvasElement} canvas @param {number} n @param {Card["colour"]} colour */
function penOf(canvas, n, { negative, positive, plain }) {
  const size = Math.max(2, Math.floor(280 / n));
  const gap = size > 6 ? 1 : 0;
  Object.assign(canvas, { width: n * size, height: n * size });
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  return (/** @type {number} */ i, /** @type {number} */ j, /** @type {number} */ strength) => {
    const place = /** @type {const} */ ([j * size, i * size, size - gap, size - gap]);
    context.globalAlpha = 1;
    context.fillStyle = plain;
    context.fillRect(...place);
    context.globalAlpha = clamp(Math.abs(strength), 0, 1) || 0;
    context.fillStyle = strength < 0 ? negative : positive;
    context.fillRect(...place);
  };
}
