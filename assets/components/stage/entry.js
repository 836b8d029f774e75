// One weight in words: which it is, its value, what it multiplied at the step that is shown, and its gradient.

import { stepOf } from "../inspector/factors.js";
import { decode, finite, gradientLabel, printed, text, threeDigits } from "../shared.js";
import { exact, isJudged } from "./plan.js";
import { entryOf } from "./weights.js";

/**
 * @import { Errors } from "../errors.js"
 * @import { Rows } from "../inspector/factors.js"
 * @import { StageData } from "./plan.js"
 * @import { Stage } from "./stage.js"
 * @import { At, Entry, Weight } from "./weights.js"
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
function gradientAt(weight, row, column, data, errors) {
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
