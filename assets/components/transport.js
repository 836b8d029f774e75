// The controls that move through a sequence: buttons, a slider, a choice of speed, and the keys that do the same.

import { el, text } from "./shared.js";

const SPEEDS = [0.5, 1, 2, 4];

/** @param {string} id @param {string} label @param {string} icon @param {string} [caption] */
export function button(id, label, icon, caption = "") {
  const attributes = { type: "button", "data-testid": id, "aria-label": label, title: label };
  return el("button", id, attributes, el("i", `icon ${icon}`), caption);
}

/** @typedef {ReturnType<typeof controls>} Controls */

/** The buttons, the slider and the choice of speed; what one step is called, the component's own texts say. */
export const controls = () => ({
  back: button("step-back", text("step_back"), "next turned"),
  play: button("play", text("play"), "play"),
  on: button("step-on", text("step_on"), "next"),
  scrub: el("input", "scrub", {
    "data-testid": "scrub",
    type: "range",
    min: 1,
    step: 1,
    "aria-label": text("position"),
  }),
  where: el("strong", "where"),
  value: el("span", "value"),
  speed: el(
    "select",
    "speed",
    { "data-testid": "speed", "aria-label": text("speed") },
    ...SPEEDS.map((s) => el("option", "", s === 1 ? { value: s, selected: "" } : { value: s }, `${s}×`)),
  ),
});

/** What the play button offers now @param {HTMLButtonElement} play @param {boolean} playing */
export function setPlayIcon(play, playing) {
  const icon = /** @type {Element} */ (play.firstElementChild);
  icon.className = `icon ${playing ? "pause" : "play"}`;
  play.title = text(playing ? "pause" : "play");
  play.setAttribute("aria-label", play.title);
}

/**
 * Gives the keyboard back to `root` after a pointer has used one of the controls, so that Space plays again.
 * @param {HTMLElement} root @param {Controls} controls
 * @returns {(node: HTMLElement, act: () => void) => void} what a press of a button does
 */
function returnFocus(root, { scrub, speed }) {
  const rest = () => root.focus({ preventScroll: true });
  scrub.addEventListener("pointerup", rest);
  speed.addEventListener("change", () => {
    if (!speed.matches(":focus-visible")) rest();
  });
  return (node, act) =>
    node.addEventListener("click", (event) => {
      act();
      if (event.detail) rest();
    });
}

const HEADER = 52; // px, that of the page: what is under it is out of sight, too
const ANYWHERE = "body, main, section, div:not([role], [contenteditable])"; // where no control would want the key
/** @type {Record<string, string[]>} */
const OWN_KEYS = { BUTTON: [" "], SELECT: [" ", "ArrowLeft", "ArrowRight"], INPUT: ["ArrowLeft", "ArrowRight"] };

/**
 * A key does what `acts` says of it: inside `root`, or anywhere on the page where no control would want the key.
 * @param {HTMLElement} root @param {(column: HTMLElement | null) => Record<string, () => void>} acts
 * @returns {() => void} stops listening
 */
export function onKeys(root, acts) {
  const press = (/** @type {KeyboardEvent} */ event) => {
    const path = event.composedPath();
    const target = /** @type {HTMLElement} */ (path[0]);
    const isInside = path.includes(root);
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (!isInside && !target.matches?.(ANYWHERE)) return;
    const { top, bottom } = root.getBoundingClientRect();
    if (bottom <= HEADER || top >= window.innerHeight) return; // out of sight: Space scrolls the page
    const act = acts(isInside ? target.closest(".step") : null)[event.key];
    if (!act || (isInside && OWN_KEYS[target.tagName]?.includes(event.key))) return;
    event.preventDefault();
    act();
  };
  window.addEventListener("keydown", press);
  return () => window.removeEventListener("keydown", press);
}

/**
 * Everything that moves through a sequence: the buttons, the keys, a click on a column.
 * @param {{ root: HTMLElement, track: HTMLElement, transport: Controls }} part
 * @param {object} acts
 * @param {() => void} acts.toggle @param {(by: number) => void} acts.step @param {(t: number) => void} acts.select
 * @param {() => void} acts.show the speed has changed
 * @returns what a press of a further button does, and what stops listening to the keys
 */
export function onMoves({ root, track, transport }, { toggle, step, select, show }) {
  const { back, play, on, speed } = transport;
  const press = returnFocus(root, transport);
  const [stepBack, stepOn] = [() => step(-1), () => step(1)];
  const choose = (/** @type {HTMLElement} */ column) => select(Number(column.dataset.t));
  press(back, stepBack);
  press(on, stepOn);
  press(play, toggle);
  speed.addEventListener("change", show);
  track.addEventListener("click", ({ target }) => {
    const column = /** @type {HTMLElement | null} */ (/** @type {Element} */ (target).closest(".step"));
    if (column) choose(column);
  });
  const moves = { " ": toggle, ArrowLeft: stepBack, ArrowRight: stepOn };
  return { press, stop: onKeys(root, (column) => (column ? { ...moves, Enter: () => choose(column) } : moves)) };
}

/**
 * Marks step t: one stop for the Tab key, which ← and → move.
 * @param {HTMLElement} root @param {{ root: HTMLElement }[]} columns @param {number} t
 * @param {(step: number) => boolean} isAhead is this step still to come?
 */
export function markStep(root, columns, t, isAhead) {
  columns.forEach(({ root: column }, i) => {
    column.classList.toggle("ahead", isAhead(i + 1));
    column.classList.toggle("now", i + 1 === t);
    column.tabIndex = i + 1 === t ? 0 : -1;
    column.setAttribute("aria-selected", String(i + 1 === t));
  });
  const home = /** @type {Document | ShadowRoot} */ (root.getRootNode());
  if (home.activeElement?.classList.contains("step")) columns[t - 1].root.focus({ preventScroll: true });
}
