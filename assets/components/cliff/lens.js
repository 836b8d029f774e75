// The surroundings of the start, magnified in a corner of the picture from above: a path that is hardly longer than the
// ring at its start is wide could not be seen otherwise. Pure functions.

/**
 * @import { Data, Point } from "./ground.js"
 * @typedef {{ x: number, y: number }} Place
 * @typedef {{ left: number, top: number, across: number, up: number, place: (point: Point) => Place, back: (x: number, y: number) => [number, number] }} Plane
 * @typedef {object} Lens
 * @property {number} times @property {number} left @property {number} top
 * @property {number} length how far the path gets from its start, in w and b
 * @property {(point: Point) => Place} place @property {(x: number, y: number) => [number, number]} back
 * @property {(x: number, y: number) => boolean} holds
 */

export const SIDE = 112; // pixels
const EDGE = 8; // from the edges of the picture
const HIDDEN = 23; // pixels from the start: twice the ring
const TIMES = [1000, 500, 200, 100, 50, 20, 10, 5, 2];

/** Nothing as long as the path can be seen without it @param {Plane} plane @param {Data} data @returns {Lens | null} */
export function lens(plane, { paths: [, path] }) {
  const places = path.w.map((w, i) => plane.place([w, path.b[i], 0]));
  const [start] = places;
  const far = Math.max(...places.map(({ x, y }) => Math.hypot(x - start.x, y - start.y)));
  const times = TIMES.find((one) => one * far <= 0.42 * SIDE);
  if (!far || far > HIDDEN || !times) return null;
  const isLeft = start.x < plane.left + plane.across / 2;
  const isAbove = start.y < plane.top + plane.up / 2;
  const left = isLeft ? plane.left + plane.across - SIDE - EDGE : plane.left + EDGE;
  const top = isAbove ? plane.top + plane.up - SIDE - EDGE : plane.top + EDGE;
  const middle = { x: left + SIDE / 2, y: top + SIDE / 2 };
  return {
    times,
    left,
    top,
    length: Math.max(...path.w.map((w, i) => Math.hypot(w - path.w[0], path.b[i] - path.b[0]))),
    place: (point) => {
      const { x, y } = plane.place(point);
      return { x: middle.x + times * (x - start.x), y: middle.y + times * (y - start.y) };
    },
    back: (x, y) => plane.back(start.x + (x - middle.x) / times, start.y + (y - middle.y) / times),
    holds: (x, y) => x >= left && x <= left + SIDE && y >= top && y <= top + SIDE,
  };
}
