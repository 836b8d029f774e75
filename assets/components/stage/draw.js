// Filling the elements of the stage with numbers: its columns, and where every piece stands. Everything is drawn once per
// data; a move only toggles classes and shifts the band (play.js).

import { isRoundedOtherwise, probability } from "../inspector/numbers.js";
import { el, finite, gradientLabel, text } from "../shared.js";
import { label } from "./elements.js";
import { clearIfNew } from "./grids.js";
import { drawWeights } from "./maps.js";
import { BORDER, exact, feedback, isJudged, layout } from "./plan.js";
import { drawStreams } from "./streams.js";

/**
 * @import { Column } from "./elements.js"
 * @import { Plan, StageData } from "./plan.js"
 * @import { Stage } from "./stage.js"
 */

// ---------------------------------------------------------------- the columns

/** @param {Column} column @param {StageData} data @param {number} i @param {Plan} plan */
function drawColumn({ root, part, way }, data, i, plan) {
  Object.assign(root.dataset, {
    word: data.words[i] ?? "",
    loss: String(data.loss[i]),
  });
  root.setAttribute("aria-label", data.summary[i]);
  root.classList.toggle("unknown", !data.known[i]);
  root.classList.toggle("most", data.update?.most_changed === i + 1);
  if (part.word) drawInput(part, data, i);
  if (way) drawFeedback(way, feedback(plan, data.fed[i] === "label"));
  if (part.prediction) drawPrediction(part, data, i);
  if (part.loss) drawLoss(part, data, i, plan);
}

/** @param {Record<string, HTMLElement>} part @param {StageData} data @param {number} i */
function drawInput(part, { words, known, ids, n_x, group }, i) {
  const [n, word, id] = [n_x[group[i]], words[i] ?? "", ids[i] ?? 0];
  label(part.word, word, known[i] ? word : text("unknown", { word }));
  label(part.unk, known[i] ? "" : "<UNK>");
  label(part.onehot, text("one_at", { id }));
  part.strip.dataset.tip = text("one_hot", { t: i + 1, n, id });
  part.mark.style.left = `${((id + 0.5) / n) * 100}%`;
}

/** @param {SVGSVGElement} way @param {ReturnType<typeof feedback>} place */
function drawFeedback(way, { top, height, path, head }) {
  way.style.top = `${top}px`;
  way.style.height = `${height + 8}px`;
  [path, head].forEach((d, k) => {
    way.children[k].setAttribute("d", d);
  });
}

/** @param {Record<string, HTMLElement>} part @param {StageData} data @param {number} i */
function drawPrediction(part, { chance, said, sure, detail, right, guessed, update }, i) {
  const t = i + 1;
  const p = chance[i];
  const tip = detail ? `ŷ⟨${t}⟩: ${detail[i]}` : `ŷ⟨${t}⟩ = ${finite(p) && p > 0.9995 ? probability(p) : exact(p)}`;
  const isRight = right[i];
  const old = update?.chance[i];
  part.filled.style.width = `${(chance[i] ?? 0) * 100}%`;
  part.before.hidden = !finite(old);
  part.before.style.left = `${(old ?? 0) * 100}%`;
  part.chance.dataset.tip = tip;
  label(part.prediction, said[i], tip);
  label(part.sure, sure?.[i] ?? "", tip);
  const verdict = isRight ? "is_right" : guessed[i] ? "is_not_guess" : "is_wrong"; // a guess may be what is wrong
  label(part.verdict, isRight === null ? "" : text(`${verdict}_mark`), text(verdict));
  part.verdict.classList.toggle("wrong", isRight === false && !guessed[i]);
}

/** @param {Record<string, HTMLElement>} part @param {StageData} data @param {number} i @param {Plan} plan */
function drawLoss(part, { labels, targets, guessed, loss, loss_said: losses, update, corrects }, i, plan) {
  const [t, old] = [i + 1, update?.loss[i]];
  const numbers = { t, loss: exact(loss[i]), before: exact(old) };
  const before_it = update?.edited ? "loss_before_edit" : "loss_before";
  const told = text(finite(old) ? before_it : "loss_at", numbers);
  const tip = isRoundedOtherwise(loss[i], losses[i] ?? "") ? text("loss_in_sum", { told, said: losses[i] }) : told;
  const [height, ghost] = [plan.loss[i], plan.ghost[i] ?? 0];
  const known = `y⟨${t}⟩ = ${targets[i]}`;
  const labelled = guessed[i] ? text(corrects ? "guessed_by_rule" : "guessed", { known }) : known;
  const other = corrects ? corrects[1 - Number(targets[i])] : "";
  label(part.target, labels[i], corrects ? text("correct", { told: labelled, other }) : labelled);
  part.target.classList.toggle("guess", guessed[i]);
  part.bar.style.height = `${height}px`;
  part.ghost.hidden = !ghost;
  part.ghost.style.height = `${ghost}px`;
  part.lossbox.dataset.tip = tip;
  const [before, now] = [update?.loss_said[i], losses[i]];
  label(part.loss, update?.most_changed === t ? text("before_after", { before, now }) : now, tip);
  if (update?.most_changed === t) inTwoLines(part.loss, String(now));
  part.loss.style.setProperty("--rise", `${Math.max(height, ghost)}px`);
}

/** The text of a piece, with its end in a line of its own @param {HTMLElement} piece @param {string} end */
function inTwoLines(piece, end) {
  const told = piece.textContent ?? "";
  piece.replaceChildren(el("span", "was", {}, told.slice(0, told.lastIndexOf(end)).trimEnd()), ` ${end}`);
}

// ---------------------------------------------------------------- all of it

/** The plan as CSS variables: every piece finds its place from these. @param {Stage} stage */
function applyPlan({ root, plan, data, columns, regions, handover, context, track }) {
  const { labels, weights, lead, col, cell, gap, font, unit, bar, grid } = plan;
  const px = { ...plan.rows, labels, weights, lead, col, cell, gap, font, unit, bar, tall: plan.height };
  const sizes = { ...px, "grid-w": grid.columns * grid.unit, "grid-h": grid.rows * grid.unit };
  for (const [name, value] of Object.entries(sizes)) root.style.setProperty(`--${name}`, `${value}px`);
  const alone = columns.length === 1 && Boolean(data.sure); // a sentence on Explore may still grow
  Object.assign(root.dataset, { narrow: plan.narrow, judged: isJudged(data), two: Boolean(data.sure), alone });
  root.dataset.corrects = String(Boolean(data.corrects));
  root.dataset.lanes = plan.hasMemory ? "2" : "1";
  root.dataset.both = String(plan.isBoth);
  track.style.width = `${plan.width - labels - plan.weights}px`;
  columns.forEach(({ root: column }, i) => {
    column.style.left = `${plan.x[i]}px`;
  });
  const between = plan.x[plan.handed] - gap / 2; // the middle between encoder and decoder
  handover.style.left = `${between - (col - cell + gap) / 2}px`;
  context.style.left = `${between - plan.x[0] - col / 2}px`; // the rail starts in the middle of the first column
  regions.forEach((region, k) => {
    region.style.left = `${plan.regions[k].left}px`;
    region.style.width = `${plan.regions[k].width}px`;
  });
}

/** All of it, of new data or in new room @param {Stage} stage */
export function draw(stage) {
  const { data, root, columns, legend } = stage;
  const fed = data.fed.find(Boolean);
  const mayCut = Boolean(data.beside) && stage.seen !== "beside";
  stage.plan = layout(data, stage.width - BORDER, stage.height, mayCut, stage.sizes);
  applyPlan(stage);
  clearIfNew(stage);
  columns.forEach((column, i) => {
    column.reach = ""; // what is seen of it is set again
    drawColumn(column, data, i, stage.plan);
  });
  drawStreams(stage);
  drawWeights(stage);
  label(/** @type {HTMLElement} */ (root.querySelector(".at-word small")), data.unit);
  label(/** @type {HTMLElement} */ (root.querySelector(".at-prediction small")), data.measure);
  label(
    /** @type {HTMLElement} */ (root.querySelector(".at-memory small")),
    text("lane_memory_scale", { size: gradientLabel(stage.memoryScale) }),
  );
  const labels = /** @type {HTMLElement} */ (root.querySelector(".at-target"));
  if (data.corrects) labels.dataset.tip = text("correct_help");
  label(stage.question, data.question);
  legend.low.textContent = `−${Number(gradientLabel(data.scale))}`;
  legend.high.textContent = `+${Number(gradientLabel(data.scale))}`;
  legend.feeds.textContent = fed ? text(`feeds_${fed}`) : "";
  legend.guesses.textContent = data.corrects && data.guessed.some(Boolean) ? text("guesses") : "";
  legend.guesses.dataset.tip = text("correct_help");
}
