// Sentences that a search has found, one below the other, with their scores: the bar is e^score.

import { el, finite, text } from "../shared.js";
import { chance, scoreText } from "./figures.js";

/**
 * @typedef {{ label: string, text: string, score: number | null, ended: boolean, chosen: boolean }} Found
 * @typedef {{ found: Found[] }} Hypotheses
 */

/** @param {Found} one @param {(said: string) => void} tell */
function makeRow({ label, text: sentence, score, ended, chosen }, tell) {
  const finder = ended ? label : text("cut_off", { name: label });
  const name = chosen ? text("on_stage", { name: finder }) : finder;
  const head = el("div", "head", {}, el("span", "", {}, name), el("span", "", {}, scoreText(score)));
  const bar = el("div", "bar", {}, el("i", "", { style: `width:${(100 * chance(score)).toFixed(2)}%` }));
  const row = el("li", chosen ? "chosen" : "", {}, head, el("p", "", {}, sentence || text("no_word")), bar);
  row.addEventListener("pointerenter", () =>
    tell(finite(score) ? text("bar", { score: score.toFixed(4), power: Math.exp(score).toFixed(4) }) : ""),
  );
  row.addEventListener("pointerleave", () => tell(""));
  return row;
}

/** @param {Hypotheses} data @param {(said: string) => void} tell what a row says that is pointed at */
export function drawHypotheses({ found }, tell) {
  const axis = el("p", "axis", {}, text("bars"));
  return el("div", "hypotheses", {}, el("ol", "", {}, ...found.map((one) => makeRow(one, tell))), axis);
}
