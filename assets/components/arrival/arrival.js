// Brings the place of this page into view that a link on another page leads to; nothing is seen of it.

import { component } from "../shared.js";

const LOOK = 100; // ms between two looks for the place
const LOOKS = 100; // of a page at rest: a server that is slow may take its time
const STILL = 10; // looks: what is drawn late moves the place again
const OWN_WAY = /** @type {const} */ (["wheel", "touchstart", "keydown", "pointerdown"]); // the reader goes elsewhere

/** @typedef {{ place: string }} Data a CSS selector */

const isAtRest = () => document.querySelector('[data-test-script-state="notRunning"]') !== null;

/** Had it to be moved? @param {Element} place */
function bring(place) {
  const { top } = place.getBoundingClientRect();
  place.scrollIntoView({ block: "start" });
  return Math.abs(place.getBoundingClientRect().top - top) >= 1;
}

export default component({
  create(_page, /** @type {Data} */ { place }) {
    let [looks, still] = [0, 0];
    const timer = window.setInterval(() => {
      if (!isAtRest()) return;
      looks += 1;
      const found = document.querySelector(place);
      if (found) still = bring(found) ? 0 : still + 1;
      if (still >= STILL || looks > LOOKS) stop();
    }, LOOK);
    const stop = () => {
      clearInterval(timer);
      for (const kind of OWN_WAY) window.removeEventListener(kind, stop);
    };
    for (const kind of OWN_WAY) window.addEventListener(kind, stop);
    return { root: document.createElement("div"), stop };
  },
  update() {},
  destroy: ({ stop }) => stop(),
});
