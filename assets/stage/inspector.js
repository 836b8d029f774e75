// The inspector: one step of the network with its real numbers. It follows the stage through the window event
// "rnn-step" and never sends anything. The page is built once from the tables below; a step of a running animation
// only fills places that already stand there, so it is cheap and nothing jumps:
//   [name]             a slot: `facts` gives its text           ^{t-1}   a script that gets the step's number
//   {last: …, more: …} a choice: one sentence is visible, and all keep their place       $…$   mathematics

const VIEWS = {
  forward: [
    ["title", "Step $t$ = [t]: [word]"],
    ["equation", "$a^{t} = [g]( W_{aa} a^{t-1} + W_{ax} x^{t} + b_{a} )$", "(1)"],
    ["row", "a_prev", "$a^{t-1}$", { first: "the start state: zero", later: "the state after ‘[previous]’" }],
    ["row", "from_a", "$W_{aa} a^{t-1}$", "that state through the recurrent weights"],
    ["row", "from_x", "$+ W_{ax} x^{t}$", {
      known: "‘[word]’ is index [id], so this is column [id] of $W_{ax}$",
      unknown: "‘[word]’ is read as <UNK>, index [id]: column [id] of $W_{ax}$" }],
    ["row", "ba", "$+ b_{a}$", "the bias, the same at every step"],
    ["row", "z", "$= z^{t}$", "the sum of the three rows above"],
    ["row", "a", "$a^{t} = [g](z^{t})$", { tanh: "squeezed between −1 and 1", relu: "what is negative becomes 0" }],
    ["worked", "$a^{t}[[unit]] = [g]([sum]) = [result]$"],
    ["legend", "full colour from ±[bound] on, in all rows and at every step"],
    ["line", "The probability that ‘[word]’ is part of a person’s name:"],
    ["equation", "$ŷ^{t} = σ(W_{ya} a^{t} + b_{y}) = σ([logit]) = [y_hat]$", "(1)"],
    ["line", { name: "[label] $y^{t} = 1$ (part of a name) leaves one term of (2):",
               other: "[label] $y^{t} = 0$ (not part of a name) leaves one term of (2):" }],
    ["equation", { name: "$ℒ^{t} = −log ŷ^{t} = −log [y_hat] = [loss]$",
                   other: "$ℒ^{t} = −log(1 − ŷ^{t}) = −log(1 − [y_hat]) = [loss]$" }, "(2)"],
  ],
  backward: [
    ["title", "Back at $t$ = [t]: [word]"],
    ["equation", "$∂ℒ/∂a^{t} = W_{ya}^{T}(ŷ^{t} − y^{t}) + W_{aa}^{T} δ^{t+1}$"],
    ["line", {
      more: "Two streams meet here: from $ŷ^{t}$, norm [from_y], and from $a^{t+1}$, norm [from_next]; "
        + "their sum has norm [grad].",
      last: "Only one stream arrives at the last word: from $ŷ^{t}$, norm [from_y]. Nothing comes from the future." }],
    ["row", "stream_y", "$W_{ya}^{T}(ŷ^{t} − y^{t})$", "from this word’s own loss"],
    ["row", "stream_next", "$+ W_{aa}^{T} δ^{t+1}$", {
      more: "from all later losses, through $a^{t+1}$", last: "zero: there is no step after this one" }],
    ["row", "d_a", "$= ∂ℒ/∂a^{t}$", "the sum of the two rows above"],
    ["row", "slope", "$g_{1}^{′}(z^{t})$", {
      tanh: "saturation $1 − (a^{t})²$: 0 blocks, 1 lets through", relu: "saturation: 0 blocks, 1 lets through" }],
    ["row", "delta", "$δ^{t} = g_{1}^{′}(z^{t}) ⊙ ∂ℒ/∂a^{t}$", "the two rows above, multiplied"],
    ["worked", "$∂ℒ/∂a^{t}[[unit]] = [streams] = [d_a]$", "$δ^{t}[[unit]] = [slope] × [factor] = [delta]$"],
    ["legend", "log scale for the whole sentence: full colour from ±[largest] on, the largest entry of any $∂ℒ/∂a$; "
      + "none below a thousandth of it"],
    ["shares", "$∂ℒ/∂W_{aa} |_{([t])} = δ^{t} a^{t-1}^{T}$", "(4)"],
    ["line", "This step’s share (the bar in full colour) has norm [share]; the total, $∂ℒ/∂W_{aa}$, has norm [total]. Shares are "
      + "matrices that can partly cancel, so their norms need not add up to the total’s."],
  ],
};

// What to call one entry of a row, for the label at the pointer
const NAMES = {
  a_prev: "a⟨p⟩", from_a: "(Waa a⟨p⟩)", from_x: "(Wax x⟨t⟩)", ba: "ba", z: "z⟨t⟩", a: "a⟨t⟩",
  stream_y: "(Wyaᵀ(ŷ⟨t⟩ − y⟨t⟩))", stream_next: "(Waaᵀ δ⟨n⟩)", d_a: "∂ℒ/∂a⟨t⟩", slope: "g1′(z⟨t⟩)", delta: "δ⟨t⟩",
};
const DECADES = 3;      // gradients fade by powers of ten: colour tells this many apart, and the legend says so
const WITH_NUMBER = 29; // px: the narrowest cell that holds "−0.83" at 10 px
const SHADES = 25;       // steps from no colour to the full one
const BESIDE = 280;    // px: room for a row's words on the left of its cells; with less they stand above
const BARE = 14;        // px: the narrowest cell that is still easy to point at

// ---------- Numbers: pure

/** base64 -> float32. Every browser's typed arrays are little-endian, like the payload. */
export const decode = (text) => new Float32Array(Uint8Array.from(atob(text), (c) => c.charCodeAt(0)).buffer);

const tidy = (text) => text.replace("e+", "e").replace(/^-/, "−");
const finite = (v) => typeof v === "number" && Number.isFinite(v);

/** Three significant digits (or as many as asked): 4.70, 0.991, 2.10e-5; what is not finite is "–". */
export function format(v, digits = 3) {
  if (!finite(v)) return "–";
  const size = Math.abs(v);
  if (Number.isInteger(v) && size < 1e4) return tidy(String(v));
  return tidy(size < 1e-3 || size >= 1e4 ? v.toExponential(digits - 1) : v.toPrecision(digits));
}

/** At most five characters, for inside a cell: −0.83, 12.4, 4e-3. */
export function short(v) {
  if (!finite(v)) return "–";
  const size = Math.abs(v);
  if (Number.isInteger(v) && size < 1000) return tidy(String(v));
  return tidy(size < 0.00995 || size >= 999.5 ? v.toExponential(0) : v.toFixed(size < 9.995 ? 2 : size < 99.95 ? 1 : 0));
}

/** A probability: close to 1 it needs more digits, because `rest` = 1 − p is what the loss sees. */
export function probability(p, rest = 1 - p) {
  if (!finite(p) || p < 0.9995) return format(p);
  return rest === 0 ? "1" : rest > 1e-9 ? p.toFixed(Math.ceil(-Math.log10(rest)) + 1) : `(1 − ${format(rest)})`;
}

/** "0.12 + 0.63 − 0.05" */
export const sum = (terms, digits) =>
  terms.map((v, i) => (i === 0 ? format(v, digits) : `${v < 0 ? "−" : "+"} ${format(Math.abs(v), digits)}`)).join(" ");

/** How the cells of n units share a row: as few lines as stay readable, with numbers inside if two lines allow it. */
export function layout(width, n) {
  const size = (lines) => Math.min(56, Math.floor(width / Math.ceil(n / lines)));
  const numbers = [1, 2].find((lines) => size(lines) >= WITH_NUMBER);
  const lines = numbers ?? [1, 2, 3, 4, 6].find((k) => size(k) >= BARE) ?? 8;
  const columns = Math.ceil(n / lines);
  return { columns, cell: size(lines), numbers: numbers !== undefined, beside: width - columns * size(lines) >= BESIDE };
}

// ---------- From the payload to what is shown: pure

/** The vectors of every step, and the value that gets the full colour in each view. */
export function prepare(data) {
  const rows = {};
  for (const name of ["a", "from_a", "from_x", "ba", "stream_y", "stream_next", "d_a", "delta"]) rows[name] = decode(data[name]);
  rows.z = rows.from_a.map((v, i) => v + rows.from_x[i] + rows.ba[i % data.n_a]);
  rows.slope = rows.a.map((a) => (data.activation === "relu" ? Number(a > 0) : 1 - a * a));
  const largest = rows.d_a.reduce((most, v) => (finite(v) ? Math.max(most, Math.abs(v)) : most), 0);
  return { ...data, rows, T: data.words.length, bounds: { forward: data.scale > 0 ? data.scale : 1, backward: largest || 1 } };
}

/** One row of numbers at step t. Of the rows only `a` (and what is made from it) starts at step 0, and ba has one step. */
export function vector({ rows, n_a }, name, t) {
  const start = { ba: 0, a: t, slope: t }[name] ?? t - 1;
  return rows[name === "a_prev" ? "a" : name].subarray(start * n_a, (start + 1) * n_a);
}

/** -1..1: the sign is the hue, the size the strength of the colour. */
export function strength(v, name, phase, bound) {
  if (!finite(v) || v === 0) return 0;
  if (name === "slope") return v;
  const size = Math.abs(v) / bound;
  const shown = phase === "forward" ? size : 1 + Math.log10(size) / DECADES;
  return Math.sign(v) * Math.min(1, Math.max(0, shown));
}

/** The style shortens what does not fit; a word of 100 kB should not even reach it. Array.from: never half an emoji. */
const clip = (word) => (word.length > 40 ? `${Array.from(word.slice(0, 40)).slice(0, -1).join("")}…` : word);

/** The text of every slot at step t. */
export function facts(data, t, unit) {
  const at = (name) => vector(data, name, t)[unit];
  const numbers = { share: data.share_waa[t - 1], total: data.total_waa, result: at("a") };
  for (const name of ["logit", "loss", "from_y", "from_next", "grad"]) numbers[name] = data[name][t - 1];
  for (const name of ["d_a", "slope", "delta"]) numbers[name] = at(name);
  return {
    ...Object.fromEntries(Object.entries(numbers).map(([name, v]) => [name, format(v)])),
    t, unit, word: clip(data.words[t - 1]), previous: clip(data.words[t - 2] ?? ""), id: data.ids[t - 1],
    g: data.activation === "relu" ? "ReLU" : "tanh", y_hat: probability(data.y_hat[t - 1], 1 / (1 + Math.exp(data.logit[t - 1]))),
    label: data.guessed[t - 1] ? "Guessed label" : "Label",
    sum: sum(["from_a", "from_x", "ba"].map(at)), streams: sum(["stream_y", "stream_next"].map(at)),
    factor: at("d_a") < 0 ? `(${format(at("d_a"))})` : format(at("d_a")),
    bound: format(data.bounds.forward), largest: format(data.bounds.backward),
  };
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

const MATHEMATICS = /_\{([^}]*)\}\^\{([^}]*)\}|_\{([^}]*)\}|\^\{([^}]*)\}|\[(\w+)\]|(tanh|log|T)|([a-zA-Zŷℒδ]+)|./gu;

/** "W_{aa} a^{t-1}": letters in italics, numbers and names of functions upright, scripts lowered and raised. */
function mathematics(text) {
  return [...text.matchAll(MATHEMATICS)].map(([piece, below, above, sub, sup, name, , letters]) =>
    above ? element("span.both", script("sup", above), script("sub", below)) : sub ? script("sub", sub)
      : sup ? script("sup", sup) : name ? slot(name) : letters ? element("i", letters) : piece);
}

const prose = (text) => text.split("$").flatMap((part, i) => (i % 2 === 1
  ? [element("span.math", ...mathematics(part))]
  : part.split(/\[(\w+)\]/).map((piece, k) => (k % 2 === 1 ? slot(piece) : piece))));

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
  row({ n_a }, name, label, note) {
    const head = element("div.head", element("span.label", ...content(label)), element("span.note", ...content(note)));
    const row = element("div.row", head, element("div.cells", ...repeat(n_a, "div.cell")));
    Object.assign(row.dataset, { testid: "row", name });
    return row;
  },
};

const shade = (row, v) => `${row === "slope" ? "open" : v < 0 ? "negative" : "positive"}-${Math.round(Math.abs(v) * SHADES)}`;

/** The colours of cells as classes: a browser computes a class once for all cells, an inline style once for each. */
function palette() {
  return element("style", ...["positive", "negative", "open"].flatMap((hue) => Array.from({ length: SHADES + 1 }, (_, i) => {
    const fill = `color-mix(in srgb, var(--${hue}) ${(100 * i) / SHADES}%, var(--plain))`;
    const ink = `oklch(from ${fill} clamp(0.15, (0.6 - l) * 1000, 0.99) 0 0)`; // dark on light, light on dark, in both themes
    return `.${hue}-${i} { background: ${fill}; color: ${ink} }\n`;
  })));
}

function codeBlock(sources) {
  const made = element("details.code", element("summary", "The code that just ran — ", slot("file")), element("div.choice", ...sources));
  made.open = window.matchMedia("(min-width: 700px)").matches; // on a phone the numbers come first
  return made;
}

/** Everything that stands on the card for this many units and steps; `fill` and `paint` do the rest. */
function build(state) {
  const { root, data } = state;
  const buttons = Object.keys(VIEWS).map((phase) => {
    const button = element(`button.${phase}`, phase[0].toUpperCase() + phase.slice(1));
    button.type = "button";
    button.onclick = () => show(state, { phase });
    return button;
  });
  state.views = Object.entries(VIEWS).map(([phase, blocks]) => {
    const source = element("pre");
    const section = element("section", ...blocks.map(([kind, ...parts]) => BLOCKS[kind](data, ...parts)));
    section.dataset.when = source.dataset.when = phase;
    const rows = all(section, ".row").map((row) => ({ name: row.dataset.name, cells: all(row, ".cell") }));
    return { phase, section, source, rows };
  });
  const details = codeBlock(state.views.map((view) => view.source));
  state.tip = element("div.tip");
  const sections = element("div.choice", ...state.views.map((view) => view.section));
  root.replaceChildren(palette(), element("div.switch", ...buttons), sections, details, state.tip);
  const parts = { slots: "[data-slot]", scripts: "[data-shift]", choices: "[data-when]", units: ".unit", bars: ".bar", buttons: "button" };
  for (const [name, selector] of Object.entries(parts)) state[name] = all(root, selector);
}

// ---------- Following the step

function put(target, text) {
  if (target.textContent !== String(text)) target.textContent = text;
}

/** Words, numbers and marks of step t. */
function fill({ root, data, t, phase, unit, slots, scripts, choices, bars, buttons, units }) {
  const said = { ...facts(data, t, unit), file: data.code[phase].title };
  const holds = { ...truths(data, t), [phase]: true };
  for (const made of slots) put(made, said[made.dataset.slot]);
  for (const made of scripts) put(made, `⟨${t + Number(made.dataset.shift)}⟩`);
  for (const made of choices) made.classList.toggle("away", !holds[made.dataset.when]);
  for (const button of buttons) button.setAttribute("aria-pressed", button.classList.contains(phase));
  for (const input of units) if (input.valueAsNumber !== unit) input.value = unit;
  bars.forEach((bar, i) => { bar.classList.toggle("now", i === t - 1); bar.classList.toggle("passed", i > t - 1); });
  Object.assign(root.dataset, { t, phase });
}

/** The cells of the view that is open. */
function paint({ data, t, phase, unit, views, shape }) {
  for (const { name, cells } of views.find((view) => view.phase === phase).rows) {
    const values = vector(data, name, t);
    cells.forEach((cell, i) => {
      const colour = shade(name, strength(values[i], name, phase, data.bounds[phase]));
      const classes = `cell ${colour}${i === unit ? " chosen" : ""}`;
      if (cell.className !== classes) cell.className = classes;
      put(cell, shape.numbers ? short(values[i]) : "");
    });
  }
}

/** The label at the pointer: a⟨4⟩[7] = 0.8312 */
function point({ root, tip, over, data, t, unit }) {
  tip.hidden = !over;
  if (!over) return;
  const name = over.closest(".row").dataset.name;
  const middle = over.offsetLeft + over.offsetWidth / 2;
  const named = NAMES[name].replace("⟨p⟩", `⟨${t - 1}⟩`).replaceAll("⟨t⟩", `⟨${t}⟩`).replace("⟨n⟩", `⟨${t + 1}⟩`);
  put(tip, `${named}[${unit}] = ${format(vector(data, name, t)[unit], 4)}`);
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
  const fits = state.data?.n_a === data.n_a && state.data?.T === data.T;
  const unit = Math.min(state.unit, data.n_a - 1);
  Object.assign(state, { data, unit, t: Math.min(Math.max(1, data.selected), data.T) });
  if (!fits) build(state);
  const shares = data.share_waa.map((v) => (finite(v) ? v : 0));
  const most = Math.max(...shares) || 1;
  state.bars.forEach((bar, i) => bar.style.setProperty("--height", `${(100 * shares[i]) / most}%`));
  for (const { phase, source } of state.views) put(source, data.code[phase].source);
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
  state.root.style.setProperty("--digits", `${Math.min(13, (cell - 2) / 2.7)}px`);
  show(state, { over: null });
}

function listen(state) {
  const { root } = state;
  const onStep = ({ detail }) => {
    if (Number.isInteger(detail?.t) && detail.t >= 1 && detail.t <= state.data.T && detail.phase in VIEWS) show(state, detail);
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

function mount(parentElement) {
  const state = { root: element("div.inspector"), phase: "forward", unit: 0 };
  state.root.dataset.testid = "inspector";
  parentElement.append(state.root);
  instances.set(parentElement, state);
  return state;
}

export default function ({ data, parentElement }) {
  const state = instances.get(parentElement) ?? mount(parentElement);
  const payload = JSON.stringify(data);
  if (payload !== state.payload) update(Object.assign(state, { payload }), data); // a change of theme repeats the same data
  state.stop ??= listen(state);
  return () => { state.stop(); state.root.remove(); instances.delete(parentElement); };
}
