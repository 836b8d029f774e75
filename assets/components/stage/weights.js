// The weights on the stage: each matrix once, as a map beside the steps that share it. Pointing at one lights every arrow
// that uses it; pointing at an entry tells its value, its gradient and what it multiplied at the step that is shown.

import { stepOf } from "../inspector/factors.js";
import { clamp, decode, el, finite, gradientLabel, printed, text, threeDigits } from "../shared.js";
import { exact, isJudged } from "./plan.js";

/**
 * @import { Stage } from "./stage.js"
 * @import { StageData } from "./plan.js"
 * @import { Errors } from "../errors.js"
 * @import { Rows } from "../inspector/factors.js"
 * @typedef {object} Weight
 * @property {string} name Waa @property {string} label encoder.Waa @property {string} group of the steps that use it
 * @property {string} home its group in a file of weights
 * @property {Float32Array} values row by row @property {number} rows @property {number} columns
 * @property {number} blocks the gates of a cell, each n_a × n_a, one on the other
 * @property {(number | null)[]} ids which column of Wax, or which row of Wya, this is
 * @property {number} scale the largest |value|
 */

/**
 * One weight as a file of weights names it: rows and columns from 0, of Wax a word's column, of Wya an answer's row
 * @typedef {{ group: string, name: string, row: number, column: number }} Entry
 */

/** Every matrix that takes part, of each group @param {StageData} data @returns {Weight[]} */
export function weightsOf({ dock, reverse, n_a, weights }) {
  const groups = Object.entries({ ...dock.weights, ...reverse?.weights }).flatMap(
    ([group, { Waa, ba, Wax, columns }]) => {
      const label = (/** @type {string} */ name) => (group === "rnn" ? name : `${group}.${name}`);
      const [W, b, X] = [Waa, ba, Wax].map(decode);
      const rows = b.length;
      const turned = new Float32Array(X.length); // the dock has Wax column by column
      columns.forEach((_, j) => {
        for (let i = 0; i < rows; i++) turned[i * columns.length + j] = X[j * rows + i];
      });
      const stack = { group, home: group, rows, blocks: rows / n_a };
      return [
        matrix({ ...stack, name: "Wax", label: label("Wax"), values: turned, columns: columns.length, ids: columns }),
        matrix({ ...stack, name: "Waa", label: label("Waa"), values: W, columns: n_a, ids: [] }),
        matrix({ ...stack, name: "ba", label: label("ba"), values: b, columns: 1, ids: [] }),
      ];
    },
  );
  const classes = Object.keys(dock.classes).map(Number);
  const others = Object.entries(weights).map(([label, { values, rows, columns }]) => {
    const [name, group = ""] = label.split(".").reverse();
    const home = group || (name === "Wyc" ? "attention" : "readout");
    const shape = { rows, columns, blocks: 1, ids: classes };
    return matrix({ name, label, group, home, values: decode(values), ...shape });
  });
  return [...groups, ...others];
}

/** @param {Omit<Weight, "scale">} weight @returns {Weight} */
function matrix(weight) {
  return { ...weight, scale: largest(weight.values) };
}

/** The largest |value| of those that are finite; 1 where all are 0 @param {Iterable<number>} values */
export function largest(values) {
  let most = 0;
  for (const v of values) if (Number.isFinite(v)) most = Math.max(most, Math.abs(v));
  return most || 1;
}

// ---------------------------------------------------------------- the maps

/**
 * How a matrix lies in its map: the gates of a stack two beside two, so that each stays a square.
 * @param {Pick<Weight, "name" | "rows" | "columns" | "blocks">} weight
 */
function grid({ name, rows, columns, blocks }) {
  const across = name === "Waa" && blocks > 1 ? 2 : 1;
  const tall = rows / (across > 1 ? blocks : 1);
  return { across, tall, width: columns * across, height: tall * Math.ceil((across > 1 ? blocks : 1) / across) };
}

/** Row and column of a point of the map, both from 0 to 1; null: nothing is there @param {Weight} weight @param {number} x @param {number} y */
export function entryAt(weight, x, y) {
  const { across, tall, width, height } = grid(weight);
  const [i, j] = [clamp(Math.floor(y * height), 0, height - 1), clamp(Math.floor(x * width), 0, width - 1)];
  const block = Math.floor(i / tall) * across + Math.floor(j / weight.columns);
  const row = (across > 1 ? block * tall : 0) + (i % tall);
  return row < weight.rows ? { row, column: j % weight.columns } : null;
}

/** Where an entry lies in its map, in parts of its width and height @param {Weight} weight @param {number} row @param {number} column */
export function placeOf(weight, row, column) {
  const { across, tall, width, height } = grid(weight);
  const block = across > 1 ? Math.floor(row / tall) : 0;
  const [i, j] = [Math.floor(block / across) * tall + (row % tall), (block % across) * weight.columns + column];
  return { left: j / width, top: i / height, width: 1 / width, height: 1 / height };
}

/**
 * The entry beside another one in its map, or that one at the edge
 * @param {Weight} weight @param {At} from @param {number} right @param {number} down
 */
export function neighbour(weight, from, right, down) {
  const { left, top, width, height } = placeOf(weight, from.row, from.column);
  const [x, y] = [left + (right + 0.5) * width, top + (down + 0.5) * height];
  return (x > 0 && x < 1 && y > 0 && y < 1 && entryAt(weight, x, y)) || from;
}

/** @param {Weight} weight @param {At} at @returns {Entry} */
export const entryOf = ({ home, name, ids }, { row, column }) => ({
  ...{ group: home, name },
  row: ["Wya", "Wyc", "by"].includes(name) ? Number(ids[row]) : row,
  column: name === "Wax" ? Number(ids[column]) : column,
});

/** Where in its map an entry stands; null: it is not among those that take part @param {Weight} weight @param {Entry} entry @returns {At | null} */
export function foundIn(weight, entry) {
  if (weight.home !== entry.group || weight.name !== entry.name) return null;
  const isAnswer = ["Wya", "Wyc", "by"].includes(weight.name);
  const row = isAnswer ? weight.ids.indexOf(entry.row) : entry.row;
  const column = weight.name === "Wax" ? weight.ids.indexOf(entry.column) : entry.column;
  const isIn = row >= 0 && row < weight.rows && column >= 0 && column < weight.columns;
  return isIn ? { row, column } : null;
}

/** @param {Weight} weight */
export function makeMap({ name, label, group }) {
  const canvas = el("canvas");
  const [lit, entry, title] = [el("i", "lit"), el("i", "entry", { hidden: "" }), el("b")];
  const picked = el("i", "entry picked", { hidden: "" });
  const sheet = el("div", "sheet-of", {}, canvas, lit, picked, entry);
  const attributes = {
    "data-testid": `weights-${label}`,
    "data-name": name,
    "data-group": group,
    role: "application",
    tabindex: 0,
  };
  const root = el("div", `map of-${name}`, attributes, title, sheet);
  const painted = /** @type {{ values: Float32Array, scale: number, colour: Colour } | null} */ (null);
  return { root, canvas, sheet, lit, entry, picked, title, painted, at: { row: 0, column: 0 } };
}

/** @typedef {ReturnType<typeof makeMap> & { weight: Weight }} Map */
/** @typedef {Record<"violet" | "green" | "neutral", string>} Colour */

/**
 * Paints a map with its weights, unless it has these already: another sentence changes only the columns of Wax
 * @param {Map} map @param {Colour} colour
 */
export function paintWeights(map, colour) {
  const { canvas, weight, painted } = map;
  const { values, scale } = weight;
  const isSame = painted?.colour === colour && painted.scale === scale && painted.values.length === values.length;
  if (isSame && painted.values.every((v, i) => v === values[i])) return;
  paintMap(canvas, weight, values, scale, colour);
  map.painted = { values, scale, colour };
}

/**
 * Paints values of a matrix, blank where it is not finite; each entry at least one pixel of the screen, or the map is
 * scaled down as a picture.
 * @param {HTMLCanvasElement} canvas @param {Weight} weight @param {Float32Array} values @param {number} scale
 * @param {Colour} colour
 */
export function paintMap(canvas, weight, values, scale, colour) {
  const { width, height } = grid(weight);
  const size = clamp(Math.ceil(192 / Math.max(width, height)), 1, 16);
  const edge = size > 3 ? 1 : 0;
  Object.assign(canvas, { width: width * size, height: height * size });
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  pen.fillStyle = colour.neutral;
  pen.fillRect(0, 0, width * size, height * size);
  values.forEach((v, k) => {
    const place = placeOf(weight, Math.floor(k / weight.columns), k % weight.columns);
    pen.globalAlpha = clamp(Math.abs(v) / scale, 0, 1) || 0; // NaN draws nothing
    pen.fillStyle = v < 0 ? colour.violet : colour.green;
    pen.fillRect(
      Math.round(place.left * width) * size,
      Math.round(place.top * height) * size,
      size - edge,
      size - edge,
    );
  });
}

/** What a map says of itself: its name, its scale, and of how many columns these are the ones used @param {Weight} weight @param {StageData} data */
export function titleOf({ name, columns, group, scale }, { n_x }) {
  const size = gradientLabel(scale);
  const arrow = group === "reverse" ? "←" : "";
  if (name === "Wax") return arrow + text("map_columns", { columns, all: n_x[group], size });
  return text("map", { label: arrow + name, size });
}

// ---------------------------------------------------------------- one entry

/**
 * @typedef {{ row: number, column: number }} At of an entry, in its map
 * @typedef {{ data: StageData, rows: Rows, errors: Errors, t: number }} Now
 */

/** What is known of a matrix now: the second stream has steps of its own @param {Stage} stage @param {Weight} weight @returns {Now} */
export function nowOf({ data, rows, errors, t, second }, { group }) {
  if (group !== "reverse" || !second) return { data, rows, errors, t };
  return { data: second.data, rows: second.errors.rows, errors: second.errors, t: stepOf(second.data.dock, t) };
}

/**
 * Which weight it is, in words: units count from 1, a word by its place in the dictionary
 * @param {Entry} entry @param {Pick<Now, "data" | "rows">} now @param {string | null} [answer]
 */
export function entryPlace({ group, name, row, column }, { data, rows }, answer = data.dock.classes[row]?.name) {
  const { n_a, ids, unit: word } = data;
  const isRead = (/** @type {number | null} */ id, /** @type {number} */ i) =>
    id === column && (group === "reverse" || data.group[i] === group); // two dictionaries may be read
  const letter = rows.factors.letters[Math.floor(row / n_a)];
  const gate = letter ? text("gate_part", { gate: gateName(letter) }) : "";
  const [unit, from, read] = [(row % n_a) + 1, column + 1, data.read[ids.findIndex(isRead)]];
  switch (name) {
    case "Wax":
      return text(read ? "entry_Wax_read" : "entry_Wax", { unit, gate, word, id: column, read });
    case "Waa":
      return text("entry_Waa", { unit, gate, from });
    case "ba":
      return text("entry_ba", { unit, gate });
    case "by":
      return text("entry_by", { answer });
    default:
      return text("entry_W", { answer, from });
  }
}

/** What it multiplied at the step of now, and its gradient of the chosen error @param {Weight} weight @param {At} at @param {Now} now */
export function entryFacts(weight, { row, column }, { data, rows, errors, t }) {
  const met = metAt(weight, row, column, data, rows, t);
  const value = weight.values[row * weight.columns + column];
  const facts = finite(met)
    ? [text("entry_met", { t, value: exact(value), met: exact(met), product: threeDigits(met * value) })]
    : [];
  if (!isJudged(data)) return facts;
  const loss = errors.whose === "all" ? text("whose_all") : `ℒ⟨${errors.whose}⟩`;
  const gradient = printed(gradientLabel(gradientAt(weight, row, column, data, errors)));
  return [...facts, text("entry_gradient", { loss, gradient })];
}

/** The entry in words, with its value @param {Weight} weight @param {At} at @param {Now} now */
export function entryText(weight, at, now) {
  const value = threeDigits(weight.values[at.row * weight.columns + at.column]);
  const told = text("entry", { label: weight.label, place: entryPlace(entryOf(weight, at), now), value });
  return [told, ...entryFacts(weight, at, now)].join(" · ");
}

/** @param {string} letter */
const gateName = (letter) => (letter === "c" ? "c̃" : `Γ${letter}`);

/**
 * What an entry multiplies at step t; null where its matrix does not act
 * @param {Weight} weight @param {number} row @param {number} column @param {StageData} data @param {Rows} rows @param {number} t
 */
function metAt(
  { name, group, ids, rows: all, blocks },
  row,
  column,
  { dock, group: groups, silent, ids: words },
  { row: of },
  t,
) {
  const isHere = group ? groups[t - 1] === group : !silent[t - 1];
  if (!isHere) return null;
  if (name === "Wax") return words[t - 1] === null ? null : Number(words[t - 1] === ids[column]);
  if (name === "ba" || name === "by") return 1;
  if (name === "Wya") return of("a", t)[column];
  if (name === "Wyc") return of("context", t)[column];
  const isCandidate = dock.cell === "gru" && Math.floor(row / (all / blocks)) === blocks - 1;
  return of(isCandidate ? "kept" : "a_prev", t)[column];
}

/**
 * ∂ℒ/∂ of an entry, of the chosen error: what each step has stamped into it, added up
 * @param {Weight} weight @param {number} row @param {number} column @param {StageData} data @param {Errors} errors
 */
export function gradientAt(weight, row, column, data, errors) {
  const { name, group, ids, blocks } = weight;
  const { row: of, factors } = errors.rows;
  const n = weight.rows / blocks;
  const letter = factors.letters[Math.floor(row / n)];
  const delta = letter ? `delta_${letter}` : "delta";
  const d_logits = decode(data.d_logits);
  const isOfCell = name === "Wax" || name === "Waa" || name === "ba";
  const answers = data.silent.filter((silent) => !silent).length;
  const isTurned = data.dock.stream === "second"; // its first answer is the last
  let [sum, answer] = [0, -1];
  data.words.forEach((_, i) => {
    const t = i + 1;
    if (!data.silent[i]) answer += 1;
    if (group ? data.group[i] !== group : data.silent[i]) return;
    const met = metAt(weight, row, column, data, errors.rows, t) ?? 0;
    const isSent = errors.whose === "all" || errors.whose === t;
    const place = (isTurned ? answers - 1 - answer : answer) * ids.length + row;
    const error = isOfCell ? of(delta, t)[row % n] : isSent ? d_logits[place] : 0;
    if (met) sum += error * met;
  });
  return sum;
}
