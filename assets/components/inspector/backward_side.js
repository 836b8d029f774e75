// The card of a step on the way back: the streams that meet, the slope, the stamp, and the hop to the step before.

import { el, setText, text } from "../shared.js";
import { length, sent, stampsSoFar } from "./card.js";
import { labelAt, stepOf } from "./factors.js";
import { directionNote, hop } from "./hop.js";
import { showDirections } from "./hop_picture.js";
import { DELTAS, isThere, multiplied } from "./made.js";
import { format } from "./numbers.js";
import { LETTERS } from "./recipes.js";
import { paintGrid, paintStamp } from "./stamps.js";
import { paintRow } from "./strips.js";

/**
 * @import { Errors, Whose } from "../errors.js"
 * @import { InspectorData } from "./factors.js"
 * @import { Example } from "./facts.js"
 * @import { MadeRow } from "./made.js"
 * @import { Card, Place } from "./step_card.js"
 */

/** @param {Card} card @param {InspectorData} data @param {Place} place */
export function showBackward(card, data, { t, sub, whose, unit }) {
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
    setText(made.title, titleOf(made, t, data).replace("ℒ", loss));
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
  built.directions.root.classList.toggle("none", t === 1); // no hop leads on from there
  const why = isLast ? directionNote(data, errors, t) : "";
  const streams = isThere("backward", "meet", sub) ? metText(row, t) : "";
  setText(built.others, [why, streams, note, isStamped ? othersText(data, errors, t) : ""].filter(Boolean).join(" "));
}

/**
 * What a row is called at this step: where no answer is due, nothing comes down from a ŷ of its own
 * @param {Pick<MadeRow, "name" | "label">} made @param {number} t
 * @param {Pick<InspectorData, "words" | "stream" | "answers" | "attention">} data
 */
export function titleOf({ name, label }, t, data) {
  if (name.endsWith("_next") && t === data.words.length) return text("no_later");
  if (name !== "entered" || data.answers[t - 1]) return labelAt(label, t, data);
  return text(data.attention ? "from_attention" : "no_answer_here");
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
