// Exhibits that are tables: probabilities as colours with their numbers, and what is read above what is expected.

import { el, finite, text } from "../shared.js";
import { every, paint, twoDecimals } from "./figures.js";

/**
 * Probabilities (explorer/components/exhibits.py)
 * @typedef {object} Cells
 * @property {string[]} rows @property {string[]} columns
 * @property {(number | null)[][]} p null: not finite
 * @property {boolean[][] | null} numbered the cells whose number is shown; null: all
 * @property {[string, string]} colours of 0 and of 1
 * @property {number} framed the row that stands out, or −1
 * @property {string} cell what is told of one, by its name in assets/prose
 *
 * @typedef {{ names: string[], rows: string[][] }} Tapes
 */

const HEIGHT = 300; // px, of all rows together, at most
const ROW = 34; // px, at most
const LEAST = 14; // px: the least height of a row with its name
const MOST_NUMBERED = 16; // columns: in more, a number is wider than its cell
const NO_ZERO = 9; // in more columns than that, 0.82 is written .82
const MOST_COLUMNS = 20; // words below

/** @param {Cells} data @param {number} i @param {number} j */
function makeCell({ p, numbered, colours, columns }, i, j) {
  const { ground, ink } = paint(p[i][j], colours);
  const isShown = !numbered || numbered[i][j] || !finite(p[i][j]);
  const number = twoDecimals(p[i][j]);
  const shown = columns.length > NO_ZERO ? number.replace(/^0/, "") : number;
  const attributes = { style: `background:${ground};color:${ink}`, "data-i": i, "data-j": j };
  return el("td", isShown ? "" : "silent", attributes, shown);
}

/** @param {Cells} data @param {(said: string) => void} tell what a cell says that is pointed at */
export function drawCells(data, tell) {
  const { rows, columns, p, framed, cell } = data;
  const high = Math.min(ROW, HEIGHT / rows.length);
  const step = every(rows.length, HEIGHT / LEAST);
  const body = rows.map((row, i) =>
    el(
      "tr",
      i === framed ? "framed" : "",
      {},
      el("th", "", { scope: "row", title: row }, i % step ? "" : row),
      ...columns.map((_, j) => makeCell(data, i, j)),
    ),
  );
  const names = columns.map((name, j) =>
    el(
      "th",
      "",
      { scope: "col", title: name },
      el("span", "", {}, j % every(columns.length, MOST_COLUMNS) ? "" : name),
    ),
  );
  const table = el("table", "cells", { style: `--high:${high}px` }, el("tbody", "", {}, ...body));
  table.append(el("tfoot", "", {}, el("tr", "", {}, el("th"), ...names)));
  const isDense = columns.length > MOST_NUMBERED || high < 12;
  table.classList.toggle("dense", isDense);
  table.classList.toggle("small", columns.length > 6);
  table.addEventListener("pointerover", ({ target }) => {
    const { i, j } = /** @type {HTMLElement} */ (target).dataset;
    if (i === undefined || j === undefined) return tell("");
    const value = p[Number(i)][Number(j)];
    const said = finite(value) ? value.toFixed(3) : "–";
    tell(text(cell, { row: rows[Number(i)], column: columns[Number(j)], p: said }));
  });
  table.addEventListener("pointerleave", () => tell(""));
  return table;
}

/** @param {Tapes} data */
export function drawTapes({ names, rows }) {
  const heads = rows[0].map((_, i) => el("th", "", { scope: "col" }, String(i + 1)));
  const lines = rows.map((row, i) =>
    el("tr", "", {}, el("th", "", { scope: "row" }, names[i]), ...row.map((token) => el("td", "", {}, token))),
  );
  const head = el("thead", "", {}, el("tr", "", {}, el("td"), ...heads));
  return el("div", "tapes", {}, el("table", "", {}, head, el("tbody", "", {}, ...lines)));
}
