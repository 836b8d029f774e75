// How far an error walks: lines on a log scale, each with its name where it begins.

import { finite, svg, text } from "../shared.js";
import { every, inPowers } from "./figures.js";

/**
 * Curves (explorer/components/exhibits.py); heights are powers of ten
 * @typedef {object} Walk
 * @property {string[]} labels
 * @property {{ name: string, norms: (number | null)[], logs: (number | null)[] }[]} curves null: no place on the scale
 * @property {[number, number]} range
 * @property {[number, string][]} marks of the scale
 * @property {{ curve: number, step: number, begins: number, at: number }[]} names where each name stands, and where its line begins
 * @property {string} alt
 */

const HEIGHT = 260;
const ROOM = { left: 84, right: 44, top: 14, bottom: 30 }; // px
const UPRIGHT = 46; // px for a word: in less they stand
const LETTER = 8; // px, about
const MOST_WORDS = 14;
const SHAPES = [
  "M-4 0a4 4 0 1 0 8 0a4 4 0 1 0 -8 0",
  "M0 -5L5 0L0 5L-5 0Z",
  "M-4 -4H4V4H-4Z", // circle, diamond, square
];

/** @param {number} x @param {number} y @param {string} said @param {Record<string, string | number>} [more] */
function write(x, y, said, more = {}) {
  const label = svg("text", { x, y, ...more });
  label.textContent = said;
  return label;
}

/** @param {Walk} data @param {number} width px @param {(said: string) => void} tell what a point says */
export function drawWalk(data, width, tell) {
  const { labels, curves, range, marks, names, alt } = data;
  const [low, high] = range;
  const inner = width - ROOM.left - ROOM.right;
  const isUpright = inner / Math.min(labels.length, MOST_WORDS) < UPRIGHT;
  const foot = HEIGHT - ROOM.bottom;
  const x = (/** @type {number} */ step) => ROOM.left + (inner * (step - 0.7)) / Math.max(labels.length - 0.4, 0.6);
  const y = (/** @type {number} */ log) => ROOM.top + ((high - log) / (high - low)) * (foot - ROOM.top);
  const grid = marks.flatMap(([log, said]) => [
    svg("path", { d: `M${ROOM.left} ${y(log)}H${width - ROOM.right}`, class: "grid" }),
    write(width - ROOM.right + 6, y(log) + 4, said, { class: "quiet" }),
  ]);
  const step = every(labels.length, MOST_WORDS);
  const words = labels.flatMap((label, i) => {
    if (i % step) return [];
    if (!isUpright) return [write(x(i + 1), foot + 20, label, { "text-anchor": "middle" })];
    const at = `rotate(-90 ${x(i + 1) + 4} ${foot + 8})`;
    return [write(x(i + 1) + 4, foot + 8, label, { "text-anchor": "end", transform: at })];
  });
  const lines = curves.map(({ logs }, k) => {
    const points = logs.flatMap((log, i) => (finite(log) ? [{ i, at: `${x(i + 1)} ${y(log)}` }] : []));
    const path = points.map(({ i, at }, n) => `${n && points[n - 1].i === i - 1 ? "L" : "M"}${at}`).join("");
    const dots = points.map(({ i, at }) =>
      svg("path", { d: SHAPES[k], transform: `translate(${at})`, "data-k": k, "data-i": i, class: "dot" }),
    );
    return svg("g", { class: `line-${k}` }, svg("path", { d: path, class: "line" }), ...dots);
  });
  const called = names.map(({ curve, step: first, begins, at }) => {
    const [one, ...rest] = curves[curve].name.split(" ");
    const lift = rest.length ? 4 : -4;
    const name = write(ROOM.left - 8, y(at) - lift, one, { "text-anchor": "end", class: "name" });
    const group = svg("g", { class: `line-${curve}` }, name);
    if (rest.length)
      group.append(write(ROOM.left - 8, y(at) + 12, rest.join(" "), { "text-anchor": "end", class: "name" }));
    if (first > 1) group.append(svg("path", { d: `M${ROOM.left} ${y(at)}L${x(first)} ${y(begins)}`, class: "link" }));
    return group;
  });
  const longest = Math.max(...labels.map((label) => label.length));
  const height = isUpright ? foot + 12 + LETTER * longest : HEIGHT;
  const picture = svg("svg", { width, height, role: "img", "aria-label": alt }, ...grid, ...words, ...lines, ...called);
  picture.addEventListener("pointerover", ({ target }) => {
    const { k, i } = /** @type {SVGElement} */ (target).dataset;
    if (k === undefined || i === undefined) return tell("");
    const { name, norms } = curves[Number(k)];
    tell(
      text("point", { curve: name, word: labels[Number(i)], step: Number(i) + 1, norm: inPowers(norms[Number(i)]) }),
    );
  });
  return picture;
}
