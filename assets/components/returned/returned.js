// The page is made anew when its connection comes back. Streamlit asks for that only where a part of the page was made
// last; otherwise a server that has restarted would know nothing of what stands there: no download, no file.

import { component } from "../shared.js";

const LOOK = 300; // ms that Streamlit has to ask by itself

/** @typedef {{ root: HTMLElement, isLost: boolean, timer: number, watch: MutationObserver | null }} Part */

/** @param {Part} part @param {DOMStringMap} app @param {() => void} ask */
function look(part, { testConnectionState, testScriptState }, ask) {
  clearTimeout(part.timer);
  if (testConnectionState !== "CONNECTED") part.isLost = true;
  else if (testScriptState !== "notRunning") part.isLost = false;
  else if (part.isLost) part.timer = window.setTimeout(ask, LOOK);
}

export default component({
  create(page) {
    /** @type {Part} */
    const part = { root: document.createElement("div"), isLost: false, timer: 0, watch: null };
    /** @type {HTMLElement | null} */
    const app = document.querySelector('[data-testid="stApp"]');
    if (!app) return part;
    const ask = () => {
      part.isLost = false;
      page.setTriggerValue("again", true);
    };
    part.watch = new MutationObserver(() => look(part, app.dataset, ask));
    part.watch.observe(app, { attributes: true });
    return part;
  },
  update() {},
  destroy({ watch, timer }) {
    watch?.disconnect();
    clearTimeout(timer);
  },
});
