// Why Wax x⟨t⟩ is one column of Wax: the table under the one-hot picture.

import { cellLabel, clamp, el, setText, symbol, text } from "../shared.js";
import { count, terms } from "./layout.js";

/**
 * @import { Data } from "./layout.js"
 * @typedef {ReturnType<typeof makeProof>} Proof
 * @typedef {{ product: Float32Array, picked: Float32Array, columns: Float32Array }} Values
 */

const Wax = () => el("span", "symbol", {}, "W", el("sub", "", {}, "ax"));
const PIECE = { "{Wax}": Wax, "{x}": () => symbol("x") };

/**
 * A text with Wax and x⟨t⟩ as the lecture writes them, and elements in place of its other {names}
 * @param {string} name @param {Record<string, HTMLElement>} [inside]
 */
function written(name, inside = {}) {
  const pieces = TEXTS[name].split(/(\{\w+\})/).filter(Boolean);
  return pieces.map(
    (piece) => PIECE[/** @type {keyof typeof PIECE} */ (piece)]?.() ?? inside[piece.slice(1, -1)] ?? piece,
  );
}

// ---------------------------------------------------------------- the table

/** @param {string} name @param {number} n_a @param {HTMLElement[]} head */
function makeLine(name, n_a, ...head) {
  const cells = Array.from({ length: n_a }, () => el("div", "cell"));
  const root = el(
    "div",
    `line ${name}`,
    { "data-testid": name },
    el("div", "head", {}, ...head),
    el("div", "cells", {}, ...cells),
  );
  return { root, cells };
}

/** @param {number} n_a */
function makeEntry(n_a) {
  const [index, word, bit] = [el("span", "near-index"), el("span", "near-word"), el("span", "bit")];
  return { ...makeLine("entry", n_a, index, word, bit, el("span", "times", {}, "×")), index, word, bit };
}

/** The entries of x⟨t⟩ around its 1, each with its column of Wax; then both results @param {Data} data */
export function makeProof({ near, n_a }) {
  const entries = near[0].map(() => makeEntry(n_a));
  const slot = {
    above: el("span"),
    below: el("span"),
    computed: el("span"),
    column: el("span"),
    read: el("span"),
    verdict: el("span"),
    full: el("span"),
  };
  const vectors = [symbol("x"), symbol("x")];
  const product = makeLine(
    "product",
    n_a,
    el("span", "name", {}, Wax(), " ", vectors[1]),
    el("code", "", {}, slot.computed),
  );
  const picked = makeLine(
    "picked",
    n_a,
    el("span", "name", {}, ...written("column_of", { column: slot.column })),
    el("code", "", {}, slot.read),
  );
  const titles = el(
    "div",
    "head",
    {},
    el("span", "near-index", {}, text("title_index")),
    el("span", "near-word", {}, text("title_word")),
    el("span", "bit", {}, vectors[0]),
    el("span", "times"),
  );
  const sum = el("div", "terms");
  const root = el(
    "div",
    "proof",
    {},
    el("h3", "", {}, ...written("why_one_column")),
    sum,
    el("div", "line titles", {}, titles, el("div", "", {}, ...written("column_with_index"))),
    el("div", "more", {}, slot.above),
    ...entries.map((entry) => entry.root),
    el("div", "more", {}, slot.below),
    product.root,
    picked.root,
    el("p", "say", { "data-testid": "verdict" }, slot.verdict),
    el("p", "legend", {}, el("span", "ramp"), el("span", "", {}, ...written("full_colour", { full: slot.full }))),
  );
  return { root, entries, slot, vectors, product, picked, sum };
}

// ---------------------------------------------------------------- its numbers

/** Four figures @param {number} v */
const exactly = (v) => (Number.isFinite(v) ? String(Number(v.toPrecision(4))).replace(/^-/, "−") : "–");

/**
 * @param {HTMLElement[]} cells @param {Float32Array} values @param {number | null} scale
 * @param {(i: number) => string} name of one entry @param {boolean} numbers
 */
function paint(cells, values, scale, name, numbers) {
  cells.forEach((cell, i) => {
    const strength = clamp((100 * Math.abs(values[i])) / (scale || 1), 0, 100) || 0; // NaN is not coloured
    const label = numbers ? cellLabel(values[i]) : "";
    cell.style.setProperty("--strength", `${strength}%`);
    cell.classList.toggle("negative", values[i] < 0);
    cell.title = `${name(i)} = ${exactly(values[i])}`;
    cell.classList.toggle("tight", label.length > 4);
    setText(cell, label);
  });
}

/** @param {number} n @param {"above" | "below"} where */
const zeros = (n, where) => (n ? text(n === 1 ? `zero_${where}` : `zeros_${where}`, { n: count(n) }) : "");

/** @param {Proof} proof @param {Data} data @param {Values} values @param {number} t */
export function fillProof(proof, data, values, t) {
  const { n_a, n_x, near, scale, equal } = data;
  const { slot } = proof;
  const [id, around] = [data.ids[t - 1], near[t - 1]];
  const vector = (/** @type {Float32Array} */ array, /** @type {number} */ i) => array.subarray(i * n_a, (i + 1) * n_a);
  proof.entries.forEach((entry, i) => {
    const [index, at] = [around[i], data.columns.indexOf(around[i])];
    const isOne = index === id;
    setText(entry.index, count(index));
    setText(entry.word, data.columns_words[at]);
    setText(entry.bit, Number(isOne));
    entry.root.classList.toggle("one", isOne);
    paint(entry.cells, vector(values.columns, at), scale, (k) => `Wax[${k}, ${index}]`, isOne);
  });
  const numbers = { n_a, n_x: count(n_x), product: count(n_a * n_x) };
  setText(slot.full, cellLabel(scale));
  setText(slot.above, zeros(around[0], "above"));
  setText(slot.below, zeros(n_x - 1 - around[around.length - 1], "below"));
  for (const vectorOf of proof.vectors) setText(/** @type {Element} */ (vectorOf.lastElementChild), `⟨${t}⟩`);
  setText(slot.computed, `one_hot(${id}, ${n_x}) @ Wax.T`);
  setText(slot.read, `Wax[:, ${id}]`);
  setText(slot.column, text("column", { id: count(id) }));
  paint(proof.product.cells, vector(values.product, t - 1), scale, (k) => `(Wax x⟨${t}⟩)[${k}]`, true);
  paint(proof.picked.cells, vector(values.picked, t - 1), scale, (k) => `Wax[${k}, ${id}]`, true);
  proof.sum.replaceChildren(...sumOf(id, n_x - 1, t));
  setText(slot.verdict, text(equal[t - 1] ? "equal" : "not_equal", numbers));
}

/**
 * Wax x⟨t⟩ = 0 × column 0 + … + 1 × column 12 + … = column 12 of Wax
 * @param {number} id @param {number} last @param {number} t
 */
function sumOf(id, last, t) {
  const columns = terms(id, last).flatMap((term, i) => [
    i ? " + " : "",
    el("span", term.one ? "one" : "", {}, term.text),
  ]);
  const column = el("span", "", {}, text("column", { id: count(id) }));
  return [Wax(), " ", symbol("x", t), " = ", ...columns, " = ", ...written("column_of", { column })];
}
