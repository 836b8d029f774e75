// What is under the pointer: a hidden unit, a weight, a bar or an arrow, its exact number, and every place of its matrix.

import { directionLine } from "../inspector/hop.js";
import { clamp, gradientLabel, setText, text } from "../shared.js";
import { entryText, nowOf } from "./entry.js";
import { putAt } from "./picked.js";
import { entryAt } from "./weights.js";

/**
 * @import { Stage } from "./stage.js"
 */

/**
 * The tooltip of what is under the pointer: a hidden unit or a weight, or the exact number of a bar or an arrow.
 * @param {Stage} stage
 */
export function showTip(stage) {
  const { root, tip, hover } = stage;
  const owner = /** @type {HTMLElement | undefined} */ (
    hover?.target.closest?.(".hidden, .later, .sheet-of, [data-tip]")
  );
  tip.hidden = !owner;
  if (!hover || !owner) return;
  const { box, said } = owner.matches(".hidden, .later")
    ? unitAt(stage, hover, owner)
    : owner.classList.contains("sheet-of")
      ? weightAt(stage, hover, owner)
      : { box: owner.getBoundingClientRect(), said: tipOf(stage, owner) };
  tip.hidden = said === undefined;
  setText(tip, said ?? "");
  const home = root.getBoundingClientRect();
  const half = tip.offsetWidth / 2;
  tip.style.left = `${clamp(box.left + box.width / 2 - home.left, half + 2, home.width - half - 2)}px`;
  tip.style.top = `${Math.max(box.top - home.top, tip.offsetHeight + 8)}px`;
}

/** What a piece tells of itself; of a hop also why it did that, worked out only when it is asked @param {Stage} stage @param {HTMLElement} owner */
function tipOf({ data, errors }, owner) {
  const { tip } = owner.dataset;
  if (errors.whose === "all" || !owner.matches(".from-next, .norm-next")) return tip;
  const t = Number(/** @type {HTMLElement} */ (owner.closest(".step")).dataset.t);
  const why = directionLine(data.dock, errors, t + 1);
  return why ? `${tip}. ${why}` : tip;
}

const FRAME = 4; // px, around the grid of a hidden state

/**
 * The hidden unit under the pointer, if its state has been computed
 * @param {Stage} stage @param {{ x: number, y: number }} hover @param {HTMLElement} hidden
 */
export function unitAt({ plan: { grid }, data: { n_a }, a, held, second }, { x, y }, hidden) {
  const { left, top } = hidden.getBoundingClientRect();
  const { columns, rows, unit } = grid;
  const [i, j] = [x - left, y - top].map((distance) => Math.floor((distance - FRAME) / unit));
  const k = clamp(j, 0, rows - 1) * columns + clamp(i, 0, columns - 1);
  const t = Number(hidden.parentElement?.dataset.t);
  const later = hidden.classList.contains("later") ? second?.a(t) : undefined;
  const isThere = k < n_a && (later || held[t - 1] === "state" || held[t - 1] === "pale");
  const value = gradientLabel(later ? later[k] : a[t * n_a + k]).replace(/^-/, "−");
  const said = isThere ? text(later ? "unit_value_later" : "unit_value", { t, unit: k + 1, value }) : undefined;
  return {
    unit: k < n_a ? k : undefined,
    said,
    box: { left: left + FRAME + i * unit, top: top + FRAME + j * unit, width: unit },
  };
}

/**
 * The entry of a matrix under the pointer
 * @param {Stage} stage @param {{ x: number, y: number }} hover @param {HTMLElement} sheet
 */
export function weightAt(stage, { x, y }, sheet) {
  const box = sheet.getBoundingClientRect();
  const map = stage.maps.find((one) => one.sheet === sheet);
  const at = map && entryAt(map.weight, (x - box.left) / box.width, (y - box.top) / box.height);
  if (!map || !at) return { box, said: undefined };
  const { weight, entry } = map;
  putAt(entry, weight, at);
  return { box, said: entryText(weight, at, nowOf(stage, weight)), map, at };
}

/** Lights every place where the matrix under the pointer is used. @param {Stage} stage */
export function lightShared({ root, hover, maps }) {
  const owner = hover?.target.closest?.(".map, .name");
  const name = owner ? [...owner.classList].find((one) => one.startsWith("of-")) : "";
  if (root.dataset.lit === (name ?? "")) return;
  root.dataset.lit = name ?? "";
  for (const node of root.querySelectorAll(".map, .name"))
    node.classList.toggle("lit-up", Boolean(name) && node.classList.contains(name ?? ""));
  for (const { entry } of maps) entry.hidden = true;
}
