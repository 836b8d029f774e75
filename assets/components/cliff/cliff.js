// The cliff, from above and from the side. The ground is drawn here from its formula, so a step sends a path and no more.
// From above a click places the ball; from the side a drag, or ← and →, turn the picture.

import { clamp, component, el, setText, text } from "../shared.js";
import { drawAbove, lensOf, plane } from "./above.js";
import { colours, written } from "./brush.js";
import { isInside, loss, net } from "./ground.js";
import { drawSide } from "./side.js";

/**
 * @import { Data, Point } from "./ground.js"
 * @typedef {object} Part
 * @property {HTMLElement} root @property {HTMLCanvasElement} above @property {HTMLCanvasElement} side
 * @property {HTMLElement} said under the picture from above @property {HTMLElement} turned under the other
 * @property {Data} data @property {number} turn
 * @property {Point[][]} net @property {number} top
 * @property {{ key: string, values: Float32Array }} map the ground from above, computed once for each size
 * @property {ResizeObserver | null} watch @property {boolean} isAsked
 */

const [COLUMNS, ROWS] = [64, 96];

/** @param {Data} data @returns {Part} */
function make(data) {
  const above = el("canvas", "", { role: "img", "data-testid": "cliff-above" });
  const side = el("canvas", "", { role: "img", tabindex: 0, "data-testid": "cliff-side" });
  const said = el("p", "said", {}, text("place"));
  const turned = el("p", "said", {}, text("turn"));
  const names = data.paths.map(({ name }, i) => el("span", `name ${i ? "clipped" : "free"}`, {}, name));
  const scale = el("span", "scale", {}, el("i"), el("b"), el("i"));
  const legend = el("div", "legend", {}, ...names, el("span", "name ball", {}, text("start")), scale);
  const pictures = el("div", "pictures", {}, el("div", "", {}, above, said), el("div", "", {}, side, turned));
  const root = el("div", "cliff", {}, legend, pictures);
  const points = net(data, COLUMNS, ROWS);
  const top = Math.max(...points.flat().map(([, , z]) => z));
  const [from, , to] = scale.children;
  setText(from, "ℒ 0");
  setText(to, top.toPrecision(3));
  const map = { key: "", values: new Float32Array() };
  return { root, above, side, said, turned, data, turn: -0.5, net: points, top, map, watch: null, isAsked: false };
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
    tell(part);
  });
}

/** What to do with each picture; where the path with clipping is hardly longer than the ring is wide, how long it is @param {Part} part */
function tell(part) {
  const magnified = lensOf(part);
  const numbers = magnified && { times: magnified.times, length: magnified.length.toPrecision(3) };
  setText(part.said, numbers ? text("place_lens", numbers) : text("place"));
  setText(part.turned, numbers ? text("turn_lens", { length: numbers.length }) : text("turn"));
}

/** @param {Part} part @param {PointerEvent | MouseEvent} event */
function under(part, event) {
  const { left, top, width, height } = part.above.getBoundingClientRect();
  const at = /** @type {[number, number]} */ ([event.clientX - left, event.clientY - top]);
  const magnified = lensOf(part);
  return (magnified?.holds(...at) ? magnified : plane({ width, height }, part.data)).back(...at);
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
      if (told) setText(part.said, text("here", numbers));
      else tell(part);
    });
    part.above.addEventListener("pointerleave", () => tell(part));
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
