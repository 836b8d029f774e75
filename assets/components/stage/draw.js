// Filling the elements of the stage with numbers. Everything is drawn once per data; a move only toggles classes and
// shifts the band (play.js).

import { clamp, finite, gradientLabel, text } from "../shared.js";
import { arrowWidths, exact, feedback, fromAbove, isJudged, lastPosition, layout, twoDecimals } from "./plan.js";

/**
 * @import { StageData, Plan, Streams } from "./plan.js"
 * @import { Column } from "./elements.js"
 * @import { Stage } from "./stage.js"
 */

/** @param {HTMLElement} node @param {string | null} content @param {string} [tip] */
export function label(node, content, tip) {
  node.textContent = content;
  if (tip) node.dataset.tip = tip;
}

// ---------------------------------------------------------------- the hidden states

/**
 * The theme's colours, for the canvas. Asked for before anything is changed, they cost no extra round of styles.
 * @param {HTMLElement} root
 */
export function colours(root) {
  const style = getComputedStyle(root);
  const named = (/** @type {string} */ name) => style.getPropertyValue(`--st-${name}-color`).trim();
  return {
    violet: named("violet"),
    green: named("green"),
    neutral: named("secondary-background"),
    ground: named("background"),
  };
}

/**
 * The hidden states as grids, on one canvas behind the columns (forty canvases would be forty layers, and cost the frames).
 * Of each unit, the hue is laid over the neutral as strongly as |value| / scale.
 * @param {Stage} stage
 */
function paint({ states, a, data: { n_a, scale }, plan, colour }) {
  const { grid, col, cell } = plan;
  const { columns, rows, unit } = grid;
  const [width, height, dpr] = [plan.width - plan.labels, rows * unit + 6, window.devicePixelRatio || 1];
  Object.assign(states, { width: width * dpr, height: height * dpr });
  states.style.width = `${width}px`;
  const pen = /** @type {CanvasRenderingContext2D} */ (states.getContext("2d"));
  pen.scale(dpr, dpr);
  /** @param {number} left @param {number} top @param {number} wide @param {number} tall @param {number} round */
  const square = (left, top, wide, tall, round) => {
    if (!round) return pen.fillRect(left, top, wide, tall); // twice as fast
    pen.beginPath();
    pen.roundRect(left, top, wide, tall, round);
    pen.fill();
  };
  const corner = unit < 9 ? 0 : 2; // on small cells no one sees the corners
  plan.x.forEach((from, i) => {
    const left = from + (col - cell) / 2;
    pen.globalAlpha = 1;
    pen.fillStyle = colour.ground;
    square(left + 1, 0, cell - 2, height, 6);
    a.subarray((i + 1) * n_a, (i + 2) * n_a).forEach((v, k) => {
      const [x, y] = [left + 4.5 + (k % columns) * unit, 3.5 + Math.floor(k / columns) * unit];
      pen.globalAlpha = 1;
      pen.fillStyle = colour.neutral;
      square(x, y, unit - 1, unit - 1, corner);
      pen.globalAlpha = clamp(Math.abs(v) / scale, 0, 1) || 0; // NaN draws nothing
      pen.fillStyle = v < 0 ? colour.violet : colour.green;
      square(x, y, unit - 1, unit - 1, corner);
    });
  });
}

/** @param {Stage} stage */
function paintIfNew(stage) {
  const { data, plan, colour } = stage;
  const painted = JSON.stringify([data.a, data.scale, plan.grid, plan.x, colour, window.devicePixelRatio]);
  if (painted === stage.painted) return; // only another step was selected
  stage.painted = painted;
  paint(stage);
}

// ---------------------------------------------------------------- numbers

/**
 * The gradient's numbers and arrow widths; `source` is the data, or what an update was made from.
 * @param {Stage} stage @param {Streams} source
 */
export function drawStreams({ root, columns, data: { state, silent } }, source) {
  const [arrows, above] = [arrowWidths({ ...source, silent }), fromAbove({ ...source, silent })];
  const name = /** @type {Element} */ (root.querySelector(".at-grad .symbol"));
  /** @type {Text} */ (name.firstChild).data = `∂ℒ/∂${state}`;
  columns.forEach(({ part }, i) => {
    const t = i + 1;
    const next = exact(source.from_next[i]);
    drawStream(
      part,
      "next",
      arrows.next[i],
      source.from_next[i],
      text("stream_next", { state, t, next: t + 1, norm: next }),
    );
    const from = silent[i] ? "stream_attention" : "stream_y"; // nothing comes down to a silent step, but by attention
    if (part["from-y"]) drawStream(part, "y", arrows.y[i], above[i], text(from, { t, norm: exact(above[i]) }));
    label(part.grad, gradientLabel(source.grad[i]), text("stream_sum", { state, t, norm: exact(source.grad[i]) }));
  });
}

/**
 * @param {Record<string, HTMLElement>} part @param {"y" | "next"} from @param {number} width
 * @param {number | null | undefined} norm @param {string} tip
 */
function drawStream(part, from, width, norm, tip) {
  const arrow = part[`from-${from}`];
  arrow.style.setProperty("--w", `${width}px`);
  arrow.classList.toggle("none", !width);
  arrow.dataset.tip = tip;
  label(part[`norm-${from}`], norm === undefined ? "" : gradientLabel(norm), tip);
}

/** @param {Column} column @param {StageData} data @param {number} i @param {Plan} plan */
function drawColumn({ root, part, way }, data, i, plan) {
  Object.assign(root.dataset, {
    word: data.words[i] ?? "",
    loss: String(data.loss[i]),
    gradNorm: String(data.grad[i]),
  });
  root.setAttribute("aria-label", data.summary[i]);
  root.classList.toggle("unknown", !data.known[i]);
  if (part.word) drawInput(part, data, i);
  if (way) drawFeedback(way, feedback(plan, data.fed[i] === "label", data.guessed[i - 1]));
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
function drawPrediction(part, { chance, said, sure, detail, right, guessed }, i) {
  const t = i + 1;
  const tip = detail ? `ŷ⟨${t}⟩: ${detail[i]}` : `ŷ⟨${t}⟩ = ${exact(chance[i])}`;
  const isRight = right[i];
  part.filled.style.width = `${(chance[i] ?? 0) * 100}%`;
  part.chance.dataset.tip = tip;
  label(part.prediction, said[i], tip);
  label(part.sure, sure?.[i] ?? "", tip);
  label(part.verdict, isRight === null ? "" : isRight ? "✓" : "✗", text(isRight ? "is_right" : "is_wrong"));
  part.verdict.classList.toggle("wrong", isRight === false && !guessed[i]); // a guess may be what is wrong
}

/** @param {Record<string, HTMLElement>} part @param {StageData} data @param {number} i @param {Plan} plan */
function drawLoss(part, { labels, targets, guessed, loss, update }, i, plan) {
  const [t, old] = [i + 1, update?.loss[i]];
  const numbers = { t, loss: exact(loss[i]), before: old };
  const tip = text(finite(old) ? "loss_before" : "loss_at", numbers);
  const [height, ghost] = [plan.loss[i], plan.ghost[i] ?? 0];
  label(part.target, labels[i], `y⟨${t}⟩ = ${targets[i]}`);
  label(part.guess, guessed[i] ? text("guessed") : "");
  part.bar.style.height = `${height}px`;
  part.ghost.hidden = !ghost;
  part.ghost.style.height = `${ghost}px`;
  part.lossbox.dataset.tip = tip;
  label(part.loss, twoDecimals(loss[i]), tip);
  part.loss.style.setProperty("--rise", `${Math.max(height, ghost)}px`);
}

// ---------------------------------------------------------------- all of it

/** The plan as CSS variables: every piece finds its place from these. @param {Stage} stage */
function applyPlan({ root, plan, data, columns, regions, handover, context, track }) {
  const { labels, lead, col, cell, gap, font, grid } = plan;
  const px = { ...plan.rows, labels, lead, col, cell, gap, font, tall: plan.height };
  const sizes = { ...px, "grid-w": grid.columns * grid.unit, "grid-h": grid.rows * grid.unit };
  for (const [name, value] of Object.entries(sizes)) root.style.setProperty(`--${name}`, `${value}px`);
  const alone = columns.length === 1 && Boolean(data.sure); // a sentence on Explore may still grow
  Object.assign(root.dataset, { narrow: plan.narrow, judged: isJudged(data), two: Boolean(data.sure), alone });
  track.style.width = `${plan.width - labels}px`;
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

/** @param {Stage} stage */
export function draw(stage) {
  const { data, root, columns, transport, legend } = stage;
  const T = columns.length;
  const sweep = T > 1 ? "" : "_alone";
  const fed = data.fed.find(Boolean);
  stage.plan = layout(data, stage.width - 2); // the border of the card
  applyPlan(stage);
  paintIfNew(stage);
  columns.forEach((column, i) => {
    drawColumn(column, data, i, stage.plan);
  });
  drawStreams(stage, (stage.rush && data.update) || data);
  label(/** @type {HTMLElement} */ (root.querySelector(".at-word small")), data.unit);
  transport.scrub.max = String(lastPosition(data));
  transport.first.textContent = text(`sweep_forward${sweep}`, { T });
  transport.second.textContent = text(isJudged(data) ? `sweep_backward${sweep}` : "no_way_back", { T });
  transport.backward.disabled = !isJudged(data);
  legend.low.textContent = `−${Number(gradientLabel(data.scale))}`;
  legend.high.textContent = `+${Number(gradientLabel(data.scale))}`;
  legend.feeds.textContent = fed ? text(`feeds_${fed}`) : "";
}
