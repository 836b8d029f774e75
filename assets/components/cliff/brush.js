// What both pictures of the cliff are drawn with: the theme's colours, a sharp canvas, lines, marks, and the paths of the ball.

import { text } from "../shared.js";
import { loss, pieces, seen } from "./ground.js";

/**
 * @import { Part } from "./cliff.js"
 * @import { Point } from "./ground.js"
 * @typedef {[number, number, number]} Colour
 * @typedef {{ low: Colour, high: Colour, text: string, quiet: string, free: string, clipped: string, ground: string }} Colours
 */

/** What stands in the styles, as numbers that can be mixed @param {HTMLElement} root @returns {Colours} */
export function colours(root) {
  const style = getComputedStyle(root);
  const named = (/** @type {string} */ name) => style.getPropertyValue(name).trim();
  const pixel = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  const mixed = (/** @type {string} */ name) => {
    if (!pixel) return /** @type {Colour} */ ([128, 128, 128]);
    pixel.fillStyle = named(name);
    pixel.fillRect(0, 0, 1, 1);
    return /** @type {Colour} */ ([...pixel.getImageData(0, 0, 1, 1).data.slice(0, 3)]);
  };
  return {
    low: mixed("--st-background-color"),
    high: mixed("--cliff-high"),
    text: named("--st-text-color"),
    quiet: named("--cliff-high"),
    free: named("--st-orange-color"),
    clipped: named("--st-blue-color"),
    ground: named("--st-background-color"),
  };
}

/** A colour between low and high ground @param {Colours} colours @param {number} share @param {number} [shade] */
export const between = ({ low, high }, share, shade = 1) =>
  /** @type {Colour} */ (low.map((from, i) => Math.round(shade * (from + (high[i] - from) * (0.06 + 0.94 * share)))));

/** A canvas as sharp as the screen @param {HTMLCanvasElement} canvas */
export function room(canvas) {
  const { clientWidth: width, clientHeight: height } = canvas;
  const sharp = window.devicePixelRatio || 1;
  Object.assign(canvas, { width: Math.round(width * sharp), height: Math.round(height * sharp) });
  const brush = canvas.getContext("2d");
  brush?.scale(sharp, sharp);
  if (brush) brush.font = `12px ${getComputedStyle(canvas).fontFamily}`;
  return { brush, width, height };
}

/**
 * Both paths with a mark for every step, over the ring at their start
 * @param {CanvasRenderingContext2D} brush @param {Part} part @param {Colours} colours
 * @param {(point: Point) => { x: number, y: number }} place
 */
export function drawPaths(brush, { data, top }, colours, place, isAbove = true) {
  drawStart(brush, { data, top }, colours, place, isAbove);
  data.paths.forEach((path, i) => {
    const colour = i ? colours.clipped : colours.free;
    Object.assign(brush, { strokeStyle: colour, fillStyle: colour, lineWidth: i ? 2 : 3 });
    brush.setLineDash(i ? [] : [3, 4]);
    for (const piece of pieces(data, path)) trace(brush, piece.map(place));
    brush.setLineDash([]);
    for (const { step, w, b } of seen(data, path)) {
      if (step) mark(brush, place([w, b, loss(data.network, w, b)]), i ? 3.5 : 5.5, !i);
    }
  });
}

/**
 * The place where both paths start: a ring, so that a path whose steps are shorter than the ring is wide is seen in it
 * @param {CanvasRenderingContext2D} brush @param {Pick<Part, "data" | "top">} part @param {Colours} colours
 * @param {(point: Point) => { x: number, y: number }} place @param {boolean} isAbove
 */
function drawStart(brush, { data, top }, colours, place, isAbove) {
  const [{ w, b }] = data.paths;
  const z = loss(data.network, w[0], b[0]);
  const ball = place([w[0], b[0], z]);
  Object.assign(brush, { strokeStyle: colours.text, fillStyle: colours.text, lineWidth: 2 });
  if (!isAbove) trace(brush, [ball, place([w[0], b[0], top])]);
  for (const [colour, size] of /** @type {[string, number][]} */ ([
    [colours.ground, 11.5],
    [colours.text, 10],
    [colours.ground, 7],
  ])) {
    brush.fillStyle = colour;
    mark(brush, ball, size);
  }
  if (data.paths.some((path) => path.w.length > 1)) return;
  brush.fillStyle = colours.text;
  mark(brush, ball, 4.5);
}

/** @param {CanvasRenderingContext2D} brush @param {{ x: number, y: number }[]} points */
export function trace(brush, points) {
  brush.beginPath();
  for (const { x, y } of points) brush.lineTo(x, y);
  brush.stroke();
}

/** @param {CanvasRenderingContext2D} brush @param {{ x: number, y: number }} at @param {number} size */
function mark(brush, { x, y }, size, isDiamond = false) {
  brush.beginPath();
  if (isDiamond)
    for (const [dx, dy] of [
      [0, -size],
      [size, 0],
      [0, size],
      [-size, 0],
    ])
      brush.lineTo(x + dx, y + dy);
  else brush.arc(x, y, size, 0, 2 * Math.PI);
  brush.fill();
}

/** @param {number} n */
export const written = (n) => String(Number(n.toFixed(2))).replace("-", "−");
