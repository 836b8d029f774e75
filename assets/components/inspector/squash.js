// The curve of the squash on the card: z to the right, what it becomes upwards, one dot a unit.

import { clamp, el, finite, setText, svg, text } from "../shared.js";
import { format } from "./numbers.js";

/**
 * @import { Example } from "./facts.js"
 * @import { Sum } from "./made.js"
 */

const CURVE = { width: 240, height: 70, edge: 5 };

/** @type {Record<string, (z: number) => number>} */
export const SQUASH = { tanh: Math.tanh, ReLU: (z) => Math.max(0, z), σ: (z) => 1 / (1 + Math.exp(-z)) };

export function makeCurve() {
  const { width, height } = CURVE;
  const axes = svg("path", { class: "axes", d: `M0 ${height / 2}H${width}M${width / 2} 0V${height}` });
  const [path, dots] = [svg("path", { class: "path" }), svg("g")];
  const note = el("small");
  const picture = svg("svg", { viewBox: `0 0 ${width} ${height}`, "aria-hidden": "true" }, axes, path, dots);
  return { root: el("div", "curve", {}, picture, note), axes, path, dots, note };
}

/**
 * The squash: z to the right, what it becomes upwards, one dot a unit
 * @param {ReturnType<typeof makeCurve>} curve @param {Sum} sum @param {Example["row"]} row @param {number} scale
 * @param {number} t @param {number} unit @param {boolean} isThere
 */
export function showCurve({ path, dots, note }, { g = "tanh", z = "z" }, row, scale, t, unit, isThere) {
  const { width, height, edge } = CURVE;
  const range = Math.max(scale, 2);
  const [low, high] = g === "σ" ? [0, 1] : g === "ReLU" ? [-range, range] : [-1, 1];
  const x = (/** @type {number} */ v) => clamp(width / 2 + (v / range) * (width / 2 - edge), edge, width - edge);
  const y = (/** @type {number} */ v) =>
    height - edge - ((clamp(v, low, high) - low) / (high - low)) * (height - 2 * edge);
  const points = Array.from({ length: 61 }, (_, i) => (i / 30 - 1) * range);
  const line = points.map((v) => `${x(v).toFixed(1)} ${y(SQUASH[g](v)).toFixed(1)}`).join("L");
  if (path.getAttribute("d") !== `M${line}`) path.setAttribute("d", `M${line}`);
  const values = isThere ? [...row(z, t)].filter(finite) : [];
  while (dots.childElementCount > values.length) dots.lastElementChild?.remove();
  while (dots.childElementCount < values.length) dots.append(svg("circle"));
  values.forEach((v, i) => {
    const out = SQUASH[g](v);
    const place = {
      cx: x(v).toFixed(1),
      cy: y(out).toFixed(1),
      r: i === unit ? 5 : 3,
      class: i === unit ? "chosen" : "",
    };
    for (const [name, value] of Object.entries(place)) dots.children[i].setAttribute(name, String(value));
  });
  setText(note, text(`curve_${g === "σ" ? "gate" : g.toLowerCase()}`, { range: format(range, 2) }));
}
