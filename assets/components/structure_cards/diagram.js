// One structure as a small diagram: whose cell each step runs, what it reads from below, what it answers above.

import { svg } from "../shared.js";

/** @typedef {{ group: string, reads: boolean, fed: boolean, answers: boolean }} Step */

const PITCH = 34; // px from cell to cell, in the drawing's own units
const CELL = 18;
const HALF = CELL / 2;
const WIDEST = 5; // cells: all drawings share one scale
const [ANSWERS, CELLS, INPUTS, HEIGHT] = [7, 43, 79, 87]; // from the top

/**
 * A line along `path`, and its head at (x, y), which points right, or up if `turn` is -90
 * @param {string} kind @param {string} path @param {number} x @param {number} y
 */
function arrow(kind, path, x, y, turn = 0) {
  const transform = `translate(${x} ${y}) rotate(${turn})`;
  const head = svg("polygon", { points: "0,0 -7,-3.6 -7,3.6", transform });
  return svg("g", { class: `arrow ${kind}` }, svg("path", { d: path }), head);
}

/** @param {string} kind @param {number} x @param {number} from @param {number} to */
const up = (kind, x, from, to) => arrow(kind, `M${x} ${from}V${to + 5}`, x, to, -90);

/** @param {string} kind @param {number} x @param {number} y */
const dot = (kind, x, y) => svg("circle", { class: kind, cx: x, cy: y, r: 3.6 });

/** @param {Step} step @param {number} x */
function drawStep({ group, reads, answers }, x) {
  const cell = svg("rect", { class: "cell", x: x - HALF, y: CELLS - HALF, width: CELL, height: CELL, rx: 4 });
  const below = reads ? [dot("input", x, INPUTS), up("in", x, INPUTS - 3, CELLS + HALF + 2)] : [];
  const above = answers ? [dot("answer", x, ANSWERS), up("out", x, CELLS - HALF, ANSWERS + 5)] : [];
  return svg("g", { class: `step ${group}` }, cell, ...below, ...above);
}

/**
 * From one step to the next: the state, and the answer where it is fed back
 * @param {Step} step @param {number} from @param {number} to
 */
function drawLink({ fed }, from, to) {
  const [lane, entry] = [from + PITCH / 2, CELLS + HALF + 2];
  const state = arrow("state", `M${from + HALF} ${CELLS}H${to - HALF - 6}`, to - HALF - 1, CELLS);
  const down = `M${from + 5} ${ANSWERS}C${lane} ${ANSWERS} ${lane} ${ANSWERS + 8} ${lane} ${CELLS}`;
  const rise = `C${lane} ${INPUTS - 3} ${to} ${INPUTS + 5} ${to} ${entry + 5}`;
  return svg("g", {}, state, ...(fed ? [arrow("fed", down + rise, to, entry, -90)] : []));
}

/** @param {Step[]} steps */
export function diagram(steps) {
  const width = WIDEST * PITCH;
  const places = steps.map((_, i) => width / 2 + (i - (steps.length - 1) / 2) * PITCH);
  const links = steps.slice(1).map((step, i) => drawLink(step, places[i], places[i + 1]));
  const cells = steps.map((step, i) => drawStep(step, places[i]));
  return svg("svg", { viewBox: `0 0 ${width} ${HEIGHT}`, "aria-hidden": "true" }, ...links, ...cells);
}
