// The one-hot matrix, drawn to scale, one column per word. Everything is drawn once per data; a step moves a few marks
// and refills the table of onehot-proof.js (the two are parts of one module), so playing stays smooth.

const STEP_MS = 1400; // one word at 1×: time to see the mark come down
const SEND_MS = 250; // a step is sent to the page once motion has rested this long
const ANSWER_MS = 2000; // how long the page may take to answer
const WITH_NUMBER = 29; // px: the narrowest cell that holds "−.83"
const pictures = new WeakMap(); // parentElement -> picture: playback survives new data and a change of theme

const clamp = (v, low, high) => Math.min(high, Math.max(low, v));
const count = (n) => n.toLocaleString("en");

/** Round indices for the scale at the left, the last index among them. */
export function ticks(n_x, height) {
  const rough = (n_x * 34) / height; // at least 34 px apart
  const unit = 10 ** Math.floor(Math.log10(rough));
  const by = Math.max(1, [1, 2, 5, 10].find((k) => k * unit >= rough) * unit);
  const round = Array.from({ length: Math.ceil(n_x / by) }, (_, i) => i * by);
  return [...round.filter((i) => i === 0 || (n_x - 1 - i) * height >= 18 * n_x), n_x - 1].filter((v, i, all) => v !== all[i - 1]);
}

/** Where everything stands, in pixels, in a picture `width` wide. Pure. */
export function layout({ words, n_x, ids, n_a }, width) {
  const narrow = width < 600;
  const axis = narrow ? 50 : 118; // the scale at the left
  const col = clamp(Math.floor((width - axis) / words.length), narrow ? 88 : 92, 190);
  const tall = narrow ? 220 : 250;
  const row = tall / n_x; // the height of one entry
  const head = narrow ? 0 : 268; // the words left of the cells
  const inner = width - head - (narrow ? 22 : 38);
  const lines = [1, 2, 3, 4, 6, 8].find((k) => inner / Math.ceil(n_a / k) >= WITH_NUMBER) ?? 11;
  const columns = Math.ceil(n_a / lines);
  return {
    narrow, axis, col, tall, row, head, columns, width: axis + col * words.length,
    cell: Math.min(56, Math.floor(inner / columns)),
    thick: Math.max(4, row - (row > 8 ? 1 : 0)), // the 1 stays visible however many entries there are
    x: words.map((_, i) => i * col), y: ids.map((id) => (id + 0.5) * row), ticks: ticks(n_x, tall),
  };
}

// ---------------------------------------------------------------- making the elements

function el(tag, name, attributes = {}, ...children) {
  const node = document.createElement(tag);
  node.className = name;
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.append(...children);
  return node;
}

const many = (n, name) => Array.from({ length: n }, () => el("div", name));
const put = (node, text) => { if (node.textContent !== String(text)) node.textContent = text; };
const x = (t = "t") => el("span", "symbol", {}, "x", el("sup", "", {}, `⟨${t}⟩`));

/** One word on top of its vector. */
function makeColumn(t) {
  const part = Object.fromEntries(["word", "unk", "lookup", "vector", "mark", "index"].map((name) => [name, el("div", name)]));
  part.vector.append(part.mark);
  const root = el("div", "step", { "data-testid": "onehot-step", "data-t": t, role: "button", tabindex: -1 },
    part.word, part.unk, part.lookup, part.vector, part.index);
  return { root, part };
}

const button = (id, label, icon) => el("button", id, { type: "button", "data-testid": id, "aria-label": label, title: label },
  el("i", `icon ${icon}`));

function makeTransport() {
  const parts = {
    back: button("step-back", "One word back (←)", "next turned"), play: button("play", "Play (Space)", "play"),
    on: button("step-on", "One word on (→)", "next"), where: el("strong", "where"), value: el("span", "value"),
    scrub: el("input", "scrub", { "data-testid": "scrub", type: "range", min: 1, step: 1, "aria-label": "Position in the sentence" }),
    speed: el("select", "speed", { "data-testid": "speed", "aria-label": "Speed" }, ...[0.5, 1, 2, 4].map((s) =>
      el("option", "", s === 1 ? { value: s, selected: "" } : { value: s }, `${s}×`))),
  };
  const { back, play, on, where, value, scrub, speed } = parts;
  parts.root = el("div", "transport", { role: "group", "aria-label": "Playback" },
    el("div", "trio", {}, back, play, on), scrub, el("div", "readout", {}, where, value), speed);
  return parts;
}

// ---------------------------------------------------------------- drawing

const decode = (base64) => new Float32Array(Uint8Array.from(atob(base64), (c) => c.charCodeAt(0)).buffer);

function summary({ words, known, ids, n_x }, t) {
  return `Word ${t}, ${words[t - 1]}: ${known[t - 1] ? "" : "not in the dictionary, so read as <UNK>; "}`
    + `its vector has ${count(n_x)} entries, all 0 except a 1 at index ${count(ids[t - 1])}.`;
}

function drawColumns({ data, plan, columns }) {
  columns.forEach(({ root, part }, i) => {
    Object.assign(root.dataset, { word: data.words[i], index: data.ids[i] });
    root.setAttribute("aria-label", summary(data, i + 1));
    root.style.left = `${plan.x[i]}px`;
    root.style.setProperty("--y", `${plan.y[i]}px`);
    root.classList.toggle("unknown", !data.known[i]);
    part.word.title = data.words[i];
    put(part.word, data.words[i]);
    put(part.unk, data.known[i] ? "" : "<UNK>");
    put(part.lookup, `index ${count(data.ids[i])}`);
    put(part.mark, plan.row >= 14 ? 1 : "");
    put(part.index, count(data.ids[i]));
  });
}

function draw(picture) {
  const { root, data } = picture;
  picture.seenWidth = root.clientWidth;
  const plan = (picture.plan = layout(data, picture.seenWidth - 2)); // the border of the card
  for (const name of ["axis", "col", "tall", "row", "head", "cell", "thick"]) root.style.setProperty(`--${name}`, `${plan[name]}px`);
  root.style.setProperty("--columns", plan.columns);
  root.style.setProperty("--digits", `${Math.min(13, (plan.cell - 3) / 2.45)}px`);
  root.dataset.narrow = plan.narrow;
  root.classList.toggle("ruled", plan.row >= 5); // few entries: each is seen on its own
  picture.track.style.width = `${plan.width - plan.axis}px`;
  picture.scale.replaceChildren(...plan.ticks.map((i) => el("span", "tick", { style: `top:${(i + 0.5) * plan.row}px` }, count(i))));
  picture.transport.scrub.max = data.words.length;
  drawColumns(picture);
  show(picture);
}

// ---------------------------------------------------------------- position and playback

function show(picture) {
  const { root, columns, plan, band, data, t, transport: { scrub, where, value, play, speed }, playing } = picture;
  Object.assign(root.dataset, { t, playing: String(Boolean(playing)), equal: String(data.equal[t - 1]) });
  root.style.setProperty("--beat", playing ? `${STEP_MS / speed.value}ms` : "0ms");
  columns.forEach(({ root: column }, i) => {
    column.classList.toggle("ahead", !picture.whole && i + 1 > t);
    column.classList.toggle("now", i + 1 === t);
    column.tabIndex = i + 1 === t ? 0 : -1; // one stop for the Tab key; ← and → move it
    column.setAttribute("aria-current", i + 1 === t ? "step" : "false");
  });
  if (root.getRootNode().activeElement?.classList.contains("step")) columns[t - 1].root.focus({ preventScroll: true });
  band.style.transform = `translateX(${plan.x[t - 1]}px)`;
  scrub.value = t;
  scrub.style.setProperty("--done", columns.length > 1 ? (t - 1) / (columns.length - 1) : 1);
  scrub.setAttribute("aria-valuetext", `word ${t}, ${data.words[t - 1]}`);
  put(where, `t = ${t} · ${data.words[t - 1]}`);
  put(value, `the 1 stands at index ${count(data.ids[t - 1])}`);
  play.firstChild.className = `icon ${playing ? "pause" : "play"}`;
  play.title = playing ? "Pause (Space)" : "Play (Space)";
  play.setAttribute("aria-label", play.title);
  fillProof(picture, t);
  if (!playing) put(picture.live, summary(data, t)); // spoken only when at rest
  follow(picture);
}

/** Keeps the current word in view by scrolling the picture, never the page. */
function follow({ scroller, plan, t }) {
  const room = scroller.clientWidth - plan.axis;
  const left = plan.x[t - 1] - scroller.scrollLeft;
  if (left < 0 || left + plan.col > room) scroller.scrollLeft = plan.x[t - 1] - (room - plan.col) / 2;
}

function halt(picture) {
  clearTimeout(picture.timer);
  picture.playing = false;
}

/** What a reader does stops the playback; the page hears of the step once motion has rested. */
function select(picture, t, whole, delay = SEND_MS) {
  halt(picture);
  Object.assign(picture, { t: clamp(t, 1, picture.columns.length), whole });
  show(picture);
  send(picture, delay);
}

function send(picture, delay) {
  clearTimeout(picture.sending);
  picture.sending = setTimeout(() => {
    if (picture.t === picture.selected) return;
    Object.assign(picture, { selected: picture.t, sentAt: performance.now() });
    picture.setStateValue("t", picture.t);
  }, delay);
}

function toggle(picture) {
  if (picture.playing) return select(picture, picture.t, false);
  clearTimeout(picture.sending);
  const fresh = picture.whole || picture.t === picture.columns.length;
  Object.assign(picture, { playing: true, whole: false, t: fresh ? 1 : picture.t });
  show(picture);
  wait(picture);
}

/** One word per beat, a stop at the last one. */
function wait(picture) {
  picture.timer = setTimeout(() => {
    if (picture.t === picture.columns.length) return select(picture, picture.t, true);
    picture.t += 1;
    show(picture);
    wait(picture);
  }, STEP_MS / picture.transport.speed.value);
}

/** Space, ← and →: here, or anywhere on the page where no control would want the key. */
function onKey(picture, event) {
  const target = event.composedPath()[0];
  const inside = event.composedPath().includes(picture.root);
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  if (!inside && !target.matches?.("body, main, section, div:not([role], [contenteditable])")) return;
  const own = inside && { BUTTON: [" "], SELECT: [" ", "ArrowLeft", "ArrowRight"], INPUT: ["ArrowLeft", "ArrowRight"] };
  if (own?.[target.tagName]?.includes(event.key)) return;
  const act = { " ": () => toggle(picture), ArrowLeft: () => select(picture, picture.t - 1, false),
    ArrowRight: () => select(picture, picture.t + 1, false) }[event.key];
  if (!act) return;
  event.preventDefault();
  act();
}

function listen(picture) {
  const { root, track, transport: { back, play, on, scrub, speed } } = picture;
  const rest = () => root.focus({ preventScroll: true }); // after a pointer, Space belongs to the picture again
  const press = (node, act) => node.addEventListener("click", (event) => { act(); if (event.detail) rest(); });
  press(back, () => select(picture, picture.t - 1, false));
  press(on, () => select(picture, picture.t + 1, false));
  press(play, () => toggle(picture));
  scrub.addEventListener("input", () => select(picture, Number(scrub.value), false));
  scrub.addEventListener("pointerup", rest);
  speed.addEventListener("change", () => { show(picture); if (!speed.matches(":focus-visible")) rest(); });
  track.addEventListener("click", ({ target }) => {
    const column = target.closest(".step");
    if (column) select(picture, Number(column.dataset.t), true, 0);
  });
}

// ---------------------------------------------------------------- life

function create(parentElement) {
  const picture = { t: 1, whole: true, sentAt: -Infinity, columns: [], transport: makeTransport(), band: el("div", "band") };
  picture.scale = el("div", "scale");
  picture.track = el("div", "track");
  picture.axis = el("div", "axis", { "aria-hidden": "true" }, el("small", "at-word", {}, "word"), el("small", "at-lookup", {}, "index"),
    el("span", "at-vector", {}, x(), el("small", "", {}, "one-hot")), picture.scale);
  picture.scroller = el("div", "scroller", {}, el("div", "sheet", {}, picture.axis, picture.track));
  picture.live = el("div", "unseen", { "aria-live": "polite" });
  picture.slot = el("div", "slot");
  picture.root = el("div", "onehot", { "data-testid": "onehot", tabindex: 0, role: "group",
    "aria-label": "The one-hot vectors, one column per word. Space plays and pauses, the arrow keys step." },
  picture.scroller, picture.transport.root, picture.slot, picture.live);
  parentElement.append(picture.root);
  listen(picture);
  const keys = (event) => onKey(picture, event);
  window.addEventListener("keydown", keys);
  const watch = new ResizeObserver(() => picture.data && picture.root.clientWidth !== picture.seenWidth && draw(picture));
  watch.observe(picture.root);
  picture.destroy = () => {
    halt(picture);
    clearTimeout(picture.sending);
    window.removeEventListener("keydown", keys);
    watch.disconnect();
    picture.root.remove();
    pictures.delete(parentElement);
  };
  pictures.set(parentElement, picture);
  return picture;
}

/** New words make new columns; the same words keep columns, focus, position and playback. */
function receive(picture, data) {
  const before = picture.data;
  const same = before && JSON.stringify(before.words) === JSON.stringify(data.words);
  picture.data = data;
  picture.values = { product: decode(data.product), picked: decode(data.picked), columns: decode(data.columns_values) };
  if (!same) {
    halt(picture);
    picture.columns = data.words.map((_, i) => makeColumn(i + 1));
    picture.track.replaceChildren(picture.band, ...picture.columns.map(({ root }) => root));
    Object.assign(picture, { t: data.selected, selected: data.selected, whole: true });
  } else heed(picture);
  if (!same || before.n_a !== data.n_a || before.near[0].length !== data.near[0].length) {
    picture.proof = makeProof(data);
    picture.slot.replaceChildren(picture.proof.root);
  }
  draw(picture);
}

/** The page may select a step too; but its answers to older steps of ours, still on their way, must not pull us back. */
function heed(picture) {
  const { selected } = picture.data;
  if (selected === picture.selected) picture.sentAt = -Infinity; // answered
  else if (!picture.playing && performance.now() - picture.sentAt > ANSWER_MS) Object.assign(picture, { selected, t: selected });
}

/** Streamlit calls this again whenever the data or the theme changes. */
export default function ({ data, parentElement, setStateValue }) {
  const picture = pictures.get(parentElement) ?? create(parentElement);
  picture.setStateValue = setStateValue;
  if (data?.words?.length) receive(picture, data);
  return picture.destroy;
}
