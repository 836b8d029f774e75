// What a click on a matrix opens stands below all matrices: it is brought to where the eye is, as soon as it is there.

const PANEL = ".st-key-factors";
const EVERY = 100; // milliseconds
const STILL = 15; // looks at which it has not grown: it is drawn
const MOST = 300; // looks

/** A panel that is higher than the window is read from its top; any other shall be seen whole, by the least way @param {number} height @param {number} room @returns {ScrollLogicalPosition} */
export const end = (height, room) => (height > room ? "start" : "nearest");

/** Until it is drawn, or the reader does something else */
export function bringIntoView() {
  const reader = new AbortController();
  let [height, still, looks] = [0, 0, 0];
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const timer = setInterval(() => {
    const panel = /** @type {HTMLElement | null} */ (document.querySelector(PANEL));
    looks += 1;
    still = panel && panel.offsetHeight === height ? still + 1 : 0;
    if (looks > MOST || still > STILL) reader.abort();
    else if (panel && !still) {
      height = panel.offsetHeight;
      const block = end(height, innerHeight);
      panel.scrollIntoView({ block, inline: "nearest", behavior: calm ? "auto" : "smooth" });
    }
  }, EVERY);
  reader.signal.addEventListener("abort", () => clearInterval(timer));
  for (const deed of ["wheel", "touchmove", "keydown", "pointerdown"]) {
    addEventListener(deed, () => reader.abort(), { capture: true, passive: true, signal: reader.signal });
  }
}
