// The pieces of which the inspector's tables are made, as elements.js builds them.
//   [fact]  [‖numbers‖]  [sum numbers]  [numbers]   a slot: a fact about the step, a norm, a sum written out, one entry
//   $…$  ^{t-1}                                     mathematics, and in it a script that gets the step's number
//   {fact}                                          a slot in a text of assets/prose/inspector.md

/**
 * @typedef {{ aspect: string, options: Record<string, string> }} Choice of the options the one is seen that holds now (situation.js)
 * @typedef {string | Choice} Template
 * @typedef {object} Block
 * @property {"title" | "line" | "equation" | "legend" | "row" | "worked" | "shares" | "classes" | "looks"} kind
 * @property {Template[]} texts
 * @property {string} [numbers] of a row: the row's name in recipes.js
 * @property {string} [name] of a row: what one of its entries is called
 * @property {boolean} [gate] of a row: its numbers lie between 0 and 1
 * @property {[string, string][]} [columns] of a table: head and fact
 * @property {[string, string[]]} [when] an aspect of the step, and its values with which the block is there at all
 */

/** @param {string} name */
export const say = (name) => TEXTS[name];

/** The text of each situation @param {string} aspect @param {string} base @param {string[]} values @returns {Choice} */
export const choose = (aspect, base, ...values) => ({
  aspect,
  options: Object.fromEntries(values.map((value) => [value, TEXTS[`${base}_${value}`]])),
});

/** @param {Template} text @returns {Block} */
export const title = (text) => ({ kind: "title", texts: [text] });

/** @param {Template} text @returns {Block} */
export const line = (text) => ({ kind: "line", texts: [text] });

/** @param {Template} text @returns {Block} */
export const equation = (text, number = "") => ({ kind: "equation", texts: [text, number] });

/** @param {Template} text @returns {Block} */
export const legend = (text) => ({ kind: "legend", texts: [text] });

/** @param {string} numbers @param {string} name @param {Template} label @param {Template} note @returns {Block} */
export const row = (numbers, name, label, note) => ({ kind: "row", texts: [label, note], numbers, name });

/** @param {string} numbers @param {string} name @param {Template} label @param {Template} note @returns {Block} */
export const gate = (numbers, name, label, note) => ({ ...row(numbers, name, label, note), gate: true });

/** @param {Template[]} texts @returns {Block} */
export const worked = (...texts) => ({ kind: "worked", texts });

/** @param {string} aspect @param {string[]} values @param {Block[]} blocks */
export const when = (aspect, values, ...blocks) =>
  blocks.map((block) => ({ ...block, when: /** @type {[string, string[]]} */ ([aspect, values]) }));
