// A hop of an error, from step t to the one before: what it did to the length, and why it did just that. A matrix has no
// factor of its own: what Waaᵀ does to a δ depends on the direction of δ.

import { decode, factorLabel, lengthLabel, text } from "../shared.js";
import { closedProduct } from "./closing.js";
import { labelAt } from "./factors.js";
import { format } from "./numbers.js";
import { dot, singular } from "./singular.js";

/**
 * @import { Errors } from "../errors.js"
 * @import { InspectorData } from "./factors.js"
 * @import { Row } from "./recipes.js"
 * @typedef {{ by: number, share: number }} Direction by what the hop multiplies it, and how much of the error lies along
 * it: of the square of its length, so that all shares add up to 1
 * @typedef {{ by: number, least: number, most: number, each: Direction[] }} Directions by: what they do together
 */

const ALIKE = 0.01; // directions that differ by less are not told apart
const SLACK = 1e-6; // the factors are float32

/** The three factors of a hop as they are printed: the length that arrives, slope and Waaᵀ @param {Errors} errors @param {number} t */
export function plainFactors({ length, from_next, parts }, t) {
  const made = parts[t - 2];
  if (!made || !("slope" in made)) return null;
  return closedProduct([length[t - 1], made.slope, made.Waa], from_next[t - 2], [0], lengthLabel); // lengths stand on the stage
}

/**
 * What a hop did to the length of an error, in figures that close, and what is to be said of them
 * @param {InspectorData} data @param {Errors} errors @param {number} t
 */
export function hop(data, errors, t) {
  const [arrived, made] = [errors.length[t - 1], errors.parts[t - 2]];
  if (!errors.part[t - 1] || !(arrived > 0)) return { figure: "", note: text("hop_none") };
  if (t === 1 || !made) return { figure: "", note: labelAt(text("hop_start"), 1, data) };
  const sent = errors.from_next[t - 2];
  if ("slope" in made) {
    const closed = plainFactors(errors, t);
    if (!closed) return { figure: "–", note: "" };
    const [size, slope, Waa] = closed.factors;
    const note = errors.whose === "all" ? "" : text("hop_mark", { factor: factorLabel(sent / arrived) });
    return { figure: text("hop_plain", { size, slope, Waa, sent: closed.result }), note };
  }
  const closed = closedProduct([arrived, sent / arrived], sent, [0], lengthLabel);
  if (!closed) return { figure: "–", note: "" };
  const [size, factor] = closed.factors;
  const parts = { memory: format(made.memory), gates: format(made.gates) };
  const note = text(data.cell === "gru" ? "hop_note_gru" : "hop_note_lstm", parts);
  return { figure: text("hop_gated", { size, factor, sent: closed.result }), note: labelAt(note, t, data) };
}

// ---------------------------------------------------------------- why it did that

/** Of every Waa that was asked for: it takes a few ms, so only once @type {WeakMap<object, ReturnType<typeof singular>>} */
const known = new WeakMap();

/** @param {InspectorData} data @param {number} t */
function directionsOfWaa({ weights, group, n_a }, t) {
  const own = weights[group[t - 1]];
  const found = known.get(own) ?? singular(decode(own.Waa), n_a);
  known.set(own, found);
  return found;
}

/** @type {(row: Row, t: number, data: InspectorData) => { by: number, part: number }[]} */
const throughWaa = (row, t, data) =>
  directionsOfWaa(data, t).map(({ stretch, along }) => ({ by: stretch, part: dot(along, row("delta", t)) }));

/** @type {(row: Row, t: number, error: string, gate: string) => { by: number, part: number }[]} */
const unitByUnit = (row, t, error, gate) => Array.from(row(gate, t), (by, unit) => ({ by, part: row(error, t)[unit] }));

/**
 * What travels, split into parts that each have a factor of their own: along the directions of Waaᵀ, or in a memory unit by unit
 * @type {Record<InspectorData["cell"], typeof throughWaa>}
 */
const SPLIT = {
  tanh: throughWaa,
  relu: throughWaa,
  gru: (row, t) => unitByUnit(row, t, "d_a", "1-u"),
  lstm: (row, t) => unitByUnit(row, t, "d_c", "f"),
};

/**
 * What the hop from step t does in each direction; null: there is no hop, or nothing travels
 * @param {InspectorData} data @param {Errors} errors @param {number} t @returns {Directions | null}
 */
export function directionsOf(data, { rows: { row }, parts }, t) {
  if (!parts[t - 2]) return null;
  const split = SPLIT[data.cell](row, t, data);
  const square = split.reduce((sum, { part }) => sum + part ** 2, 0);
  if (!(square > 0) || !Number.isFinite(square)) return null;
  const each = split.map(({ by, part }) => ({ by, share: part ** 2 / square }));
  const factors = each.map(({ by }) => by);
  return {
    by: Math.sqrt(each.reduce((sum, { by, share }) => sum + share * by ** 2, 0)),
    least: Math.min(...factors),
    most: Math.max(...factors),
    each,
  };
}

/** @param {Directions} directions */
export const areAlike = ({ least, most }) => !(most - least > ALIKE * most);

/**
 * The two ends in three digits, rounded outwards: nothing that is printed lies beyond them.
 * @param {Directions} directions
 */
export function endsOf({ least, most }) {
  const outwards = (/** @type {number} */ v, /** @type {(v: number) => number} */ round) => {
    if (!(v > 0)) return format(0);
    const unit = 10 ** (Math.floor(Math.log10(v)) - 2);
    return format(round(v / unit) * unit);
  };
  return { least: outwards(least * (1 + SLACK), Math.floor), most: outwards(most * (1 - SLACK), Math.ceil) };
}

/**
 * By what Waaᵀ, or the memory, multiplied what went from step t, as it is printed
 * @param {Errors} errors @param {number} t @param {Directions} directions
 */
export const printed = (errors, t, { by }) => plainFactors(errors, t)?.factors[2] ?? format(by);

/**
 * Why the hop from step t grew or shrank just so, in words; beside the next hop, or the one before
 * @param {InspectorData} data @param {Errors} errors @param {number} t
 */
export function directionNote(data, errors, t) {
  const directions = directionsOf(data, errors, t);
  if (!directions) return "";
  const values = { ...endsOf(directions), by: printed(errors, t, directions) };
  const isGated = data.cell === "gru" || data.cell === "lstm";
  const how = isGated ? data.cell : areAlike(directions) ? "alike" : "plain";
  const own = labelAt(text(`direction_${how}`, values), t, data);
  if (how !== "plain") return own;
  const told = [t - 1, t + 1].flatMap((s) => {
    const there = data.group[s - 1] === data.group[t - 1] && directionsOf(data, errors, s);
    const by = there && printed(errors, s, there);
    return by && by !== values.by ? [labelAt(text("direction_other", { by }), s, data)] : [];
  });
  return [own, ...told.slice(0, 1)].join(" ");
}

/** The same in a sentence for a line that says by how much it was @param {InspectorData} data @param {Errors} errors @param {number} t */
export function directionLine(data, errors, t) {
  const directions = directionsOf(data, errors, t);
  if (!directions) return "";
  const gated = data.cell === "gru" || data.cell === "lstm";
  const how = gated
    ? `line_direction_${data.cell}`
    : areAlike(directions)
      ? "line_direction_alike"
      : directions.by > 1
        ? "line_direction_stretched"
        : "line_direction_shrunk";
  return labelAt(text(how, endsOf(directions)), t, data);
}
