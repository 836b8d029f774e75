// The card of the dock: one step made before the eyes, forward and on the way back, beside the stage and in time with it.
// card.js has its numbers, made.js says which rows there are, and its two sides are in files of their own.

import { el, text } from "../shared.js";
import { showBackward } from "./backward_side.js";
import { forwardScales } from "./card.js";
import { stepOf } from "./factors.js";
import { showForward } from "./forward_side.js";
import { makeDirections } from "./hop_picture.js";
import { ARRIVES, DELTAS, MADE, SUMS } from "./made.js";
import { makeCurve } from "./squash.js";
import { makeGrid } from "./stamps.js";
import { makeRow } from "./strips.js";

/**
 * @import { Whose } from "../errors.js"
 * @import { Entry } from "../stage/weights.js"
 * @import { sent } from "./card.js"
 * @import { InspectorData } from "./factors.js"
 * @import { Example } from "./facts.js"
 * @typedef {ReturnType<typeof makeCard>} Card
 * @typedef {{ t: number, phase: "forward" | "backward", sub: string, whose: Whose, unit: number }} Place
 */

/**
 * All that stands on the card of this cell
 * @param {HTMLElement} root @param {InspectorData} data
 */
function build(root, data) {
  const [forward, backward] = [MADE, ARRIVES].map((table) => table[data.cell].map((row) => makeRow(row, data.n_a)));
  const gates = DELTAS[data.cell].map((name, i) =>
    el("button", "", { type: "button", "data-block": i }, gateName(name)),
  );
  const parts = {
    ...{ forward, backward, gates },
    curve: makeCurve(),
    title: el("h3"),
    head: el("div", "head-of-card"),
    scale: el("small"),
    equation: el("p", "formula"),
    figure: el("output", "figure", { "data-testid": "sum" }),
    terms: el("p", "terms"),
    bent: el("p", "terms", { "data-testid": "bent" }, el("span", "bent", {}, text("bent_mark")), text("bent")),
    products: el("div", "products", { "data-testid": "products", hidden: "" }),
    answer: el("p", "answer"),
    stamp: makeGrid("stamp"),
    soFar: makeGrid("so-far"),
    others: el("p", "answer"),
    hop: el("output", "figure", { "data-testid": "hop" }),
    directions: makeDirections(),
  };
  const { curve, stamp, soFar } = parts;
  const lines = (/** @type {typeof forward} */ rows) => rows.map(({ root }) => root);
  const adds = el("span", "adds", {}, text("adds"));
  const sides = {
    forward: el(
      "div",
      "side",
      {},
      ...lines(forward.slice(0, -1)),
      curve.root,
      ...lines(forward.slice(-1)),
      parts.figure,
      parts.terms,
      parts.bent,
      parts.products,
      parts.answer,
    ),
    backward: el(
      "div",
      "side",
      {},
      ...lines(backward),
      ...(gates.length > 1 ? [el("div", "gates", {}, text("stamp_of"), ...gates)] : []),
      el("div", "grids", {}, stamp.root, adds, soFar.root),
      parts.hop,
      parts.directions.root,
      parts.others,
    ),
  };
  parts.head.append(parts.title, parts.scale);
  root.replaceChildren(parts.head, parts.equation, sides.forward, sides.backward);
  return { ...parts, sides };
}

/** @param {string} delta */
const gateName = (delta) => (delta.endsWith("c") ? "c̃" : `Γ${delta.slice(-1)}`);

/** @param {Example} example */
export function makeCard(example) {
  const root = el("div", "card", { "data-testid": "card" });
  return {
    root,
    built: build(root, example.data),
    scales: forwardScales(example),
    colour: { negative: "", positive: "", plain: "" },
    errors: /** @type {Map<Whose, ReturnType<typeof sent>>} */ (new Map()),
    chosen: /** @type {string | null} */ (null), // the sum that the reader has chosen, until another step or phase comes
    opened: false, // all its products
    block: DELTAS[example.data.cell].length - 1, // of a gated cell: whose stamp is seen, at first the candidate's
    key: "",
  };
}

/** New numbers; `isNew`: other elements, too @param {Card} card @param {Example} example @param {boolean} isNew */
export function renewCard(card, example, isNew) {
  if (isNew) card.built = build(card.root, example.data);
  if (isNew) card.block = DELTAS[example.data.cell].length - 1;
  Object.assign(card, { scales: forwardScales(example), errors: new Map() });
}

/** The theme's colours, for the canvases @param {Card} card */
export function colourCard(card) {
  const style = getComputedStyle(card.root);
  const named = (/** @type {string} */ name) => style.getPropertyValue(`--st-${name}-color`).trim();
  card.colour = { negative: named("violet"), positive: named("green"), plain: named("secondary-background") };
}

/**
 * What the reader does on the card: true, if it changes what is seen
 * @param {Card} card @param {InspectorData} data @param {HTMLElement} target
 */
export function pressCard(card, data, target) {
  const gate = /** @type {HTMLElement | null} */ (target.closest("[data-block]"));
  if (gate) card.block = Number(gate.dataset.block);
  const line = card.built.forward.find(({ root }) => root.contains(target));
  if (line?.sum) {
    const isSame = line.sum === card.chosen && card.opened;
    Object.assign(card, { chosen: line.sum, opened: !isSame && SUMS[data.cell][line.sum].z !== undefined });
  }
  return Boolean(gate || line);
}

/** Which unit a cell of the card is; −1: none @param {HTMLElement} target */
export const unitOf = (target) =>
  target.parentElement?.matches(".strip") ? [...target.parentElement.children].indexOf(target) : -1;

/**
 * Which weight the reader has pressed: a product's, or the one of this unit in ba or in the word's column of Wax
 * @param {Card} card @param {InspectorData} data @param {HTMLElement} target @param {{ t: number, unit: number }} place
 * @returns {Entry | null}
 */
export function weightOf({ built, chosen }, data, target, { t: step, unit }) {
  const t = stepOf(data, step);
  const group = data.group[t - 1];
  const product = /** @type {HTMLElement | null} */ (target.closest("[data-from]"));
  const line = built.forward.find(({ root }) => root.contains(target));
  const sum = SUMS[data.cell][product ? (chosen ?? "") : (line?.sum ?? "")];
  const row = (sum?.block ?? 0) * data.n_a + unit;
  const id = data.ids[t - 1];
  if (product) return { group, name: "Waa", row, column: Number(product.dataset.from) };
  if (unitOf(target) < 0) return null;
  if (line?.name.startsWith("b")) return { group, name: "ba", row, column: 0 };
  return line?.name.startsWith("x") && id !== null ? { group, name: "Wax", row, column: id } : null;
}

/** The card at this place @param {Card} card @param {Example} example @param {Place} place */
export function showCard(card, example, place) {
  const { built, root } = card;
  const { t, phase, sub } = place;
  const key = `${phase} ${sub} ${t}`;
  if (card.key !== key) Object.assign(card, { key, chosen: card.opened ? card.chosen : null });
  built.sides.forward.hidden = phase !== "forward";
  built.sides.backward.hidden = phase !== "backward";
  Object.assign(root.dataset, { phase, sub, t: stepOf(example.data, t) });
  if (phase === "forward") showForward(card, example, place);
  else showBackward(card, example.data, place);
}
