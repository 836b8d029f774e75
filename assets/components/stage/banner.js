// The running line: the one place that says where we are and what happens there, with the numbers of this moment.

import { closedProduct } from "../inspector/closing.js";
import { plainFactors } from "../inspector/hop.js";
import { asWord, factorLabel, gradientLabel, lengthLabel, text, threeDigits } from "../shared.js";
import { lastStep } from "./phases.js";
import { isJudged } from "./plan.js";

/**
 * @import { StageData, Whose } from "./plan.js"
 * @import { Rows } from "../inspector/factors.js"
 * @import { Errors } from "../errors.js"
 * @import { Sub } from "./phases.js"
 */

/** @param {ArrayLike<number>} row */
const length = (row) => threeDigits(Math.hypot(...Array.from(row)));

/** @param {ArrayLike<number>} row */
const mean = (row) => threeDigits(Array.from(row).reduce((sum, v) => sum + v, 0) / row.length);

/** @param {ArrayLike<number>} row */
const range = (row) => ({
  low: threeDigits(Math.min(...Array.from(row))),
  high: threeDigits(Math.max(...Array.from(row))),
});

/** Step t by name @param {StageData} data @param {number} t */
const named = ({ words }, t) =>
  words[t - 1] === null ? text("step_t", { t }) : text("step_word_name", { t, word: words[t - 1] });

/** The loss so far, of the steps up to t: the sum of what is written there @param {StageData} data @param {number} t */
function soFar({ loss_said: losses }, t) {
  const written = losses.slice(0, t).filter((one) => one !== null);
  const sum = written.reduce((all, one) => all + Number(one), 0);
  return Number.isFinite(sum) && sum < 100 ? sum.toFixed(written[0]?.split(".")[1]?.length) : gradientLabel(sum);
}

// ---------------------------------------------------------------- forward

/**
 * One line a phase
 * @param {StageData} data @param {Rows} rows @param {number} t @param {Sub} sub
 */
export function forwardLine(data, rows, t, sub) {
  const { row } = rows;
  const { dock, ids, n_x, group, said: answers, sure, measure, labels, loss_said: losses, looks } = data;
  const [i, before, cell] = [t - 1, t - 1, dock.cell];
  const at = named(data, t);
  const answer = [answers[i], sure?.[i]].filter(Boolean).join(" ");
  switch (sub) {
    case "word":
      return text("line_word", { at, id: ids[i], n: n_x[group[i]], unit: data.unit, read: data.read[i] });
    case "look-up":
      return text("line_look_up", { at, id: ids[i], read: data.read[i], size: length(row("x", t)) });
    case "gates":
      return cell === "lstm"
        ? text("line_gates_lstm", { at, u: mean(row("u", t)), f: mean(row("f", t)), o: mean(row("o", t)) })
        : text("line_gates_gru", { at, u: mean(row("u", t)), r: mean(row("r", t)) });
    case "recur":
      if (cell === "gru") return text("line_recur_gru", { at, before, share: mean(row("r", t)) });
      if (cell === "lstm") return text("line_recur_lstm", { at, before });
      return text(data.words[i] === null ? "line_recur_alone" : "line_recur", {
        at,
        t,
        before,
        size: length(row("past", t)),
      });
    case "squash":
      if (cell === "gru" || cell === "lstm") return text("line_squash_gated", { at, t, ...range(row("c_tilde", t)) });
      return text(`line_squash_${cell}`, { at, t, ...range(row("z", t)) });
    case "write":
      return cell === "gru"
        ? text("line_write_gru", { at, t, before, written: mean(row("u", t)) })
        : text("line_write_lstm", { at, t, before, kept: mean(row("f", t)) });
    case "attend":
      return text("line_attend", { at, look: looks?.[i] ?? "" });
    case "predict":
      return text("line_predict", { at, t, measure, answer });
    default:
      return text("line_compare", { at, label: labels[i], loss: losses[i], sum: soFar(data, t) });
  }
}

/**
 * One line a word
 * @param {StageData} data @param {number} t @param {boolean} isAhead does it stand before the answer is there?
 */
export function wordLine(data, t, isAhead) {
  const { words, ids, said: answers, sure, measure, labels, loss_said: losses, dock } = data;
  const i = t - 1;
  const at = named(data, t);
  const how = text(words[i] === null ? "read_nothing" : t === 1 ? "read_first" : "read", { id: ids[i], before: t - 1 });
  const made = text(`made_${dock.cell}`, { t });
  const answer = [answers[i], sure?.[i]].filter(Boolean).join(" ");
  if (answers[i] === null) return text("word_silent", { at, how, made });
  if (isAhead && labels[i] === null) return text("word_ahead", { at, how, made, measure });
  if (isAhead) return text("word_ahead_loss", { at, how, made, measure, sum: soFar(data, i) });
  if (labels[i] === null) return text("word_answer", { at, how, made, measure, answer });
  return text("word_loss", { at, how, made, measure, answer, label: labels[i], loss: losses[i] });
}

/** At rest: all is there @param {StageData} data @param {boolean} isUpdated is it known what was there before an update? */
export function restLine(data, isUpdated) {
  if (!isJudged(data)) return text("line_rest_unjudged");
  return text(isUpdated ? "line_rest_updated" : "line_rest", { total: threeDigits(data.total) });
}

// ---------------------------------------------------------------- backward

/** Whose error it is, in words @param {StageData} data @param {Whose} whose */
export function whoseName({ owners }, whose) {
  if (whose === "all") return text("whose_sum");
  const word = owners[whose - 1];
  if (word === null) return text("whose_step", { t: whose });
  return text(asWord(word) === word ? "whose_word" : "whose_quoted", { word });
}

/** @param {Whose} whose @param {string} W */
const errorOf = (whose, W) => (whose === "all" ? `∂ℒ/∂${W}` : `∂ℒ⟨${whose}⟩/∂${W}`);

/**
 * One line a phase of the way back
 * @param {StageData} data @param {Errors} errors @param {number} t @param {Sub} sub
 */
export function backwardLine(data, errors, t, sub) {
  const { whose, length: lengths, from_y, from_next } = errors;
  const { row } = errors.rows;
  const [at, who, i, next] = [named(data, t), whoseName(data, whose), t - 1, t + 1];
  const gated = data.dock.cell === "gru" || data.dock.cell === "lstm";
  const comes = { y: lengthLabel(from_y[i]), next: lengthLabel(from_next[i]) };
  switch (sub) {
    case "arrive":
      if (from_next[i] > 0 && !(from_y[i] > 0)) {
        const later = whose === "all" ? text("whose_later") : who;
        return text("back_arrive_next", { at, who: later, next, size: comes.next });
      }
      if (data.silent[i] && data.attention) return text("back_arrive_attention", { at, who, size: comes.y });
      return text("back_arrive_y", { at, who: whoseName(data, t), t, size: comes.y }); // its own alone
    case "meet":
      return text("back_meet", { at, after: next, ...comes, size: lengthLabel(lengths[i]) });
    case "slope":
      if (gated) return text("back_slope_gated", { at, size: lengthLabel(lengths[i]) });
      return text(`back_slope_${data.dock.cell}`, {
        ...{ at, t, size: lengthLabel(lengths[i]) },
        delta: lengthLabel(Math.hypot(...row("delta", t))),
      });
    case "stamp":
      return text(gated ? "back_stamp_gated" : "back_stamp", { at, t, before: t - 1, W: errorOf(whose, "Waa") });
    default:
      return text("back_travel", { at, hop: hopText(errors, t - 1) });
  }
}

/** The hop to step t in words: it grew, or shrank, and by which two parts @param {Errors} errors @param {number} t */
function hopText(errors, t) {
  const [by, made] = [errors.factor[t - 1], errors.parts[t - 1]];
  if (by === null || !made) return text("sent_nothing", { before: t });
  const grew = text(by > 1 ? "sent_grew" : "sent_shrank", { before: t, factor: factorLabel(by) });
  if (!("slope" in made))
    return text("sent_gated", { grew, memory: factorLabel(made.memory), gates: factorLabel(made.gates) });
  const [, slope, Waa] = plainFactors(errors, t + 1)?.factors ?? ["", "–", "–"]; // as in the card
  return text("sent_plain", { grew, slope, Waa });
}

/** One line a step of the way back @param {StageData} data @param {Errors} errors @param {number} t */
export function backwardWordLine(data, errors, t) {
  const { whose, length: lengths, factor, from_y, from_next } = errors;
  const [at, who, size] = [named(data, t), whoseName(data, whose), lengthLabel(lengths[t - 1])];
  const by = factor[t - 1];
  if (isApart(data, errors, t)) return noPart(data, errors, t);
  if (whose === "all") return text("back_word_all", { at, size });
  if (by === null) return text(t === whose ? "back_word_first" : "back_word_still", { at, who, size });
  const sent = from_next[t - 1];
  const [from, times] = closedProduct([lengths[t], by], sent, [0, 1], lengthLabel)?.factors ?? ["–", "–"];
  const hop = text(by > 1 ? "hop_grew" : "hop_shrank", { at, who, from, by: times, sent: lengthLabel(sent) });
  if (from_y[t - 1] > 0) return text("back_word_meets", { hop, size });
  if (t === 1) return text("back_word_end", { hop });
  const gated = data.dock.cell === "gru" || data.dock.cell === "lstm";
  return text(gated ? "back_word_gated" : "back_word", { hop, t, before: t - 1, W: errorOf(whose, "Waa") });
}

/** At rest on the way back @param {StageData} data @param {Errors} errors @param {number} t */
export function backwardRestLine(data, errors, t) {
  const { whose, length: lengths } = errors;
  if (isApart(data, errors, t)) return noPart(data, errors, t);
  const [who, at, size] = [whoseName(data, whose), named(data, t), lengthLabel(lengths[t - 1])];
  if (whose === "all") return text("back_rest_all", { at, size });
  if (whose === t) return text("back_rest_first", { who, at, size });
  return text("back_rest", { who, at, size, first: lengthLabel(lengths[whose - 1]) });
}

/** Does this error not come by here, in neither direction? @param {StageData} data @param {Errors} errors @param {number} t */
const isApart = ({ reverse }, { part }, t) => !part[t - 1] && !reverse;

/** @param {StageData} data @param {Errors} errors @param {number} t */
const noPart = (data, errors, t) =>
  text("back_no_part", { at: named(data, t), who: whoseName(data, errors.whose), from: lastStep(data, errors.whose) });

// ---------------------------------------------------------------- an update

/** What it has done, in the way that is shown, until the reader goes on @param {StageData} data the new numbers */
export function doneLine({ update, total, owners, loss_said: losses }) {
  if (!update) return "";
  const { total: before, most_changed: t, loss_said: old } = update;
  const word = asWord(owners[t - 1] ?? text("step_t", { t }));
  const values = { before: threeDigits(before), after: threeDigits(total), word, was: old[t - 1], now: losses[t - 1] };
  return text("update_done", values);
}

/** What an update does, in four lines @param {StageData} data the new numbers @param {Sub} sub
 * @param {string} finer than the scale of Waa is that of what is added to it; "" where nothing is */
export function updateLine({ update, total, owners }, sub, finer) {
  if (!update) return "";
  const { norm, clipped, rate, size, most_changed: most, loss_said: losses } = update;
  switch (sub) {
    case "sweep":
      return text(size > 1 ? "update_sweep_first" : "update_sweep", { size });
    case "clip":
      if (norm === null || clipped === null || clipped >= norm)
        return text("update_no_clip", { norm: threeDigits(norm) });
      return text("update_clip", { norm: threeDigits(norm), clipped: threeDigits(clipped) });
    case "move":
      if (update.edited) return text("update_edit");
      return text(`${size > 1 ? "update_move_many" : "update_move"}${finer ? "" : "_still"}`, { rate, size, finer });
    default:
      return text("update_forward", {
        ...{ before: threeDigits(update.total), after: threeDigits(total), t: most },
        ...{ word: asWord(owners[most - 1] ?? text("step_t", { t: most })), was: losses[most - 1] },
      });
  }
}
