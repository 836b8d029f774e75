// The card of a step on its way forward: the sum of one unit, its squash, and what is answered.

import { el, setText, text } from "../shared.js";
import { figures, products } from "./card.js";
import { labelAt, ownStep, stepOf } from "./factors.js";
import { classAt, facts, looks } from "./facts.js";
import { isThere, SUMS, sumOfPhase } from "./made.js";
import { format } from "./numbers.js";
import { showCurve } from "./squash.js";
import { paintRow } from "./strips.js";

/**
 * @import { Example } from "./facts.js"
 * @import { Sum } from "./made.js"
 * @import { Card, Place } from "./step_card.js"
 */

/** @param {Card} card @param {Example} example @param {Place} place */
export function showForward({ built, scales, chosen: asked, opened }, example, { t, sub, unit }) {
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
  const { brief, exact, terms, bent } = figures(row, sum, t, unit);
  const named = { unit: unit + 1, sum: brief };
  showSum(built.figure, isMade ? text("figure", named) : text("figure_open", named), terms, isMade ? bent : []);
  built.terms.hidden = data.cell === "tanh" || data.cell === "relu"; // there the rows say it
  setText(built.terms, labelAt(text("sum_terms", { formula: sum.formula }), t, data));
  Object.assign(built.figure, { title: isMade ? `${labelAt(sum.formula, t, data)}: ${exact}` : "" });
  built.products.hidden = !opened || !isMade || !sum.z;
  const isListBent = !built.products.hidden && showProducts(built.products, example, sum, t, unit);
  built.bent.hidden = !isMade || !(bent.length || isListBent);
  setText(built.answer, answerText(example, t, sub));
}

/**
 * A sum in large figures: marked is each term whose last digit was rounded the other way
 * @param {HTMLElement} root @param {string} told @param {string[]} terms @param {number[]} bent
 */
function showSum(root, told, terms, bent) {
  if (root.textContent === told && root.dataset.bent === String(bent)) return;
  root.dataset.bent = String(bent);
  /** @type {(Node | string)[]} */
  const parts = [];
  let rest = told;
  for (const i of bent) {
    const digits = terms[i].replace(/^−/, "");
    const at = terms
      .slice(0, i)
      .reduce((from, one) => rest.indexOf(one.replace(/^−/, ""), from) + 1, rest.indexOf(":"));
    const from = rest.indexOf(digits, at);
    parts.push(rest.slice(0, from), el("span", "bent", {}, digits));
    rest = rest.slice(from + digits.length);
  }
  root.replaceChildren(...parts, rest);
}

/**
 * All products, one by one; true, if the last digit of one was rounded the other way
 * @param {HTMLElement} root @param {Example} example @param {Sum} sum @param {number} t @param {number} unit
 */
function showProducts(root, example, sum, t, unit) {
  const { lines, sum: total } = products(example, sum, t, unit);
  const each = lines.map(({ from, w, a, product, isBent }) => {
    const told = text("product", { from, w, a, product });
    const digits = product.replace(/^−/, "");
    const at = isBent ? told.lastIndexOf(digits) : told.length;
    return el("span", "", { "data-from": from - 1 }, told.slice(0, at), isBent ? el("u", "bent", {}, digits) : "");
  });
  const past = labelAt(sum.formula.split(" + ")[0], t, example.data);
  const [n, one] = [lines.length, unit + 1];
  const head = text("products", { unit: one, n, past, total });
  root.replaceChildren(el("b", "", {}, head), ...each);
  return lines.some(({ isBent }) => isBent);
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
