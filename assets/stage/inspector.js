// The inspector: one step of the network with its real numbers. It follows the stage through the window event
// "rnn-step" and never sends anything. The page is built once from the tables of inspector-views.js; a step of a running
// animation only fills places that already stand there, so it is cheap and nothing jumps.

const DECADES = 3;      // gradients fade by powers of ten: colour tells this many apart, and the legend says so
const WITH_NUMBER = 29; // px: the narrowest cell that holds "−.83" at 10 px
const SHADES = 25;       // steps from no colour to the full one
const BESIDE = 280;    // px: room for a row's words on the left of its cells; with less they stand above
const BARE = 14;        // px: the narrowest cell that is still easy to point at

// ---------- Numbers: pure

const tidy = (text) => text.replace("e+", "e").replace(/^-/, "−");

/** Three significant digits (or as many as asked): 4.70, 0.991, 2.10e-5; what is not finite is "–". */
export function format(v, digits = 3) {
  if (!finite(v)) return "–";
  const size = Math.abs(v);
  if (Number.isInteger(v) && size < 1e4) return tidy(String(v));
  return tidy(size < 1e-3 || size >= 1e4 ? v.toExponential(digits - 1) : v.toPrecision(digits));
}

/** Two digits and no 0 before the point, for inside a cell: −.83, 1.4, 12, 4e-3. */
export function short(v) {
  if (!finite(v)) return "–";
  const size = Math.abs(v);
  if (Number.isInteger(v) && size < 1000) return tidy(String(v));
  if (size < 0.00995 || size >= 999.5) return tidy(v.toExponential(0));
  return tidy(v.toFixed(size < 0.995 ? 2 : size < 9.95 ? 1 : 0)).replace("0.", ".");
}

/** σ(z): close to 1 it needs more digits, because `rest` = 1 − p is what the loss sees; where p or rest is too small for
    a number of the computer, it is written as the power of e that it is. */
export function probability(p, rest = 1 - p, z = 0) {
  if (p === 0 && z < 0) return `e^(${format(z)})`;
  if (!finite(p) || p < 0.9995) return format(p);
  return rest === 0 ? `(1 − e^(${format(-z)}))` : rest > 1e-9 ? p.toFixed(Math.ceil(-Math.log10(rest)) + 1) : `(1 − ${format(rest)})`;
}

/** How the cells of n units share a row: as few lines as stay readable, with numbers inside if two lines allow it. */
export function layout(width, n) {
  const size = (lines) => Math.min(56, Math.floor(width / Math.ceil(n / lines)));
  const numbers = [1, 2].find((lines) => size(lines) >= WITH_NUMBER);
  const lines = numbers ?? [1, 2, 3, 4, 6].find((k) => size(k) >= BARE) ?? 8;
  const columns = Math.ceil(n / lines);
  return { columns, cell: size(lines), numbers: numbers !== undefined, beside: width - columns * size(lines) >= BESIDE };
}

// ---------- From the payload to what is shown: pure

/** The value that gets the full colour in each view; rows are decoded when they are first needed. */
export function prepare(data) {
  const largest = ["d_a", "d_c"].filter((name) => data[name]).flatMap((name) => [...decode(data[name])]).filter(finite)
    .reduce((most, v) => Math.max(most, Math.abs(v)), 0);
  return { ...data, rows: {}, T: data.words.length, bounds: { forward: data.scale > 0 ? data.scale : 1, backward: largest || 1 } };
}

/** One number of a row at step t. A row starts at step 0, or at step 1, or is the same at every step. */
function entry(data, name, t, unit) {
  if (name === "1") return 1;
  if (name.endsWith("²")) return entry(data, name.slice(0, -1), t, unit) ** 2;
  if (name.endsWith("_prev")) return entry(data, name.slice(0, -5), t - 1, unit);
  if (name.startsWith("tanh ")) return Math.tanh(entry(data, name.slice(5), t, unit));
  const row = (data.rows[name] ??= decode(data[name]));
  const steps = row.length / data.n_a;
  return row[(steps > data.T ? t : steps === 1 ? 0 : t - 1) * data.n_a + unit];
}

/** "u·c_tilde + 1-u·a_prev" -> its terms, each a list of factors, each the names of what is subtracted */
const parse = (numbers) => numbers.split(" + ").map((term) => term.split("·").map((factor) => factor.split("-")));

/** The same with the numbers of step t and one unit: [[0.31, 0.82], [0.69, -0.1]] */
const terms = (data, parsed, t, unit) => parsed.map((factors) => factors.map((names) =>
  names.map((name) => entry(data, name, t, unit)).reduce((from, v) => from - v)));

/** What a row shows at step t */
export function vector(data, numbers, t) {
  const parsed = parse(numbers);
  return Float64Array.from({ length: data.n_a }, (_, unit) =>
    terms(data, parsed, t, unit).reduce((sum, factors) => sum + factors.reduce((product, v) => product * v), 0));
}

/** [[0.31, 0.82], [-0.69, -0.1]] -> "0.310·0.820 − 0.690·(−0.100)" */
export const written = (sum) => sum.map(([first, ...others], i) => {
  const sign = i === 0 ? "" : first < 0 ? "− " : "+ ";
  return sign + [format(i ? Math.abs(first) : first), ...others.map((v) => (v < 0 ? `(${format(v)})` : format(v)))].join("·");
}).join(" ");

/** -1..1: the sign is the hue, the size the strength of the colour. */
export function strength(v, gate, phase, bound) {
  if (!finite(v) || v === 0) return 0;
  if (gate) return v;
  const size = Math.abs(v) / bound;
  const shown = phase === "forward" ? size : 1 + Math.log10(size) / DECADES;
  return Math.sign(v) * Math.min(1, Math.max(0, shown));
}

/** The style shortens what does not fit; a word of 100 kB should not even reach it. Array.from: never half an emoji. */
const clip = (word) => (word.length > 40 ? `${Array.from(word.slice(0, 40)).slice(0, -1).join("")}…` : word);

/** What is known of step t by a name of its own */
export function facts(data, t, unit) {
  const numbers = { share: data.share_waa[t - 1], total: data.total_waa, bound: data.bounds.forward, largest: data.bounds.backward };
  for (const name of ["logit", "loss", "from_y", "from_next", "grad"]) numbers[name] = data[name][t - 1];
  return {
    ...Object.fromEntries(Object.entries(numbers).map(([name, v]) => [name, format(v)])),
    t, next: t + 1, unit, n_a: data.n_a, id: data.ids[t - 1],
    word: clip(data.words[t - 1]), previous: clip(data.words[t - 2] ?? ""),
    g: data.activation === "relu" ? "ReLU" : "tanh", y_hat: probability(data.y_hat[t - 1], 1 / (1 + Math.exp(data.logit[t - 1])), data.logit[t - 1]),
    label: data.guessed[t - 1] ? "Guessed label" : "Label",
  };
}

/** The text of a slot at step t */
export function said(data, known, slot, t, unit) {
  if (slot in known) return known[slot];
  if (slot.startsWith("‖")) return format(Math.hypot(...vector(data, slot.slice(1, -1), t)));
  return written(terms(data, parse(slot), t, unit));
}

/** Which sentence of every choice is true at step t. */
export const truths = (data, t) => ({
  first: t === 1, later: t > 1, last: t === data.T, more: t < data.T, known: data.known[t - 1], unknown: !data.known[t - 1],
  name: data.targets[t - 1] === 1, other: data.targets[t - 1] !== 1,
  tanh: data.activation !== "relu", relu: data.activation === "relu",
});

// ---------- Elements

/** element("p.line", "text", child…) */
function element(kind, ...children) {
  const [tag, ...classes] = kind.split(".");
  const made = document.createElement(tag);
  made.className = classes.join(" ");
  made.append(...children);
  return made;
}

function slot(name) {
  const made = element("span.slot");
  made.dataset.slot = name;
  return made;
}

function script(tag, inside) {
  const made = element(tag);
  if (/^t([+-]1)?$/.test(inside)) made.dataset.shift = inside.slice(1) || "0";
  else made.append(...mathematics(inside));
  return made;
}

const MATHEMATICS = /_\{([^}]*)\}\^\{([^}]*)\}|_\{([^}]*)\}|\^\{([^}]*)\}|\[([^[\]]+)\]|(tanh|log|T)|([a-zA-Zŷℒδ\u0303]+)|./gu;

/** "W_{aa} a^{t-1}": letters in italics, numbers and names of functions upright, scripts lowered and raised. */
function mathematics(text) {
  return [...text.matchAll(MATHEMATICS)].map(([piece, below, above, sub, sup, name, , letters]) =>
    above ? element("span.both", script("sup", above), script("sub", below)) : sub ? script("sub", sub)
      : sup ? script("sup", sup) : name ? slot(name) : letters ? element("i", letters) : piece);
}

const prose = (text) => text.split("$").flatMap((part, i) => (i % 2 === 1
  ? [element("span.math", ...mathematics(part))]
  : part.split(/\[([^[\]]+)\]/).map((piece, k) => (k % 2 === 1 ? slot(piece) : piece))));

/** A template, or a choice of templates that lie on top of one another. */
function content(template) {
  if (typeof template === "string") return prose(template);
  return [element("span.choice", ...Object.entries(template).map(([when, text]) => {
    const made = element("span", ...prose(text));
    made.dataset.when = when;
    return made;
  }))];
}

const all = (root, selector) => [...root.querySelectorAll(selector)];
const repeat = (n, kind) => Array.from({ length: n }, () => element(kind));

const BLOCKS = {
  title: (_, text) => element("h3.title", ...content(text)),
  line: (_, text) => element("p.line", ...content(text)),
  equation: (_, text, number = "") => element("div.equation", element("div.math", ...content(text)), element("span.number", number)),
  legend: (_, text) => element("p.legend", "−", element("span.ramp"), "+", element("span", ...content(text))),
  shares: ({ T }, text, number) => element("div.equation.shares", element("div.math", ...content(text)),
    element("div.bars", ...repeat(T, "div.bar")), element("span.number", number)),
  worked({ n_a }, ...texts) {
    const unit = element("input.unit");
    Object.assign(unit, { type: "number", min: 0, max: n_a - 1 });
    const sums = texts.map((text) => element("div", ...content(text)));
    return element("div.worked", element("label", "Unit ", unit), element("div.sums", ...sums));
  },
  row: (data, ...parts) => row(data, ...parts),
  gate: (data, ...parts) => row(data, ...parts, "gate"),
};

function row({ n_a }, numbers, name, label, note, ...classes) {
  const head = element("div.head", element("span.label", ...content(label)), element("span.note", ...content(note)));
  const made = element(["div.row", ...classes].join("."), head, element("div.cells", ...repeat(n_a, "div.cell")));
  Object.assign(made.dataset, { testid: "row", numbers, name });
  return made;
}

const shade = (gate, v) => `${gate ? "open" : v < 0 ? "negative" : "positive"}-${Math.round(Math.abs(v) * SHADES)}`;

/** The colours of cells as classes: a browser computes a class once for all cells, an inline style once for each. */
function palette() {
  return element("style", ...["positive", "negative", "open"].flatMap((hue) => Array.from({ length: SHADES + 1 }, (_, i) => {
    const fill = `color-mix(in srgb, var(--${hue}) ${(100 * i) / SHADES}%, var(--plain))`;
    const ink = `oklch(from ${fill} clamp(0.15, (0.6 - l) * 1000, 0.99) 0 0)`; // dark on light, light on dark, in both themes
    return `.${hue}-${i} { background: ${fill}; color: ${ink} }\n`;
  })));
}

/** The source of the functions, line by line, so that a long line can break with an indent of its own */
function codeBlock({ title, source }) {
  const lines = source.split("\n").map((text) => {
    const line = element("div", `${text}\n`);
    line.style.setProperty("--indent", `${text.search(/\S|$/)}ch`);
    return line;
  });
  const summary = element("summary", "The code that just ran — ", element("span", title));
  const made = element("details.code", summary, element("pre", ...lines));
  made.open = window.matchMedia("(min-width: 700px)").matches; // on a phone the numbers come first
  return made;
}

/** Everything that stands on the card for this cell and so many units and steps; `fill` and `paint` do the rest. */
function build(state) {
  const { root, data } = state;
  const views = Object.entries(VIEWS[data.activation]);
  const buttons = views.map(([phase]) => {
    const button = element(`button.${phase}`, phase[0].toUpperCase() + phase.slice(1));
    button.type = "button";
    button.onclick = () => show(state, { phase });
    return button;
  });
  state.views = views.map(([phase, blocks]) => {
    const details = codeBlock(data.code[phase]);
    details.ontoggle = () => { for (const view of state.views) view.details.open = details.open; };
    const section = element("section", ...blocks.map(([kind, ...parts]) => BLOCKS[kind](data, ...parts)), details);
    section.dataset.when = phase;
    const rows = all(section, ".row").map((row) =>
      ({ numbers: row.dataset.numbers, gate: row.classList.contains("gate"), cells: all(row, ".cell") }));
    return { phase, section, details, rows };
  });
  state.tip = element("div.tip");
  const sections = element("div.choice", ...state.views.map((view) => view.section));
  root.replaceChildren(palette(), element("div.switch", ...buttons), sections, state.tip);
  const parts = { slots: "[data-slot]", scripts: "[data-shift]", choices: "[data-when]", units: ".unit", bars: ".bar", buttons: "button" };
  for (const [name, selector] of Object.entries(parts)) state[name] = all(root, selector);
}

// ---------- Following the step

function put(target, text) {
  if (target.textContent !== String(text)) target.textContent = text;
}

/** Words, numbers and marks of step t. */
function fill({ root, data, t, phase, unit, slots, scripts, choices, bars, buttons, units }) {
  const known = facts(data, t, unit);
  const holds = { ...truths(data, t), [phase]: true };
  for (const made of slots) put(made, said(data, known, made.dataset.slot, t, unit));
  for (const made of scripts) put(made, `⟨${t + Number(made.dataset.shift)}⟩`);
  for (const made of choices) made.classList.toggle("away", !holds[made.dataset.when]);
  for (const button of buttons) button.setAttribute("aria-pressed", button.classList.contains(phase));
  for (const input of units) if (input.valueAsNumber !== unit) input.value = unit;
  bars.forEach((bar, i) => { bar.classList.toggle("now", i === t - 1); bar.classList.toggle("passed", i > t - 1); });
  Object.assign(root.dataset, { t, phase });
}

/** The cells of the view that is open. */
function paint({ data, t, phase, unit, views, shape }) {
  for (const { numbers, gate, cells } of views.find((view) => view.phase === phase).rows) {
    const values = vector(data, numbers, t);
    cells.forEach((cell, i) => {
      const colour = shade(gate, strength(values[i], gate, phase, data.bounds[phase]));
      const text = shape.numbers ? short(values[i]) : "";
      const classes = `cell ${colour}${i === unit ? " chosen" : ""}${text.length > 4 ? " tight" : ""}`;
      if (cell.className !== classes) cell.className = classes;
      put(cell, text);
    });
  }
}

/** The label at the pointer: a⟨4⟩[7] = 0.8312 */
function point({ root, tip, over, data, t, unit }) {
  tip.hidden = !over;
  if (!over) return;
  const { name, numbers } = over.closest(".row").dataset;
  const middle = over.offsetLeft + over.offsetWidth / 2;
  const named = name.replaceAll("⟨t−1⟩", `⟨${t - 1}⟩`).replaceAll("⟨t⟩", `⟨${t}⟩`).replaceAll("⟨t+1⟩", `⟨${t + 1}⟩`);
  put(tip, `${named}[${unit}] = ${format(vector(data, numbers, t)[unit], 4)}`);
  tip.style.top = `${over.offsetTop}px`;
  tip.style.left = `${Math.min(Math.max(middle, tip.offsetWidth / 2), root.clientWidth - tip.offsetWidth / 2)}px`;
}

function show(state, change) {
  Object.assign(state, change);
  fill(state);
  paint(state);
  point(state);
}

/** New numbers. The elements stay as long as they fit, so that the reader's focus and choices do too. */
function update(state, payload) {
  const data = prepare(payload);
  const { n_a, T, activation, words } = state.data ?? {};
  const fits = n_a === data.n_a && T === data.T && VIEWS[activation] === VIEWS[data.activation];
  const unit = Math.min(state.unit, data.n_a - 1);
  const same = String(words) === String(data.words);
  const t = same && state.heard ? state.t : Math.min(Math.max(1, data.selected), data.T); // the stage may be ahead of the page
  Object.assign(state, { data, unit, t }, same ? {} : { phase: data.phase });
  if (!fits) build(state);
  const shares = data.share_waa.map((v) => (finite(v) ? v : 0));
  const most = Math.max(...shares) || 1;
  state.bars.forEach((bar, i) => bar.style.setProperty("--height", `${(100 * shares[i]) / most}%`));
  resize(state);
}

function resize(state) {
  const style = getComputedStyle(state.root);
  state.shape = layout(state.root.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight), state.data.n_a);
  const { columns, cell, numbers, beside } = state.shape;
  state.root.classList.toggle("numbers", numbers);
  state.root.classList.toggle("beside", beside);
  state.root.style.setProperty("--columns", columns);
  state.root.style.setProperty("--cell", `${cell}px`);
  state.root.style.setProperty("--digits", `${Math.min(13, (cell - 3) / 2.45)}px`);
  show(state, { over: null });
}

function listen(state) {
  const { root } = state;
  const onStep = ({ detail }) => {
    if (Number.isInteger(detail?.t) && detail.t >= 1 && detail.t <= state.data.T && detail.phase in PLAIN) show(state, { ...detail, heard: true });
  };
  root.onpointerover = ({ target }) => {
    const over = target.closest(".cell");
    if (over) show(state, { over, unit: [...over.parentNode.children].indexOf(over) });
    else if (state.over) show(state, { over: null });
  };
  root.onpointerleave = () => show(state, { over: null });
  root.oninput = ({ target: { valueAsNumber: unit } }) => {
    if (Number.isInteger(unit) && unit >= 0 && unit < state.data.n_a) show(state, { unit });
  };
  // The stage plays and steps on Space and arrows: keys that a control in this card needs stay here
  root.onkeydown = (event) => { if (event.key === " " || event.target.matches("input")) event.stopPropagation(); };
  const watch = new ResizeObserver(() => resize(state));
  watch.observe(root);
  window.addEventListener("rnn-step", onStep);
  return () => { window.removeEventListener("rnn-step", onStep); watch.disconnect(); };
}

const instances = new WeakMap(); // the card of each mounted inspector outlives new data and reruns

function mount(parentElement, { phase }) {
  const state = { root: element("div.inspector"), phase, unit: 0 };
  state.root.dataset.testid = "inspector";
  parentElement.append(state.root);
  instances.set(parentElement, state);
  return state;
}

export default function ({ data, parentElement }) {
  const state = instances.get(parentElement) ?? mount(parentElement, data);
  const payload = JSON.stringify(data);
  if (payload !== state.payload) update(Object.assign(state, { payload }), data); // a change of theme repeats the same data
  state.stop ??= listen(state);
  return () => { state.stop(); state.root.remove(); instances.delete(parentElement); };
}
