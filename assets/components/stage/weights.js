// The weights that take part in an example: each matrix once, however many steps share it, and where each entry lies in its map.

import { clamp, decode } from "../shared.js";

/**
 * @import { StageData } from "./plan.js"
 * @typedef {object} Weight
 * @property {string} name Waa @property {string} label encoder.Waa @property {string} group of the steps that use it
 * @property {string} home its group in a file of weights
 * @property {Float32Array} values row by row @property {number} rows @property {number} columns
 * @property {number} blocks the gates of a cell, each n_a × n_a, one on the other
 * @property {(number | null)[]} ids which column of Wax, or which row of Wya, this is
 * @property {number} scale the largest |value|
 * @typedef {{ row: number, column: number }} At of an entry, in its map
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

/**
 * What was added to each entry of a weight; NaN where the weight after it does not tell: an answer, or a word, that only
 * the example before it showed
 * @param {Pick<Weight, "name" | "values" | "columns" | "ids">} before @param {Pick<Weight, "values" | "columns" | "ids">} after
 */
export function changeOf({ name, values, columns, ids }, after) {
  const found = ids.map((id) => after.ids.indexOf(id)); // where it stands there
  const place = (/** @type {number} */ i) => (ids.length ? found[i] : i);
  const isWord = name === "Wax";
  return values.map((v, k) => {
    const [i, j] = [Math.floor(k / columns), k % columns];
    const [row, column] = isWord ? [i, place(j)] : [place(i), j];
    return row < 0 || column < 0 ? NaN : after.values[row * after.columns + column] - v;
  });
}

// ---------------------------------------------------------------- where an entry lies

/**
 * How a matrix lies in its map: the gates of a stack two beside two, so that each stays a square.
 * @param {Pick<Weight, "name" | "rows" | "columns" | "blocks">} weight
 */
export function grid({ name, rows, columns, blocks }) {
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
