// The equations of the inspector, built once from the tables of equations.js: a step only fills places that already stand there.

import { el, text } from "../shared.js";
import { views } from "./equations.js";
import { MOST_LOOKS } from "./facts.js";

/**
 * @import { Block, Template } from "./blocks.js"
 * @import { Code, InspectorData } from "./factors.js"
 * @typedef {ReturnType<typeof build>} Parts
 */

const SHADES = 25; // steps from no colour to the full one
const TABLE_LINES = { classes: 4, looks: MOST_LOOKS }; // the most that can be shown of a step

// ---------------------------------------------------------------- mathematics and texts

/** A place that is filled at every step @param {string} name */
const slot = (name) => el("span", "slot", { "data-slot": name });

/** @param {"sup" | "sub"} tag @param {string} inside */
const script = (tag, inside) =>
  /^t([+-]1)?$/.test(inside)
    ? el(tag, "", { "data-shift": inside.slice(1) || "0" })
    : el(tag, "", {}, ...mathematics(inside));

const MATHEMATICS =
  /_\{(?<under>[^}]*)\}\^\{(?<over>[^}]*)\}|_\{(?<sub>[^}]*)\}|\^\{(?<sup>[^}]*)\}|\[(?<name>[^[\]]+)\]|(?<upright>tanh|softmax|context|log|label|ReLU|T)|(?<letters>(?:[a-zA-Zŷℒδ]\u0303?)+)|./gu;

/**
 * "W_{aa} a^{t-1}": letters in italics, numbers and names of functions upright, scripts lowered and raised.
 * @param {string} formula @returns {(Node | string)[]}
 */
function mathematics(formula) {
  return [...formula.matchAll(MATHEMATICS)].map(({ 0: piece, groups = {} }) => {
    const { under, over, sub, sup, name, letters } = groups;
    if (over) return el("span", "both", {}, script("sup", over), script("sub", under));
    if (sub) return script("sub", sub);
    if (sup) return script("sup", sup);
    if (name) return slot(name);
    return letters ? el("i", "", {}, letters) : piece;
  });
}

/** A text with its mathematics between $ and its facts in braces @param {string} template */
const prose = (template) =>
  template.split("$").flatMap((part, i) => {
    if (i % 2 === 1) return [el("span", "math", {}, ...mathematics(part))];
    return part.split(/\{(\w+)\}/).map((piece, k) => (k % 2 === 1 ? slot(piece) : piece));
  });

/**
 * A text, or a choice of texts that lie on top of one another
 * @param {Template} template @returns {(Node | string)[]}
 */
function content(template) {
  if (typeof template === "string") return prose(template);
  const options = Object.entries(template.options).map(([value, option]) =>
    el("span", "", { "data-aspect": template.aspect, "data-values": value }, ...prose(option)),
  );
  return [el("span", "choice", {}, ...options)];
}

// ---------------------------------------------------------------- blocks

/** @param {number} n @param {string} name */
const repeat = (n, name) => Array.from({ length: n }, () => el("div", name));

/** @type {Record<Block["kind"], (block: Block, data: InspectorData) => HTMLElement>} */
const BLOCKS = {
  title: ({ texts }) => el("h3", "title", {}, ...content(texts[0])),
  line: ({ texts }) => el("p", "line", {}, ...content(texts[0])),
  equation: ({ texts: [formula, number] }) =>
    el("div", "equation", {}, el("div", "math", {}, ...content(formula)), el("span", "number", {}, String(number))),
  legend: ({ texts }) => el("p", "legend", {}, "−", el("span", "ramp"), "+", el("span", "", {}, ...content(texts[0]))),
  shares({ texts: [formula, number] }, { words }) {
    const bars = el("div", "bars", {}, ...repeat(words.length, "bar"));
    const math = el("div", "math", {}, ...content(formula));
    return el("div", "equation shares", {}, math, bars, el("span", "number", {}, String(number)));
  },
  worked({ texts }, { n_a }) {
    const unit = el("input", "unit", { type: "number", min: 1, max: n_a });
    const sums = texts.map((formula) => el("div", "", {}, ...content(formula)));
    return el("div", "worked", {}, el("label", "", {}, text("unit"), " ", unit), el("div", "sums", {}, ...sums));
  },
  row({ texts: [label, note], numbers = "", name = "", gate }, { n_a }) {
    const head = el(
      "div",
      "head",
      {},
      el("span", "label", {}, ...content(label)),
      el("span", "note", {}, ...content(note)),
    );
    const attributes = { "data-testid": "row", "data-numbers": numbers, "data-name": name };
    return el("div", gate ? "row gate" : "row", attributes, head, el("div", "cells", {}, ...repeat(n_a, "cell")));
  },
  classes: (block) => table(block, TABLE_LINES.classes),
  looks: (block) => table(block, TABLE_LINES.looks),
};

/** Lines of facts, each with a bar for its share @param {Block} block @param {number} n */
function table({ kind, columns = [] }, n) {
  const head = columns.map(([formula]) => el("th", "", {}, ...content(formula)));
  const lines = Array.from({ length: n }, (_, k) => {
    const facts = columns.map(([, fact]) => el("td", fact, {}, slot(`${kind} ${k} ${fact}`)));
    return el("tr", "", { "data-line": `${kind} ${k}` }, ...facts, el("td", "amount", {}, el("div", "filled")));
  });
  return el("table", "answers", {}, el("tr", "", {}, ...head, el("th")), ...lines);
}

/** The source of the functions, line by line, so that a long line can break with an indent of its own @param {Code} code */
function codeBlock({ title, source }) {
  const lines = source
    .split("\n")
    .map((line) => el("div", "", { style: `--indent: ${line.search(/\S|$/)}ch` }, `${line}\n`));
  const summary = el("summary", "", {}, text("code_summary", { title }));
  const details = el("details", "code", {}, summary, el("pre", "", {}, ...lines));
  details.open = window.matchMedia("(min-width: 700px)").matches; // on a phone the numbers come first
  return details;
}

/** @param {boolean} gate @param {number} v */
export const shade = (gate, v) =>
  `${gate ? "open" : v < 0 ? "negative" : "positive"}-${Math.round(Math.abs(v) * SHADES)}`;

/** The colours of cells as classes: a browser computes a class once for all cells, an inline style once for each. */
export function palette() {
  const rules = ["positive", "negative", "open"].flatMap((hue) =>
    Array.from({ length: SHADES + 1 }, (_, i) => {
      const fill = `color-mix(in srgb, var(--${hue}) ${(100 * i) / SHADES}%, var(--plain))`;
      const ink = `oklch(from ${fill} clamp(0.15, (0.6 - l) * 1000, 0.99) 0 0)`; // dark on light, light on dark, in both themes
      return `.${hue}-${i} { background: ${fill}; color: ${ink} }\n`;
    }),
  );
  return el("style", "", {}, ...rules);
}

// ---------------------------------------------------------------- the card

/** @param {Element} root @param {string} selector */
const all = (root, selector) => /** @type {HTMLElement[]} */ ([...root.querySelectorAll(selector)]);

/** @param {Block} block @param {InspectorData} data */
function make(block, data) {
  const made = BLOCKS[block.kind](block, data);
  if (!block.when) return made;
  const [aspect, values] = block.when;
  return el("div", "when", { "data-aspect": aspect, "data-values": values.join(" ") }, made);
}

/**
 * Everything that stands on the card for this cell and so many units and steps, and the places to be filled
 * @param {HTMLElement} root @param {InspectorData} data @param {(phase: "forward" | "backward") => void} onPhase
 */
export function build(root, data, onPhase) {
  const sides = Object.entries(views(data)).map(([name, blocks]) => {
    const phase = /** @type {"forward" | "backward"} */ (name);
    const button = el("button", phase, { type: "button" }, text(phase));
    button.onclick = () => onPhase(phase);
    const details = codeBlock(data.code[phase]);
    const made = blocks.map((block) => make(block, data));
    const section = el("section", "", { "data-aspect": "phase", "data-values": phase }, ...made, details);
    const rows = all(section, ".row").map((row) => ({
      numbers: row.dataset.numbers ?? "",
      gate: row.classList.contains("gate"),
      cells: all(row, ".cell"),
    }));
    return { phase, button, section, details, rows };
  });
  for (const { details } of sides) {
    details.ontoggle = () => {
      for (const side of sides) side.details.open = details.open;
    };
  }
  const tip = el("div", "tip", { hidden: "" });
  const buttons = sides.map(({ button }) => button);
  const sections = sides.map(({ section }) => section);
  root.replaceChildren(el("div", "switch", {}, ...buttons), el("div", "choice", {}, ...sections), tip);
  return {
    sides,
    tip,
    buttons,
    slots: all(root, "[data-slot]"),
    scripts: all(root, "[data-shift]"),
    choices: all(root, "[data-aspect]"),
    units: /** @type {HTMLInputElement[]} */ (all(root, ".unit")),
    bars: all(root, ".bar"),
    lines: all(root, "[data-line]"),
  };
}
