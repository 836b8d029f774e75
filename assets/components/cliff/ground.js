// The ground under the balls: the loss over the two weights, and where a place of it is seen. Pure functions.

import { clamp } from "../shared.js";

/**
 * What the page sends (explorer/components/cliff.py)
 * @typedef {object} Data
 * @property {{ start: number, steps: number, target: number }} network
 * @property {[number, number]} w the part of the plane that is drawn @property {[number, number]} b
 * @property {{ slope: number, height: number }} line of fixed points: b = height + slope w
 * @property {Path[]} paths without clipping, with clipping; both from the same start
 * @property {string} told what the pictures show, in words
 *
 * @typedef {object} Path
 * @property {string} name
 * @property {number[]} w @property {number[]} b at every step, the start first
 *
 * @typedef {[number, number, number]} Point w, b, ℒ
 */

const BETWEEN = 24; // points of a path from one step to the next, which follows the ground
const STRETCH = 6; // how much finer the net is at the line than far from it: cosh(6) = 200 times

/** @param {number} x */
const sigmoid = (x) => 1 / (1 + Math.exp(-x));

/** ℒ = ½ (σ(x⟨50⟩) − 0.7)², x⟨t⟩ = w σ(x⟨t−1⟩) + b; as core/experiments/cliff.py @param {Data["network"]} network @param {number} w @param {number} b */
export function loss({ start, steps, target }, w, b) {
  let x = start;
  for (let t = 0; t < steps; t++) x = w * sigmoid(x) + b;
  return (sigmoid(x) - target) ** 2 / 2;
}

/** @param {Data} data @param {number} w @param {number} b */
export const isInside = ({ w: [left, right], b: [low, high] }, w, b) =>
  w >= left && w <= right && b >= low && b <= high;

/** @param {number} n @param {number} from @param {number} to */
const spread = (n, from, to) => Array.from({ length: n }, (_, i) => from + ((to - from) * i) / (n - 1));

/**
 * A net over the plane, finest at the line: the wall is far thinner than an even grid can show. [column][row]
 * @param {Data} data @param {number} columns @param {number} rows @returns {Point[][]}
 */
export function net(data, columns, rows) {
  const [low, high] = data.b;
  const away = spread(rows, -STRETCH, STRETCH).map((u) => (Math.sinh(u) * (high - low)) / Math.sinh(STRETCH));
  return spread(columns, ...data.w).map((w) =>
    away.map((by) => {
      const b = clamp(lineAt(data, w) + by, low, high);
      return /** @type {Point} */ ([w, b, loss(data.network, w, b)]);
    }),
  );
}

/** @param {Data} data @param {number} w */
export const lineAt = ({ line }, w) => line.height + line.slope * w;

/** The dashed line, as far as it is in the picture @param {Data} data @param {number} n @returns {Point[]} */
export const lineOf = (data, n) =>
  spread(n, ...data.w)
    .map((w) => /** @type {Point} */ ([w, lineAt(data, w), loss(data.network, w, lineAt(data, w))]))
    .filter(([w, b]) => isInside(data, w, b));

/**
 * A path over the ground, in the pieces that are in the picture; finest where a step begins, as its end may be far away
 * @param {Data} data @param {Path} path @returns {Point[][]}
 */
export function pieces(data, { w, b }) {
  /** @type {Point[][]} */
  const found = [[]];
  for (let i = 0; i + 1 < w.length; i++) {
    for (const share of spread(BETWEEN, 0, 1)) {
      const at = share ** 3;
      const [x, y] = [w[i] + (w[i + 1] - w[i]) * at, b[i] + (b[i + 1] - b[i]) * at];
      if (isInside(data, x, y)) found[found.length - 1].push([x, y, loss(data.network, x, y)]);
      else if (found[found.length - 1].length) found.push([]);
    }
  }
  return found.filter((piece) => piece.length > 1);
}

/** The steps that are in the picture, with their numbers @param {Data} data @param {Path} path */
export const seen = (data, path) =>
  path.w.flatMap((w, step) => (isInside(data, w, path.b[step]) ? [{ step, w, b: path.b[step] }] : []));

// ---------------------------------------------------------------- from the side

const WIDE = 1.4; // the sides of the box around the ground
const DEEP = 1.2;
const HIGH = 0.72;

/**
 * Where a place is seen from this side: x to the right and y down, in pixels, and how near it is
 * @param {Data} data @param {{ turn: number, tilt: number }} camera in radians
 * @param {{ width: number, height: number }} room @param {number} top the highest ℒ
 * @returns {(point: Point) => { x: number, y: number, near: number }}
 */
export function camera(data, { turn, tilt }, { width, height }, top) {
  const middle = (/** @type {[number, number]} */ [from, to]) => (from + to) / 2;
  const size = Math.min(
    width / (1.02 * Math.hypot(WIDE, DEEP)),
    height / (Math.hypot(WIDE, DEEP) * Math.sin(tilt) + HIGH * Math.cos(tilt)),
  );
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
  return ([w, b, z]) => {
    const x = ((w - middle(data.w)) / (data.w[1] - data.w[0])) * WIDE;
    const y = ((b - middle(data.b)) / (data.b[1] - data.b[0])) * DEEP;
    const near = y * cos - x * sin;
    const up = (z / top - 0.5) * HIGH * Math.cos(tilt) - near * Math.sin(tilt);
    return { x: width / 2 + (x * cos + y * sin) * size, y: height / 2 - up * size, near };
  };
}

/** How much light falls on a piece of the ground: all of it where it is level, least on the wall @param {Point[]} corners @param {Data} data @param {number} top */
export function light(corners, data, top) {
  const [one, , other] = corners;
  const across = ((other[1] - one[1]) / (data.b[1] - data.b[0])) * DEEP || 1e-9;
  const rise = ((other[2] - one[2]) / top) * HIGH;
  return 0.72 + 0.28 / Math.hypot(1, rise / across);
}
