// The card of an update while it is shown: what clipping leaves of the gradient, and what is added to the weights.

import { el, finite, setText, text } from "../shared.js";
import { joined } from "./closing.js";
import { format } from "./numbers.js";

/**
 * @import { Moved, Update } from "../stage/plan.js"
 * @typedef {object} UpdateShown
 * @property {"clip" | "move"} sub @property {Update} update
 * @property {(moved: Moved) => string} place which weight that is, in words
 * @property {number} change the largest |ΔW| of Waa @property {number} scale the largest |W| of Waa
 * @typedef {ReturnType<typeof makeUpdateCard>} UpdateCard
 */

const MOST_DECIMALS = 12;
const LARGEST = 1e6; // beyond it decimals say nothing

/**
 * A weight, what was added to it and what it is now, in so many decimals that the move has two figures: they add up
 * @param {number} before @param {number} after
 */
export function closedMove(before, after) {
  const change = after - before;
  const decimals = Math.max(2, 1 - Math.floor(Math.log10(Math.abs(change))));
  if (!finite(change) || decimals > MOST_DECIMALS || Math.max(Math.abs(before), Math.abs(after)) > LARGEST)
    return { before: format(before, 7), change: format(change), after: format(after, 7) };
  const [from, to] = [before, after].map((v) => Math.round(v * 10 ** decimals));
  const write = (/** @type {number} */ n) =>
    (Math.abs(n) / 10 ** decimals).toFixed(decimals).replace(/^/, n < 0 ? "−" : "");
  return { before: write(from), change: write(to - from), after: write(to) };
}

/** −0.3382 + 0.0050 = −0.3332 @param {Moved} moved */
function moveFigure(moved) {
  const { before, change, after } = closedMove(moved.before, moved.after);
  return `${joined([before, change])} = ${after}`;
}

/** What clipping does, in figures that close @param {Update} update */
export function clipFigure({ norm, clipped, clipping, limit }) {
  if (norm === null || clipped === null || limit === null) return "";
  const values = { norm: format(norm), clipped: format(clipped), limit };
  if (clipping === "off") return text("clip_off", values);
  if (clipping === "value") return text(clipped < norm ? "clip_value" : "clip_value_none", values);
  return text(clipped < norm ? "clip_norm" : "clip_norm_none", values);
}

export function makeUpdateCard() {
  const [title, figure, note, list] = [el("h3"), el("output", "figure"), el("p", "answer"), el("div", "moved")];
  const root = el("div", "card of-update", { "data-testid": "update-card", hidden: "" }, title, figure, list, note);
  return { root, title, figure, note, list };
}

/** @param {UpdateCard} card @param {UpdateShown | null} shown null: no update is shown */
export function showUpdateCard({ root, title, figure, note, list }, shown) {
  root.hidden = shown === null;
  if (!shown) return;
  const { sub, update, place, change, scale } = shown;
  const { size, rate, moved, edited } = update;
  if (sub === "clip") {
    setText(title, text("clip_title"));
    setText(figure, clipFigure(update));
    setText(note, text(size > 1 ? "clip_note_first" : "clip_note", { size }));
    list.replaceChildren();
    return;
  }
  const [most] = moved;
  setText(title, edited ? text("move_title_edit") : size > 1 ? text("move_title_many", { size }) : text("move_title"));
  setText(figure, most ? moveFigure(most) : text("move_none"));
  list.replaceChildren(
    ...moved.map((one) => {
      const { before, after } = closedMove(one.before, one.after);
      return el("div", "", {}, el("b", "", {}, one.label), el("span", "", {}, place(one)), `${before} → ${after}`);
    }),
  );
  const times = change > 0 ? Number((scale / change).toPrecision(2)) : "";
  const told = times ? text("move_size", { change: format(change, 2), scale: format(scale, 2), times }) : "";
  setText(note, [edited || !most ? "" : text("move_most", { rate }), edited ? "" : told].filter(Boolean).join(" "));
}
