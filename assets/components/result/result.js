// The result strip: what the loop has come to, in one line; after an update or an edit, before and after. The stage tells it,
// inside the browser, with the numbers that it draws.

import { component, el, onTold, setText } from "../shared.js";

/**
 * @typedef {object} Result
 * @property {number | null} before ℒ before the last change; null: nothing has changed yet
 * @property {number | null} after ℒ now
 * @property {number} n updates so far
 * @property {string} loss @property {string[]} said what else is told, in the page's words
 */

function makeParts() {
  const [loss, said] = [el("strong"), el("span", "said")];
  const root = el("div", "result", { "data-testid": "result", role: "status" }, loss, said);
  return { root, loss, said };
}

/** @param {ReturnType<typeof makeParts>} strip @param {Result} data */
function show({ root, loss, said }, data) {
  if (data.before === null) delete root.dataset.lossBefore;
  else root.dataset.lossBefore = String(data.before);
  Object.assign(root.dataset, { lossAfter: String(data.after), n: String(data.n) });
  setText(loss, data.loss);
  said.replaceChildren(...data.said.map((part) => el("span", "part", {}, part)));
}

export default component({
  create() {
    const parts = makeParts();
    const stop = onTold("rnn-result", (/** @type {Result} */ data) => show(parts, data));
    return { root: parts.root, stop };
  },
  update() {},
  destroy: ({ stop }) => stop(),
});
