// What all components share: elements, texts, numbers, and the way one lives in the page.

const SEND_MS = 250; // a choice is sent to the page once motion has rested this long
const ANSWER_MS = 2000; // how long the page may take to answer

/** @param {number} v @param {number} low @param {number} high */
export const clamp = (v, low, high) => Math.min(high, Math.max(low, v));

/** @param {unknown} v @returns {v is number} */
export const finite = (v) => typeof v === "number" && Number.isFinite(v);

/** @param {string} base64 */
export function bytesOf(base64) {
  const letters = atob(base64);
  const bytes = new Uint8Array(letters.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = letters.charCodeAt(i); // much quicker than a function for each
  return bytes;
}

/** base64 -> float32. Every browser's typed arrays are little-endian, like the payload. @param {string} base64 */
export const decode = (base64) => new Float32Array(bytesOf(base64).buffer);

// ---------------------------------------------------------------- texts and elements

/**
 * One text of assets/prose, with values in place of its {names}; the page puts TEXTS in front of the script.
 * @param {string} name @param {Record<string, unknown>} [values]
 */
export function text(name, values = {}) {
  return TEXTS[name].replace(/\{(\w+)\}/g, (_, key) => {
    if (!(key in values)) throw new Error(`The text ${name} needs a value for ${key}.`);
    return String(values[key]);
  });
}

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {string} [className]
 * @param {Record<string, string | number>} [attributes]
 * @param {(Node | string)[]} children
 */
export function el(tag, className = "", attributes = {}, ...children) {
  const node = document.createElement(tag);
  node.className = className;
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, String(value));
  node.append(...children);
  return node;
}

/**
 * @template {keyof SVGElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, string | number>} [attributes]
 * @param {Node[]} children
 */
export function svg(tag, attributes = {}, ...children) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, String(value));
  node.append(...children.flatMap((child) => (typeof child === "string" ? unbroken(child) : [child])));
  return node;
}

const POWER = /([^\s\d]*\d[\d.,]*e-\d+)/; // 2.1e-4: the one number that a browser breaks, behind its hyphen

/**
 * A text whose numbers stay in one line, wherever it wraps
 * @param {string} told @returns {(Node | string)[]}
 */
function unbroken(told) {
  if (!POWER.test(told)) return [told];
  return told.split(POWER).map((part, i) => (i % 2 ? figure(part) : part));
}

/** @param {string} digits */
function figure(digits) {
  const node = document.createElement("span");
  node.style.whiteSpace = "nowrap";
  node.textContent = digits;
  return node;
}

/** A letter with ⟨t⟩ raised, as in the lecture @param {string} letter @param {string | number} [t] */
export const symbol = (letter, t = "t") => el("span", "symbol", {}, letter, el("sup", "", {}, `⟨${t}⟩`));

const OWN_WORDS = new Set(["all", "only", "last", "none"]); // by which the page itself names errors

/** A word of the sentence inside a phrase: in quotation marks where it could be read as one of the page's own @param {string} word */
export const asWord = (word) => (OWN_WORDS.has(word.toLowerCase()) ? `‘${word}’` : word);

/** Only what differs touches the page. @param {Element} node @param {string | number} content */
export function setText(node, content) {
  if (node.textContent !== String(content)) node.replaceChildren(...unbroken(String(content)));
}

// ---------------------------------------------------------------- numbers

/** Two figures that fit beside an arrow: 0.062, 7.1e-3, 2e-9. @param {unknown} v */
export function gradientLabel(v) {
  if (!finite(v)) return "–";
  const size = Math.abs(v);
  if (size === 0) return "0";
  if (size >= 0.01 && size < 100) return v.toPrecision(2);
  return v.toExponential(1).replace(".0e", "e").replace("e+", "e");
}

/** A number in digits, with a minus that is as wide as a plus, and a power of ten as 1.9e-5 @param {string} digits */
export const printed = (digits) => digits.replace("e+", "e").replace(/^-/, "−");

/** Three significant digits @param {unknown} v */
export function threeDigits(v) {
  if (!finite(v)) return "–";
  const rounded = Number(v.toPrecision(3));
  const size = Math.abs(rounded);
  if (size > 0 && (size < 1e-4 || size >= 1e6)) return printed(rounded.toExponential());
  return printed(size >= 1e3 ? rounded.toLocaleString("en-US") : String(rounded));
}

/** The length of an arrow of numbers in three figures: 1.44, 0.0123, 7.1e-4 @param {unknown} v */
export const lengthLabel = (v) => (finite(v) && v >= 0.001 && v < 1000 ? v.toPrecision(3) : gradientLabel(v));

/** A factor, with its sign: ×1.17, ×0.59, ×0.012 @param {unknown} v */
export const factorLabel = (v) => `×${finite(v) && v >= 0.1 && v < 1000 ? v.toFixed(2) : gradientLabel(v)}`;

/** Two digits and no 0 before the point, for inside a cell: −.83, 1.4, 12, 4e-3. @param {unknown} v */
export function cellLabel(v) {
  if (!finite(v)) return "–";
  const size = Math.abs(v);
  const digits = size < 0.995 ? 2 : size < 9.95 ? 1 : 0;
  const isRound = Number.isInteger(v) && size < 1000;
  const isPower = !isRound && (size < 0.00995 || size >= 999.5);
  const label = isRound ? String(v) : isPower ? v.toExponential(0) : v.toFixed(digits).replace("0.", ".");
  return printed(label);
}

// ---------------------------------------------------------------- life

/**
 * A component lives as long as its place in the page: it outlives new data, reruns and a change of theme. Streamlit calls
 * what is returned here again whenever the data or the theme changes. It asks for the end when the place has gone; but also
 * when newer data come while it is still loading the script for the last, and then the place is there as before.
 * @template {{ root: HTMLElement }} Part
 * @template Data
 * @param {object} life
 * @param {(page: Page, data: Data) => Part} life.create
 * @param {(part: Part, data: Data, page: Page) => void} life.update
 * @param {(part: Part) => void} [life.destroy]
 */
export function component({ create, update, destroy }) {
  /** @type {WeakMap<object, { part: Part, page: Page }>} */
  const alive = new WeakMap();
  return (/** @type {Page & { parentElement: Element, data: Data | null }} */ { data, parentElement, ...calls }) => {
    let life = alive.get(parentElement);
    if (!life && data) {
      const page = { ...calls };
      life = { page, part: create(page, data) };
      alive.set(parentElement, life);
      parentElement.append(life.part.root);
    }
    if (!life) return () => {};
    const { part, page } = Object.assign(life, { page: Object.assign(life.page, calls) });
    if (data) update(part, data, page);
    const home = /** @type {Partial<ShadowRoot>} */ (parentElement.getRootNode());
    home.host?.setAttribute("data-placed", ""); // see page.css
    return () => {
      if (parentElement.isConnected || alive.get(parentElement) !== life) return;
      destroy?.(part);
      part.root.remove();
      alive.delete(parentElement);
    };
  };
}

/**
 * Hears what the stage tells the other components, inside the browser: from now on, and what it has told already.
 * @template Detail
 * @param {"rnn-state" | "rnn-result"} name @param {(detail: Detail) => void} hear
 * @returns {() => void} hears no more
 */
export function onTold(name, hear) {
  const listener = (/** @type {Event} */ event) => hear(/** @type {CustomEvent<Detail>} */ (event).detail);
  window.addEventListener(name, listener);
  window.dispatchEvent(new CustomEvent("rnn-hello"));
  return () => window.removeEventListener(name, listener);
}

/**
 * What a component may tell the page
 * @typedef {object} Page
 * @property {(name: string, value: unknown) => void} setStateValue
 * @property {(name: string, value: unknown) => void} setTriggerValue
 */

/**
 * A choice that the page and the reader both may make.
 * @template Value
 */
export class Choice {
  /** @type {Value | undefined} */
  value = undefined;
  sentAt = Number.NEGATIVE_INFINITY;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  timer = undefined;
  /** @type {(event: Event) => void} */
  onPress = () => {};

  /** @param {(value: Value) => void} send */
  constructor(send) {
    this.send = send;
  }

  /**
   * The reader has chosen: the page hears of it once motion has rested, or at once if `delay` is 0, if it is new; in any
   * case before the reader presses something outside of the components: what that does must not be overtaken.
   * @param {() => Value} read
   */
  tell(read, delay = SEND_MS) {
    const send = () => {
      this.cancel();
      const value = read();
      if (value === this.value) return;
      this.value = value;
      this.sentAt = performance.now();
      this.send(value);
    };
    this.cancel();
    if (!delay) return send(); // not in a timer, which the next choice would take away
    this.timer = setTimeout(send, delay);
    this.onPress = ({ target }) => {
      if (!(/** @type {Element} */ (target).matches("[data-placed]"))) send();
    };
    document.addEventListener("pointerdown", this.onPress, true);
  }

  cancel() {
    clearTimeout(this.timer);
    globalThis.document?.removeEventListener("pointerdown", this.onPress, true);
  }

  /**
   * Does the page ask for another value? Its late answers to older choices of ours must not pull us back.
   * @param {Value} asked
   */
  isOverruledBy(asked) {
    if (asked !== this.value) return !this.awaitsAnswer;
    this.sentAt = Number.NEGATIVE_INFINITY; // answered
    return false;
  }

  /** Has the page not answered yet to what was sent last? After some time it never will. */
  get awaitsAnswer() {
    return performance.now() - this.sentAt <= ANSWER_MS;
  }
}
