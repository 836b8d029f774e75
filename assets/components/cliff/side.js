// The cliff from the side: the ground in perspective, lit, with the edges of its floor and both paths.

import { text } from "../shared.js";
import { between, drawPaths, room, trace, written } from "./brush.js";
import { camera, light, lineOf } from "./ground.js";

/**
 * @import { Colours } from "./brush.js"
 * @import { Part } from "./cliff.js"
 * @import { Point } from "./ground.js"
 */

const TILT = 0.5; // radians

/** @param {Part} part @param {Colours} colours */
export function drawSide(part, colours) {
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
