// The strips of the card: each vector of a step as a row of cells.

import { clamp, el, finite, text } from "../shared.js";
import { shade } from "./elements.js";

/**
 * @import { MadeRow } from "./made.js"
 */

/** A strip of n_a cells, its name on the left and its scale on the right @param {MadeRow} row @param {number} n_a */
export function makeRow(row, n_a) {
  const cells = Array.from({ length: n_a }, () => el("i"));
  const [title, size] = [el("b"), el("small")];
  const attributes = { "data-testid": "made", "data-name": row.name, title: text(row.note) };
  const strip = el("div", n_a > 64 ? "strip dense" : "strip", {}, ...cells); // so many leave no room between them
  const root = el("div", "made", attributes, title, strip, size);
  if (row.sum) Object.assign(root, { tabIndex: 0, role: "button" });
  return { ...row, root, title, size, cells };
}

/**
 * One strip; null: not computed yet
 * @param {ReturnType<typeof makeRow>} made @param {Float64Array | null} values @param {number} scale @param {number} unit
 */
export function paintRow({ root, cells, scale: kind }, values, scale, unit) {
  root.dataset.state = values ? "there" : "empty";
  const isShare = kind === "gate" || kind === "slope";
  cells.forEach((cell, i) => {
    const v = values ? values[i] : 0;
    const strength = finite(v) ? clamp(v / scale, -1, 1) : 0;
    const classes = `${shade(isShare, strength)}${i === unit ? " chosen" : ""}`;
    if (cell.className !== classes) cell.className = classes;
  });
}
