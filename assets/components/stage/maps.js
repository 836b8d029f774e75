// The maps of the weights, beside the steps that share them: each matrix as a picture, and what an update adds to it.

import { clamp, el, gradientLabel, setText, text } from "../shared.js";
import { changeOf, grid, largest, placeOf, weightsOf } from "./weights.js";

/**
 * @import { StageData } from "./plan.js"
 * @import { Stage } from "./stage.js"
 * @import { Weight } from "./weights.js"
 */

/** @param {Weight} weight */
function makeMap({ name, label, group }) {
  const canvas = el("canvas");
  const [lit, entry, title] = [el("i", "lit"), el("i", "entry", { hidden: "" }), el("b")];
  const shown = el("small");
  const picked = el("i", "entry picked", { hidden: "" });
  const sheet = el("div", "sheet-of", {}, canvas, lit, picked, entry);
  const attributes = {
    "data-testid": `weights-${label}`,
    "data-name": name,
    "data-group": group,
    role: "application",
    tabindex: 0,
  };
  const root = el("div", `map of-${name}`, attributes, title, sheet, shown);
  const painted = /** @type {{ values: Float32Array, scale: number, colour: Colour } | null} */ (null);
  return { root, canvas, sheet, lit, entry, picked, title, shown, painted, at: { row: 0, column: 0 } };
}

/** @typedef {ReturnType<typeof makeMap> & { weight: Weight }} Map */
/** @typedef {Record<"violet" | "green" | "neutral", string>} Colour */

/**
 * Paints a map with its weights, unless it has these already: another sentence changes only the columns of Wax
 * @param {Map} map @param {Colour} colour
 */
function paintWeights(map, colour) {
  const { canvas, weight, painted } = map;
  const { values, scale } = weight;
  const isSame = painted?.colour === colour && painted.scale === scale && painted.values.length === values.length;
  if (isSame && painted.values.every((v, i) => v === values[i])) return;
  paintMap(canvas, weight, values, scale, colour);
  map.painted = { values, scale, colour };
}

/**
 * Paints values of a matrix, blank where it is not finite; each entry at least one pixel of the screen, or the map is
 * scaled down as a picture.
 * @param {HTMLCanvasElement} canvas @param {Weight} weight @param {Float32Array} values @param {number} scale
 * @param {Colour} colour
 */
function paintMap(canvas, weight, values, scale, colour) {
  const { width, height } = grid(weight);
  const size = clamp(Math.ceil(192 / Math.max(width, height)), 1, 16);
  const edge = size > 3 ? 1 : 0;
  Object.assign(canvas, { width: width * size, height: height * size });
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  pen.fillStyle = colour.neutral;
  pen.fillRect(0, 0, width * size, height * size);
  values.forEach((v, k) => {
    const place = placeOf(weight, Math.floor(k / weight.columns), k % weight.columns);
    pen.globalAlpha = clamp(Math.abs(v) / scale, 0, 1) || 0; // NaN draws nothing
    pen.fillStyle = v < 0 ? colour.violet : colour.green;
    pen.fillRect(
      Math.round(place.left * width) * size,
      Math.round(place.top * height) * size,
      size - edge,
      size - edge,
    );
  });
}

/** What a map says of itself: its name and its scale @param {Weight} weight */
const titleOf = ({ name, group, scale }) =>
  text("map", { label: (group === "reverse" ? "←" : "") + name, size: gradientLabel(scale) });

/** Of how many columns of Wax these are the ones used, and in what order @param {Map} map @param {StageData} data */
function tellColumns({ weight: { columns, group }, shown }, { n_x, unit }) {
  const values = { columns, all: n_x[group], unit };
  setText(shown, text("map_columns", values));
  shown.dataset.tip = text("map_columns_tip", values);
}

// ---------------------------------------------------------------- all of them

/** The maps: new elements where other matrices take part, new colours where their numbers are new @param {Stage} stage */
export function drawWeights(stage) {
  const { data, home } = stage;
  const weights = weightsOf(data);
  const names = weights.map(({ label, rows, columns }) => [label, rows, columns]).join();
  if (names !== stage.mapNames) {
    stage.maps = weights.map((weight) => ({ ...makeMap(weight), weight }));
    home.replaceChildren(...stage.maps.map(({ root }) => root));
    stage.mapNames = names;
  }
  stage.maps.forEach((map, k) => {
    map.weight = weights[k];
    setText(map.title, titleOf(map.weight));
    if (map.weight.name === "Wax") tellColumns(map, data);
    map.root.setAttribute("aria-label", `${map.weight.label}: ${map.title.textContent} ${map.shown.textContent}`);
    paintWeights(map, stage.colour);
  });
}

/** ΔW in place of W, while an update moves: on a scale of its own @param {Stage} stage @param {StageData} after */
export function drawChanges({ maps, colour }, after) {
  weightsOf(after).forEach((next, k) => {
    const { weight, canvas, title } = maps[k];
    maps[k].painted = null;
    const change = changeOf(weight, next);
    const scale = largest(change);
    setText(title, text("map_change", { name: weight.name, size: gradientLabel(scale) }));
    paintMap(canvas, weight, change, scale, colour);
  });
}
