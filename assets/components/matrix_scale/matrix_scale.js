// The one colour scale of all matrices, with the powers of ten along it.

import { component, el } from "../shared.js";

/** @import { Scale } from "../matrix/entries.js" */

const EVERY = 3; // powers of ten

/** @param {number} power @param {Scale} scale */
function mark(power, { low, high }) {
  const sign = power === low ? "≤" : power === high ? "≥" : "";
  const style = `left: ${(100 * (power - low)) / (high - low)}%`;
  return el("span", "", { style }, `${sign}10`, el("sup", "", {}, String(power).replace("-", "−")));
}

export default component({
  create() {
    return { root: el("div", "matrix-scale", { role: "img" }) };
  },
  update({ root }, /** @type {Scale & { told: string }} */ data) {
    const powers = Array.from({ length: (data.high - data.low) / EVERY + 1 }, (_, i) => data.low + EVERY * i);
    const bar = el("div", "bar", { style: `background: linear-gradient(90deg, ${data.colours.join(", ")})` });
    root.setAttribute("aria-label", data.told);
    root.replaceChildren(bar, ...powers.map((power) => mark(power, data)));
  },
});
