// The numbers behind an answer of Structures: cards, each with a title, its explanation, and a picture of its kind.

import { component, el, setText, text } from "../shared.js";
import { drawHypotheses } from "./hypotheses.js";
import { drawCells, drawTapes } from "./tables.js";
import { drawWalk } from "./walk.js";

/**
 * @import { Cells, Tapes } from "./tables.js"
 * @import { Hypotheses } from "./hypotheses.js"
 * @import { Walk } from "./walk.js"
 *
 * One exhibit (explorer/components/exhibits.py)
 * @typedef {object} Common
 * @property {string} name @property {string} title
 * @property {string} help empty: none
 * @property {string} lead what stands above the picture @property {string} alt the picture in words
 * @property {string[]} told what stands below it
 * @typedef {Common & ({ kind: "" } | { kind: "cells" } & Cells | { kind: "tapes" } & Tapes | { kind: "hypotheses" } & Hypotheses | { kind: "walk" } & Walk)} Card
 * @typedef {ReturnType<typeof makeCard>} Shown
 */

const NARROWEST = 240; // px: of a picture, before its place is known

/** @param {string} name */
function makeCard(name) {
  const parts = {
    title: el("h3"),
    button: el("button", "", { type: "button", "aria-label": text("help"), "aria-describedby": `${name}-help` }, "?"),
    help: el("p", "", { role: "tooltip", id: `${name}-help` }),
    lead: el("p", "quiet"),
    picture: el("div", "picture"),
    alt: el("p", "unseen"),
    pointed: el("p", "pointed", { role: "status" }),
    told: el("div", "quiet"),
  };
  const { title, button, help, lead, picture, alt, pointed, told } = parts;
  const head = el("div", "title", {}, title, el("span", "help", {}, button, help));
  const root = el("section", "exhibit", { "data-testid": `exhibit-${name}` }, head, lead, picture, alt, pointed, told);
  return { root, name, ...parts, data: /** @type {Card | null} */ (null), drawn: "" };
}

/** @param {Shown} card */
function drawPicture({ data, picture, pointed }) {
  if (!data) return;
  const tell = (/** @type {string} */ said) => setText(pointed, said);
  if (data.kind === "cells") picture.replaceChildren(drawCells(data, tell));
  else if (data.kind === "tapes") picture.replaceChildren(drawTapes(data));
  else if (data.kind === "hypotheses") picture.replaceChildren(drawHypotheses(data, tell));
  else if (data.kind === "walk") picture.replaceChildren(drawWalk(data, picture.clientWidth || NARROWEST, tell));
  else picture.replaceChildren();
}

/** Only what differs is drawn anew @param {Shown} card @param {Card} data */
function draw(card, data) {
  const drawn = JSON.stringify(data);
  if (drawn === card.drawn) return;
  Object.assign(card, { data, drawn });
  setText(card.title, data.title);
  setText(card.help, data.help);
  setText(card.lead, data.lead);
  setText(card.alt, data.kind === "walk" ? "" : data.alt);
  setText(card.pointed, "");
  card.root.classList.toggle("wide", data.kind === "tapes");
  for (const [part, isSilent] of /** @type {[HTMLElement, boolean][]} */ ([
    [card.button, !data.help],
    [card.lead, !data.lead],
    [card.pointed, data.kind === "tapes" || !data.kind],
  ]))
    part.hidden = isSilent;
  card.told.replaceChildren(...data.told.map((said) => el("p", "", {}, said)));
  drawPicture(card);
}

export default component({
  create() {
    const root = el("div", "exhibits");
    const part = { root, cards: /** @type {Shown[]} */ ([]), stop: () => watch.disconnect() };
    const watch = new ResizeObserver(() => {
      for (const card of part.cards)
        if (card.data?.kind === "walk" && card.picture.firstElementChild?.clientWidth !== card.picture.clientWidth)
          drawPicture(card);
    });
    watch.observe(root);
    return part;
  },
  update(part, /** @type {{ exhibits: Card[] }} */ { exhibits }) {
    if (part.cards.map(({ name }) => name).join() !== exhibits.map(({ name }) => name).join()) {
      part.cards = exhibits.map(({ name }) => makeCard(name));
      part.root.replaceChildren(...part.cards.map(({ root }) => root));
    }
    for (const [i, data] of exhibits.entries()) draw(part.cards[i], data);
  },
  destroy: ({ stop }) => stop(),
});
