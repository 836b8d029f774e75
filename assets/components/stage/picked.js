// The weight that the reader has picked, in a map or in the dock: it is outlined where it stands, and can be set in the field.

import { showField } from "../inspector/weight_field.js";
import { setText, text } from "../shared.js";
import { entryFacts, entryPlace, entryText, nowOf } from "./entry.js";
import { entryOf, foundIn, neighbour, placeOf } from "./weights.js";

/**
 * @import { Stage } from "./stage.js"
 * @import { At, Entry } from "./weights.js"
 * @import { Map as WeightMap } from "./maps.js"
 */

/** @param {Stage} stage @param {Entry | null} entry null: none is picked any more */
export function pick(stage, entry) {
  const { home, handle } = stage.dock;
  const { classList } = home;
  stage.picked = entry;
  if (entry && !classList.contains("raised")) classList.add("raised", "low"); // on a phone the field is in the sheet
  if (!entry && classList.contains("low")) classList.remove("raised", "low");
  handle.setAttribute("aria-expanded", String(classList.contains("raised") && !classList.contains("low")));
  showPicked(stage);
}

/** Outlined in its map, and in the field, with the numbers of now @param {Stage} stage */
export function showPicked(stage) {
  const { picked, maps, dock } = stage;
  let isShown = false;
  for (const { weight, picked: outline } of maps) {
    const at = picked && foundIn(weight, picked);
    outline.hidden = !at;
    if (!at) continue;
    isShown = true;
    putAt(outline, weight, at);
    showField(dock.field, {
      title: text("picked", { label: weight.label, place: entryPlace(picked, stage) }),
      value: weight.values[at.row * weight.columns + at.column],
      facts: entryFacts(weight, at, nowOf(stage, weight)),
      heard: stage.data.heard ?? "",
    });
  }
  if (!isShown) showField(dock.field, null);
}

/** @param {HTMLElement} outline @param {WeightMap["weight"]} weight @param {At} at */
export function putAt(outline, weight, { row, column }) {
  for (const [side, part] of Object.entries(placeOf(weight, row, column)))
    outline.style.setProperty(side, `${100 * part}%`);
  outline.hidden = false;
}

/** @type {Record<string, [right: number, down: number]>} */
const WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** In a map the arrows go from entry to entry, each is told, and Enter picks it. @param {Stage} stage @param {KeyboardEvent} event */
export function walk(stage, event) {
  const root = /** @type {Element} */ (event.target).closest(".map");
  const map = stage.maps.find((one) => one.root === root);
  if (!map || event.ctrlKey || event.metaKey || event.altKey) return;
  const { weight } = map;
  if (event.key === "Enter") {
    pick(stage, entryOf(weight, map.at));
    stage.dock.field.input.select();
  } else if (event.key in WAYS) {
    map.at = neighbour(weight, map.at, ...WAYS[event.key]);
    putAt(map.entry, weight, map.at);
    setText(stage.live, entryText(weight, map.at, nowOf(stage, weight)));
  } else return;
  event.preventDefault();
}
