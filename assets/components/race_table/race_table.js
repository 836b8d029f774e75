// The results of the race: a row for each cell, a column for each gap.

import { component, el, text } from "../shared.js";
import { told } from "./cells.js";

/** @import { Data, Row } from "./cells.js" */

/** @param {Row} row @param {number[]} gaps */
function makeRow(row, gaps) {
  const cells = gaps.map((gap, i) => {
    const { accuracy, median, solved } = told(row, i);
    const attributes = { "data-cell": row.cell, "data-gap": gap, "data-accuracy": accuracy };
    return el("td", "", attributes, el("b", "", {}, median), el("small", "", {}, solved));
  });
  return el("tr", "", {}, el("th", "", { scope: "row" }, row.name), ...cells);
}

export default component({
  create() {
    return { root: el("div", "race-table", { "data-testid": "race-table" }) };
  },
  update({ root }, /** @type {Data} */ { gaps, cells }) {
    const heads = gaps.map((gap) => el("th", "", { scope: "col" }, text("gap", { gap })));
    const head = el("tr", "", {}, el("th", "", { scope: "col" }, text("cell")), ...heads);
    const body = cells.map((row) => makeRow(row, gaps));
    const caption = el("caption", "", {}, text("results"));
    root.replaceChildren(el("table", "", {}, caption, el("thead", "", {}, head), el("tbody", "", {}, ...body)));
  },
});
