// The hidden states as grids, on one canvas behind the columns: forty canvases would be forty layers, and cost the frames.

import { clamp } from "../shared.js";

/**
 * @import { Second } from "./formed.js"
 * @import { Stage } from "./stage.js"
 */

/**
 * The theme's colours, for the canvas. Asked for before anything is changed, they cost no extra round of styles.
 * @param {HTMLElement} root
 */
export function colours(root) {
  const style = getComputedStyle(root);
  const named = (/** @type {string} */ name) => style.getPropertyValue(`--st-${name}-color`).trim();
  return {
    violet: named("violet"),
    green: named("green"),
    neutral: named("secondary-background"),
    ground: named("background"),
  };
}

/** What a column's grid holds: its state, the sum before the squash, or nothing yet @typedef {"state" | "z" | "pale" | "empty"} Holds */

const PALE = 0.35; // of what has no part in the error

/**
 * Of each unit, the hue is laid over the neutral as strongly as |value| / scale. Only the columns that change are painted.
 * @param {Stage} stage @param {(i: number) => Holds} holds
 */
export function paintStates(stage, holds) {
  const { columns, pen, held, plan, data, rows, a, memory, zScale, memoryScale, second } = stage;
  const { n_a } = data;
  const drop = plan.rows.memory - plan.rows.hidden;
  columns.forEach((_, i) => {
    const now = holds(i);
    if (held[i] === now) return;
    held[i] = now;
    const left = plan.x[i] + (plan.col - plan.cell) / 2;
    const isShown = now === "state" || now === "pale";
    const alpha = now === "pale" ? PALE : 1;
    pen.clearRect(left, 0, plan.cell, plan.rows.later - plan.rows.hidden - 1);
    const values = now === "z" ? rows.row("z", i + 1) : a.subarray((i + 1) * n_a, (i + 2) * n_a);
    if (now !== "empty") paintGrid(stage, left, 0, values, now === "z" ? zScale : data.scale, alpha);
    if (isShown && memory)
      paintGrid(stage, left, drop, memory.subarray((i + 1) * n_a, (i + 2) * n_a), memoryScale, alpha);
  });
  if (second) paintLater(stage, second);
}

/**
 * The second stream: all of it is read before the first answer; on the way back what the chosen error does not pass is pale
 * @param {Stage} stage @param {Second} second
 */
function paintLater(stage, { a }) {
  const { columns, pen, plan, data, errors, phase, heldLater } = stage;
  const top = plan.rows.later - plan.rows.hidden;
  columns.forEach((_, i) => {
    const isPale = phase === "backward" && errors.whose !== "all" && i + 1 < errors.whose;
    const now = isPale ? "pale" : "state";
    if (heldLater[i] === now) return;
    heldLater[i] = now;
    const left = plan.x[i] + (plan.col - plan.cell) / 2;
    pen.clearRect(left, top, plan.cell, plan.cell);
    paintGrid(stage, left, top, a(i + 1), data.scale, isPale ? PALE : 1);
  });
}

/** @param {Stage} stage @param {number} left @param {number} top @param {ArrayLike<number>} values @param {number} scale @param {number} alpha */
function paintGrid({ pen, plan: { grid, cell }, colour }, left, top, values, scale, alpha) {
  const { columns, rows, unit } = grid;
  const corner = unit < 9 ? 0 : 2; // on small cells no one sees the corners
  /** @param {number} x @param {number} y @param {number} wide @param {number} tall @param {number} round */
  const square = (x, y, wide, tall, round) => {
    if (!round) return pen.fillRect(x, y, wide, tall); // twice as fast
    pen.beginPath();
    pen.roundRect(x, y, wide, tall, round);
    pen.fill();
  };
  pen.globalAlpha = 1;
  pen.fillStyle = colour.ground;
  square(left + 1, top, cell - 2, rows * unit + 6, 6);
  for (let k = 0; k < values.length; k++) {
    const [x, y] = [left + 4.5 + (k % columns) * unit, top + 3.5 + Math.floor(k / columns) * unit];
    pen.globalAlpha = alpha;
    pen.fillStyle = colour.neutral;
    square(x, y, unit - 1, unit - 1, corner);
    pen.globalAlpha = alpha * clamp(Math.abs(values[k]) / scale, 0, 1) || 0; // NaN draws nothing
    pen.fillStyle = values[k] < 0 ? colour.violet : colour.green;
    square(x, y, unit - 1, unit - 1, corner);
  }
}

/** A fresh canvas of the plan's size, if anything that is painted has changed @param {Stage} stage */
export function clearIfNew(stage) {
  const { data, plan, colour, states } = stage;
  const painted = JSON.stringify([
    data.a,
    data.dock.state,
    data.reverse?.state,
    data.scale,
    plan.grid,
    plan.x,
    plan.rows,
    colour,
    window.devicePixelRatio,
  ]);
  if (painted === stage.painted) return; // only another step was selected
  Object.assign(stage, { painted, held: [], heldLater: [] });
  const [width, height, dpr] = [
    plan.width - plan.labels - plan.weights, // as wide as the track: what is wider is scrolled to
    plan.rows[plan.isBoth ? "later" : "memory"] - plan.rows.hidden + plan.cell,
    window.devicePixelRatio || 1,
  ];
  Object.assign(states, { width: width * dpr, height: height * dpr });
  Object.assign(states.style, { width: `${width}px`, height: `${height}px` });
  stage.pen = /** @type {CanvasRenderingContext2D} */ (states.getContext("2d"));
  stage.pen.scale(dpr, dpr);
}
