// A credit matrix as pixels: row s is the error of step s, column k the step that it has come back to. A click on an
// entry takes it apart.

import { component, el, setText, text } from "../shared.js";
import { decode, haveGaps, pixels, place, ticks, told, under } from "./entries.js";
import { bringIntoView } from "./view.js";

/**
 * @import { Data } from "./entries.js"
 * @typedef {object} Part
 * @property {HTMLElement} root @property {HTMLCanvasElement} canvas @property {HTMLElement} frame
 * @property {HTMLElement} hover @property {HTMLElement} across @property {HTMLElement} down
 * @property {Data} data what is drawn @property {Int16Array} entries @property {Data} newest what came last
 * @property {ResizeObserver | null} watch
 * @property {Element | null} home with the words that the page says of this matrix @property {MutationObserver | null} reader
 */

function make() {
  const canvas = el("canvas", "", { role: "img" });
  const frame = el("div", "frame");
  const hover = el("div", "hover", { "aria-hidden": "true" });
  const [down, across] = [el("div", "down", { "aria-hidden": "true" }), el("div", "across", { "aria-hidden": "true" })];
  const root = el("div", "matrix", {}, down, el("div", "picture", {}, canvas, frame, hover), across);
  return { root, canvas, frame, hover, across, down };
}

/** As sharp as the screen @param {Part} part */
function draw({ canvas, data, entries }) {
  const { clientWidth, clientHeight } = canvas;
  const brush = canvas.getContext("2d");
  if (!brush || !clientWidth || !entries.length) return;
  const sharp = window.devicePixelRatio || 1;
  const [width, height] = [clientWidth, clientHeight].map((length) => Math.round(length * sharp));
  Object.assign(canvas, { width, height });
  const { steps } = data;
  const sheet = new OffscreenCanvas(steps, steps);
  sheet.getContext("2d")?.putImageData(new ImageData(pixels(data, entries), steps, steps), 0, 0);
  brush.imageSmoothingEnabled = false;
  brush.drawImage(sheet, 0, 0, width, height);
  if (!haveGaps(clientWidth, clientHeight, steps)) return;
  for (let t = 1; t < steps; t++) {
    brush.clearRect(Math.round((t * width) / steps), 0, 1, height);
    brush.clearRect(0, Math.round((t * height) / steps), width, 1);
  }
}

/** Numbers along an axis, in the middle of their steps @param {HTMLElement} axis @param {"left" | "top"} side @param {string} name @param {Data} data */
function label(axis, side, name, { steps }) {
  const marks = ticks(steps).map((tick) =>
    el("span", "", { style: `${side}: ${(100 * (tick - 0.5)) / steps}%` }, `${tick}`),
  );
  axis.replaceChildren(el("b", "", {}, text(name)), ...marks);
}

/** Around the entry that is chosen, never smaller than the eye can find @param {Part} part @param {Data} data */
function mark({ frame }, { chosen, steps }) {
  frame.hidden = !chosen;
  if (!chosen) return;
  const [s, k] = chosen;
  const half = Math.max(0.5, steps / 60);
  const percent = (/** @type {number} */ at) => `${(100 * at) / steps}%`;
  const at = { left: percent(k - 0.5 - half), top: percent(s - 0.5 - half) };
  Object.assign(frame.style, { ...at, width: percent(2 * half), height: percent(2 * half) });
}

/** The page's words may come sooner than the picture: as long as they are of another network, it is pale @param {Part} part */
function compare({ home, canvas, data }) {
  const fit = home?.querySelector("strong")?.textContent ?? "";
  canvas.classList.toggle("old", !data.told.includes(fit));
}

/** @param {Part} part */
function read(part) {
  const home = part.root.getRootNode();
  part.home = home instanceof ShadowRoot ? home.host.closest("[class*='st-key-credit_']") : null;
  if (!part.home) return;
  part.reader = new MutationObserver(() => compare(part));
  part.reader.observe(part.home, { subtree: true, childList: true, characterData: true });
}

/** @param {Part} part @param {MouseEvent} event */
function pointed({ canvas, data }, { clientX, clientY }) {
  const { left, top, width, height } = canvas.getBoundingClientRect();
  return under(data.steps, (clientX - left) / width, (clientY - top) / height);
}

/** @param {Part} part @param {MouseEvent} event */
function point(part, event) {
  const found = pointed(part, event);
  part.hover.hidden = !found;
  part.canvas.classList.toggle("chosen-from", Boolean(found && part.data.is_chosen_from));
  if (!found) return;
  setText(part.hover, told(found.s, found.k, part.entries[place(found.s, found.k)]));
  const { left, top, width } = part.canvas.getBoundingClientRect();
  const isRight = event.clientX - left > width / 2;
  part.hover.style.left = isRight ? "auto" : `${event.clientX - left + 14}px`;
  part.hover.style.right = isRight ? `${left + width - event.clientX + 14}px` : "auto";
  part.hover.style.top = `${event.clientY - top}px`;
}

export default component({
  create(page, /** @type {Data} */ data) {
    /** @type {Part} */
    const part = { ...make(), data, entries: new Int16Array(), newest: data, watch: null, home: null, reader: null };
    part.hover.hidden = true;
    part.canvas.addEventListener("pointermove", (event) => point(part, event));
    part.canvas.addEventListener("pointerleave", () => {
      part.hover.hidden = true;
    });
    part.canvas.addEventListener("click", (event) => {
      const found = part.data.is_chosen_from && pointed(part, event);
      if (!found) return;
      page.setTriggerValue("entry", [found.s, found.k]);
      bringIntoView();
    });
    part.watch = new ResizeObserver(() => draw(part));
    part.watch.observe(part.canvas);
    return part;
  },
  update(part, data) {
    part.newest = data;
    if (!part.reader) read(part);
    decode(data.entries).then((entries) => {
      if (part.newest !== data) return;
      Object.assign(part, { data, entries });
      part.canvas.setAttribute("aria-label", data.told);
      label(part.across, "left", "k", data);
      label(part.down, "top", "s", data);
      mark(part, data);
      draw(part);
      compare(part);
    });
  },
  destroy(part) {
    part.watch?.disconnect();
    part.reader?.disconnect();
  },
});
