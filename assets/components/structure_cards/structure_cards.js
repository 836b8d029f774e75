// Five small diagrams, one for each structure, drawn from its table of steps. Together they are one group of radio
// buttons: the arrow keys move, Enter, Space or a click choose.

import { Choice, component, el, text } from "../shared.js";
import { diagram } from "./diagram.js";

/**
 * @import { Step } from "./diagram.js"
 * @typedef {{ structure: string, name: string, does: string, steps: Step[] }} Card
 * @typedef {{ chosen: string, cards: Card[] }} Data
 * @typedef {{ root: HTMLElement, group: HTMLElement, cards: HTMLButtonElement[], look: string, chosen: Choice<string> }} Cards
 */

/** Tx and Ty get their subscripts; a line may break after the comma, not before. @param {string} name */
function spelled(name) {
  const parts = name
    .split(/(?<=,) /)
    .map((part) => part.split(/(?<=T)([xy])/).map((piece, i) => (i % 2 ? el("sub", "", {}, piece) : piece)));
  return parts.flatMap((pieces, i) => [i ? " " : "", el("span", "part", {}, ...pieces)]);
}

/** @param {Card} card */
function makeCard({ structure, name, does, steps }) {
  const attributes = { type: "button", role: "radio", "data-structure": structure };
  return el(
    "button",
    "card",
    attributes,
    diagram(steps),
    el("span", "name", {}, ...spelled(name)),
    el("span", "does", {}, does),
  );
}

/**
 * One stop for the Tab key: the card that is chosen, or to which the arrow keys have moved.
 * @param {Cards} cards @param {HTMLElement} reached
 */
function reach({ cards }, reached) {
  for (const card of cards) card.tabIndex = card === reached ? 0 : -1;
}

/** @param {Cards} cards @param {string | undefined} chosen */
function mark({ cards }, chosen) {
  for (const card of cards) card.setAttribute("aria-checked", String(card.dataset.structure === chosen));
}

/** @param {Cards} cards @param {HTMLElement} card */
function choose(cards, card) {
  const structure = card.dataset.structure ?? "";
  window.dispatchEvent(new Event("rnn-leave")); // the stage has nothing more to say of this one
  mark(cards, structure);
  reach(cards, card);
  cards.chosen.tell(() => structure, 0);
}

/** @type {Record<string, number>} */
const MOVES = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

/** @param {Cards} part @param {KeyboardEvent} event */
function move(part, event) {
  const by = MOVES[event.key];
  if (!by || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault(); // neither the page nor the stage shall move
  const { cards } = part;
  const at = cards.indexOf(/** @type {HTMLButtonElement} */ (event.target));
  const next = cards[(at + by + cards.length) % cards.length];
  reach(part, next);
  next.focus();
}

export default component({
  create(page, /** @type {Data} */ _) {
    const group = el("div", "cards", { role: "radiogroup", "aria-label": text("structure") });
    const root = el("div", "selector", { "data-testid": "selector" }, group);
    const chosen = new Choice((/** @type {string} */ structure) => page.setStateValue("structure", structure));
    /** @type {Cards} */
    const part = { root, group, cards: [], look: "", chosen };
    group.addEventListener("keydown", (event) => move(part, event));
    group.addEventListener("click", ({ target }) => {
      const card = /** @type {HTMLElement | null} */ (/** @type {Element} */ (target).closest(".card"));
      if (card) choose(part, card);
    });
    return part;
  },
  update(part, { cards, chosen }) {
    const look = JSON.stringify(cards);
    const isNew = look !== part.look;
    if (isNew) {
      Object.assign(part, { look, cards: cards.map(makeCard) });
      part.group.replaceChildren(...part.cards);
    }
    const isOverruled = part.chosen.isOverruledBy(chosen);
    if (isOverruled) part.chosen.value = chosen;
    else if (chosen !== part.chosen.value && !isNew) return;
    mark(part, part.chosen.value);
    reach(part, part.cards.find(({ dataset }) => dataset.structure === part.chosen.value) ?? part.cards[0]);
  },
});
