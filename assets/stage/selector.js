// Five small diagrams, one for each structure, drawn from its table of steps. Together they are one group of radio
// buttons: the arrow keys move, Enter, Space or a click choose.

const PITCH = 34; // px from cell to cell, in the drawing's own units
const CELL = 18;
const WIDEST = 5; // cells: all drawings share one scale
const [TOP, MIDDLE, BOTTOM, HEIGHT] = [7, 43, 79, 87]; // answers, cells, inputs
const ANSWER_MS = 2000; // how long the page may take to answer
const selectors = new WeakMap(); // parentElement -> selector: focus survives new data and a change of theme

function svg(tag, attributes = {}, ...children) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.append(...children);
  return node;
}

function el(tag, name, ...children) {
  const node = document.createElement(tag);
  node.className = name;
  node.append(...children);
  return node;
}

// ---------------------------------------------------------------- one diagram

/** A line along `path`, and its head at (x, y), which points right, or up if `turn` is -90. */
const arrow = (kind, path, x, y, turn = 0) => svg("g", { class: `arrow ${kind}` }, svg("path", { d: path }),
  svg("polygon", { points: "0,0 -7,-3.6 -7,3.6", transform: `translate(${x} ${y}) rotate(${turn})` }));
const up = (kind, x, from, to) => arrow(kind, `M${x} ${from}V${to + 5}`, x, to, -90);
const dot = (kind, x, y) => svg("circle", { class: kind, cx: x, cy: y, r: 3.6 });

/** One step: its cell, what it reads from below, what it answers above. */
function drawStep({ group, reads, answers }, x) {
  const half = CELL / 2;
  const parts = [svg("rect", { class: "cell", x: x - half, y: MIDDLE - half, width: CELL, height: CELL, rx: 4 })];
  if (reads) parts.push(dot("input", x, BOTTOM), up("in", x, BOTTOM - 3, MIDDLE + half + 2));
  if (answers) parts.push(dot("answer", x, TOP), up("out", x, MIDDLE - half, TOP + 5));
  return svg("g", { class: `step ${group}` }, ...parts);
}

/** From one step to the next: the state, and the answer where it is fed back. */
function drawLink({ fed }, from, to) {
  const [half, between, entry] = [CELL / 2, from + PITCH / 2, MIDDLE + CELL / 2 + 2];
  const state = arrow("state", `M${from + half} ${MIDDLE}H${to - half - 6}`, to - half - 1, MIDDLE);
  const back = `M${from + 5} ${TOP}C${between} ${TOP} ${between} ${TOP + 8} ${between} ${MIDDLE}`
    + `C${between} ${BOTTOM - 3} ${to} ${BOTTOM + 5} ${to} ${entry + 5}`;
  return svg("g", {}, state, ...(fed ? [arrow("fed", back, to, entry, -90)] : []));
}

function diagram(steps) {
  const width = WIDEST * PITCH;
  const places = steps.map((_, i) => width / 2 + (i - (steps.length - 1) / 2) * PITCH);
  const links = steps.slice(1).map((step, i) => drawLink(step, places[i], places[i + 1]));
  return svg("svg", { viewBox: `0 0 ${width} ${HEIGHT}`, "aria-hidden": "true" }, ...links,
    ...steps.map((step, i) => drawStep(step, places[i])));
}

// ---------------------------------------------------------------- the cards

/** Tx and Ty get their subscripts; a line may break after the comma, not before. */
function spelled(name) {
  const parts = name.split(/(?<=,) /).map((part) =>
    el("span", "part", ...part.split(/(?<=T)([xy])/).map((piece, i) => (i % 2 ? el("sub", "", piece) : piece))));
  return parts.flatMap((part, i) => (i ? [" ", part] : [part]));
}

function makeCard({ structure, name, does, steps }) {
  const card = el("button", "card", diagram(steps), el("span", "name", ...spelled(name)), el("span", "does", does));
  card.type = "button";
  card.dataset.structure = structure;
  card.setAttribute("role", "radio");
  return card;
}

/** One stop for the Tab key: the card that is chosen, or to which the arrow keys have moved. */
function reach(selector, reached) {
  for (const card of selector.cards) card.tabIndex = card === reached ? 0 : -1;
}

function mark(selector, chosen) {
  for (const card of selector.cards) card.setAttribute("aria-checked", card.dataset.structure === chosen);
}

function choose(selector, card) {
  const { structure } = card.dataset;
  mark(selector, structure);
  reach(selector, card);
  if (structure === selector.chosen) return;
  Object.assign(selector, { chosen: structure, sentAt: performance.now() });
  selector.setStateValue("structure", structure);
}

function onKey(selector, event) {
  const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
  if (!by || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault(); // neither the page nor the stage shall move
  const { cards } = selector;
  const next = cards[(cards.indexOf(event.target) + by + cards.length) % cards.length];
  reach(selector, next);
  next.focus();
}

// ---------------------------------------------------------------- life

function create(parentElement) {
  const selector = { root: el("div", "selector", el("div", "cards")), sentAt: -Infinity };
  const group = selector.root.firstChild;
  group.setAttribute("role", "radiogroup");
  group.setAttribute("aria-label", "Structure");
  group.addEventListener("keydown", (event) => onKey(selector, event));
  group.addEventListener("click", ({ target }) => {
    const card = target.closest(".card");
    if (card) choose(selector, card);
  });
  selector.root.dataset.testid = "selector";
  parentElement.append(selector.root);
  selector.destroy = () => { selector.root.remove(); selectors.delete(parentElement); };
  selectors.set(parentElement, selector);
  return selector;
}

/** The page may choose too; but its answers to older choices of ours, still on their way, must not pull us back. */
function receive(selector, { cards, chosen }) {
  const look = JSON.stringify(cards);
  const fresh = look !== selector.look;
  if (fresh) {
    Object.assign(selector, { look, cards: cards.map(makeCard) });
    selector.root.firstChild.replaceChildren(...selector.cards);
  }
  if (chosen === selector.chosen) selector.sentAt = -Infinity; // answered
  else if (performance.now() - selector.sentAt > ANSWER_MS) selector.chosen = chosen;
  else if (!fresh) return;
  mark(selector, selector.chosen);
  reach(selector, selector.cards.find(({ dataset }) => dataset.structure === selector.chosen) ?? selector.cards[0]);
}

/** Streamlit calls this again whenever the data or the theme changes. */
export default function ({ data, parentElement, setStateValue }) {
  const selector = selectors.get(parentElement) ?? create(parentElement);
  selector.setStateValue = setStateValue;
  if (data?.cards?.length) receive(selector, data);
  return selector.destroy;
}
