// The T × T chart: a row is one error, and its cells are how much of it arrives at each state. A press on a row sends that
// error back on the stage; the arrow keys walk from cell to cell, and tell what stands there.

import { clamp, component, el, finite, lengthLabel, onTold, setText, text } from "../shared.js";
import { colourOf, rowOf } from "./cells.js";

/**
 * @import { State } from "../transport/position.js"
 * @import { Reach } from "./cells.js"
 * @typedef {ReturnType<typeof make>} Part
 */

const MOST_NAMES = 20; // words along one side
const UPRIGHT = 56; // px: the narrowest place in which the name of a word can be read
const NAMES = 100; // px: what the names of the rows take

function make() {
  const table = el("div", "table", { role: "group", "aria-label": text("table") });
  const told = el("p", "told", { role: "status" }, text("hint"));
  const legend = el("div", "legend");
  const root = el("div", "reach", { "data-testid": "reach-chart" }, el("div", "axis", {}, text("starts")), table);
  root.append(legend, told);
  return {
    ...{ root, table, told, legend },
    rows: /** @type {HTMLElement[]} */ ([]),
    data: /** @type {Reach | null} */ (null),
    drawn: "",
    ...{ at: 0, k: 1 }, // whose row stands out, and the cell that the arrow keys have reached
    stop: () => {},
  };
}

// ---------------------------------------------------------------- drawing

/** @param {Reach} data @param {number} s */
function makeRow(data, s) {
  const word = data.owners[s - 1];
  const cells = data.norms[s - 1].map((norm, i) =>
    el("i", "", { "data-k": i + 1, style: `background:${colourOf(norm, data)};grid-column:${i + 2}` }),
  );
  const name = el("b", "", {}, (s - 1) % Math.ceil(data.words.length / MOST_NAMES) ? "" : word);
  if (!cells.length) return el("div", "row silent", { "data-s": s, title: text("no_row", { s, word }) }, name);
  const attributes = { role: "button", tabindex: -1, "aria-label": text("row", { s, word }) };
  return el("div", "row", { "data-s": s, ...attributes }, name, ...cells);
}

/** @param {Part} part @param {Reach} data */
function draw(part, data) {
  const { words, colours, scale } = data;
  const every = Math.ceil(words.length / MOST_NAMES);
  part.rows = words.map((_, i) => makeRow(data, i + 1));
  const names = words.map((word, i) => el("span", "", { style: `grid-column:${i + 2}` }, i % every ? "" : word));
  part.root.style.setProperty("--T", String(words.length));
  part.table.replaceChildren(...part.rows, el("div", "foot", { "aria-hidden": "true" }, ...names));
  const ramp = el("i", "ramp", { style: `background:linear-gradient(to right, ${colours.join(", ")})` });
  const [low, high] = scale.map((power, i) => text(i ? "high" : "low", { power }));
  part.legend.replaceChildren(el("span", "axis", {}, text("arrives")), el("span", "scale", {}, low, ramp, high));
  fit(part);
}

/** The names of the columns stand upright where there is no room for them. @param {Part} part */
function fit({ root, table, rows }) {
  table.classList.toggle("upright", (root.clientWidth - NAMES) / rows.length < UPRIGHT);
}

/** Row s stands out: one stop for the Tab key @param {Part} part @param {number} s */
function mark(part, s) {
  part.at = s;
  const rows = errorRows(part);
  for (const row of part.rows) row.classList.toggle("chosen", Number(row.dataset.s) === s);
  for (const row of rows) row.setAttribute("aria-pressed", String(Number(row.dataset.s) === s));
  reach(part, rows.find((row) => Number(row.dataset.s) === s) ?? rows[0]);
}

/** The rows in which an error starts @param {Part} part */
const errorRows = ({ rows }) => rows.filter((row) => !row.matches(".silent"));

/** @param {Part} part @param {HTMLElement | undefined} reached */
function reach({ rows }, reached) {
  for (const row of rows) if (row.hasAttribute("tabindex")) row.tabIndex = row === reached ? 0 : -1;
}

/** Says what arrives at cell k of row s, and frames it; without one, what a press does @param {Part} part @param {number} [s] @param {number} [k] */
function tell({ root, rows, told, data }, s, k) {
  for (const cell of root.querySelectorAll(".looked")) cell.classList.remove("looked");
  const norm = data && s && k ? data.norms[s - 1][k - 1] : undefined;
  if (!data || !s || !k || norm === undefined) return setText(told, text("hint"));
  rows[s - 1].querySelector(`[data-k="${k}"]`)?.classList.add("looked");
  const [loss, state] = [data.owners[s - 1], data.words[k - 1]];
  setText(told, text("cell", { loss, s, state, k, norm: finite(norm) ? lengthLabel(norm) : text("not_finite") }));
}

// ---------------------------------------------------------------- what the reader does

/** @param {Element | null} row */
function send(row) {
  const value = Number(/** @type {HTMLElement | null} */ (row)?.dataset.s);
  if (value) window.dispatchEvent(new CustomEvent("rnn-command", { detail: { act: "whose", value } }));
}

/** @type {Record<string, [number, number]>} */
const MOVES = { ArrowDown: [1, 0], ArrowUp: [-1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

/** @param {Part} part @param {KeyboardEvent} event */
function press(part, event) {
  const rows = errorRows(part);
  const at = rows.indexOf(/** @type {HTMLElement} */ (event.target));
  const move = MOVES[event.key];
  if (at < 0 || event.ctrlKey || event.metaKey || event.altKey) return;
  if (!move && event.key !== "Enter" && event.key !== " ") return;
  event.preventDefault();
  event.stopPropagation();
  if (!move) return send(rows[at]);
  const row = rows[clamp(at + move[0], 0, rows.length - 1)];
  const s = Number(row.dataset.s);
  part.k = clamp(part.k + move[1], 1, part.data?.norms[s - 1].length ?? 1);
  reach(part, row);
  row.focus();
  tell(part, s, part.k);
}

/** @param {Part} part */
function listen(part) {
  const { root, table } = part;
  table.addEventListener("click", ({ target }) => send(/** @type {Element} */ (target).closest(".row:not(.silent)")));
  table.addEventListener("keydown", (event) => press(part, event));
  table.addEventListener("pointerover", ({ target }) => {
    const cell = /** @type {HTMLElement} */ (target);
    tell(part, Number(cell.parentElement?.dataset.s), Number(cell.dataset.k));
  });
  table.addEventListener("pointerleave", () => tell(part));
  table.addEventListener("focusout", () => tell(part));
  const watch = new ResizeObserver(() => fit(part));
  watch.observe(root);
  const stopHearing = onTold("rnn-state", (/** @type {State} */ { phase, whose = "all", t }) => {
    if (part.data && phase !== "update") mark(part, rowOf(whose, t, part.data.norms));
  });
  part.stop = () => {
    watch.disconnect();
    stopHearing();
  };
}

export default component({
  create() {
    const part = make();
    listen(part);
    return part;
  },
  update(part, /** @type {Reach} */ data) {
    const { step, ...picture } = data;
    const [drawn, asked] = [JSON.stringify(picture), part.data?.step];
    part.data = data;
    if (drawn !== part.drawn) draw(part, data);
    if (drawn !== part.drawn || step !== asked) mark(part, step === asked ? part.at : step);
    part.drawn = drawn;
  },
  destroy: ({ stop }) => stop(),
});
