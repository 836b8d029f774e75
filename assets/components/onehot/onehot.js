// The one-hot matrix, drawn to scale, one column per word. Everything is drawn once per data; a step moves a few marks
// and refills the table of proof.js, so playing stays smooth.

import { Choice, clamp, component, decode, el, setText, symbol, text } from "../shared.js";
import { controls, markStep, onMoves, setPlayIcon } from "../transport.js";
import { count, layout } from "./layout.js";
import { fillProof, makeProof } from "./proof.js";

/**
 * @import { Page } from "../shared.js"
 * @import { Data } from "./layout.js"
 * @typedef {ReturnType<typeof makePicture>} Picture
 */

const STEP_MS = 1400; // one word at 1×: time to see the mark come down

// ---------------------------------------------------------------- making the elements

/** One word on top of its vector @param {number} t */
function makeColumn(t) {
  const names = /** @type {const} */ (["word", "unk", "lookup", "vector", "index"]);
  const [word, unk, lookup, vector, index] = names.map((name) => el("div", name));
  const mark = el("div", "mark");
  vector.append(mark);
  const attributes = { "data-testid": "onehot-step", "data-t": t, role: "option", tabindex: -1 };
  const root = el("div", "step", attributes, word, unk, lookup, vector, index);
  return { root, word, unk, lookup, mark, index };
}

function makeTransport() {
  const parts = controls();
  const { back, play, on, where, value, scrub, speed } = parts;
  const [trio, readout] = [el("div", "trio", {}, back, play, on), el("div", "readout", {}, where, value)];
  const attributes = { role: "group", "aria-label": text("playback") };
  return { ...parts, root: el("div", "transport", attributes, trio, scrub, readout, speed) };
}

function makeAxis() {
  const scale = el("div", "scale");
  const vector = el("span", "at-vector", {}, symbol("x"), el("small", "", {}, text("row_onehot")));
  const [word, index] = [el("small", "at-word", {}, text("row_word")), el("small", "at-lookup", {}, text("row_index"))];
  return { scale, axis: el("div", "axis", { "aria-hidden": "true" }, word, index, vector, scale) };
}

/** The picture with everything that it remembers @param {Page} page @param {Data} data */
function makePicture(page, data) {
  const [transport, band, slot, { axis, scale }] = [makeTransport(), el("div", "band"), el("div", "slot"), makeAxis()];
  const track = el("div", "track", { role: "listbox", "aria-orientation": "horizontal", "aria-label": text("words") });
  const scroller = el("div", "scroller", {}, el("div", "sheet", {}, axis, track));
  const live = el("div", "unseen", { "aria-live": "polite" });
  const attributes = { "data-testid": "onehot", tabindex: 0, role: "group", "aria-label": text("onehot") };
  return {
    ...{ root: el("div", "onehot", attributes, scroller, transport.root, slot, live) },
    ...{ transport, band, slot, scale, track, scroller, live, data },
    columns: /** @type {ReturnType<typeof makeColumn>[]} */ ([]),
    values: decoded(data),
    proof: makeProof(data),
    plan: layout(data, 0),
    width: 0,
    ...{ t: 1, whole: true, playing: false },
    timer: /** @type {ReturnType<typeof setTimeout> | undefined} */ (undefined),
    selected: new Choice((/** @type {number} */ t) => page.setStateValue("t", t)),
    stop: () => {},
  };
}

/** @param {Data} data */
const decoded = ({ product, picked, columns_values }) => ({
  product: decode(product),
  picked: decode(picked),
  columns: decode(columns_values),
});

// ---------------------------------------------------------------- drawing

/** @param {Data} data @param {number} t */
function summary({ words, known, ids, n_x }, t) {
  const facts = { t, word: words[t - 1], n_x: count(n_x), id: count(ids[t - 1]) };
  return text(known[t - 1] ? "summary" : "summary_unknown", facts);
}

/** @param {Picture} picture */
function drawColumns({ data, plan, columns }) {
  columns.forEach(({ root, word, unk, lookup, mark, index }, i) => {
    const id = data.ids[i];
    Object.assign(root.dataset, { word: data.words[i], index: id });
    root.setAttribute("aria-label", summary(data, i + 1));
    root.style.left = `${plan.x[i]}px`;
    root.style.setProperty("--y", `${plan.y[i]}px`);
    root.classList.toggle("unknown", !data.known[i]);
    word.title = data.words[i];
    setText(word, data.words[i]);
    setText(unk, data.known[i] ? "" : "<UNK>");
    setText(lookup, text("index", { id: count(id) }));
    setText(mark, plan.row >= 14 ? 1 : "");
    setText(index, count(id));
  });
}

/** @param {Picture} picture */
function draw(picture) {
  const { root, data } = picture;
  picture.width = root.clientWidth;
  const plan = layout(data, picture.width - 2); // the border of the card
  picture.plan = plan;
  for (const name of /** @type {const} */ (["axis", "col", "tall", "row", "head", "cell", "thick"])) {
    root.style.setProperty(`--${name}`, `${plan[name]}px`);
  }
  root.style.setProperty("--columns", String(plan.columns));
  root.style.setProperty("--digits", `${Math.min(13, (plan.cell - 3) / 2.45)}px`);
  root.dataset.narrow = String(plan.narrow);
  root.classList.toggle("ruled", plan.row >= 5); // few entries: each is seen on its own
  picture.track.style.width = `${plan.width - plan.axis}px`;
  const tick = (/** @type {number} */ i) => el("span", "tick", { style: `top:${(i + 0.5) * plan.row}px` }, count(i));
  picture.scale.replaceChildren(...plan.ticks.map(tick));
  picture.transport.scrub.max = String(data.words.length);
  drawColumns(picture);
  show(picture);
}

/** @param {Picture} picture */
function show(picture) {
  const { root, columns, plan, band, data, t, transport, playing } = picture;
  const { scrub, where, value, play } = transport;
  const word = data.words[t - 1];
  Object.assign(root.dataset, { t, playing: String(playing), equal: String(data.equal[t - 1]) });
  markStep(root, columns, t, (step) => !picture.whole && step > t);
  band.style.transform = `translateX(${plan.x[t - 1]}px)`;
  scrub.value = String(t);
  scrub.style.setProperty("--done", String(columns.length > 1 ? (t - 1) / (columns.length - 1) : 1));
  scrub.setAttribute("aria-valuetext", text("at_spoken", { t, word }));
  setText(where, text("at", { t, word }));
  setText(value, text("stands_at", { id: count(data.ids[t - 1]) }));
  setPlayIcon(play, playing);
  fillProof(picture.proof, data, picture.values, t);
  if (!playing) setText(picture.live, summary(data, t)); // spoken only when at rest
  follow(picture);
}

/** Keeps the current word in view by scrolling the picture, never the page. @param {Picture} picture */
function follow({ scroller, plan, t }) {
  const room = scroller.clientWidth - plan.axis;
  const left = plan.x[t - 1] - scroller.scrollLeft;
  if (left < 0 || left + plan.col > room) scroller.scrollLeft = plan.x[t - 1] - (room - plan.col) / 2;
}

// ---------------------------------------------------------------- position and playback

/** @param {Picture} picture */
function halt(picture) {
  clearTimeout(picture.timer);
  picture.playing = false;
}

/**
 * What a reader does stops the playback; the page hears of the step once motion has rested.
 * @param {Picture} picture @param {number} t @param {boolean} whole @param {number} [delay]
 */
function select(picture, t, whole, delay) {
  halt(picture);
  Object.assign(picture, { t: clamp(t, 1, picture.columns.length), whole });
  show(picture);
  picture.selected.tell(() => picture.t, delay);
}

/** @param {Picture} picture */
function toggle(picture) {
  if (picture.playing) return select(picture, picture.t, false);
  picture.selected.cancel();
  const fromStart = picture.whole || picture.t === picture.columns.length;
  Object.assign(picture, { playing: true, whole: false, t: fromStart ? 1 : picture.t });
  show(picture);
  wait(picture);
}

/** One word per beat, a stop at the last one. @param {Picture} picture */
function wait(picture) {
  picture.timer = setTimeout(() => {
    if (picture.t === picture.columns.length) return select(picture, picture.t, true);
    picture.t += 1;
    show(picture);
    wait(picture);
  }, STEP_MS / Number(picture.transport.speed.value));
}

/** @param {Picture} picture */
function listen(picture) {
  const { root } = picture;
  const { scrub } = picture.transport;
  const { stop } = onMoves(picture, {
    toggle: () => toggle(picture),
    step: (by) => select(picture, picture.t + by, false),
    select: (t) => select(picture, t, true, 0),
    show: () => show(picture),
  });
  scrub.addEventListener("input", () => select(picture, Number(scrub.value), false));
  const watch = new ResizeObserver(() => {
    if (root.clientWidth !== picture.width) draw(picture);
  });
  watch.observe(root);
  picture.stop = () => {
    stop();
    watch.disconnect();
  };
}

// ---------------------------------------------------------------- life

/**
 * New words make new columns; the same words keep columns, focus, position and playback.
 * @param {Picture} picture @param {Data} data
 */
function update(picture, data) {
  const before = picture.columns.length ? picture.data : null;
  const isSame = JSON.stringify(before?.words) === JSON.stringify(data.words);
  Object.assign(picture, { data, values: decoded(data) });
  if (isSame) followPage(picture);
  else begin(picture);
  if (!before || before.n_a !== data.n_a || before.near[0].length !== data.near[0].length) {
    picture.proof = makeProof(data);
    picture.slot.replaceChildren(picture.proof.root);
  }
  draw(picture);
}

/** @param {Picture} picture */
function begin(picture) {
  const { data, track, band, selected } = picture;
  halt(picture);
  picture.columns = data.words.map((_, i) => makeColumn(i + 1));
  track.replaceChildren(band, ...picture.columns.map(({ root }) => root));
  selected.value = data.selected;
  Object.assign(picture, { t: data.selected, whole: true });
}

/** The page may select a step too. @param {Picture} picture */
function followPage(picture) {
  const { data, selected } = picture;
  if (!selected.isOverruledBy(data.selected) || picture.playing) return;
  selected.value = data.selected;
  picture.t = data.selected;
}

export default component({
  create(page, /** @type {Data} */ data) {
    const picture = makePicture(page, data);
    listen(picture);
    return picture;
  },
  update,
  destroy(picture) {
    halt(picture);
    picture.selected.cancel();
    picture.stop();
  },
});
