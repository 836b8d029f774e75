// The stage: one sentence on one time axis, forward and then backward.
// A position p runs over 1..2T: 1..T is the forward sweep, T+1..2T the backward sweep with t = 2T + 1 − p.
// Everything is drawn once per data; a move only toggles classes and shifts the band, so playing stays smooth.

const STEP_MS = 800; // one step at 1×
const RUSH_MS = 1100; // the whole backward sweep of an update, however long the sentence
const SEND_MS = 250; // a step is sent to the page once motion has rested this long
const GAP = 42; // the least room between two cells, so that a number such as 7.1e-3 fits above the arrow
const ANSWER_MS = 2000; // how long the page may take to answer
const stages = new WeakMap(); // parentElement -> stage: playback survives new data and a change of theme

const clamp = (v, low, high) => Math.min(high, Math.max(low, v));
const finite = (v) => typeof v === "number" && Number.isFinite(v);
const exact = (v) => (finite(v) ? String(v) : "–");
const chance = (v) => (v > 0 && v < 0.005 ? "<0.01" : v < 1 && v >= 0.995 ? ">0.99" : fixed(v));
const three = (v) => (finite(v) ? String(Number(v.toPrecision(3))) : "–");
const fixed = (v) => (finite(v) ? (v < 100 ? v.toFixed(2) : short(v)) : "–");

/** 0.062, 7.1e-3, 2e-9: two figures that fit beside an arrow. */
export function short(v) {
  if (!finite(v)) return "–";
  const size = Math.abs(v);
  if (size === 0) return "0";
  if (size >= 0.01 && size < 100) return v.toPrecision(2);
  return v.toExponential(1).replace(".0e", "e").replace("e+", "e");
}

/** Pixels for the norm of a gradient: one pixel per power of ten, 1e-6 -> 1, 10 -> 8; the same for every sentence. */
export const thickness = (norm) => (finite(norm) && norm > 0 ? clamp(7 + Math.log10(norm), 1, 8) : 0);

/** Of the two streams that meet at each a⟨t⟩: from ŷ⟨t⟩ and from a⟨t+1⟩. */
const arrowWidths = ({ from_y = [], from_next = [] }) => ({ y: from_y.map(thickness), next: from_next.map(thickness) });

/** Where everything stands, in pixels, in a stage `width` wide. Pure. */
export function layout(data, width) {
  const T = data.words.length;
  const narrow = width < 560;
  const labels = narrow ? 46 : 100; // the row labels at the left
  const lead = narrow ? 36 : Math.round(clamp(width * 0.04, 44, 60)); // room for a⟨0⟩
  const tail = narrow ? 22 : 26; // room for the number beside the last arrow
  const room = Math.floor((width - labels - lead - tail) / T);
  const col = room >= (narrow ? 98 : 92) ? Math.min(room, 220) : narrow ? 98 : 104; // fill the width, or scroll
  const font = clamp(Math.min(col * 0.125, width * 0.0125), 13, 18);
  const em = (n) => Math.round(n * font);
  const columns = Math.ceil(Math.sqrt(data.n_a));
  const unit = Math.floor(clamp(col - Math.max(GAP, em(3.4)) - 8, 40, em(5.6)) / columns);
  const cell = unit * columns + 8; // the frame around the grid takes 4 on each side
  const hidden = em(16);
  const below = hidden + cell;
  const lossTop = Math.max(0.5, ...[...data.loss, ...(data.update?.loss ?? [])].filter(finite));
  const heights = (losses) => losses.map((v) => (finite(v) ? Math.max(1.5, (v / lossTop) * em(4)) : 0));
  return {
    narrow, labels, lead, col, font, cell, lossTop,
    width: labels + lead + col * T + tail, height: below + em(12),
    x: data.words.map((_, i) => lead + i * col),
    grid: { columns, rows: Math.ceil(data.n_a / columns), unit },
    rows: {
      loss: em(1.9), target: em(7), prediction: em(10.4), out: em(13), hidden, axis: hidden + cell / 2,
      grad: below + em(0.3), into: below + em(0.3), onehot: below + em(3.5), lift: below + em(6.2), word: below + em(9.5),
    },
    loss: heights(data.loss), ghost: heights(data.update?.loss ?? []),
    arrows: arrowWidths(data),
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

/** a with ⟨t⟩ raised, as in the lecture. */
const symbol = (letter, t = "t") => el("span", "symbol", {}, letter, el("sup", "", {}, `⟨${t}⟩`));

const ROWS = [["loss", "ℒ", "loss"], ["target", "y", "label"], ["prediction", "ŷ", "prediction"],
  ["axis", "a", "hidden state"], ["onehot", "x", "one-hot"], ["word", "", "word"], ["grad", "∂ℒ/∂a", "gradient"]];

function rowLabels() {
  return el("div", "labels", { "aria-hidden": "true" }, ...ROWS.map(([row, letter, word]) =>
    el("div", `label at-${row}`, {}, ...(letter ? [symbol(letter)] : []), el("small", "", {}, word))));
}

const PARTS = ["word", "lift", "unk", "onehot", "strip", "into", "hidden", "out", "chance", "verdict", "prediction",
  "target", "guess", "lossbox", "loss", "from-prev", "from-y", "norm-y", "from-next", "norm-next", "grad"];
const ARROWS = { lift: "up", into: "up", out: "up", "from-prev": "right", "from-y": "down", "from-next": "left" };

/** One step, bottom to top; `part` finds its pieces again when the numbers change. */
function makeColumn(t) {
  const root = el("div", "step", { "data-testid": "step", "data-t": t, role: "button", tabindex: -1 });
  const part = {};
  for (const name of PARTS) {
    part[name] = el(name === "hidden" ? "canvas" : "div", ARROWS[name] ? `arrow ${ARROWS[name]} ${name}` : name);
    root.append(part[name]);
  }
  part.strip.append((part.mark = el("div", "mark")));
  part.chance.append((part.filled = el("div", "filled")));
  part.lossbox.append((part.bar = el("div", "bar")), (part.ghost = el("div", "ghost")));
  return { root, part };
}

const button = (id, label, icon, text = "") =>
  el("button", id, { type: "button", "data-testid": id, "aria-label": label, title: label }, el("i", `icon ${icon}`), text);

function makeTransport() {
  const named = (id, label) => ({ "data-testid": id, "aria-label": label });
  const parts = {
    forward: button("play-forward", "Play forward from the first word", "play", "Forward"),
    backward: button("play-backward", "Play backward from the last word", "play turned", "Backward"),
    back: button("step-back", "One step back (←)", "next turned"),
    play: button("play", "Play (Space)", "play"),
    on: button("step-on", "One step on (→)", "next"),
    scrub: el("input", "scrub", { ...named("scrub", "Position in the two sweeps"), type: "range", min: 1, step: 1 }),
    first: el("span", "first"), second: el("span", "second"),
    where: el("strong", "where"), value: el("span", "value"),
    speed: el("select", "speed", named("speed", "Speed"), ...[0.5, 1, 2, 4].map((s) =>
      el("option", "", s === 1 ? { value: s, selected: "" } : { value: s }, `${s}×`))),
  };
  const { forward, backward, back, play, on, scrub, first, second, where, value, speed } = parts;
  parts.root = el("div", "transport", { role: "group", "aria-label": "Playback" },
    el("div", "sweeps", {}, forward, backward), el("div", "trio", {}, back, play, on),
    el("div", "timeline", {}, scrub, first, second), el("div", "readout", {}, where, value), speed);
  return parts;
}

function makeLegend() {
  const line = (norm) => el("i", "line", { style: `height:${thickness(norm)}px` });
  const low = el("span"), high = el("span");
  const root = el("div", "legend", {}, el("span", "values", {}, "hidden value ", low, el("i", "ramp"), high),
    el("span", "norms", {}, "arrow width = gradient norm", line(1e-6), "1e-6 ", line(1e-3), "1e-3 ", line(1), "1"));
  return { root, low, high };
}

// ---------------------------------------------------------------- drawing the numbers

function decode(base64) {
  return new Float32Array(Uint8Array.from(atob(base64), (c) => c.charCodeAt(0)).buffer);
}

/** A hidden state as a grid: the hue is laid over the neutral as strongly as |value| / scale. */
function paint(canvas, values, { scale }, { columns, rows, unit }, colour) {
  const dpr = window.devicePixelRatio || 1;
  canvas.width = columns * unit * dpr;
  canvas.height = rows * unit * dpr;
  const pen = canvas.getContext("2d");
  pen.scale(dpr, dpr);
  values.forEach((v, i) => {
    const box = [(i % columns) * unit + 0.5, Math.floor(i / columns) * unit + 0.5, unit - 1, unit - 1];
    for (const [hue, strength] of [[colour.neutral, 1], [v < 0 ? colour.violet : colour.green, Math.abs(v) / scale]]) {
      pen.fillStyle = hue;
      pen.globalAlpha = clamp(strength, 0, 1) || 0; // NaN draws nothing
      if (unit < 9) pen.fillRect(...box); // twice as fast, and no one sees the corners
      else pen.beginPath(), pen.roundRect(...box, 2), pen.fill();
    }
  });
}

function paintAll(stage) {
  const style = getComputedStyle(stage.root);
  const colour = { violet: "--st-violet-color", green: "--st-green-color", neutral: "--st-secondary-background-color" };
  for (const name in colour) colour[name] = style.getPropertyValue(colour[name]).trim();
  const n = stage.data.n_a;
  const look = JSON.stringify([stage.data.a, stage.data.scale, stage.plan.grid, colour, window.devicePixelRatio]);
  if (look === stage.look) return; // only another step was selected
  stage.look = look;
  stage.columns.forEach(({ part }, i) =>
    paint(part.hidden, stage.a.subarray((i + 1) * n, (i + 2) * n), stage.data, stage.plan.grid, colour));
}

const say = (node, text, tip) => {
  node.textContent = text;
  if (tip) node.dataset.tip = tip;
};

/** The gradient's numbers and arrow widths; `source` is the data, or what an update was made from. */
function drawStreams({ root, columns, data: { state } }, source) {
  const arrows = arrowWidths(source);
  root.querySelector(".at-grad .symbol").firstChild.data = `∂ℒ/∂${state}`;
  columns.forEach(({ part }, i) => {
    const t = i + 1;
    const streams = { y: [source.from_y?.[i], `ŷ⟨${t}⟩`, "a"], next: [source.from_next?.[i], `${state}⟨${t + 1}⟩`, state] };
    for (const [name, [norm, from, into]] of Object.entries(streams)) {
      const arrow = part[`from-${name}`];
      const tip = `norm of the stream from ${from} into ${into}⟨${t}⟩ = ${exact(norm)}`;
      arrow.style.setProperty("--w", `${arrows[name][i]}px`);
      arrow.classList.toggle("none", !arrows[name][i]);
      arrow.dataset.tip = tip;
      say(part[`norm-${name}`], norm === undefined ? "" : short(norm), tip);
    }
    const tip = `‖∂ℒ/∂${state}⟨${t}⟩‖ = ${exact(source.grad[i])}, the norm of the two streams' sum`;
    say(part.grad, short(source.grad[i]), tip);
  });
}

function summary(data, t) {
  const i = t - 1;
  return `Step ${t}, ${data.words[i]}: P(name) ${chance(data.y_hat[i])}, loss ${fixed(data.loss[i])}; `
    + `the gradient here is ${short(data.grad[i])}.`;
}

function drawColumn({ root, part }, data, t, plan) {
  const i = t - 1;
  Object.assign(root.dataset, { word: data.words[i], loss: String(data.loss[i]), gradNorm: String(data.grad[i]) });
  root.setAttribute("aria-label", summary(data, t));
  drawInput(root, part, data, t);
  drawPrediction(part, data, t);
  const old = data.update?.loss[i];
  const tip = `ℒ⟨${t}⟩ = ${exact(data.loss[i])}${finite(old) ? `, before the update ${old}` : ""}`;
  const [height, ghost] = [plan.loss[i], plan.ghost[i] ?? 0];
  part.bar.style.transform = `translateY(-${height}px)`;
  part.ghost.hidden = !ghost;
  part.ghost.style.height = `${ghost}px`;
  part.lossbox.dataset.tip = tip;
  say(part.loss, fixed(data.loss[i]), tip);
  part.loss.style.transform = `translateY(-${Math.max(height, ghost)}px)`;
}

function drawInput(root, part, { words, known, ids, n_x }, t) {
  const i = t - 1;
  root.classList.toggle("unknown", !known[i]);
  say(part.word, words[i], known[i] ? words[i] : `${words[i]}: not in the dictionary, so the network reads <UNK>`);
  say(part.unk, known[i] ? "" : "<UNK>");
  say(part.onehot, `1 at ${ids[i]}`);
  part.strip.dataset.tip = `x⟨${t}⟩: ${n_x} numbers, all 0 except a 1 at ${ids[i]}`;
  part.mark.style.left = `${((ids[i] + 0.5) / n_x) * 100}%`;
}

function drawPrediction(part, { y_hat, targets, guessed }, t) {
  const i = t - 1;
  const right = (y_hat[i] >= 0.5) === (targets[i] === 1);
  const tip = `ŷ⟨${t}⟩ = P(name) = ${exact(y_hat[i])}`;
  part.filled.style.transform = `translateX(${((y_hat[i] ?? 0) - 1) * 100}%)`;
  part.chance.dataset.tip = tip;
  say(part.prediction, `P(name) ${chance(y_hat[i])}`, tip);
  say(part.verdict, finite(y_hat[i]) ? (right ? "✓" : "✗") : "", `ŷ⟨${t}⟩ rounds to the ${right ? "" : "other "}label`);
  part.verdict.classList.toggle("wrong", !right && !guessed[i]); // a guess may be what is wrong
  say(part.target, targets[i] ? "name" : "not a name", `y⟨${t}⟩ = ${targets[i]}`);
  say(part.guess, guessed[i] ? "guessed" : "");
}

/** The plan as CSS variables: every piece finds its place from these. */
function applyPlan({ root, plan, columns, track }) {
  const px = { ...plan.rows, labels: plan.labels, lead: plan.lead, col: plan.col, cell: plan.cell, font: plan.font,
    "grid-w": plan.grid.columns * plan.grid.unit, "grid-h": plan.grid.rows * plan.grid.unit, tall: plan.height };
  for (const [name, value] of Object.entries(px)) root.style.setProperty(`--${name}`, `${value}px`);
  root.dataset.narrow = plan.narrow;
  track.style.width = `${plan.width - plan.labels}px`;
  columns.forEach(({ root: column }, i) => (column.style.left = `${plan.x[i]}px`));
}

function draw(stage) {
  const { data, columns, transport, legend } = stage;
  const T = columns.length;
  stage.seenWidth = stage.root.clientWidth;
  stage.plan = layout(data, stage.seenWidth - 2); // the border of the card
  applyPlan(stage);
  paintAll(stage);
  columns.forEach((column, i) => drawColumn(column, data, i + 1, stage.plan));
  drawStreams(stage, stage.rush ? data.update : data);
  transport.scrub.max = 2 * T;
  transport.first.textContent = T > 1 ? `forward, t = 1…${T}` : "forward";
  transport.second.textContent = T > 1 ? `backward, t = ${T}…1` : "backward";
  legend.low.textContent = `−${+short(data.scale)}`;
  legend.high.textContent = `+${+short(data.scale)}`;
  show(stage);
}

// ---------------------------------------------------------------- position and playback

const reduced = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

function place({ p, columns: { length: T } }) {
  return p <= T ? { t: p, phase: "forward" } : { t: 2 * T + 1 - p, phase: "backward" };
}

/** Brings the screen to position p. */
function show(stage) {
  const { root, columns, plan, band, data, transport } = stage;
  const { t, phase } = place(stage);
  const forward = phase === "forward";
  Object.assign(root.dataset, { phase, t, playing: String(Boolean(stage.playing)), state: data.state });
  root.classList.toggle("rushing", Boolean(stage.rush));
  root.classList.toggle("playing", Boolean(stage.playing && !stage.rush));
  root.style.setProperty("--beat", `${STEP_MS / transport.speed.value}ms`);
  columns.forEach(({ root: column }, i) => {
    const ahead = !stage.whole && (forward ? i + 1 > t : i + 1 < t);
    column.classList.toggle("ahead", ahead);
    column.classList.toggle("now", i + 1 === t);
    column.tabIndex = i + 1 === t ? 0 : -1; // one stop for the Tab key; ← and → move it
    column.setAttribute("aria-current", i + 1 === t ? "step" : "false");
  });
  if (root.getRootNode().activeElement?.classList.contains("step")) columns[t - 1].root.focus({ preventScroll: true });
  band.style.transform = `translateX(${plan.x[t - 1]}px)`;
  showTransport(stage, t, phase);
  follow(stage, t);
  if (stage.told === `${phase} ${t}`) return;
  stage.told = `${phase} ${t}`;
  window.dispatchEvent(new CustomEvent("rnn-step", { detail: { t, phase } }));
}

function showTransport({ p, whole, rush, playing, transport, data, columns, live }, t, phase) {
  const { scrub, where, value, play } = transport;
  const { grad } = rush ? data.update : data;
  const soFar = data.loss.slice(0, t).every(finite) ? data.loss.slice(0, t).reduce((sum, v) => sum + v, 0) : null;
  scrub.value = p;
  scrub.style.setProperty("--done", (p - 1) / (2 * columns.length - 1));
  scrub.setAttribute("aria-valuetext", `${phase}, step ${t}, ${data.words[t - 1]}`);
  where.textContent = `${phase} t = ${t} · ${data.words[t - 1]}`;
  value.textContent = phase === "backward" ? `‖∂ℒ/∂${data.state}⟨${t}⟩‖ = ${short(grad[t - 1])}`
    : whole ? `total loss ${three(data.total)}` : `loss so far ${three(soFar)}`;
  play.firstChild.className = `icon ${playing ? "pause" : "play"}`;
  play.title = playing ? "Pause (Space)" : "Play (Space)";
  play.setAttribute("aria-label", play.title);
  if (!playing) live.textContent = summary(data, t); // spoken only when at rest
}

/** Keeps step t in view by scrolling the scroller, never the page. */
function follow({ scroller, plan, seenWidth }, t) {
  if (plan.width <= seenWidth - 2) return; // nothing to scroll, and no layout to ask for while playing
  const room = scroller.clientWidth - plan.labels;
  const left = plan.x[t - 1] - scroller.scrollLeft;
  if (left >= plan.lead / 2 && left + plan.col * 1.3 <= room) return;
  scroller.scrollLeft = plan.x[t - 1] - (room - plan.col) / 2; // the style says whether it glides
}

function go(stage, p, whole = false) {
  stage.p = clamp(p, 1, 2 * stage.columns.length);
  stage.whole = whole;
  show(stage);
}

function halt(stage) {
  clearTimeout(stage.timer);
  stage.playing = false;
  if (!stage.rush) return;
  Object.assign(stage, { rush: 0, p: stage.home, whole: true }); // a rush always ends where it began
  drawStreams(stage, stage.data);
}

function play(stage, from) {
  halt(stage);
  clearTimeout(stage.sending);
  stage.playing = true;
  go(stage, from);
  wait(stage);
}

/** One step per beat, a breath between the two sweeps, a stop at the end. */
function wait(stage) {
  const T = stage.columns.length;
  stage.timer = setTimeout(() => {
    if (stage.p === 2 * T) halt(stage), show(stage);
    else go(stage, stage.p + 1), wait(stage);
  }, (STEP_MS / stage.transport.speed.value) * (stage.p === T ? 2 : 1));
}

/** After an update: the gradient that made it runs back once, fast; then the forward view with the new numbers. */
function rush(stage) {
  const T = stage.columns.length;
  const tick = () => {
    const done = (performance.now() - stage.rush) / RUSH_MS;
    if (done >= 1) return halt(stage), show(stage);
    go(stage, T + 1 + Math.floor(done * T));
    stage.timer = setTimeout(tick, 16);
  };
  halt(stage);
  stage.home = place(stage).t;
  if (reduced()) return go(stage, stage.home, true);
  Object.assign(stage, { rush: performance.now(), playing: true });
  drawStreams(stage, stage.data.update);
  tick();
}

// ---------------------------------------------------------------- what the reader does

/** Tells the page which step is selected: the only thing the stage ever sends. */
function send(stage, delay = SEND_MS) {
  clearTimeout(stage.sending);
  stage.sending = setTimeout(() => {
    const { t } = place(stage);
    if (t === stage.selected) return;
    Object.assign(stage, { selected: t, sentAt: performance.now() });
    stage.setStateValue("t", t);
  }, delay);
}

function step(stage, by) {
  halt(stage);
  go(stage, stage.p + by);
  send(stage);
}

function select(stage, t) {
  const T = stage.columns.length;
  halt(stage);
  go(stage, place(stage).phase === "forward" ? t : 2 * T + 1 - t, stage.whole);
  send(stage, 0);
}

function toggle(stage) {
  const T = stage.columns.length;
  if (!stage.playing) return play(stage, stage.whole || stage.p === 2 * T ? 1 : stage.p);
  halt(stage);
  show(stage);
  send(stage);
}

/** Space, ← and →: here, or anywhere on the page where no control would want the key. */
function onKey(stage, event) {
  const target = event.composedPath()[0];
  const inside = event.composedPath().includes(stage.root);
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  if (!inside && !target.matches?.("body, main, section, div:not([role], [contenteditable])")) return;
  const own = inside && { BUTTON: [" "], SELECT: [" ", "ArrowLeft", "ArrowRight"], INPUT: ["ArrowLeft", "ArrowRight"] };
  if (own?.[target.tagName]?.includes(event.key)) return;
  const column = inside && target.closest(".step");
  const act = { " ": () => toggle(stage), ArrowLeft: () => step(stage, -1), ArrowRight: () => step(stage, 1),
    Enter: column ? () => select(stage, Number(column.dataset.t)) : null }[event.key];
  if (!act) return;
  event.preventDefault();
  act();
}

/** The tooltip of what is under the pointer: a hidden unit by name, or the exact number of a bar or an arrow. */
function showTip(stage) {
  const { root, tip, hover } = stage;
  const owner = hover?.target.closest?.(".hidden, [data-tip]");
  tip.hidden = !owner;
  if (!owner) return;
  let box = owner.getBoundingClientRect();
  let text = owner.dataset.tip;
  if (owner.classList.contains("hidden")) {
    const { columns, unit } = stage.plan.grid;
    const [i, j] = [hover.x - box.left, hover.y - box.top].map((d) => Math.floor((d - 4) / unit)); // 4: the frame
    const k = clamp(j, 0, stage.plan.grid.rows - 1) * columns + clamp(i, 0, columns - 1);
    const t = Number(owner.parentElement.dataset.t);
    tip.hidden = k >= stage.data.n_a;
    text = `a⟨${t}⟩[${k}] = ${short(stage.a[t * stage.data.n_a + k])}`;
    box = { left: box.left + 4 + i * unit, top: box.top + 4 + j * unit, width: unit };
  }
  tip.textContent = text;
  const home = root.getBoundingClientRect();
  const half = tip.offsetWidth / 2;
  tip.style.left = `${clamp(box.left + box.width / 2 - home.left, half + 2, home.width - half - 2)}px`;
  tip.style.top = `${box.top - home.top}px`;
}

function listen(stage) {
  const { root, track, transport } = stage;
  const { forward, backward, back, play: playPause, on, scrub, speed } = transport;
  const press = (node, act) => node.addEventListener("click", (event) => {
    act();
    if (event.detail) root.focus({ preventScroll: true }); // after a pointer, Space belongs to the stage again
  });
  press(forward, () => play(stage, 1));
  press(backward, () => play(stage, stage.columns.length + 1));
  press(back, () => step(stage, -1));
  press(on, () => step(stage, 1));
  press(playPause, () => toggle(stage));
  scrub.addEventListener("input", () => { halt(stage); clearTimeout(stage.sending); go(stage, Number(scrub.value)); });
  scrub.addEventListener("change", () => send(stage));
  scrub.addEventListener("pointerup", () => root.focus({ preventScroll: true }));
  speed.addEventListener("change", () => { show(stage); root.focus({ preventScroll: true }); });
  track.addEventListener("click", ({ target }) => {
    const column = target.closest(".step");
    if (column) select(stage, Number(column.dataset.t));
  });
  for (const kind of ["pointermove", "pointerover", "pointerleave"]) track.addEventListener(kind, (event) => {
    stage.hover = kind === "pointerleave" ? null : { target: event.target, x: event.clientX, y: event.clientY };
    showTip(stage);
  });
}

// ---------------------------------------------------------------- life

function create(parentElement) {
  const stage = { p: 1, whole: true, sentAt: -Infinity, transport: makeTransport(), legend: makeLegend(), columns: [] };
  stage.band = el("div", "band");
  stage.track = el("div", "track");
  stage.scroller = el("div", "scroller", {}, el("div", "sheet", {}, rowLabels(), stage.track));
  stage.live = el("div", "unseen", { "aria-live": "polite" });
  stage.tip = el("div", "tip", { role: "tooltip", hidden: "" });
  stage.root = el("div", "stage", { "data-testid": "stage", tabindex: 0, role: "group",
    "aria-label": "The unrolled network, one column per word. Space plays and pauses, the arrow keys step." },
  stage.scroller, stage.legend.root, stage.transport.root, stage.live, stage.tip);
  parentElement.append(stage.root);
  listen(stage);
  const keys = (event) => onKey(stage, event);
  window.addEventListener("keydown", keys);
  const watch = new ResizeObserver(() => stage.data && stage.root.clientWidth !== stage.seenWidth && draw(stage));
  watch.observe(stage.root);
  stage.destroy = () => {
    halt(stage);
    clearTimeout(stage.sending);
    window.removeEventListener("keydown", keys);
    watch.disconnect();
    stage.root.remove();
    stages.delete(parentElement);
  };
  stages.set(parentElement, stage);
  return stage;
}

/** New words make new columns; the same words keep columns, focus, position and playback, and change only numbers. */
function receive(stage, data) {
  const before = stage.data;
  const same = before && data.words.length === before.words.length && data.words.every((w, i) => w === before.words[i]);
  const token = data.update?.token ?? 0; // grows with every update, shrinks when one is taken back
  if (!same || (stage.rush && token !== stage.token)) halt(stage);
  const { t, phase } = before ? place(stage) : {};
  Object.assign(stage, { data, a: decode(data.a) });
  if (!same) {
    const T = data.words.length;
    stage.columns = data.words.map((_, i) => makeColumn(i + 1));
    const start = el("div", "start", {}, symbol("a", 0), " = 0");
    stage.track.replaceChildren(stage.band, start, ...stage.columns.map(({ root }) => root));
    stage.whole = phase !== "backward"; // a new sentence is seen whole, unless its way back is being studied
    stage.p = stage.whole ? clamp(data.selected, 1, T) : 2 * T + 1 - clamp(t, 1, T);
    Object.assign(stage, { selected: data.selected, told: null, look: null, hover: null });
  } else heed(stage, phase);
  draw(stage);
  const fresh = before && token > stage.token;
  stage.token = token;
  if (fresh) rush(stage);
  showTip(stage);
}

/** The page may select a step too; but its late answers to older steps of ours must not pull us back. */
function heed(stage, phase) {
  const { data: { selected }, columns: { length: T } } = stage;
  if (selected === stage.selected) stage.sentAt = -Infinity; // answered
  else if (!stage.playing && performance.now() - stage.sentAt > ANSWER_MS) {
    stage.selected = selected;
    stage.p = phase === "forward" ? selected : 2 * T + 1 - selected;
  }
}

/** Streamlit calls this again whenever the data or the theme changes. */
export default function ({ data, parentElement, setStateValue }) {
  const stage = stages.get(parentElement) ?? create(parentElement);
  stage.setStateValue = setStateValue;
  if (data?.words?.length) receive(stage, data);
  return stage.destroy;
}
