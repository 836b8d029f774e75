// The cliff from above: ℒ at every pixel, with its level lines, and both paths.

import { text } from "../shared.js";
import { between, drawPaths, room, trace, written } from "./brush.js";
import { lineAt, lineOf, loss } from "./ground.js";
import { lens, SIDE } from "./lens.js";

/**
 * @import { Colours } from "./brush.js"
 * @import { Part } from "./cliff.js"
 * @import { Data, Point } from "./ground.js"
 * @import { Lens } from "./lens.js"
 */

const MARGIN = { left: 44, right: 12, top: 10, bottom: 40 };
const LEVEL = 0.02; // ℒ from one line of the map to the next

/** Round numbers from one end of an axis to the other, both ends among them @param {[number, number]} ends @param {number} every */
const ticks = ([from, to], every) => {
  const first = Math.ceil(from / every + 0.5) * every;
  const inner = Array.from({ length: 20 }, (_, i) => first + i * every).filter((at) => at < to - every / 2);
  return [from, ...inner, to];
};

/** @param {{ width: number, height: number }} size @param {Data} data */
export function plane({ width, height }, { w, b }) {
  const [across, up] = [width - MARGIN.left - MARGIN.right, height - MARGIN.top - MARGIN.bottom];
  return {
    left: MARGIN.left,
    top: MARGIN.top,
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

/** What magnifies the surroundings of the start, where that is needed @param {Part} part */
export function lensOf({ above: { clientWidth: width, clientHeight: height }, data }) {
  return width ? lens(plane({ width, height }, data), data) : null;
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
export function drawAbove(part, colours) {
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
  const magnified = lensOf(part);
  if (magnified) drawLens(brush, part, colours, magnified);
}

const COARSE = 2; // pixels of the lens that have the same ℒ

/** @param {CanvasRenderingContext2D} brush @param {Part} part @param {Colours} colours @param {Lens} magnified */
function drawLens(brush, part, colours, { left, top, times, place, back }) {
  const n = SIDE / COARSE;
  const picture = new ImageData(n, n);
  for (let i = 0; i < n * n; i++) {
    const at = back(left + COARSE * ((i % n) + 0.5), top + COARSE * (Math.floor(i / n) + 0.5));
    picture.data.set([...between(colours, loss(part.data.network, ...at) / part.top), 255], 4 * i);
  }
  const sheet = new OffscreenCanvas(n, n);
  sheet.getContext("2d")?.putImageData(picture, 0, 0);
  brush.save();
  brush.beginPath();
  brush.rect(left, top, SIDE, SIDE);
  brush.clip();
  brush.drawImage(sheet, left, top, SIDE, SIDE);
  Object.assign(brush, { strokeStyle: colours.text, lineWidth: 1.5 });
  brush.setLineDash([6, 4]);
  const ends = [left, left + SIDE].map((x) => back(x, top)[0]);
  trace(
    brush,
    ends.map((w) => place([w, lineAt(part.data, w), 0])),
  );
  brush.setLineDash([]);
  drawPaths(brush, part, colours, place);
  Object.assign(brush, { fillStyle: colours.text, textAlign: "left" });
  brush.fillText(text("times", { times }), left + 6, top + 16);
  brush.restore();
  Object.assign(brush, { strokeStyle: colours.text, lineWidth: 1.5 });
  brush.strokeRect(left, top, SIDE, SIDE);
}
