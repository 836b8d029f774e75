// What one update did: what moved, ℒ along the step for other rates, and what it did to other sentences.

import { bytesOf, clamp, component, el, finite, setText, svg, text, threeDigits } from "../shared.js";
import { apart, changeOf, digits, nearest, placeOf } from "./figures.js";

/**
 * @import { Page } from "../shared.js"
 * @typedef {object} Data null: not finite
 * @property {string} title @property {string} lengths @property {string[]} moved @property {string} told
 * @property {{ n: number, change: string, before: string, told: string, held: string }} map
 * @property {{ rates: number[], losses: (number | null)[], menu: number[], taken: number, ends: string, alt: string } | null} curve
 * @property {{ words: string[], decisive: number, before: number | null, after: number | null, foretold: number | null }[]} others
 * @typedef {ReturnType<typeof make>} Panel
 */

const CURVE = { width: 360, height: 120, left: 34, right: 10, top: 10, bottom: 20 };

/** @param {Page} page */
function make(page) {
  const { width, height } = CURVE;
  const [path, dot] = [svg("path", { class: "path" }), svg("circle", { class: "dot", r: 6 })];
  const labels = svg("g", { class: "labels" });
  const picture = svg("svg", { viewBox: `0 0 ${width} ${height}`, tabindex: 0, role: "slider" }, path, labels, dot);
  const parts = {
    title: el("h3"),
    lengths: el("p", "quiet"),
    canvas: el("canvas", "map", { role: "img" }),
    mapTold: el("p", "quiet"),
    moved: el("ul"),
    ...{ path, dot, labels, picture },
    curve: el("div", "curve", { "data-testid": "alpha-curve" }),
    ends: el("p", "quiet"),
    figure: el("output", "figure"),
    noCurve: el("p", "quiet", {}, text("no_curve")),
    others: el("table", "", { "data-testid": "others" }),
    bold: el("p", "quiet", {}, text("decisive")),
    told: el("p", "quiet"),
  };
  parts.curve.append(el("h4", "", {}, text("curve_title")), picture, parts.figure);
  parts.curve.append(el("p", "quiet", {}, text("axis")), parts.ends);
  const head = (/** @type {string} */ said) => el("h4", "", {}, said);
  const added = el("div", "added", {}, parts.canvas, parts.mapTold);
  const first = el("section", "", {}, parts.title, parts.lengths, added, head(text("moved_title")), parts.moved);
  const last = el("section", "", {}, head(text("others_title")), parts.others, parts.bold, parts.told);
  const middle = el("section", "", {}, parts.curve, parts.noCurve);
  const root = el("div", "step-taken", { "data-testid": "step-taken" }, first, middle, last);
  return { root, page, ...parts, data: /** @type {Data | null} */ (null), rate: 0, isHeld: false, isDragged: false };
}

// ---------------------------------------------------------------- drawing

/** @param {Panel} panel */
function drawCurve({ curve, noCurve, picture, path, labels, ends, data }) {
  curve.hidden = !data?.curve;
  noCurve.hidden = !curve.hidden;
  if (!data?.curve) return;
  const { rates, losses, menu, alt } = data.curve;
  const { width, height, left, right, top, bottom } = CURVE;
  const most = Math.max(...losses.filter(finite)) || 1;
  const known = rates.flatMap((rate, i) => (finite(losses[i]) ? [pointOf(data.curve, rate, losses[i], most)] : []));
  path.setAttribute("d", `M${known.map(({ x, y }) => `${x.toFixed(1)} ${y.toFixed(1)}`).join("L")}`);
  const write = (/** @type {number} */ x, /** @type {number} */ y, /** @type {string} */ said, anchor = "middle") => {
    const label = svg("text", { x, y, "text-anchor": anchor });
    label.textContent = said;
    return label;
  };
  const ticks = menu.map((rate) => {
    const { x } = pointOf(data.curve, rate, 0, most);
    return svg("path", { d: `M${x} ${height - bottom}v4`, class: "tick" });
  });
  const end = menu[menu.length - 1];
  const start = pointOf(data.curve, 0, losses[0] ?? 0, most).y;
  const isApart = start > top + 16 && start < height - bottom - 14; // from the two ends of the axis
  const named = apart(menu, end, width - left - right);
  labels.replaceChildren(
    svg("path", { d: `M${left} ${height - bottom}H${width}`, class: "tick" }),
    ...ticks,
    write(left, height - 4, "0"),
    ...named.map((rate) => write(pointOf(data.curve, rate, 0, most).x, height - 4, String(rate))),
    ...(isApart ? [write(left - 5, start + 4, digits(losses[0] ?? 0), "end")] : []),
    write(pointOf(data.curve, end, 0, most).x, height - 4, digits(end), "end"),
    write(left - 5, pointOf(data.curve, 0, most, most).y + 4, digits(most), "end"),
    write(left - 5, height - bottom, "0", "end"),
  );
  picture.setAttribute("aria-label", alt);
  setText(ends, data.curve.ends);
}

/** @param {Data["curve"]} curve @param {number} rate @param {number} loss @param {number} most */
function pointOf(curve, rate, loss, most) {
  const { width, height, left, right, top, bottom } = CURVE;
  const end = curve?.rates[curve.rates.length - 1] ?? 1;
  const x = left + placeOf(rate, end) * (width - left - right);
  return { x, y: height - bottom - (loss / most) * (height - top - bottom) };
}

/** The dot at the rate that is looked at @param {Panel} panel */
function drawDot({ data, rate, dot, figure, picture, root, title }) {
  const isOther = Boolean(data?.curve) && rate !== data?.curve?.taken;
  root.classList.toggle("awaits", isOther);
  setText(title, isOther ? text("title_awaits", { taken: data?.curve?.taken, rate }) : (data?.title ?? ""));
  if (!data?.curve) return;
  const { rates, losses } = data.curve;
  const loss = losses[rates.indexOf(rate)];
  const { x, y } = pointOf(data.curve, rate, loss ?? 0, Math.max(...losses.filter(finite)) || 1);
  dot.setAttribute("cx", x.toFixed(1));
  dot.setAttribute("cy", y.toFixed(1));
  const said = text("at_rate", { rate, loss: finite(loss) ? threeDigits(loss) : "–" });
  setText(figure, said);
  picture.setAttribute("aria-valuetext", said);
  picture.setAttribute("aria-valuenow", String(rate));
}

/** ΔW on its own scale; held down, W before on its own @param {Panel} panel */
function drawMap({ root, canvas, mapTold, data, isHeld }) {
  if (!data) return;
  const { n, change, before, told, held } = data.map;
  const values = new Int8Array(bytesOf(isHeld ? before : change).buffer);
  const blocks = values.length / (n * n);
  const size = Math.max(2, Math.floor(192 / n));
  Object.assign(canvas, { width: n * blocks * size, height: n * size });
  const style = getComputedStyle(root);
  const [violet, green, plain] = ["violet", "green", "secondary-background"].map((name) =>
    style.getPropertyValue(`--st-${name}-color`).trim(),
  );
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  pen.fillStyle = plain;
  pen.fillRect(0, 0, canvas.width, canvas.height);
  const edge = size > 4 ? 1 : 0;
  values.forEach((v, k) => {
    const [row, column] = [Math.floor(k / n), k % n];
    pen.globalAlpha = Math.abs(v) / 127;
    pen.fillStyle = v < 0 ? violet : green;
    const x = (Math.floor(row / n) * n + column) * size;
    pen.fillRect(x, (row % n) * size, size - edge, size - edge);
  });
  setText(mapTold, isHeld ? held : told);
  canvas.setAttribute("aria-label", isHeld ? held : told);
}

/** @param {Data["others"][number]} other */
function lineOf({ words, decisive, before, after, foretold }) {
  const sentence = words.flatMap((word, i) => [i ? " " : "", i === decisive ? el("b", "", {}, word) : word]);
  const said = changeOf(before, after, foretold);
  const attributes = { "data-before": String(before), "data-after": String(after), "data-foretold": String(foretold) };
  return el(
    "tr",
    said.verdict,
    attributes,
    el("td", "sentence", {}, ...sentence),
    el("td", "", {}, `${said.before} → ${said.after}`),
    el("td", "verdict", {}, text(said.verdict)),
    el("td", "", {}, said.actual),
    el("td", "", {}, said.foretold),
  );
}

/** @param {Panel} panel */
function drawOthers({ others, bold, told, data }) {
  if (!data) return;
  const heads = [text("head_loss"), "", text("head_actual"), text("head_foretold")];
  others.replaceChildren(el("tr", "", {}, ...heads.map((head) => el("th", "", {}, head))), ...data.others.map(lineOf));
  bold.hidden = !data.others.some(({ decisive }) => decisive >= 0);
  setText(told, data.told);
}

// ---------------------------------------------------------------- what the reader does

/** @param {Panel} panel */
function listen(panel) {
  const { picture, canvas } = panel;
  const look = (/** @type {number} */ rate) => {
    panel.rate = rate;
    drawDot(panel);
  };
  const take = () => {
    const taken = panel.data?.curve?.taken;
    if (taken !== undefined && panel.rate !== taken) panel.page.setTriggerValue("rate", panel.rate);
  };
  const at = (/** @type {PointerEvent} */ { clientX }) => {
    if (!panel.data?.curve) return;
    const { left, width } = picture.getBoundingClientRect();
    const { menu, rates } = panel.data.curve;
    const x = ((clientX - left) / width) * CURVE.width;
    const share = (x - CURVE.left) / (CURVE.width - CURVE.left - CURVE.right);
    look(nearest(menu, clamp(share, 0, 1), rates[rates.length - 1]));
  };
  picture.addEventListener("pointerdown", (event) => {
    picture.setPointerCapture(event.pointerId);
    panel.isDragged = true;
    at(event);
  });
  picture.addEventListener("pointermove", (event) => {
    if (panel.isDragged) at(event);
  });
  picture.addEventListener("pointerup", () => {
    if (panel.isDragged) take();
    panel.isDragged = false;
  });
  picture.addEventListener("pointercancel", () => {
    panel.isDragged = false;
    look(panel.data?.curve?.taken ?? 0);
  });
  picture.addEventListener("keydown", (event) => {
    const menu = panel.data?.curve?.menu ?? [];
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (by) look(menu[clamp(menu.indexOf(panel.rate) + by, 0, menu.length - 1)]);
    else if (event.key === "Enter") take();
    else return;
    event.preventDefault();
    event.stopPropagation(); // the stage steps on arrows
  });
  const hold = (/** @type {boolean} */ isHeld) => {
    panel.isHeld = isHeld;
    drawMap(panel);
  };
  canvas.addEventListener("pointerdown", () => hold(true));
  for (const kind of ["pointerup", "pointerleave", "pointercancel"]) canvas.addEventListener(kind, () => hold(false));
}

export default component({
  create(page) {
    const panel = make(page);
    listen(panel);
    return panel;
  },
  update(panel, /** @type {Data} */ data) {
    Object.assign(panel, { data, rate: data.curve?.taken ?? 0 });
    setText(panel.lengths, data.lengths);
    panel.moved.replaceChildren(...data.moved.map((said) => el("li", "", {}, said)));
    drawMap(panel);
    drawCurve(panel);
    drawDot(panel);
    drawOthers(panel);
  },
});
