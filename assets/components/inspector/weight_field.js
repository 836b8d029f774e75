// The field in which the reader sets one weight: the stage says which weight that is, and what it holds.

import { el, finite, setText, text } from "../shared.js";

/**
 * @typedef {ReturnType<typeof makeField>} Field
 * @typedef {object} Picked
 * @property {string} title the weight, in words @property {number} value
 * @property {string[]} facts what else is known of it
 * @property {string} heard what was sent last and has been answered
 */

const LARGEST = 1e30; // as in explorer/compute/updates.py
const DIGITS = 7; // as many as float32 has

/** A number as a reader types it: 0.5, −.5, 0,5, 5e-3; null: that is none @param {string} typed */
export function readWeight(typed) {
  const digits = typed.trim().replace("−", "-").replace(",", ".");
  const value = Number(digits);
  return /^[-+.\de]+$/i.test(digits) && finite(value) && Math.abs(value) <= LARGEST ? value : null;
}

/** All digits that there are, and no more @param {number} value */
export const writtenWeight = (value) =>
  finite(value)
    ? String(Number(value.toPrecision(DIGITS)))
        .replace("e+", "e")
        .replace(/^-/, "−")
    : "–";

/** @param {(value: number) => void} send @param {() => void} close no weight is picked any more */
export function makeField(send, close) {
  const [title, facts] = [el("span", "title"), el("small", "facts", { role: "status" })];
  const input = el("input", "value", {
    ...{ "data-testid": "weight-value", type: "text", inputmode: "decimal", autocomplete: "off", spellcheck: "false" },
    "aria-label": text("weight_value"),
  });
  const end = el("button", "close", { type: "button", "aria-label": text("weight_close") }, "×");
  end.onclick = close;
  const root = el("div", "weight", {}, el("p", "hint", {}, text("weight_hint")), title, input, facts, end);
  const field = { root, input, title, facts, shown: "", value: "", known: "", isSent: false };
  input.onkeydown = ({ key }) => {
    if (key === "Enter") commit(field, send);
  };
  input.onblur = () => {
    if (!field.isSent) restore(field); // what was not sent is not what the network has
  };
  showField(field, null);
  return field;
}

/** @param {Field} field @param {(value: number) => void} send */
function commit(field, send) {
  const { input, facts } = field;
  if (input.value === field.value) return;
  const value = readWeight(input.value);
  input.setAttribute("aria-invalid", String(value === null));
  if (value === null) return setText(facts, text("weight_no_number"));
  field.isSent = true;
  send(value);
}

/** @param {Field} field */
function restore(field) {
  const { input, facts } = field;
  input.value = field.value;
  input.removeAttribute("aria-invalid");
  setText(facts, field.known);
}

/** The weight that is picked. What the reader is typing stays until there is news of it. @param {Field} field @param {Picked | null} picked */
export function showField(field, picked) {
  const { root, title, facts } = field;
  root.classList.toggle("open", picked !== null);
  if (!picked) return;
  const [value, known] = [writtenWeight(picked.value), picked.facts.join("\n")];
  const shown = JSON.stringify([picked.title, value, picked.heard]);
  setText(title, picked.title);
  if (field.input.getAttribute("aria-invalid") !== "true") setText(facts, known);
  field.known = known;
  if (shown === field.shown) return;
  Object.assign(field, { shown, value, isSent: false });
  restore(field);
}
