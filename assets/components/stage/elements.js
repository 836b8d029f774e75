// Making the elements of the stage: which pieces there are follows from the data, and draw.js fills them.

import { el, svg, symbol, text } from "../shared.js";
import { encoded, LOSS_SCALE, thickness } from "./plan.js";

/**
 * @import { StageData } from "./plan.js"
 * @typedef {ReturnType<typeof makeColumn>} Column
 */

const ROWS = Object.entries({
  loss: "ℒ",
  target: "y",
  prediction: "ŷ",
  glance: "α",
  axis: "a",
  memory: "c",
  later: "←a",
  onehot: "x",
  word: "",
  grad: "",
  grad_later: "∂ℒ/∂←a",
});

export const makeRowLabels = () =>
  el(
    "div",
    "labels",
    { "aria-hidden": "true" },
    ...ROWS.map(([row, letter]) => {
      const name = el("small", "", {}, row === "word" ? "" : text(`lane_${row}`));
      return el(
        "div",
        `label at-${row}`,
        {},
        ...(row === "grad" ? [fraction()] : letter ? [symbol(letter)] : []),
        name,
      );
    }),
  );

/** ∂ℒ/∂a⟨t⟩, which may break before what it is divided by: streams.js says which error it is of */
function fraction() {
  const name = symbol("");
  name.prepend(el("span"), el("wbr"), el("span"));
  return name;
}

/** @type {Record<string, string>} */
const ARROWS = {
  lift: "up",
  into: "up",
  out: "up",
  "from-prev": "right",
  "from-y": "down",
  "from-next": "left",
  "from-later": "left",
  "memory-prev": "right",
  "to-later": "right",
};
/** Whose name stands on an arrow: one matrix, at every step @type {Record<string, string>} */
const NAMED = { into: "Wax", "from-prev": "Waa", out: "Wya", inflow: "Wyc" };

/** What stands in the column of step i: only what there is to say of it. @param {StageData} data @param {number} i */
function partsOf({ words, silent, labels, attention, state, reverse }, i) {
  return [
    ...(words[i] === null ? [] : ["word", "lift", "unk", "onehot", "strip", "into"]),
    "hidden",
    ...(state === "a" ? [] : ["memory", "from-memory", ...(i ? ["memory-prev"] : [])]),
    ...(reverse ? ["later", "way-in", "way-out", "grad-later"] : []),
    ...(reverse && i ? ["to-later", "norm-later"] : []),
    ...(reverse && i < words.length - 1 ? ["from-later"] : []),
    ...(silent[i] ? ["silence"] : ["out", "chance", "verdict", "prediction", "sure"]),
    ...(silent[i] && attention ? ["inflow", "glance", "share"] : []),
    ...(labels[i] === null ? [] : ["target", "lossbox", "loss"]),
    "from-prev",
    ...(silent[i] && !attention ? [] : ["from-y", "norm-y"]),
    "from-next",
    "norm-next",
    "grad",
  ];
}

/**
 * One step, bottom to top; `part` finds its pieces again when the numbers change.
 * @param {StageData} data @param {number} i
 */
function makeColumn(data, i) {
  const { group, fed } = data;
  const classes = ["step", group[i]];
  if (i === 0) classes.push("first");
  if (group[i + 1] && group[i + 1] !== group[i]) classes.push("hands");
  if (i && group[i - 1] !== group[i]) classes.push("handed");
  const attributes = { "data-testid": "step", "data-t": i + 1, role: "option", tabindex: -1 };
  const way = fed[i]
    ? svg("svg", { class: "feedback" }, svg("path", { class: "way" }), svg("path", { class: "head" }))
    : null;
  const part = Object.fromEntries(
    partsOf(data, i).map((name) => [name, el("div", ARROWS[name] ? `arrow ${ARROWS[name]} ${name}` : name)]),
  );
  const names = Object.entries(NAMED).filter(([home]) => part[home]);
  for (const [home, name] of names) part[`name-${home}`] = el("div", `name of-${name} on-${home}`, {}, name);
  const root = el("div", classes.join(" "), attributes, ...(way ? [way] : []), ...Object.values(part));
  const inside = {
    mark: "strip",
    filled: "chance",
    before: "chance",
    glanced: "glance",
    bar: "lossbox",
    ghost: "lossbox",
  };
  for (const [name, home] of Object.entries(inside)) {
    if (!part[home]) continue;
    part[name] = el("div", name === "glanced" ? "filled" : name);
    part[home].append(part[name]);
  }
  part.silence?.append(text("stage_silent"));
  return { root, part, way, reach: "" };
}

/**
 * Everything that stands in the track: what lies behind the columns first.
 * @param {StageData} data @param {HTMLElement} band
 */
export function makeTrack(data, band) {
  const names = encoded(data) ? [...new Set(data.group)] : [];
  const regions = names.map((name) =>
    el("div", `region ${name}`, {}, el("b", "", {}, text(`region_${name}`), el("span"))),
  );
  const columns = data.words.map((_, i) => makeColumn(data, i));
  const context = symbol("c");
  const rail = el("div", "rail", {}, context);
  const handover = el("div", "handover", {}, text("handover"));
  const states = el("canvas", "states", { "aria-hidden": "true" });
  const [waits, apart] = [el("div", "remark waits"), el("div", "remark apart")];
  const start = el("div", "start", {}, symbol("a", 0), el("span", "zero", { "data-tip": text("start_state") }, "0"));
  const children = [
    ...regions,
    band,
    ...(data.attention ? [rail] : []),
    ...(regions.length ? [handover] : []),
    start,
    states,
    ...columns.map(({ root }) => root),
    waits,
    apart,
  ];
  return { columns, regions, context, rail, handover, states, waits, apart, children };
}

export function makeLegend() {
  const [low, high, feeds, guesses] = [el("span"), el("span"), el("span", "feeds"), el("span", "guesses")];
  const line = (/** @type {number} */ norm) => el("i", "line", { style: `height:${thickness(norm)}px` });
  const values = el("span", "values", {}, text("hidden_value"), " ", low, el("i", "ramp"), high);
  const [from, to] = LOSS_SCALE;
  const losses = el("span", "losses", {}, text("loss_scale", { from, to }));
  const lines = [line(1e-6), "1e-6 ", line(1e-3), "1e-3 ", line(1), "1"];
  const norms = el("span", "norms", {}, text("arrow_width"), " ", el("span", "sizes", {}, ...lines));
  const root = el("div", "legend", {}, values, losses, guesses, feeds, norms);
  return { root, low, high, feeds, guesses };
}

/** What a piece says, and its tip, if there is one @param {HTMLElement} node @param {string | null} content @param {string} [tip] */
export function label(node, content, tip) {
  node.textContent = content;
  if (tip) node.dataset.tip = tip;
}
