// Brings the place of this page into view that a link on another page leads to; nothing is seen of it.

import { component } from "../shared.js";

const LOOK = 100; // ms between two looks for the place
const LOOKS = 100;
const OWN_WAY = /** @type {const} */ (["wheel", "touchstart", "keydown", "pointerdown"]); // the reader goes elsewhere

/** @typedef {{ place: string }} Data a CSS selector */

const isAtRest = () => document.querySelector('[data-test-script-state="notRunning"]') !== null;

export default component({
  create(_page, /** @type {Data} */ { place }) {
    let looks = 0;
    const timer = window.setInterval(() => {
      const found = isAtRest() ? document.querySelector(place) : null;
      looks += 1;
      if (found || looks > LOOKS) stop();
      found?.scrollIntoView({ block: "start" });
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
