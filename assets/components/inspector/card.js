// The card of the dock: one step made before the eyes, forward and on the way back, beside the stage and in time with it.
// closing.js has the figures, made.js says which rows there are.

import { errorsOf } from "../errors.js";
import { clamp, el, finite, setText, svg, text } from "../shared.js";
import { closedProduct, closedSum, closedSumFor, joined, scaleOf } from "./closing.js";
import { shade } from "./elements.js";
import { labelAt, ownStep, stepOf } from "./factors.js";
import { classAt, facts, looks } from "./facts.js";
import { directionNote, hop } from "./hop.js";
import { directionsScale, makeDirections, showDirections } from "./hop_picture.js";
import { ARRIVES, DELTAS, isThere, MADE, multiplied, SUMS, sumOfPhase } from "./made.js";
import { format } from "./numbers.js";
import { LETTERS, terms } from "./recipes.js";

/**
 * @import { Entry } from "../stage/weights.js"
 * @import { Example } from "./facts.js"
 * @import { InspectorData } from "./factors.js"
 * @import { Errors, Whose } from "../errors.js"
 * @import { MadeRow, Sum } from "./made.js"
 * @typedef {ReturnType<typeof makeCard>} Card
 * @typedef {{ t: number, phase: "forward" | "backward", sub: string, whose: Whose, unit: number }} Place
 */

const CURVE = { width: 240, height: 70, edge: 5 };
const ALL_DIGITS = 7;

/** @type {Record<string, (z: number) => number>} */
const SQUASH = { tanh: Math.tanh, ReLU: (z) => Math.max(0, z), σ: (z) => 1 / (1 + Math.exp(-z)) };

/** @param {ArrayLike<number>} row */
const length = (row) => Math.hypot(...Array.from(row));

/** The largest |value| of what is finite @param {ArrayLike<number>[]} rows */
const largest = (rows) => {
  let most = 0;
  for (const row of rows) for (const v of Array.from(row)) if (finite(v) && Math.abs(v) > most) most = Math.abs(v);
  return most;
};

// ---------------------------------------------------------------- what is shown of an example

/**
 * The scales of an example, one for all its steps: nothing is rescaled from step to step
 * @param {Example} example
 */
function forwardScales({ data, row }) {
  const steps = data.words.map((_, i) => i + 1);
  const of = (/** @type {string} */ kind) =>
    MADE[data.cell].filter(({ scale }) => scale === kind).map(({ name }) => name);
  const values = (/** @type {string} */ kind) => steps.flatMap((t) => of(kind).map((name) => row(name, t)));
  const state = data.cell === "relu" ? scaleOf(largest(values("state"))) : 1;
  return { sum: scaleOf(largest(values("sum"))), state, memory: scaleOf(largest(values("memory"))), gate: 1 };
}

/**
 * The scales of one error, and the stamps of all steps: δ⟨t⟩ and what it is multiplied with
 * @param {InspectorData} data @param {Errors} errors
 */
function backwardScales(data, errors) {
  const { row } = errors.rows;
  const steps = data.words.map((_, i) => i + 1);
  const names = ARRIVES[data.cell].filter(({ scale }) => scale === "error").map(({ name }) => name);
  const blocks = DELTAS[data.cell].map((delta, block) => {
    const made = steps.map((t) => largest([row(delta, t)]) * largest([row(multiplied(data.cell, block), t)]));
    const sums = [...new Set(data.group)].map((group) => stampsSoFar(data, errors, 1, block, group));
    return { stamp: scaleOf(Math.max(...made)), sum: scaleOf(largest(sums)) };
  });
  const error = scaleOf(largest(steps.flatMap((t) => names.map((name) => row(name, t)))));
  return { error, slope: 1, blocks, directions: directionsScale(data, errors) };
}

/**
 * ∂ℒ/∂Waa of the chosen error, as far as it has come: the sum of the stamps of a group's steps from t on
 * @param {InspectorData} data @param {Errors} errors @param {number} t @param {number} block @param {string} group
 */
export function stampsSoFar(data, { rows: { row } }, t, block, group) {
  const sum = new Float64Array(data.n_a ** 2);
  for (let s = data.words.length; s >= t; s--) {
    if (data.group[s - 1] !== group) continue;
    const [delta, before] = [row(DELTAS[data.cell][block], s), row(multiplied(data.cell, block), s)];
    for (let i = 0; i < data.n_a; i++) for (let j = 0; j < data.n_a; j++) sum[i * data.n_a + j] += delta[i] * before[j];
  }
  return sum;
}

// ---------------------------------------------------------------- figures

/**
 * The sum of one unit in figures that close, and with all digits
 * @param {Example["row"]} row @param {Sum} sum @param {number} t @param {number} unit
 */
export function figures(row, sum, t, unit) {
  const parts = terms(row, sum.terms, t, unit);
  const out = row(sum.out, t)[unit];
  const all = (/** @type {number} */ v) => format(v, ALL_DIGITS);
  if (parts.length === 1) {
    const made = closedProduct(parts[0], out);
    const exact = `${parts[0].map(all).join(" × ")} = ${all(out)}`;
    return { brief: made ? `${made.factors.join(" × ")} = ${made.result}` : exact, exact };
  }
  const products = parts.map((factors) => factors.reduce((product, v) => product * v));
  const end = sum.z ? row(sum.z, t)[unit] : out;
  const biases = sum.terms.split(" + ").flatMap((name, i) => (/^b(_|$)/.test(name) ? [i] : []));
  const squashed = (/** @type {number} */ z) => !sum.g || short(SQUASH[sum.g](z)) === short(out);
  const made = closedSumFor(products, end, biases, squashed); // a bias is the same at every step
  const [after, exactly] = sum.g ? [` → ${short(out)}`, ` → ${all(out)}`] : ["", ""];
  const exact = `${joined(products.map(all))} = ${all(end)}${exactly}`;
  return { brief: made ? `${joined(made.terms)} = ${made.result}${after}` : exact, exact };
}

/** A state or a gate in two decimals; what these cannot tell, in three digits @param {number} v */
function short(v) {
  const size = Math.abs(v);
  return finite(v) && size >= 0.01 && size < 1000 ? v.toFixed(2).replace("-", "−") : format(v);
}

/**
 * All products w · a of one unit, one by one, and their sum
 * @param {Example} example @param {Sum} sum @param {number} t @param {number} unit
 */
export function products({ data, row, factors }, { block = 0 }, t, unit) {
  const { n_a } = data;
  const v = row(multiplied(data.cell, block), t);
  const start = (block * n_a + unit) * n_a;
  const w = factors.Waa(t).subarray(start, start + n_a);
  const each = Array.from(w, (weight, j) => weight * v[j]);
  const made = closedSum(
    each,
    each.reduce((all, p) => all + p, 0),
  );
  return {
    lines: each.map((p, j) => ({
      from: j + 1,
      w: format(w[j]),
      a: format(v[j]),
      product: made?.terms[j] ?? format(p),
    })),
    sum: made?.result ?? "–",
  };
}

// ---------------------------------------------------------------- elements

/** A strip of n_a cells, its name on the left and its scale on the right @param {MadeRow} row @param {number} n_a */
function makeRow(row, n_a) {
  const cells = Array.from({ length: n_a }, () => el("i"));
  const [title, size] = [el("b"), el("small")];
  const attributes = { "data-testid": "made", "data-name": row.name, title: text(row.note) };
  const root = el("div", "made", attributes, title, el("div", "strip", {}, ...cells), size);
  if (row.sum) Object.assign(root, { tabIndex: 0, role: "button" });
  return { ...row, root, title, size, cells };
}

function makeCurve() {
  const { width, height } = CURVE;
  const axes = svg("path", { class: "axes", d: `M0 ${height / 2}H${width}M${width / 2} 0V${height}` });
  const [path, dots] = [svg("path", { class: "path" }), svg("g")];
  const note = el("small");
  const picture = svg("svg", { viewBox: `0 0 ${width} ${height}`, "aria-hidden": "true" }, axes, path, dots);
  return { root: el("div", "curve", {}, picture, note), axes, path, dots, note };
}

/** @param {string} name */
function makeGrid(name) {
  const [canvas, caption] = [el("canvas"), el("figcaption")];
  return { root: el("figure", "grid", { "data-testid": name }, canvas, caption), canvas, caption };
}

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

/** An error, and the scales of all that it does @param {InspectorData} data @param {Whose} whose */
function sent(data, whose) {
  const errors = errorsOf(data, whose);
  return { errors, scales: backwardScales(data, errors) };
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

// ---------------------------------------------------------------- showing a step

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

/** @param {Card} card @param {Example} example @param {Place} place */
function showForward({ built, scales, chosen: asked, opened }, example, { t, sub, unit }) {
  const { data, row } = example;
  const chosen = asked ?? sumOfPhase(data.cell, sub);
  const sum = SUMS[data.cell][chosen];
  setText(built.title, labelAt(text("made_title"), t, data));
  setText(built.scale, text("scales"));
  setText(built.equation, labelAt(text(`equation_${data.cell}`), t, data));
  for (const made of built.forward) {
    const there = isThere("forward", made.sub, sub);
    const scale = scales[/** @type {"sum"} */ (made.scale)];
    const isNothing = made.sub === "look-up" && data.words[t - 1] === null;
    paintRow(made, there ? row(made.name, t) : null, scale, unit);
    setText(made.title, labelAt(made.label, t, data));
    setText(made.size, isNothing ? text("reads_nothing") : made.scale === "gate" ? "0 … 1" : `±${format(scale, 2)}`);
    made.root.classList.toggle("chosen", made.sum === chosen);
  }
  const own = built.forward.find(({ name }) => name === sum.out)?.sub ?? "squash";
  const isMade = isThere("forward", own, sub);
  const curve = sum.z ? sum : SUMS[data.cell].c_tilde;
  showCurve(built.curve, curve, row, scales.sum, t, unit, isThere("forward", sum.z ? own : "squash", sub));
  const { brief, exact } = figures(row, sum, t, unit);
  const named = { unit: unit + 1, sum: brief };
  setText(built.figure, isMade ? text("figure", named) : text("figure_open", named));
  Object.assign(built.figure, { title: isMade ? `${labelAt(sum.formula, t, data)}: ${exact}` : "" });
  built.products.hidden = !opened || !isMade || !sum.z;
  if (!built.products.hidden) showProducts(built.products, example, sum, t, unit);
  setText(built.answer, answerText(example, t, sub));
}

/**
 * One strip; null: not computed yet
 * @param {ReturnType<typeof makeRow>} made @param {Float64Array | null} values @param {number} scale @param {number} unit
 */
function paintRow({ root, cells, scale: kind }, values, scale, unit) {
  root.dataset.state = values ? "there" : "empty";
  const isShare = kind === "gate" || kind === "slope";
  cells.forEach((cell, i) => {
    const v = values ? values[i] : 0;
    const strength = finite(v) ? clamp(v / scale, -1, 1) : 0;
    const classes = `${shade(isShare, strength)}${i === unit ? " chosen" : ""}`;
    if (cell.className !== classes) cell.className = classes;
  });
}

/**
 * The squash: z to the right, what it becomes upwards, one dot a unit
 * @param {ReturnType<typeof makeCurve>} curve @param {Sum} sum @param {Example["row"]} row @param {number} scale
 * @param {number} t @param {number} unit @param {boolean} isThere
 */
function showCurve({ path, dots, note }, { g = "tanh", z = "z" }, row, scale, t, unit, isThere) {
  const { width, height, edge } = CURVE;
  const range = Math.max(scale, 2);
  const [low, high] = g === "σ" ? [0, 1] : g === "ReLU" ? [-range, range] : [-1, 1];
  const x = (/** @type {number} */ v) => clamp(width / 2 + (v / range) * (width / 2 - edge), edge, width - edge);
  const y = (/** @type {number} */ v) =>
    height - edge - ((clamp(v, low, high) - low) / (high - low)) * (height - 2 * edge);
  const points = Array.from({ length: 61 }, (_, i) => (i / 30 - 1) * range);
  const line = points.map((v) => `${x(v).toFixed(1)} ${y(SQUASH[g](v)).toFixed(1)}`).join("L");
  if (path.getAttribute("d") !== `M${line}`) path.setAttribute("d", `M${line}`);
  const values = isThere ? [...row(z, t)].filter(finite) : [];
  while (dots.childElementCount > values.length) dots.lastElementChild?.remove();
  while (dots.childElementCount < values.length) dots.append(svg("circle"));
  values.forEach((v, i) => {
    const out = SQUASH[g](v);
    const place = {
      cx: x(v).toFixed(1),
      cy: y(out).toFixed(1),
      r: i === unit ? 5 : 3,
      class: i === unit ? "chosen" : "",
    };
    for (const [name, value] of Object.entries(place)) dots.children[i].setAttribute(name, String(value));
  });
  setText(note, text(`curve_${g === "σ" ? "gate" : g.toLowerCase()}`, { range: format(range, 2) }));
}

/**
 * @param {HTMLElement} root @param {Example} example @param {Sum} sum @param {number} t @param {number} unit
 */
function showProducts(root, example, sum, t, unit) {
  const { lines, sum: total } = products(example, sum, t, unit);
  const each = lines.map(({ from, w, a, product }) =>
    el("span", "", { "data-from": from - 1 }, text("product", { from, w, a, product })),
  );
  const past = labelAt(sum.formula.split(" + ")[0], t, example.data);
  const [n, one] = [lines.length, unit + 1];
  const head = text("products", { unit: one, n, past, total });
  root.replaceChildren(el("b", "", {}, head), ...each);
}

/** What is answered, and what it costs, as far as it has come @param {Example} example @param {number} t @param {string} sub */
function answerText(example, t, sub) {
  const { data, bounds } = example;
  if (!isThere("forward", data.attention ? "attend" : "predict", sub)) return "";
  if (!data.answers[t - 1]) return text("answers_nothing");
  const parts = [];
  if (data.attention) {
    const [most] = looks(example, t);
    parts.push(text("answer_look", { own: ownStep(data, t), s: most.s, alpha: most.alpha }));
  }
  const known = /** @type {Record<string, string>} */ (facts({ ...example, bounds }, t, 0));
  if (isThere("forward", "predict", sub)) {
    const first = classAt(data, t, 0);
    const softmax = { t: stepOf(data, t), n: data.n_y, answer: first?.name, share: first?.y_hat };
    parts.push(data.softmax ? text("answer_softmax", softmax) : text("answer_sigmoid", known));
  }
  if (known.loss && data.answers[t - 1]?.target !== null && isThere("forward", "compare", sub)) {
    const isNo = !data.softmax && data.answers[t - 1]?.target === 0;
    parts.push(text(isNo ? "answer_loss_no" : "answer_loss", known));
    if (known.in_sum) parts.push(text("answer_in_sum", known));
  }
  if (data.cell === "gru" || data.cell === "lstm") parts.push(text(`stacked_${data.cell}`));
  return parts.join(" ");
}

// ---------------------------------------------------------------- the way back

/** @param {Card} card @param {InspectorData} data @param {Place} place */
function showBackward(card, data, { t, sub, whose, unit }) {
  const { built, block, colour } = card;
  const { errors, scales } = card.errors.get(whose) ?? sent(data, whose);
  card.errors.set(whose, { errors, scales });
  const { row } = errors.rows;
  const loss = whose === "all" ? "ℒ" : `ℒ⟨${stepOf(data, whose)}⟩`;
  setText(built.title, text("back_title", { t: stepOf(data, t) }));
  setText(built.scale, text("scale_of", { size: format(scales.error, 2) }));
  setText(built.equation, errorText(data, whose, loss));
  for (const made of built.backward) {
    const there = isThere("backward", made.sub, sub);
    const isSlope = made.scale === "slope";
    const values = row(made.name, t);
    paintRow(made, there ? values : null, isSlope ? 1 : scales.error, unit);
    const isPastEnd = made.name.endsWith("_next") && t === data.words.length;
    setText(made.title, isPastEnd ? text("no_later") : labelAt(made.label, t, data).replace("ℒ", loss));
    setText(made.size, isSlope ? "0 … 1" : there ? text("row_length", { length: format(length(values)) }) : "");
  }
  for (const gate of built.gates) gate.setAttribute("aria-pressed", String(Number(gate.dataset.block) === block));
  const isStamped = isThere("backward", "stamp", sub);
  const [delta, before] = [row(DELTAS[data.cell][block], t), row(multiplied(data.cell, block), t)];
  const scale = scales.blocks[block];
  paintStamp(
    built.stamp.canvas,
    isStamped ? delta : null,
    before,
    { error: scales.error, ...scale, state: card.scales.state },
    colour,
  );
  const soFar = stampsSoFar(data, errors, isStamped ? t : t + 1, block, data.group[t - 1]);
  paintGrid(built.soFar.canvas, soFar, data.n_a, scale.sum, colour);
  const letter = LETTERS[data.cell][block];
  const W = letter ? `W${letter}${data.cell === "gru" ? "c" : "a"}` : "Waa";
  const met = multiplied(data.cell, block) === "kept" ? "Γr ⊙ a⟨t−1⟩" : "a⟨t−1⟩";
  setText(built.stamp.caption, labelAt(text("stamp_caption", { met, size: format(scale.stamp, 2) }), t, data));
  setText(built.soFar.caption, text("so_far_caption", { loss, W, size: format(scale.sum, 2) }));
  const isLast = t === 1 ? isStamped : isThere("backward", "travel", sub);
  const { figure, note } = isLast ? hop(data, errors, t) : { figure: "", note: "" };
  showFigure(built.hop, figure);
  showDirections(built.directions, data, errors, isLast ? t : null, scales.directions);
  const why = isLast ? directionNote(data, errors, t) : "";
  const streams = isThere("backward", "meet", sub) ? metText(row, t) : "";
  setText(built.others, [why, streams, note, isStamped ? othersText(data, errors, t) : ""].filter(Boolean).join(" "));
}

/** A product in figures: under each factor what it is @param {HTMLElement} root @param {string} figure */
function showFigure(root, figure) {
  if (root.textContent === figure) return;
  const parts = figure.split(/(\S+ \([^)]+\))/).map((part, i) => {
    const [value, name] = part.split(" ");
    return i % 2 ? el("span", "factor", {}, `${value} `, el("small", "", {}, name)) : part;
  });
  root.replaceChildren(...parts);
}

/** Whose error it is @param {InspectorData} data @param {Whose} whose @param {string} loss */
function errorText({ owners }, whose, loss) {
  const word = whose === "all" ? null : owners[whose - 1];
  if (whose === "all") return text("error_all");
  return word === null ? text("error_step", { loss }) : text("error_word", { loss, word });
}

/** That the two streams which meet here are added as arrows @param {Example["row"]} row @param {number} t */
function metText(row, t) {
  const [y, next, sum] = ["entered", "stream_next", "d_a"].map((name) => length(row(name, t)));
  return y > 0 && next > 0 ? text("arrows_add", { y: format(y), next: format(next), sum: format(sum) }) : "";
}

/** What the other weights get at this step @param {InspectorData} data @param {Errors} errors @param {number} t */
function othersText(data, { whose, part, length: lengths }, t) {
  if (!part[t - 1] || !(lengths[t - 1] > 0)) return "";
  const id = data.ids[t - 1];
  const own = data.answers[t - 1]?.target !== null && data.answers[t - 1] && (whose === "all" || whose === t);
  const first = id === null ? text("others_bias") : text("others_column", { id });
  return labelAt(own ? `${first} ${text("others_Wya")}` : first, t, data);
}

/**
 * δ (down) times the state before (across): the two factors, and every product of them
 * @param {HTMLCanvasElement} canvas @param {Float64Array | null} delta null: not yet @param {Float64Array} before
 * @param {{ error: number, stamp: number, state: number }} scales @param {Card["colour"]} colour
 */
function paintStamp(canvas, delta, before, { error, stamp, state }, colour) {
  const n = before.length;
  const pen = penOf(canvas, n + 2, colour);
  for (let j = 0; j < n; j++) pen(0, j + 2, before[j] / state);
  if (!delta) return;
  delta.forEach((d, i) => {
    pen(i + 2, 0, d / error);
    for (let j = 0; j < n; j++) pen(i + 2, j + 2, (d * before[j]) / stamp);
  });
}

/** @param {HTMLCanvasElement} canvas @param {Float64Array} values @param {number} n @param {number} scale @param {Card["colour"]} colour */
function paintGrid(canvas, values, n, scale, colour) {
  const pen = penOf(canvas, n, colour);
  for (let k = 0; k < values.length; k++) pen(Math.floor(k / n), k % n, values[k] / scale);
}

/** Clears a canvas of n × n entries; what is returned paints one of them @param {HTMLCanvasElement} canvas @param {number} n @param {Card["colour"]} colour */
function penOf(canvas, n, { negative, positive, plain }) {
  const size = Math.max(2, Math.floor(280 / n));
  const gap = size > 6 ? 1 : 0;
  Object.assign(canvas, { width: n * size, height: n * size });
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  return (/** @type {number} */ i, /** @type {number} */ j, /** @type {number} */ strength) => {
    const place = /** @type {const} */ ([j * size, i * size, size - gap, size - gap]);
    context.globalAlpha = 1;
    context.fillStyle = plain;
    context.fillRect(...place);
    context.globalAlpha = clamp(Math.abs(strength), 0, 1) || 0;
    context.fillStyle = strength < 0 ? negative : positive;
    context.fillRect(...place);
  };
}
