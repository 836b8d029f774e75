// Filling the equations with a step: words, numbers, marks, the colours of the cells, and the label at the pointer.

import { cellLabel, clamp, finite, setText } from "../shared.js";
import { shade } from "./elements.js";
import { ownStep, stepOf } from "./factors.js";
import { classAt, facts, looks, told } from "./facts.js";
import { format, strength } from "./numbers.js";
import { situation } from "./situation.js";

/**
 * @import { Inspector } from "./inspector.js"
 */

/** Where the stream that is shown has the step, and the step whose error goes back @param {Inspector} inspector */
export const ownPlace = ({ example: { data }, t, whose }) => ({
  t: stepOf(data, t),
  whose: whose === "all" ? whose : stepOf(data, whose),
});

/** Words, numbers and marks of the step @param {Inspector} inspector */
export function fill(inspector) {
  const { example, phase, unit, parts } = inspector;
  const { t } = ownPlace(inspector);
  const known = facts(example, t, unit);
  /** @type {Record<string, string>} */
  const now = { ...situation(example.data, t), phase };
  for (const made of parts.choices) {
    const { aspect = "", values = "" } = made.dataset;
    made.classList.toggle("away", !values.split(" ").includes(now[aspect]));
  }
  for (const made of parts.slots) {
    const { slot = "" } = made.dataset;
    if (!made.closest(".when.away")) setText(made, known[slot] ?? told(example, slot, t, unit));
  }
  for (const made of parts.scripts) setText(made, `⟨${stepOf(example.data, t + Number(made.dataset.shift))}⟩`);
  for (const made of parts.buttons) made.setAttribute("aria-pressed", String(made.classList.contains(phase)));
  for (const input of parts.units) if (input.valueAsNumber !== unit + 1) input.value = String(unit + 1);
  for (const line of parts.lines) fillLine(inspector, line);
  const { shares } = example.data;
  const most = Math.max(...shares.filter(finite)) || 1;
  parts.bars.forEach((bar, i) => {
    bar.style.setProperty("--height", `${(100 * (shares[stepOf(example.data, i + 1) - 1] ?? 0)) / most}%`);
    bar.classList.toggle("now", i === inspector.t - 1);
    bar.classList.toggle("passed", stepOf(example.data, i + 1) > t);
  });
}

/** One line of a table: how long its bar is, and whether there is such a line at all @param {Inspector} inspector @param {HTMLElement} line */
function fillLine(inspector, line) {
  const { example } = inspector;
  const { t } = ownPlace(inspector);
  if (line.closest(".when.away")) return;
  const [kind, number] = (line.dataset.line ?? "").split(" ");
  const told = kind === "looks" ? looks(example, t)[Number(number)] : classAt(example.data, t, Number(number));
  line.classList.toggle("away", !told);
  line.classList.toggle("right", Boolean(told?.isRight));
  line.style.setProperty("--share", `${100 * (told?.share || 0)}%`);
}

/** The cells of the side that is seen @param {Inspector} inspector */
export function paint(inspector) {
  const { example, phase, unit, parts, shape } = inspector;
  const { t } = ownPlace(inspector);
  for (const { numbers, gate, cells } of parts.sides.find((side) => side.phase === phase)?.rows ?? []) {
    if (cells[0].closest(".when.away")) continue;
    const values = example.row(numbers, t);
    cells.forEach((cell, i) => {
      const colour = shade(gate, strength(values[i], gate, phase, example.bounds[phase]));
      const label = shape.numbers ? cellLabel(values[i]) : "";
      const classes = `cell ${colour}${i === unit ? " chosen" : ""}${label.length > 4 ? " tight" : ""}`;
      if (cell.className !== classes) cell.className = classes;
      setText(cell, label);
    });
  }
}

/** The label at the pointer: a⟨4⟩[7] = 0.8312, units from 1 as steps @param {Inspector} inspector */
export function point(inspector) {
  const { root, over, example, unit } = inspector;
  const { tip } = inspector.parts;
  const { t } = ownPlace(inspector);
  const row = /** @type {HTMLElement | undefined} */ (over?.closest(".row"));
  tip.hidden = !row;
  if (!over || !row) return;
  const { name = "", numbers = "" } = row.dataset;
  const middle = over.offsetLeft + over.offsetWidth / 2;
  const named = name
    .replace("⟨own⟩", `⟨${ownStep(example.data, t)}⟩`)
    .replace(
      /(⟨(?:s,)?)t([−+]1)?/g,
      (_, before, by) => `${before}${stepOf(example.data, t + (by === "−1" ? -1 : by ? 1 : 0))}`,
    );
  setText(tip, `${named}[${unit + 1}] = ${format(example.row(numbers, t)[unit], 4)}`);
  tip.style.top = `${over.offsetTop}px`;
  tip.style.left = `${clamp(middle, tip.offsetWidth / 2, root.clientWidth - tip.offsetWidth / 2)}px`;
}
