// What the stage hears of the page around it: a sentence that is typed, and presses after which it has the keyboard again.

const REST_MS = 2000; // without a key, and what is typed goes into the address
const BOX = ".st-key-sentence input";
const TYPED = [BOX, ".st-key-input .stTextInput input", ".st-key-right .stTextInput input"].join(); // as in widgets.py
const OWN = ".st-key-example_own button"; // the reader wants to type
// What opens something else keeps the focus, and so does what is typed into, chosen from or dragged.
const PRESSED = 'button:not([aria-haspopup]):not([aria-expanded]), summary, [role="button"]';
const KEEPS =
  'input, select, textarea, [contenteditable], [role="slider"], [role="combobox"], [role="dialog"], [role="menu"], [data-testid="stPopoverBody"]';

/** @param {Event} event @param {string} selector */
const through = (event, selector) =>
  event.composedPath().some((node) => node instanceof Element && node.matches(selector));

/**
 * Tells what stands in the box once the reader rests: on Enter, on leaving it, or after a while. While they type, nobody
 * needs to know.
 * @param {(typed: string) => void} tell
 */
export function onRest(tell) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  /** @type {HTMLInputElement | null} */
  let box = null;
  const rest = () => {
    if (!timer) return;
    clearTimeout(timer);
    timer = undefined;
    tell(box?.value ?? "");
  };
  const wait = (/** @type {HTMLInputElement} */ typed) => {
    box = typed;
    clearTimeout(timer);
    timer = setTimeout(rest, REST_MS);
  };
  /** @type {Record<string, (event: Event) => void>} */
  const hears = {
    input: (event) => wait(/** @type {HTMLInputElement} */ (event.target)),
    focusout: rest,
    keydown: (event) => {
      if (/** @type {KeyboardEvent} */ (event).key === "Enter") rest();
    },
  };
  const hear = (/** @type {Event} */ event) => {
    if (through(event, TYPED)) hears[event.type](event);
  };
  for (const kind of Object.keys(hears)) window.addEventListener(kind, hear);
  const focused = document.activeElement;
  if (focused?.matches(TYPED)) wait(/** @type {HTMLInputElement} */ (focused)); // the first word made this stage
  return () => {
    clearTimeout(timer);
    for (const kind of Object.keys(hears)) window.removeEventListener(kind, hear);
  };
}

/**
 * After a press with a pointer on a button, or in `root`, the keys are the stage's again. A button that is pressed by a key
 * keeps them.
 * @param {HTMLElement} root
 */
export function onPress(root) {
  const press = (/** @type {MouseEvent} */ event) => {
    const { detail, pointerType } = /** @type {PointerEvent} */ (event);
    if (through(event, OWN)) return /** @type {HTMLInputElement | null} */ (document.querySelector(BOX))?.select();
    if (!detail || pointerType === "" || through(event, KEEPS)) return;
    if (!through(event, PRESSED) && !event.composedPath().includes(root)) return;
    setTimeout(() => root.focus({ preventScroll: true })); // when the page has done what it does on a press
  };
  window.addEventListener("click", press, true); // first: some of the page's buttons let no one else hear of it
  return () => window.removeEventListener("click", press, true);
}
