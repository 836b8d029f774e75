// Pieces that several of the components here use; it stands first in the module of each.

const SEND_MS = 250; // a step is sent to the page once motion has rested this long
const ANSWER_MS = 2000; // how long the page may take to answer

const clamp = (v, low, high) => Math.min(high, Math.max(low, v));
const finite = (v) => typeof v === "number" && Number.isFinite(v);

/** base64 -> float32. Every browser's typed arrays are little-endian, like the payload. */
const decode = (base64) => new Float32Array(Uint8Array.from(atob(base64), (c) => c.charCodeAt(0)).buffer);

function el(tag, name, attributes = {}, ...children) {
  const node = document.createElement(tag);
  node.className = name;
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.append(...children);
  return node;
}

const button = (id, label, icon, text = "") =>
  el("button", id, { type: "button", "data-testid": id, "aria-label": label, title: label }, el("i", `icon ${icon}`), text);

/** The buttons, the slider and the choice of speed that move through a sequence */
const controls = (unit, scrubLabel) => ({
  back: button("step-back", `One ${unit} back (←)`, "next turned"),
  play: button("play", "Play (Space)", "play"),
  on: button("step-on", `One ${unit} on (→)`, "next"),
  scrub: el("input", "scrub", { "data-testid": "scrub", type: "range", min: 1, step: 1, "aria-label": scrubLabel }),
  where: el("strong", "where"), value: el("span", "value"),
  speed: el("select", "speed", { "data-testid": "speed", "aria-label": "Speed" }, ...[0.5, 1, 2, 4].map((s) =>
    el("option", "", s === 1 ? { value: s, selected: "" } : { value: s }, `${s}×`))),
});

/** What the play button offers now */
function offer(play, playing) {
  play.firstChild.className = `icon ${playing ? "pause" : "play"}`;
  play.title = playing ? "Pause (Space)" : "Play (Space)";
  play.setAttribute("aria-label", play.title);
}

/** Gives the keyboard back to `root` after a pointer has used one of the controls, so that Space plays again. */
function giveBack(root, { scrub, speed }) {
  const rest = () => root.focus({ preventScroll: true });
  scrub.addEventListener("pointerup", rest);
  speed.addEventListener("change", () => { if (!speed.matches(":focus-visible")) rest(); });
  return (node, act) => node.addEventListener("click", (event) => { act(); if (event.detail) rest(); });
}

/** A key does what `acts` says of it: inside `root`, or anywhere on the page where no control would want the key. */
function onKey(root, event, acts) {
  const target = event.composedPath()[0];
  const inside = event.composedPath().includes(root);
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  if (!inside && !target.matches?.("body, main, section, div:not([role], [contenteditable])")) return;
  const own = inside && { BUTTON: [" "], SELECT: [" ", "ArrowLeft", "ArrowRight"], INPUT: ["ArrowLeft", "ArrowRight"] };
  const act = acts(inside && target.closest(".step"))[event.key];
  if (!act || own?.[target.tagName]?.includes(event.key)) return;
  event.preventDefault();
  act();
}
