// The cliff, from above and from the side. The ground is drawn here from its formula, so a step sends a path and no more.
// From above a click places the ball; from the side a drag, or ← and →, turn the picture.

import { clamp, component, el, setText, text } from "../shared.js";
import { camera, isInside, light, lineOf, loss, net, pieces, seen } from "./ground.js";

/**
 * @import { Data, Point } from "./ground.js"
 * @typedef {[number, number, number]} Colour
 * @typedef {{ low: Colour, high: Colour, text: string, quiet: string, free: string, clipped: string, ground: string }} Colours
 * @typedef {object} Part
 * @property {HTMLElement} root @property {HTMLCanvasElement} above @property {HTMLCanvasElement} side
 * @property {HTMLElement} said @property {Data} data @property {number} turn
 * @property {Point[][]} net @property {number} top
 * @property {{ key: string, values: Float32Array }} map the ground from above, computed once for each size
 * @property {ResizeObserver | null} watch @property {boolean} isAsked
 */

const [COLUMNS, ROWS] = [64, 96];
const TILT = 0.5; // radians
const MARGIN = { left: 44, right: 12, top: 10, bottom: 40 };
const LEVEL = 0.02; // ℒ from one line of the map to the next

/** @param {Data} data */
function make(data) {
  const above = el("canvas", "", { role: "img", "data-testid": "cliff-above" });
  const side = el("canvas", "", { role: "img", tabindex: 0, "data-testid": "cliff-side" });
  const said = el("p", "said", {}, text("place"));
  const names = data.paths.map(({ name }, i) => el("span", `name ${i ? "clipped" : "free"}`, {}, name));
  const scale = el("span", "scale", {}, el("i"), el("b"), el("i"));
  const legend = el("div", "legend", {}, ...names, el("span", "name ball", {}, text("start")), scale);
  const pictures = el(
    "div",
    "pictures",
    {},
    el("div", "", {}, above, said),
    el("div", "", {}, side, el("p", "said", {}, text("turn"))),
  );
  const root = el("div", "cliff", {}, legend, pictures);
  const points = net(data, COLUMNS, ROWS);
  const top = Math.max(...points.flat().map(([, , z]) => z));
  const [from, , to] = scale.children;
  setText(from, "ℒ 0");
  setText(to, top.toPrecision(3));
  /** @type {Part} */
  const part = {
    root,
    above,
    side,
    said,
    data,
    turn: -0.5,
    net: points,
    top,
    map: { key: "", values: new Float32Array() },
    watch: null,
    isAsked: false,
  };
  return part;
}

/** What stands in the styles, as numbers that can be mixed @param {HTMLElement} root @returns {Colours} */
function colours(root) {
  const style = getComputedStyle(root);
  const named = (/** @type {string} */ name) => style.getPropertyValue(name).trim();
  const pixel = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  const mixed = (/** @type {string} */ name) => {
    if (!pixel) return /** @type {Colour} */ ([128, 128, 128]);
    pixel.fillStyle = named(name);
    pixel.fillRect(0, 0, 1, 1);
    return /** @type {Colour} */ ([...pixel.getImageData(0, 0, 1, 1).data.slice(0, 3)]);
  };
  return {
    low: mixed("--st-background-color"),
    high: mixed("--cliff-high"),
    text: named("--st-text-color"),
    quiet: named("--cliff-high"),
    free: named("--st-orange-color"),
    clipped: named("--st-blue-color"),
    ground: named("--st-background-color"),
  };
}

/** A colour between low and high ground @param {Colours} colours @param {number} share @param {number} [shade] */
const between = ({ low, high }, share, shade = 1) =>
  /** @type {Colour} */ (low.map((from, i) => Math.round(shade * (from + (high[i] - from) * (0.06 + 0.94 * share)))));

/** A canvas as sharp as the screen @param {HTMLCanvasElement} canvas */
function room(canvas) {
  const { clientWidth: width, clientHeight: height } = canvas;
  const sharp = window.devicePixelRatio || 1;
  Object.assign(canvas, { width: Math.round(width * sharp), height: Math.round(height * sharp) });
  const brush = canvas.getContext("2d");
  brush?.scale(sharp, sharp);
  if (brush) brush.font = `12px ${getComputedStyle(canvas).fontFamily}`;
  return { brush, width, height };
}

// ---------------------------------------------------------------- what both pictures have

/**
 * Both paths with a mark for every step, and the ball at their start, which nothing hides
 * @param {CanvasRenderingContext2D} brush @param {Part} part @param {Colours} colours
 * @param {(point: Point) => { x: number, y: number }} place
 */
function drawPaths(brush, { data, top }, colours, place, isAbove = true) {
  data.paths.forEach((path, i) => {
    const colour = i ? colours.clipped : colours.free;
    Object.assign(brush, { strokeStyle: colour, fillStyle: colour, lineWidth: i ? 2 : 3 });
    brush.setLineDash(i ? [] : [3, 4]);
    for (const piece of pieces(data, path)) trace(brush, piece.map(place));
    brush.setLineDash([]);
    for (const { step, w, b } of seen(data, path)) {
      if (step) mark(brush, place([w, b, loss(data.network, w, b)]), i ? 3.5 : 5.5, !i);
    }
  });
  const [{ w, b }] = data.paths;
  const z = loss(data.network, w[0], b[0]);
  const ball = place([w[0], b[0], z]);
  Object.assign(brush, { strokeStyle: colours.text, fillStyle: colours.text, lineWidth: 2 });
  if (!isAbove) trace(brush, [ball, place([w[0], b[0], top])]);
  mark(brush, ball, 7, false);
  brush.strokeStyle = colours.ground;
  brush.stroke();
}

/** @param {CanvasRenderingContext2D} brush @param {{ x: number, y: number }[]} points */
function trace(brush, points) {
  brush.beginPath();
  for (const { x, y } of points) brush.lineTo(x, y);
  brush.stroke();
}

/** @param {CanvasRenderingContext2D} brush @param {{ x: number, y: number }} at @param {number} size */
function mark(brush, { x, y }, size, isDiamond = false) {
  brush.beginPath();
  if (isDiamond)
    for (const [dx, dy] of [
      [0, -size],
      [size, 0],
      [0, size],
      [-size, 0],
    ])
      brush.lineTo(x + dx, y + dy);
  else brush.arc(x, y, size, 0, 2 * Math.PI);
  brush.fill();
}

/** Round numbers from one end of an axis to the other, both ends among them @param {[number, number]} ends @param {number} every */
const ticks = ([from, to], every) => {
  const first = Math.ceil(from / every + 0.5) * every;
  const inner = Array.from({ length: 20 }, (_, i) => first + i * every).filter((at) => at < to - every / 2);
  return [from, ...inner, to];
};

/** @param {number} n */
const written = (n) => String(Number(n.toFixed(2))).replace("-", "−");

// ---------------------------------------------------------------- from above

/** @param {{ width: number, height: number }} size @param {Data} data */
function plane({ width, height }, { w, b }) {
  const [across, up] = [width - MARGIN.left - MARGIN.right, height - MARGIN.top - MARGIN.bottom];
  return {
    across,
    up,
    place: (/** @type {Point} */ [x, y]) => ({
      x: MARGIN.left + ((x - w[0]) / (w[1] - w[0])) * across,
      y: MARGIN.top + ((b[1] - y) / (b[1] - b[0])) * up,
    }),
    back: (/** @type {number} */ x, /** @type {number} */ y) =>
      /** @type {[number, number]} */ ([
        w[0] + ((x - MARGIN.left) / across) * (w[1] - w[0]),
        b[1] - ((y - MARGIN.top) / up) * (b[1] - b[0]),
      ]),
  };
}

/** ℒ at every pixel, computed once for each size @param {Part} part @param {number} across @param {number} up */
function values(part, across, up) {
  const key = `${across} ${up}`;
  if (part.map.key === key) return part.map.values;
  const [{ w, b, network }, found] = [part.data, new Float32Array(across * up)];
  for (let i = 0; i < found.length; i++) {
    const [x, y] = [(i % across) + 0.5, Math.floor(i / across) + 0.5];
    found[i] = loss(network, w[0] + (x / across) * (w[1] - w[0]), b[1] - (y / up) * (b[1] - b[0]));
  }
  part.map = { key, values: found };
  return found;
}

/** @param {Part} part @param {Colours} colours */
function drawAbove(part, colours) {
  const { brush, ...size } = room(part.above);
  const { across, up, place } = plane(size, part.data);
  if (!brush || across < 20 || up < 20) return;
  const [n, m] = [Math.round(across), Math.round(up)];
  const heights = values(part, n, m);
  const picture = new ImageData(n, m);
  for (let i = 0; i < heights.length; i++) {
    const isLine =
      Math.floor(heights[i] / LEVEL) !== Math.floor(heights[i + (i % n < n - 1 ? 1 : 0)] / LEVEL) ||
      Math.floor(heights[i] / LEVEL) !== Math.floor((heights[i + n] ?? heights[i]) / LEVEL);
    picture.data.set([...between(colours, heights[i] / part.top, isLine ? 0.86 : 1), 255], 4 * i);
  }
  const sheet = new OffscreenCanvas(n, m);
  sheet.getContext("2d")?.putImageData(picture, 0, 0);
  brush.drawImage(sheet, MARGIN.left, MARGIN.top, across, up);
  Object.assign(brush, { strokeStyle: colours.text, fillStyle: colours.text, lineWidth: 1.5 });
  brush.setLineDash([6, 4]);
  trace(brush, lineOf(part.data, 50).map(place));
  brush.setLineDash([]);
  const { w, b } = part.data;
  brush.textAlign = "center";
  for (const at of ticks(w, 0.5)) brush.fillText(written(at), place([at, b[0], 0]).x, MARGIN.top + up + 16);
  brush.fillText(text("w"), MARGIN.left + across / 2, MARGIN.top + up + 33);
  brush.textAlign = "right";
  for (const at of ticks(b, 0.5)) brush.fillText(written(at), MARGIN.left - 6, place([w[0], at, 0]).y + 4);
  brush.fillText(text("b"), 10, MARGIN.top + up / 2);
  brush.save();
  brush.beginPath();
  brush.rect(MARGIN.left, MARGIN.top, across, up);
  brush.clip();
  drawPaths(brush, part, colours, place);
  brush.restore();
}

// ---------------------------------------------------------------- from the side

/** @param {Part} part @param {Colours} colours */
function drawSide(part, colours) {
  const { brush, width, height } = room(part.side);
  if (!brush || width < 40) return;
  const { data, top, net: points } = part;
  const place = camera(data, { turn: part.turn, tilt: TILT }, { width: width - 50, height: height - 40 }, top);
  brush.translate(25, 14);
  const quads = [];
  for (let i = 0; i + 1 < points.length; i++) {
    for (let j = 0; j + 1 < points[i].length; j++) {
      const corners = [points[i][j], points[i + 1][j], points[i + 1][j + 1], points[i][j + 1]];
      if (corners[0][1] === corners[3][1] && corners[1][1] === corners[2][1]) continue; // outside of the picture
      const at = corners.map(place);
      quads.push({ at, near: at.reduce((sum, { near }) => sum + near, 0), corners });
    }
  }
  quads.sort((a, b) => a.near - b.near);
  brush.lineWidth = 0.8;
  for (const { at, corners } of quads) {
    const share = corners.reduce((sum, [, , z]) => sum + z, 0) / 4 / top;
    const colour = `rgb(${between(colours, share, light(corners, data, top))})`;
    Object.assign(brush, { fillStyle: colour, strokeStyle: colour });
    brush.beginPath();
    for (const { x, y } of at) brush.lineTo(x, y);
    brush.closePath();
    brush.fill();
    brush.stroke();
  }
  Object.assign(brush, { strokeStyle: colours.text, fillStyle: colours.text, lineWidth: 1.5 });
  brush.setLineDash([5, 4]);
  trace(brush, lineOf(data, 50).map(place));
  brush.setLineDash([]);
  drawBox(brush, part, colours, place);
  drawPaths(brush, part, colours, place, false);
}

/** The edges of the floor that are in front, and the numbers along them @param {CanvasRenderingContext2D} brush @param {Part} part @param {Colours} colours @param {(point: Point) => { x: number, y: number, near: number }} place */
function drawBox(brush, { data: { w, b }, top }, colours, place) {
  const corners = [w[0], w[1]].flatMap((x) => [b[0], b[1]].map((y) => /** @type {Point} */ ([x, y, 0])));
  const [front, ...rest] = corners.sort((p, q) => place(q).near - place(p).near);
  const alongW = rest.find((corner) => corner[1] === front[1]) ?? front;
  const alongB = rest.find((corner) => corner[0] === front[0]) ?? front;
  Object.assign(brush, { strokeStyle: colours.quiet, fillStyle: colours.text, lineWidth: 1, textAlign: "center" });
  for (const end of [alongW, alongB]) trace(brush, [place(front), place(end)]);
  const label = (/** @type {string} */ name, /** @type {Point} */ at, /** @type {number} */ dy) => {
    const { x, y } = place(at);
    brush.fillText(name, x, y + dy);
  };
  const [half, other] = [(w[0] + w[1]) / 2, (b[0] + b[1]) / 2];
  for (const at of w) label(written(at), [at, front[1], 0], 16);
  for (const at of [alongB[1]]) label(written(at), [front[0], at, 0], 16);
  label(`${text("w")}`, [half, front[1], 0], 20);
  label(`${text("b")}`, [front[0], other, 0], 20);
  const edge = [alongW, alongB].sort((p, q) => place(p).x - place(q).x)[0];
  const high = /** @type {Point} */ ([edge[0], edge[1], top]);
  trace(brush, [place(edge), place(high)]);
  label(`ℒ ${top.toPrecision(2)}`, high, -5);
}

// ---------------------------------------------------------------- life

/** One drawing for all that has changed since the last @param {Part} part */
function ask(part) {
  if (part.isAsked) return;
  part.isAsked = true;
  requestAnimationFrame(() => {
    part.isAsked = false;
    if (!part.root.isConnected) return;
    const found = colours(part.root);
    drawAbove(part, found);
    drawSide(part, found);
  });
}

/** @param {Part} part @param {PointerEvent | MouseEvent} event */
function under(part, event) {
  const { left, top, width, height } = part.above.getBoundingClientRect();
  return plane({ width, height }, part.data).back(event.clientX - left, event.clientY - top);
}

/** @param {Part} part */
function turning(part) {
  let from = 0;
  const by = (/** @type {number} */ angle) => {
    part.turn = clamp(part.turn + angle, -1.5, 1.5);
    ask(part);
  };
  part.side.addEventListener("pointerdown", (event) => {
    from = event.clientX;
    part.side.setPointerCapture(event.pointerId);
  });
  part.side.addEventListener("pointermove", (event) => {
    if (!part.side.hasPointerCapture(event.pointerId)) return;
    by((from - event.clientX) / 150);
    from = event.clientX;
  });
  part.side.addEventListener("keydown", (event) => {
    const angle = { ArrowLeft: 0.1, ArrowRight: -0.1 }[event.key];
    if (!angle || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault(); // the page shall not scroll
    event.stopPropagation();
    by(angle);
  });
}

export default component({
  create(page, /** @type {Data} */ data) {
    const part = make(data);
    part.above.addEventListener("pointermove", (event) => {
      const [w, b] = under(part, event);
      const told = isInside(part.data, w, b);
      const numbers = { w: written(w), b: written(b), loss: loss(part.data.network, w, b).toPrecision(3) };
      setText(part.said, told ? text("here", numbers) : text("place"));
    });
    part.above.addEventListener("pointerleave", () => setText(part.said, text("place")));
    part.above.addEventListener("click", (event) => {
      const [w, b] = under(part, event);
      if (isInside(part.data, w, b)) page.setTriggerValue("place", [w, b]);
    });
    turning(part);
    part.watch = new ResizeObserver(() => ask(part));
    part.watch.observe(part.root);
    return part;
  },
  update(part, data) {
    part.data = data;
    for (const picture of [part.above, part.side]) picture.setAttribute("aria-label", data.told);
    part.root.dataset.steps = String(Math.max(...data.paths.map(({ w }) => w.length)) - 1);
    ask(part);
  },
  destroy: (part) => part.watch?.disconnect(),
});
