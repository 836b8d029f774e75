// The row of the loop: what plays, steps and scrubs the stage. It has no numbers of its own: it sends commands to the stage
// and shows where the stage says it is, inside the browser alone.

import { component, el, onTold, text } from "../shared.js";
import { button, controls, setPlayIcon } from "../transport.js";
import { errorsToChoose, marks, scrubbed } from "./position.js";

/**
 * @import { State } from "./position.js"
 * @typedef {ReturnType<typeof makeParts>} Parts
 */

/** @param {string} id @param {string} label @param {string[]} options @param {string} help */
function choice(id, label, options = [], help = label) {
  const names = options.map((value) => el("option", "", { value }, text(`step_${value}`)));
  return el("select", id, { "data-testid": id, "aria-label": label, title: help, hidden: "" }, ...names);
}

/** @param {object} detail */
const command = (detail) => window.dispatchEvent(new CustomEvent("rnn-command", { detail }));

function makeParts() {
  const { back, play, on, scrub, speed } = controls();
  const forward = button("play-forward", text("play_forward"), "play", text("forward"));
  const backward = button("play-backward", text("play_backward"), "play turned", text("backward"));
  const whose = choice("whose", text("whose"), [], text("whose_help"));
  const size = choice("step-size", text("step_size"), ["word", "phase"]);
  const ends = el("div", "marks", { "aria-hidden": "true" });
  const root = el(
    "div",
    "transport",
    { "data-testid": "transport", role: "group", "aria-label": text("playback") },
    el("div", "ways", {}, forward, el("div", "way", {}, backward, whose)),
    el("div", "trio", {}, back, play, on),
    el("div", "timeline", {}, scrub, ends),
    el("div", "pace", {}, speed, size),
  );
  const remembered = { shown: "", isChosen: false }; // what was drawn last; has the reader said what one step is?
  return { root, forward, backward, back, play, on, scrub, speed, whose, size, ends, ...remembered };
}

/** @param {Parts} transport */
function listen(transport) {
  const { forward, backward, back, play, on, scrub, speed, whose, size } = transport;
  /** @type {[HTMLElement, string, object][]} */
  const presses = [
    [forward, "forward", {}],
    [backward, "backward", {}],
    [play, "toggle", {}],
    [back, "step", { by: -1 }],
    [on, "step", { by: 1 }],
  ];
  for (const [node, act, more] of presses) node.addEventListener("click", () => command({ act, ...more }));
  scrub.addEventListener("input", () => command({ act: "scrub", t: Number(scrub.value) }));
  speed.addEventListener("change", () => {
    command({ act: "speed", value: Number(speed.value) });
    if (transport.isChosen) return; // what a step is, the reader has said
    size.value = Number(speed.value) < 1 ? "phase" : "word";
    command({ act: "step-size", value: size.value });
  });
  size.addEventListener("change", () => {
    transport.isChosen = true;
    command({ act: "step-size", value: size.value });
  });
  whose.addEventListener("change", () => {
    const { value } = whose;
    command({ act: "whose", value: Number(value) || value });
  });
  return onTold("rnn-state", (/** @type {State} */ state) => show(transport, state));
}

/** Where the stage is now @param {Parts} transport @param {State} state */
function show(transport, state) {
  const { root, backward, play, scrub, whose, size, ends } = transport;
  const { phase, t, last, playing, segment } = state;
  Object.assign(root.dataset, { phase, segment: segment ?? "" });
  scrub.max = String(last);
  scrub.value = String(segment ?? t);
  scrub.style.setProperty("--done", String(scrubbed(state)));
  scrub.setAttribute("aria-valuetext", text(`at_${phase}`, { t: segment ?? t, last }));
  setPlayIcon(play, playing);
  backward.disabled = !state.steps.some(({ loss }) => loss !== null);
  size.hidden = state.sub === undefined;
  whose.hidden = state.whose === undefined;
  const drawn = JSON.stringify([phase, state.T, last, state.steps, state.whose]);
  if (drawn === transport.shown) return;
  transport.shown = drawn;
  ends.replaceChildren(...marks(state).map((mark) => el("span", "", {}, mark)));
  whose.replaceChildren(...errorsToChoose(state).map(([value, label]) => el("option", "", { value }, label)));
  whose.value = String(state.whose);
}

export default component({
  create() {
    const parts = makeParts();
    return { root: parts.root, stop: listen(parts) };
  },
  update() {},
  destroy: ({ stop }) => stop(),
});
