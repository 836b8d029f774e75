// What is known of a step, as it is written: by a name of its own, as a line of a table, or as a sum with its numbers.

import { finite } from "../shared.js";
import { ownStep, rowsOf, stepOf } from "./factors.js";
import { closing, format, isRoundedOtherwise, probability, written } from "./numbers.js";
import { COMMON, RECIPES, terms } from "./recipes.js";
import { situation } from "./situation.js";

/**
 * @import { InspectorData } from "./factors.js"
 * @import { Rows } from "./factors.js"
 * @import { Row } from "./recipes.js"
 * @typedef {Rows & { data: InspectorData, bounds: { forward: number, backward: number } }} Example
 */

export const MOST_LOOKS = 4; // encoder steps that are told, those that are looked at most

/** The numbers of an example, and the value that gets the full colour on each side @param {InspectorData} data */
export function exampleOf(data) {
  const { row, factors } = rowsOf(data);
  const gradients = data.cell === "lstm" ? ["d_a", "d_c"] : ["d_a"];
  const entries = data.words.flatMap((_, i) => gradients.flatMap((name) => [...row(name, i + 1)]));
  const largest = entries.filter(finite).reduce((most, v) => Math.max(most, Math.abs(v)), 0);
  const bounds = { forward: data.scale > 0 ? data.scale : 1, backward: largest || 1 };
  return { data, row, factors, bounds };
}

/**
 * The style shortens what does not fit; a word of 100 kB should not even reach it. Array.from: never half an emoji.
 * @param {string | null | undefined} word
 */
const clip = (word) =>
  word && word.length > 40 ? `${Array.from(word.slice(0, 40)).slice(0, -1).join("")}…` : (word ?? "");

/** @param {ArrayLike<number>[]} rows */
const norm = (...rows) => format(Math.hypot(...rows.flatMap((row) => [...Array.from(row)])));

/**
 * Every fact about step t that has a name of its own, as it is written
 * @param {Example} example @param {number} t @param {number} unit @returns {Record<string, string | number>}
 */
export function facts({ data, row, bounds }, t, unit) {
  const i = t - 1;
  const memory = (/** @type {string} */ name) =>
    data.cell === "lstm" ? [row(name, t), row("memory_next", t)] : [row(name, t)];
  return {
    ...answerFacts(data, t),
    t: stepOf(data, t),
    own: ownStep(data, t),
    unit: unit + 1,
    next: stepOf(data, t + 1),
    id: data.ids[i] ?? "",
    n_y: data.n_y,
    word: clip(data.words[i]),
    previous: clip(data.words[i - 1]),
    bound: format(bounds.forward),
    largest: format(bounds.backward),
    share: format(data.shares[i]),
    total: format(data.weights[data.group[i]].total),
    from_y: norm(row("stream_y", t)),
    from_look: data.attention ? norm(row("stream_look", t)) : "",
    from_attention: data.attention && data.answers[i] === null ? norm(row("stream_attention", t)) : "",
    from_next: norm(...memory("stream_next")),
    grad: norm(...memory("d_a")),
    gates: norm(row("stream_next", t)),
    ...PATHS[data.cell]?.(row, t),
  };
}

/** What gets through along the direct path @type {Record<string, (row: Row, t: number) => Record<string, string>>} */
const PATHS = {
  gru: (row, t) => ({ direct: norm(row("1-u·d_a", t)) }),
  lstm: (row, t) => ({
    direct: norm(row("f·d_c", t)),
    memory: norm(row("memory_next", t)),
    memory_sum: norm(row("d_c", t)),
  }),
};

/**
 * Of a sigmoid its one number, of a softmax that of the right answer
 * @param {InspectorData} data @param {number} t @returns {Record<string, string>}
 */
function answerFacts(data, t) {
  const answer = data.answers[t - 1];
  if (!answer) return {};
  const p = shareOf(data, t, data.softmax ? answer.shown.indexOf(answer.target ?? -1) : 0);
  const isOfRest = !data.softmax && answer.target === 0;
  return {
    logit: format(answer.logits[0]),
    y_hat: answer.target === null ? p.written : closing(p.written, p.value, p.rest, answer.loss, isOfRest),
    error: format(answer.target ? -p.rest : p.value),
    loss: format(answer.loss),
    in_sum: isRoundedOtherwise(answer.loss, answer.in_sum) ? answer.in_sum : "",
    label: clip(answer.label),
    class: clip(data.classes[answer.shown[0]].name),
  };
}

/**
 * ŷ of one of the classes that are shown, what is left to 1, and how it is written
 * @param {InspectorData} data @param {number} t @param {number} k
 */
function shareOf({ softmax, answers }, t, k) {
  const answer = answers[t - 1];
  const z = answer?.logits[k];
  if (!answer || !finite(z)) return { value: Number.NaN, rest: Number.NaN, written: "–" };
  if (!softmax) {
    const [value, rest] = [1 / (1 + Math.exp(-z)), 1 / (1 + Math.exp(z))];
    return { value, rest, written: probability(value, rest, z) };
  }
  const log = z - (answer.log_sum ?? Number.NaN);
  const [value, rest] = [Math.exp(log), -Math.expm1(log)];
  return { value, rest, written: rest === 0 ? "1" : probability(value, rest, log) };
}

/**
 * One class of those that are shown at step t; null: there are not so many
 * @param {InspectorData} data @param {number} t @param {number} k
 */
export function classAt(data, t, k) {
  const answer = data.answers[t - 1];
  const id = answer?.shown[k];
  if (!answer || id === undefined) return null;
  const { value, rest, written } = shareOf(data, t, k);
  const y = answer.target === id ? 1 : 0;
  return {
    name: clip(data.classes[id].name),
    from_a: format(answer.from_a[k]),
    from_more: format(answer.from_more[k]),
    by: format(data.classes[id].by),
    z: format(answer.logits[k]),
    y_hat: written,
    y: answer.target === null ? "–" : String(y),
    error: format(y ? -rest : value),
    share: value,
    isRight: answer.target === id,
  };
}

/**
 * The encoder steps that decoder step t looks at most, that most of all first
 * @param {Pick<Example, "data" | "row">} example @param {number} t
 */
export function looks({ data, row }, t) {
  const [alpha, score, d_alpha, d_score] = ["alpha", "score", "d_alpha", "d_score"].map((name) => row(name, t));
  const order = [...alpha.keys()].sort((a, b) => alpha[b] - alpha[a]).slice(0, MOST_LOOKS);
  return order.map((i) => ({
    name: clip(data.words[i]),
    s: String(i + 1),
    score: format(score[i]),
    alpha: format(alpha[i]),
    d_alpha: format(d_alpha[i]),
    d_score: format(d_score[i]),
    share: alpha[i],
    isRight: false,
  }));
}

/** @type {Record<string, string[]>} */
const ARRIVING = {
  both: ["stream_y", "stream_next"],
  last: ["stream_y", "stream_next"],
  next: ["stream_next"],
  look: ["stream_y", "stream_look", "stream_next"],
  look_last: ["stream_y", "stream_look"],
  attention: ["stream_attention", "stream_next"],
};

/**
 * A row as the sum that it is made of, with the numbers of one unit
 * @param {Pick<Example, "data" | "row">} example @param {string} name @param {number} t @param {number} unit
 */
function sumOf({ data, row }, name, t, unit) {
  const recipe = { ...COMMON, ...RECIPES[data.cell] }[name];
  if (typeof recipe === "string") return written(terms(row, recipe, t, unit));
  if (name === "context") {
    const most = looks({ data, row }, t);
    const sum = written(most.map(({ s, share }) => [share, row("a", Number(s))[unit]]));
    return row("alpha", t).length > most.length ? `${sum} + …` : sum;
  }
  const streams = ARRIVING[situation(data, t).streams];
  return streams ? written(terms(row, streams.join(" + "), t, unit)) : "0";
}

/**
 * What stands in a slot: a line of a table, a sum, or one entry of a row. What has a name of its own comes from `facts`.
 * @param {Example} example @param {string} slot @param {number} t @param {number} unit @returns {string}
 */
export function told(example, slot, t, unit) {
  const [kind, name, field] = slot.split(" ");
  if (kind === "sum") return sumOf(example, name, t, unit);
  if (kind === "classes") return classAt(example.data, t, Number(name))?.[/** @type {"name"} */ (field)] ?? "";
  if (kind === "looks") return looks(example, t)[Number(name)]?.[/** @type {"name"} */ (field)] ?? "";
  return format(example.row(slot, t)[unit]);
}
