// The gradient on its way back, in numbers and arrows: the streams of all errors, or what each hop does to one of them.

import { closedProduct } from "../inspector/closing.js";
import { factorLabel, finite, gradientLabel, lengthLabel, setText, text } from "../shared.js";
import { label } from "./elements.js";
import { arrowWidths, exact, fromAbove, thickness } from "./plan.js";

/**
 * @import { Errors } from "../errors.js"
 * @import { Stage } from "./stage.js"
 */

/**
 * The gradient's numbers and arrow widths, of the chosen error: of all, two streams and their sum; of one, a length at each
 * state and the factor of each hop.
 * @param {Stage} stage
 */
export function drawStreams(stage) {
  const { root, columns, data, errors } = stage;
  const { state, silent } = data;
  const { whose } = errors;
  const isAll = whose === "all";
  const source = isAll ? data : { ...errors, grad: errors.length, via_attention: data.via_attention && errors.from_y };
  const [arrows, above] = [arrowWidths({ ...source, silent }), fromAbove({ ...source, silent })];
  const of = isAll ? "∂ℒ" : `∂ℒ⟨${whose}⟩`;
  const [over, under] = root.querySelectorAll(".at-grad .symbol > span");
  setText(over, of);
  setText(under, `/∂${state}`);
  columns.forEach(({ root: column, part }, i) => {
    const [t, next] = [i + 1, exact(source.from_next[i])];
    column.dataset.gradNorm = String(source.grad[i]);
    const tip = text("stream_next", { state, t, next: t + 1, norm: next });
    const hop = errors.factor[i];
    drawStream(
      part,
      "next",
      arrows.next[i],
      isAll ? gradientLabel(source.from_next[i]) : hop === null ? "" : factorLabel(hop),
      isAll || !finite(hop) ? tip : hopTip(tip, errors, i, Boolean(data.via_attention) && silent[i]),
    );
    const from = silent[i] ? "stream_through" : "stream_y"; // nothing comes down to a silent step, but by attention
    const down = isAll || silent[i] ? gradientLabel(above[i]) : "Wyaᵀ(ŷ − y)";
    if (part["from-y"])
      drawStream(part, "y", arrows.y[i], arrows.y[i] ? down : "", text(from, { t, norm: exact(above[i]) }));
    label(
      part.grad,
      isAll ? gradientLabel(source.grad[i]) : lengthLabel(source.grad[i]),
      text("stream_sum", { of, state, t, norm: exact(source.grad[i]) }),
    );
  });
  if (stage.second) drawLater(stage, stage.second.errors, of);
}

/**
 * What a hop did, in figures that close: the length before it, its factor, and what that is made of
 * @param {string} tip @param {Errors} errors @param {number} i of the step that it leads to, from 0 @param {boolean} attends
 */
function hopTip(tip, { length, factor, parts, from_next }, i, attends) {
  const by = factor[i] ?? 0;
  const made = closedProduct([length[i + 1], by], from_next[i], [0, 1], exact);
  const values = Object.entries(parts[i] ?? {});
  const isPlain = Boolean(parts[i] && "slope" in parts[i]); // the two parts of a gated cell are added as arrows
  const closed = isPlain ? closedProduct(Object.values(parts[i] ?? {}), by, [0, 1], exact) : null;
  const taken = values.map(([name, v], k) => text(`part_${name}`, { v: closed?.factors[k] ?? exact(v) }));
  const [before, times] = made?.factors ?? [exact(length[i + 1]), exact(by)];
  const told = text("hop_tip", { tip, before, factor: times, parts: taken.join(isPlain ? " × " : ", ") });
  return attends ? text("hop_tip_attention", { tip: told }) : told;
}

/**
 * The walk back of the second stream: from each ←a⟨t−1⟩ on to ←a⟨t⟩, and what arrives there in all
 * @param {Stage} stage @param {Errors} errors of the second stream, in its own order of steps @param {string} of
 */
function drawLater({ root, columns, data }, errors, of) {
  const T = columns.length;
  const state = data.state === "a" ? "←a" : "(←a,←c)";
  /** @type {Text} */ (root.querySelector(".at-grad_later .symbol")?.firstChild).data = `${of}/∂${state}`;
  columns.forEach(({ part }, i) => {
    const [t, own] = [i + 1, T - i - 1];
    const norm = exact(errors.from_next[own]);
    if (part["to-later"]) {
      const tip = text("stream_later", { state, t, before: t - 1, norm });
      part["to-later"].style.setProperty("--w", `${thickness(errors.from_next[own])}px`);
      part["to-later"].classList.toggle("none", !(errors.from_next[own] > 0));
      part["to-later"].dataset.tip = tip;
      label(part["norm-later"], errors.from_next[own] > 0 ? gradientLabel(errors.from_next[own]) : "", tip);
    }
    const tip = text("stream_sum", { of, state, t, norm: exact(errors.length[own]) });
    label(part["grad-later"], gradientLabel(errors.length[own]), tip);
  });
}

/**
 * @param {Record<string, HTMLElement>} part @param {"y" | "next"} from @param {number} width
 * @param {string} number @param {string} tip
 */
function drawStream(part, from, width, number, tip) {
  const arrow = part[`from-${from}`];
  arrow.style.setProperty("--w", `${width}px`);
  arrow.classList.toggle("none", !width);
  arrow.dataset.tip = tip;
  label(part[`norm-${from}`], number, tip);
}
