// The one-hot matrix, drawn to scale, one column per word. Everything is drawn once per data; a step moves a few marks
// and refills the table of onehot-proof.js, so playing stays smooth; with parts.js the two are one module.

const STEP_MS = 1400; // one word at 1×: time to see the mark come down
const WITH_NUMBER = 29; // px: the narrowest cell that holds "−.83"
const pictures = new WeakMap(); // parentElement -> picture: playback survives new data and a change of theme

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

const many = (n, name) => Array.from({ length: n }, () => el("div", name));
const put = (node, text) => { if (node.textContent !== String(text)) node.textContent = text; };
const x = (t = "t") => el("span", "symbol", {}, "x", el("sup", "", {}, `⟨${t}⟩`));

/** One word on top of its vector. */
function makeColumn(t) {
  const part = Object.fromEntries(["word", "unk", "lookup", "vector", "mark", "index"].map((name) => [name, el("div", name)]));
  part.vector.append(part.mark);
  const root = el("div", "step", { "data-testid": "onehot-step", "data-t": t, role: "option", tabindex: -1 },
    part.word, part.unk, part.lookup, part.vector, part.index);
  return { root, part };
}

function makeTransport() {
  const parts = controls("word", "Position in the sentence");
  const { back, play, on, where, value, scrub, speed } = parts;
  parts.root = el("div", "transport", { role: "group", "aria-label": "Playback" },
    el("div", "trio", {}, back, play, on), scrub, el("div", "readout", {}, where, value), speed);
  return parts;
}

// ---------------------------------------------------------------- drawing

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
    column.setAttribute("aria-selected", i + 1 === t);
  });
  if (root.getRootNode().activeElement?.classList.contains("step")) columns[t - 1].root.focus({ preventScroll: true });
  band.style.transform = `translateX(${plan.x[t - 1]}px)`;
  scrub.value = t;
  scrub.style.setProperty("--done", columns.length > 1 ? (t - 1) / (columns.length - 1) : 1);
  scrub.setAttribute("aria-valuetext", `word ${t}, ${data.words[t - 1]}`);
  put(where, `t = ${t} · ${data.words[t - 1]}`);
  put(value, `the 1 stands at index ${count(data.ids[t - 1])}`);
  offer(play, playing);
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

/** Space plays, ← and → step, Enter selects the column that has the focus. */
const keys = (picture) => (column) => ({ " ": () => toggle(picture),
  ArrowLeft: () => select(picture, picture.t - 1, false), ArrowRight: () => select(picture, picture.t + 1, false),
  ...(column && { Enter: () => select(picture, Number(column.dataset.t), true, 0) }) });

function listen(picture) {
  const { root, track, transport: { back, play, on, scrub, speed } } = picture;
  const press = giveBack(root, picture.transport);
  press(back, () => select(picture, picture.t - 1, false));
  press(on, () => select(picture, picture.t + 1, false));
  press(play, () => toggle(picture));
  scrub.addEventListener("input", () => select(picture, Number(scrub.value), false));
  speed.addEventListener("change", () => show(picture));
  track.addEventListener("click", ({ target }) => {
    const column = target.closest(".step");
    if (column) select(picture, Number(column.dataset.t), true, 0);
  });
}

// ---------------------------------------------------------------- life

function create(parentElement) {
  const picture = { t: 1, whole: true, sentAt: -Infinity, columns: [], transport: makeTransport(), band: el("div", "band") };
  picture.scale = el("div", "scale");
  picture.track = el("div", "track", { role: "listbox", "aria-orientation": "horizontal", "aria-label": "Words" });
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
  const press = (event) => onKey(picture.root, event, keys(picture));
  window.addEventListener("keydown", press);
  const watch = new ResizeObserver(() => picture.data && picture.root.clientWidth !== picture.seenWidth && draw(picture));
  watch.observe(picture.root);
  picture.destroy = () => {
    halt(picture);
    clearTimeout(picture.sending);
    window.removeEventListener("keydown", press);
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
