// Filling the elements of the stage with numbers. Everything is drawn once per data; a move only toggles classes and
// shifts the band (play.js).

import { errorsOf } from "../errors.js";
import { closedProduct } from "../inspector/closing.js";
import { rowsOf } from "../inspector/factors.js";
import { isRoundedOtherwise, probability } from "../inspector/numbers.js";
import { clamp, decode, factorLabel, finite, gradientLabel, lengthLabel, setText, text } from "../shared.js";
import { arrowWidths, BORDER, exact, feedback, fromAbove, isJudged, layout, thickness } from "./plan.js";
import { largest, makeMap, paintMap, paintWeights, titleOf, weightsOf } from "./weights.js";

/**
 * @import { StageData, Plan } from "./plan.js"
 * @import { Column } from "./elements.js"
 * @import { Stage } from "./stage.js"
 * @import { Errors, Whose } from "../errors.js"
 * @typedef {NonNullable<ReturnType<typeof secondOf>>} Second
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

/** What a column's grid holds: its state, the sum before the squash, or nothing yet @typedef {"state" | "z" | "pale" | "empty"} Holds */

const PALE = 0.35; // of what has no part in the error

/**
 * The hidden states as grids, on one canvas behind the columns (forty canvases would be forty layers, and cost the frames).
 * Of each unit, the hue is laid over the neutral as strongly as |value| / scale. Only the columns that change are painted.
 * @param {Stage} stage @param {(i: number) => Holds} holds
 */
export function paintStates(stage, holds) {
  const { columns, pen, held, plan, data, rows, a, memory, zScale, memoryScale, second } = stage;
  const { n_a } = data;
  const drop = plan.rows.memory - plan.rows.hidden;
  columns.forEach((_, i) => {
    const now = holds(i);
    if (held[i] === now) return;
    held[i] = now;
    const left = plan.x[i] + (plan.col - plan.cell) / 2;
    const isShown = now === "state" || now === "pale";
    const alpha = now === "pale" ? PALE : 1;
    pen.clearRect(left, 0, plan.cell, plan.rows.later - plan.rows.hidden - 1);
    const values = now === "z" ? rows.row("z", i + 1) : a.subarray((i + 1) * n_a, (i + 2) * n_a);
    if (now !== "empty") paintGrid(stage, left, 0, values, now === "z" ? zScale : data.scale, alpha);
    if (isShown && memory)
      paintGrid(stage, left, drop, memory.subarray((i + 1) * n_a, (i + 2) * n_a), memoryScale, alpha);
  });
  if (second) paintLater(stage, second);
}

/**
 * The second stream: all of it is read before the first answer; on the way back what the chosen error does not pass is pale
 * @param {Stage} stage @param {Second} second
 */
function paintLater(stage, { a }) {
  const { columns, pen, plan, data, errors, phase, heldLater } = stage;
  const top = plan.rows.later - plan.rows.hidden;
  columns.forEach((_, i) => {
    const isPale = phase === "backward" && errors.whose !== "all" && i + 1 < errors.whose;
    const now = isPale ? "pale" : "state";
    if (heldLater[i] === now) return;
    heldLater[i] = now;
    const left = plan.x[i] + (plan.col - plan.cell) / 2;
    pen.clearRect(left, top, plan.cell, plan.cell);
    paintGrid(stage, left, top, a(i + 1), data.scale, isPale ? PALE : 1);
  });
}

/** @param {Stage} stage @param {number} left @param {number} top @param {ArrayLike<number>} values @param {number} scale @param {number} alpha */
function paintGrid({ pen, plan: { grid, cell }, colour }, left, top, values, scale, alpha) {
  const { columns, rows, unit } = grid;
  const corner = unit < 9 ? 0 : 2; // on small cells no one sees the corners
  /** @param {number} x @param {number} y @param {number} wide @param {number} tall @param {number} round */
  const square = (x, y, wide, tall, round) => {
    if (!round) return pen.fillRect(x, y, wide, tall); // twice as fast
    pen.beginPath();
    pen.roundRect(x, y, wide, tall, round);
    pen.fill();
  };
  pen.globalAlpha = 1;
  pen.fillStyle = colour.ground;
  square(left + 1, top, cell - 2, rows * unit + 6, 6);
  for (let k = 0; k < values.length; k++) {
    const [x, y] = [left + 4.5 + (k % columns) * unit, top + 3.5 + Math.floor(k / columns) * unit];
    pen.globalAlpha = alpha;
    pen.fillStyle = colour.neutral;
    square(x, y, unit - 1, unit - 1, corner);
    pen.globalAlpha = alpha * clamp(Math.abs(values[k]) / scale, 0, 1) || 0; // NaN draws nothing
    pen.fillStyle = values[k] < 0 ? colour.violet : colour.green;
    square(x, y, unit - 1, unit - 1, corner);
  }
}

/** A fresh canvas of the plan's size, if anything that is painted has changed @param {Stage} stage */
function clearIfNew(stage) {
  const { data, plan, colour, states } = stage;
  const painted = JSON.stringify([
    data.a,
    data.dock.state,
    data.reverse?.state,
    data.scale,
    plan.grid,
    plan.x,
    plan.rows,
    colour,
    window.devicePixelRatio,
  ]);
  if (painted === stage.painted) return; // only another step was selected
  Object.assign(stage, { painted, held: [], heldLater: [] });
  const [width, height, dpr] = [
    plan.width - plan.labels - plan.weights, // as wide as the track: what is wider is scrolled to
    plan.rows[plan.isBoth ? "later" : "memory"] - plan.rows.hidden + plan.cell,
    window.devicePixelRatio || 1,
  ];
  Object.assign(states, { width: width * dpr, height: height * dpr });
  Object.assign(states.style, { width: `${width}px`, height: `${height}px` });
  stage.pen = /** @type {CanvasRenderingContext2D} */ (states.getContext("2d"));
  stage.pen.scale(dpr, dpr);
}

// ---------------------------------------------------------------- the weights

/** The maps: new elements where other matrices take part, new colours where their numbers are new @param {Stage} stage */
export function drawWeights(stage) {
  const { data, home } = stage;
  const weights = weightsOf(data);
  const names = weights.map(({ label, rows, columns }) => [label, rows, columns]).join();
  if (names !== stage.mapNames) {
    stage.maps = weights.map((weight) => ({ ...makeMap(weight), weight }));
    home.replaceChildren(...stage.maps.map(({ root }) => root));
    stage.mapNames = names;
  }
  stage.maps.forEach((map, k) => {
    map.weight = weights[k];
    setText(map.title, titleOf(map.weight, data));
    map.root.setAttribute("aria-label", `${map.weight.label}: ${map.title.textContent}`);
    paintWeights(map, stage.colour);
  });
}

/** ΔW in place of W, while an update moves: on a scale of its own @param {Stage} stage @param {StageData} after */
export function drawChanges({ maps, colour }, after) {
  weightsOf(after).forEach((next, k) => {
    const { weight, canvas, title } = maps[k];
    maps[k].painted = null;
    const change = next.values.map((v, i) => v - weight.values[i]);
    const scale = largest(change);
    setText(title, text("map_change", { name: weight.name, size: gradientLabel(scale) }));
    paintMap(canvas, weight, change, scale, colour);
  });
}

// ---------------------------------------------------------------- numbers

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
  const name = /** @type {Element} */ (root.querySelector(".at-grad .symbol"));
  /** @type {Text} */ (name.firstChild).data = `${of}/∂${state}`;
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
  const told = text(finite(old) ? "loss_before" : "loss_at", numbers);
  const tip = isRoundedOtherwise(loss[i], losses[i] ?? "") ? text("loss_in_sum", { told, said: losses[i] }) : told;
  const [height, ghost] = [plan.loss[i], plan.ghost[i] ?? 0];
  const known = `y⟨${t}⟩ = ${targets[i]}`;
  const labelled = guessed[i] ? text("guessed", { known }) : known;
  const other = corrects ? corrects[1 - Number(targets[i])] : "";
  label(part.target, labels[i], corrects ? text("correct", { told: labelled, other }) : labelled);
  part.target.classList.toggle("guess", guessed[i]);
  part.bar.style.height = `${height}px`;
  part.ghost.hidden = !ghost;
  part.ghost.style.height = `${ghost}px`;
  part.lossbox.dataset.tip = tip;
  const [before, now] = [update?.loss_said[i], losses[i]];
  label(part.loss, update?.most_changed === t ? text("before_after", { before, now }) : now, tip);
  part.loss.style.setProperty("--rise", `${Math.max(height, ghost)}px`);
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
}

/** The numbers that are drawn from the data, formed once @param {StageData} data */
export function formed(data) {
  const rows = rowsOf(data.dock);
  const hasMemory = data.state !== "a";
  const T = data.words.length;
  const state = decode(data.dock.state);
  const n = state.length / (T + 1);
  const memory = hasMemory
    ? Float32Array.from(
        { length: (T + 1) * data.n_a },
        (_, k) => state[Math.floor(k / data.n_a) * n + data.n_a + (k % data.n_a)],
      )
    : null;
  const isPlain = data.dock.cell === "tanh" || data.dock.cell === "relu";
  const sums = isPlain ? data.words.flatMap((_, i) => [...rows.row("z", i + 1)]) : [];
  return { rows, memory, a: decode(data.a), zScale: largest(sums), memoryScale: largest(memory ?? []) };
}

/**
 * The second stream of a network that reads in both directions, told as a network of its own whose step 1 is the last
 * word's; null: there is none
 * @param {StageData} data @param {Whose} whose
 */
export function secondOf(data, whose) {
  const { reverse, words, silent, ids, labels, n_a } = data;
  if (!reverse) return null;
  const T = words.length;
  const state = decode(reverse.state);
  const n = state.length / (T + 1);
  return {
    data: {
      ...data,
      dock: reverse,
      group: reverse.group,
      words: words.toReversed(),
      silent: silent.toReversed(),
      ids: ids.toReversed(),
      labels: labels.toReversed(),
    },
    errors: errorsOf(reverse, whose === "all" ? whose : T + 1 - whose),
    /** ←a⟨t⟩ @param {number} t */
    a: (t) => state.subarray((T + 1 - t) * n, (T + 1 - t) * n + n_a),
  };
}
