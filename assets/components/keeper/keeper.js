// What a link cannot hold is kept by the tab; nothing is seen of it.

import { component } from "../shared.js";
import { recall, remember } from "./tab.js";

const LOOK = 300; // ms between two looks at whether the page is at rest
const LOOKS = 4; // in a row: then all that the page does by itself while it opens is over

/** @typedef {{ choices: string | null, asks: boolean }} Data `asks`: what was kept is sent, and otherwise `choices` is kept */

const isAtRest = () => document.querySelector('[data-test-script-state="notRunning"]') !== null;

export default component({
  create() {
    return { root: document.createElement("div"), timer: 0 };
  },
  update(part, /** @type {Data} */ { choices, asks }, page) {
    clearInterval(part.timer);
    try {
      const kept = asks ? recall(sessionStorage, location.search) : null;
      if (!asks) remember(sessionStorage, location.search, choices);
      if (kept === null) return;
      let looks = 0;
      part.timer = window.setInterval(() => {
        looks = isAtRest() ? looks + 1 : 0;
        if (looks < LOOKS) return;
        clearInterval(part.timer);
        page.setTriggerValue("kept", kept);
      }, LOOK);
    } catch {
      // A browser may refuse its storage: then the session file is what keeps the choices.
    }
  },
  destroy({ timer }) {
    clearInterval(timer);
  },
});
