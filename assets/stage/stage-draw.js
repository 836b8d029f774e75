// Making the elements of the stage, and filling them. Everything is drawn once per data; a move only toggles classes and
// shifts the band (stage-play.js).

// ---------------------------------------------------------------- making the elements

/** An SVG picture of paths */
function drawing(name, paths) {
  const make = (tag, className) => {
    const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
    node.setAttribute("class", className);
    return node;
  };
  const root = make("svg", name);
  root.append(...paths.map((path) => make("path", path)));
  return root;
}

/** a with ⟨t⟩ raised, as in the lecture. */
const symbol = (letter, t = "t") => el("span", "symbol", {}, letter, el("sup", "", {}, `⟨${t}⟩`));

const ROWS = [["loss", "ℒ", "loss"], ["target", "y", "label"], ["prediction", "ŷ", "prediction"], ["glance", "α", "attention"],
  ["axis", "a", "hidden state"], ["onehot", "x", "one-hot"], ["word", "", "word"], ["grad", "∂ℒ/∂a", "gradient"]];

function rowLabels() {
  return el("div", "labels", { "aria-hidden": "true" }, ...ROWS.map(([row, letter, word]) =>
    el("div", `label at-${row}`, {}, ...(letter ? [symbol(letter)] : []), el("small", "", {}, word))));
}

const ARROWS = { lift: "up", into: "up", out: "up", "from-prev": "right", "from-y": "down", "from-next": "left" };

/** What stands in the column of step i: only what there is to say of it. */
function partsOf({ words, silent, labels, fed, attention }, i) {
  return [
    ...(fed[i] ? ["feedback"] : []),
    ...(words[i] === null ? [] : ["word", "lift", "unk", "onehot", "strip", "into"]),
    "hidden",
    ...(silent[i] ? ["silence"] : ["out", "chance", "verdict", "prediction", "sure"]),
    ...(silent[i] && attention ? ["inflow", "glance", "share"] : []),
    ...(labels[i] === null ? [] : ["target", "guess", "lossbox", "loss"]),
    "from-prev", ...(silent[i] && !attention ? [] : ["from-y", "norm-y"]), "from-next", "norm-next", "grad",
  ];
}

/** One step, bottom to top; `part` finds its pieces again when the numbers change. */
function makeColumn(data, i) {
  const { group } = data;
  const kinds = { first: i === 0, hands: group[i + 1] && group[i + 1] !== group[i], handed: i && group[i - 1] !== group[i] };
  const classes = ["step", group[i], ...Object.keys(kinds).filter((kind) => kinds[kind])].join(" ");
  const root = el("div", classes, { "data-testid": "step", "data-t": i + 1, role: "option", tabindex: -1 });
  const part = {};
  for (const name of partsOf(data, i)) {
    part[name] = name === "feedback" ? drawing(name, ["way", "head"])
      : el("div", ARROWS[name] ? `arrow ${ARROWS[name]} ${name}` : name);
    root.append(part[name]);
  }
  part.strip?.append((part.mark = el("div", "mark")));
  part.chance?.append((part.filled = el("div", "filled")));
  part.glance?.append((part.glanced = el("div", "filled")));
  part.lossbox?.append((part.bar = el("div", "bar")), (part.ghost = el("div", "ghost")));
  part.silence?.append("silent");
  return { root, part };
}

const REGIONS = { encoder: "encoder reads", decoder: "decoder writes" };

/** Everything that stands in the track: what lies behind the columns first. */
function makeTrack(stage) {
  const { data, track, band } = stage;
  const { group } = data;
  stage.columns = data.words.map((_, i) => makeColumn(data, i));
  stage.regions = encoded(data) ? [...new Set(group)].map((name) => el("div", `region ${name}`, {}, el("b", "", {}, REGIONS[name], el("span")))) : [];
  stage.context = symbol("c");
  stage.rail = el("div", "rail", {}, stage.context);
  stage.handover = el("div", "handover", {}, "hand-over");
  const behind = [...stage.regions, band, ...(data.attention ? [stage.rail] : []), ...(stage.regions.length ? [stage.handover] : [])];
  const start = el("div", "start", {}, symbol("a", 0), " = 0");
  stage.states = el("canvas", "states", { "aria-hidden": "true" });
  track.replaceChildren(...behind, start, stage.states, ...stage.columns.map(({ root }) => root));
}

function makeTransport() {
  const parts = {
    ...controls("step", "Position in the two sweeps"),
    forward: button("play-forward", "Play forward from the first step", "play", "Forward"),
    backward: button("play-backward", "Play backward from the last step", "play turned", "Backward"),
    first: el("span", "first"), second: el("span", "second"),
  };
  const { forward, backward, back, play, on, scrub, first, second, where, value, speed } = parts;
  parts.root = el("div", "transport", { role: "group", "aria-label": "Playback" },
    el("div", "sweeps", {}, forward, backward), el("div", "trio", {}, back, play, on),
    el("div", "timeline", {}, scrub, first, second), el("div", "readout", {}, where, value), speed);
  return parts;
}

function makeLegend() {
  const line = (norm) => el("i", "line", { style: `height:${thickness(norm)}px` });
  const low = el("span"), high = el("span"), feeds = el("span", "feeds");
  const root = el("div", "legend", {}, el("span", "values", {}, "hidden value ", low, el("i", "ramp"), high), feeds,
    el("span", "norms", {}, "arrow width = gradient norm", line(1e-6), "1e-6 ", line(1e-3), "1e-3 ", line(1), "1"));
  return { root, low, high, feeds };
}

// ---------------------------------------------------------------- drawing the numbers

/** The hidden states as grids, on one canvas behind the columns (forty canvases would be forty layers, and cost the frames).
    Of each unit, the hue is laid over the neutral as strongly as |value| / scale. */
function paint({ states, a, data: { n_a, scale }, plan }, colour) {
  const { grid: { columns, rows, unit }, col, cell, x } = plan;
  const [width, height, dpr] = [plan.width - plan.labels, rows * unit + 6, window.devicePixelRatio || 1];
  Object.assign(states, { width: width * dpr, height: height * dpr });
  states.style.width = `${width}px`;
  const pen = states.getContext("2d");
  pen.scale(dpr, dpr);
  const square = (left, top, wide, tall, round) => (round ? (pen.beginPath(), pen.roundRect(left, top, wide, tall, round), pen.fill())
    : pen.fillRect(left, top, wide, tall)); // twice as fast
  x.forEach((from, i) => {
    const left = from + (col - cell) / 2;
    pen.globalAlpha = 1;
    pen.fillStyle = colour.ground;
    square(left + 1, 0, cell - 2, height, 6);
    a.subarray((i + 1) * n_a, (i + 2) * n_a).forEach((v, k) => {
      const box = [left + 4.5 + (k % columns) * unit, 3.5 + Math.floor(k / columns) * unit, unit - 1, unit - 1];
      for (const [hue, strength] of [[colour.neutral, 1], [v < 0 ? colour.violet : colour.green, Math.abs(v) / scale]]) {
        pen.fillStyle = hue;
        pen.globalAlpha = clamp(strength, 0, 1) || 0; // NaN draws nothing
        square(...box, unit < 9 ? 0 : 2); // on small cells no one sees the corners
      }
    });
  });
}

/** The theme's colours, for the canvas. Asked for before anything is changed, they cost no extra round of styles. */
function colours(root) {
  const style = getComputedStyle(root);
  const named = { violet: "violet", green: "green", neutral: "secondary-background", ground: "background" };
  return Object.fromEntries(Object.entries(named).map(([name, of]) => [name, style.getPropertyValue(`--st-${of}-color`).trim()]));
}

function paintAll(stage) {
  const { colour } = stage;
  const look = JSON.stringify([stage.data.a, stage.data.scale, stage.plan.grid, stage.plan.x, colour, window.devicePixelRatio]);
  if (look === stage.look) return; // only another step was selected
  stage.look = look;
  paint(stage, colour);
}

const say = (node, text, tip) => {
  node.textContent = text;
  if (tip) node.dataset.tip = tip;
};

/** The gradient's numbers and arrow widths; `source` is the data, or what an update was made from. */
function drawStreams({ root, columns, data: { state, silent } }, source) {
  const streams = { from_y: source.from_y, via_attention: source.via_attention, from_next: source.from_next, silent };
  const [arrows, above] = [arrowWidths(streams), fromAbove(streams)];
  root.querySelector(".at-grad .symbol").firstChild.data = `∂ℒ/∂${state}`;
  columns.forEach(({ part }, i) => {
    const t = i + 1;
    const meet = { y: [above[i], silent[i] ? "all ŷ, through attention," : `ŷ⟨${t}⟩`, "a"], next: [source.from_next?.[i], `${state}⟨${t + 1}⟩`, state] };
    for (const [name, [norm, from, into]] of Object.entries(meet)) {
      const arrow = part[`from-${name}`];
      if (!arrow) continue; // nothing comes down to a silent step
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

function drawColumn({ root, part }, data, i, plan) {
  Object.assign(root.dataset, { word: data.words[i] ?? "", loss: String(data.loss[i]), gradNorm: String(data.grad[i]) });
  root.setAttribute("aria-label", data.summary[i]);
  root.classList.toggle("unknown", !data.known[i]);
  if (part.word) drawInput(part, data, i);
  if (part.feedback) drawFeedback(part.feedback, feedback(plan, data.fed[i] === "label", data.guessed[i - 1]));
  if (part.prediction) drawPrediction(part, data, i);
  if (part.loss) drawLoss(part, data, i, plan);
}

function drawInput(part, { words, known, ids, n_x, group }, i) {
  const n = n_x[group[i]];
  say(part.word, words[i], known[i] ? words[i] : `${words[i]}: not in the dictionary, so the network reads <UNK>`);
  say(part.unk, known[i] ? "" : "<UNK>");
  say(part.onehot, `1 at ${ids[i]}`);
  part.strip.dataset.tip = `x⟨${i + 1}⟩: ${n} numbers, all 0 except a 1 at ${ids[i]}`;
  part.mark.style.left = `${((ids[i] + 0.5) / n) * 100}%`;
}

function drawFeedback(svg, { top, height, path, head }) {
  svg.style.top = `${top}px`;
  svg.style.height = `${height + 8}px`;
  [path, head].forEach((d, k) => svg.children[k].setAttribute("d", d));
}

function drawPrediction(part, { chance, said, sure, detail, right, guessed }, i) {
  const t = i + 1;
  const tip = detail ? `ŷ⟨${t}⟩: ${detail[i]}` : `ŷ⟨${t}⟩ = ${exact(chance[i])}`;
  part.filled.style.width = `${(chance[i] ?? 0) * 100}%`;
  part.chance.dataset.tip = tip;
  say(part.prediction, said[i], tip);
  say(part.sure, sure?.[i] ?? "", tip);
  say(part.verdict, { true: "✓", false: "✗" }[right[i]] ?? "", `The most probable answer is ${right[i] ? "" : "not "}the label`);
  part.verdict.classList.toggle("wrong", right[i] === false && !guessed[i]); // a guess may be what is wrong
}

function drawLoss(part, { labels, targets, guessed, loss, update }, i, plan) {
  const t = i + 1;
  const old = update?.loss[i];
  const tip = `ℒ⟨${t}⟩ = ${exact(loss[i])}${finite(old) ? `, before the update ${old}` : ""}`;
  const [height, ghost] = [plan.loss[i], plan.ghost[i] ?? 0];
  say(part.target, labels[i], `y⟨${t}⟩ = ${targets[i]}`);
  say(part.guess, guessed[i] ? "guessed" : "");
  part.bar.style.height = `${height}px`;
  part.ghost.hidden = !ghost;
  part.ghost.style.height = `${ghost}px`;
  part.lossbox.dataset.tip = tip;
  say(part.loss, fixed(loss[i]), tip);
  part.loss.style.setProperty("--rise", `${Math.max(height, ghost)}px`);
}

/** The plan as CSS variables: every piece finds its place from these. */
function applyPlan({ root, plan, data, columns, regions, handover, context, track }) {
  const px = { ...plan.rows, labels: plan.labels, lead: plan.lead, col: plan.col, cell: plan.cell, gap: plan.gap, font: plan.font,
    "grid-w": plan.grid.columns * plan.grid.unit, "grid-h": plan.grid.rows * plan.grid.unit, tall: plan.height };
  for (const [name, value] of Object.entries(px)) root.style.setProperty(`--${name}`, `${value}px`);
  const alone = columns.length === 1 && Boolean(data.sure); // a sentence on Explore may still grow
  Object.assign(root.dataset, { narrow: plan.narrow, judged: isJudged(data), two: Boolean(data.sure), alone });
  track.style.width = `${plan.width - plan.labels}px`;
  columns.forEach(({ root: column }, i) => (column.style.left = `${plan.x[i]}px`));
  const between = plan.x[plan.handed] - plan.gap / 2; // the middle between encoder and decoder
  handover.style.left = `${between - (plan.col - plan.cell + plan.gap) / 2}px`;
  context.style.left = `${between - plan.x[0] - plan.col / 2}px`; // the rail starts in the middle of the first column
  regions.forEach((region, k) => Object.assign(region.style, { left: `${plan.regions[k].left}px`, width: `${plan.regions[k].width}px` }));
}

const FEEDS = { answer: "what was answered is read next", label: "the right answer is read next" };

function draw(stage) {
  const { data, root, columns, transport: { scrub, first, second, backward }, legend } = stage;
  const T = columns.length;
  stage.plan = layout(data, stage.width - 2); // the border of the card
  applyPlan(stage);
  paintAll(stage);
  columns.forEach((column, i) => drawColumn(column, data, i, stage.plan));
  drawStreams(stage, stage.rush ? data.update : data);
  root.querySelector(".at-word small").textContent = data.unit;
  scrub.max = ends(stage);
  first.textContent = T > 1 ? `forward, t = 1…${T}` : "forward";
  second.textContent = !isJudged(data) ? "no label, no loss to send back" : T > 1 ? `backward, t = ${T}…1` : "backward";
  backward.disabled = !isJudged(data);
  legend.low.textContent = `−${+short(data.scale)}`;
  legend.high.textContent = `+${+short(data.scale)}`;
  legend.feeds.textContent = FEEDS[data.fed.find(Boolean)] ?? "";
  show(stage);
}
