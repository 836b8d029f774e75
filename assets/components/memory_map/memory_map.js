// The map: a table of buttons, one for every stop of the two biases. The one at the sliders has the frame. The arrow
// keys move, Enter, Space or a click choose.

import { component, el, setText, text } from "../shared.js";
import { chosen, rows, signed } from "./grid.js";

/**
 * @import { Data, Stop } from "./grid.js"
 * @typedef {{ root: HTMLElement, buttons: HTMLButtonElement[][], stops: Stop[][], data: Data }} Part
 */

/** @param {Data} data */
function makeTable(data) {
  const buttons = rows(data).map((row) =>
    row.map((stop) => {
      const attributes = { type: "button", "data-cell": stop.cell, "data-update": stop.update, tabindex: -1 };
      const start = stop.isStart ? [el("span", "start", {}, text("start"))] : [];
      return el("button", "stop", attributes, el("span", "count"), ...start);
    }),
  );
  const side = (/** @type {string} */ label) => el("th", "", { scope: "row" }, label);
  const body = buttons.map((row, i) => {
    const cells = row.map((button, j) => el("td", j === row.length - 1 ? "gru" : "", {}, button));
    return el("tr", "", {}, side(signed(data.update[i])), ...cells);
  });
  const names = el(
    "tr",
    "names",
    {},
    el("td"),
    el(
      "th",
      "",
      { colspan: data.forget.length, scope: "colgroup" },
      text("lstm"),
      el("small", "", {}, text("two_gates")),
    ),
    el("th", "gru", { scope: "col", rowspan: 2 }, text("gru"), el("small", "", {}, text("one_gate"))),
  );
  const keep = el(
    "tr",
    "axis",
    {},
    el("th", "corner", { rowspan: 2, scope: "col" }, text("write_less")),
    el("td", "", { colspan: data.forget.length }, text("keep")),
  );
  const heads = data.forget.map((f) => el("th", "", { scope: "col" }, String(f)));
  const biases = el("tr", "", {}, ...heads, el("th", "gru", {}, "Γu"));
  const root = el(
    "table",
    "map",
    { "data-testid": "memory-map" },
    el("thead", "", {}, names, keep, biases),
    el("tbody", "", {}, ...body),
  );
  return { root, buttons };
}

/** One stop for the Tab key @param {Part} part @param {HTMLElement} reached */
function reach({ buttons }, reached) {
  for (const button of buttons.flat()) button.tabIndex = button === reached ? 0 : -1;
}

/** @type {Record<string, [number, number]>} */
const MOVES = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0] };

/** @param {Part} part @param {KeyboardEvent} event */
function move(part, event) {
  const by = MOVES[event.key];
  if (!by || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault(); // the page shall not scroll
  event.stopPropagation();
  const row = part.buttons.findIndex((each) => each.includes(/** @type {HTMLButtonElement} */ (event.target)));
  const column = part.buttons[row].indexOf(/** @type {HTMLButtonElement} */ (event.target));
  const next = part.buttons[row + by[0]]?.[column + by[1]];
  if (!next) return;
  reach(part, next);
  next.focus();
}

export default component({
  create(page, /** @type {Data} */ data) {
    const { root: table, buttons } = makeTable(data);
    const { networks } = data;
    const root = el("div", "memory-map", { role: "group", "aria-label": text("map", { networks }) }, table);
    /** @type {Part} */
    const part = { root, buttons, stops: [], data };
    table.addEventListener("keydown", (event) => move(part, event));
    buttons.forEach((row, i) => {
      row.forEach((button, j) => {
        button.addEventListener("click", () => page.setTriggerValue("stop", chosen(part.stops[i][j], part.data)));
      });
    });
    return part;
  },
  update(part, data) {
    Object.assign(part, { data, stops: rows(data) });
    part.root.classList.toggle("pale", data.pale);
    part.stops.forEach((row, i) => {
      row.forEach(({ count, isHere, label }, j) => {
        const button = part.buttons[i][j];
        setText(button.children[0], count);
        button.style.setProperty("--share", `${Math.round((100 * count) / data.networks)}%`);
        button.classList.toggle("none", !count);
        button.classList.toggle("most", count >= 0.6 * data.networks);
        button.setAttribute("aria-label", label);
        button.title = label;
        button.setAttribute("aria-pressed", String(isHere));
        if (isHere && j < row.length - 1) reach(part, button);
      });
    });
  },
});
