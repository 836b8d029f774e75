// The stage: one sequence on one time axis, forward and then backward, of any structure. What the reader does, and how the
// stage lives in the page; it stands on stage-plan.js, stage-draw.js and stage-play.js.

const stages = new WeakMap(); // parentElement -> stage: playback survives new data and a change of theme

/** A step as one number: where the page keeps the phase, too, −5 is step 5 on the way back. */
const signed = ({ t, phase }, { phase: kept }) => (kept && phase === "backward" ? -t : t);
const asked = (data) => signed({ t: data.selected, phase: data.phase }, data);

/** Tells the page which step is selected, and when: the same step chosen again, after the page has moved it, is news. */
function send(stage, delay = SEND_MS) {
  clearTimeout(stage.sending);
  stage.sending = setTimeout(() => {
    const selected = signed(place(stage), stage.data);
    if (selected === stage.selected) return;
    Object.assign(stage, { selected, sentAt: performance.now() });
    stage.setStateValue("t", [selected, Date.now()]);
  }, delay);
}

/** Space plays, ← and → step, Enter selects the column that has the focus. */
const keys = (stage) => (column) => ({ " ": () => toggle(stage), ArrowLeft: () => step(stage, -1), ArrowRight: () => step(stage, 1),
  ...(column && { Enter: () => select(stage, Number(column.dataset.t)) }) });

/** The tooltip of what is under the pointer: a hidden unit by name, or the exact number of a bar or an arrow. */
function showTip(stage) {
  const { root, tip, hover } = stage;
  const owner = hover?.target.closest?.(".hidden, [data-tip]");
  tip.hidden = !owner;
  if (!owner) return;
  let box = owner.getBoundingClientRect();
  let text = owner.dataset.tip;
  if (owner.classList.contains("hidden")) {
    const { columns, unit } = stage.plan.grid;
    const [i, j] = [hover.x - box.left, hover.y - box.top].map((d) => Math.floor((d - 4) / unit)); // 4: the frame
    const k = clamp(j, 0, stage.plan.grid.rows - 1) * columns + clamp(i, 0, columns - 1);
    const t = Number(owner.parentElement.dataset.t);
    tip.hidden = k >= stage.data.n_a;
    text = `a⟨${t}⟩[${k}] = ${short(stage.a[t * stage.data.n_a + k])}`;
    box = { left: box.left + 4 + i * unit, top: box.top + 4 + j * unit, width: unit };
  }
  tip.textContent = text;
  const home = root.getBoundingClientRect();
  const half = tip.offsetWidth / 2;
  tip.style.left = `${clamp(box.left + box.width / 2 - home.left, half + 2, home.width - half - 2)}px`;
  tip.style.top = `${box.top - home.top}px`;
}

function listen(stage) {
  const { root, track, transport } = stage;
  const { forward, backward, back, play: playPause, on, scrub, speed } = transport;
  const press = giveBack(root, transport);
  press(forward, () => play(stage, 1));
  press(backward, () => play(stage, stage.columns.length + 1));
  press(back, () => step(stage, -1));
  press(on, () => step(stage, 1));
  press(playPause, () => toggle(stage));
  scrub.addEventListener("input", () => { halt(stage); clearTimeout(stage.sending); go(stage, Number(scrub.value)); });
  scrub.addEventListener("change", () => send(stage));
  speed.addEventListener("change", () => show(stage));
  track.addEventListener("click", ({ target }) => {
    const column = target.closest(".step");
    if (column) select(stage, Number(column.dataset.t));
  });
  for (const kind of ["pointermove", "pointerover", "pointerleave"]) track.addEventListener(kind, (event) => {
    stage.hover = kind === "pointerleave" ? null : { target: event.target, x: event.clientX, y: event.clientY };
    showTip(stage);
  });
}

// ---------------------------------------------------------------- life

function create(parentElement) {
  const stage = { p: 1, whole: true, sentAt: -Infinity, transport: makeTransport(), legend: makeLegend(), columns: [] };
  stage.band = el("div", "band");
  stage.track = el("div", "track", { role: "listbox", "aria-orientation": "horizontal", "aria-label": "Steps" });
  stage.scroller = el("div", "scroller", {}, el("div", "sheet", {}, rowLabels(), stage.track));
  stage.live = el("div", "unseen", { "aria-live": "polite" });
  stage.tip = el("div", "tip", { role: "tooltip", hidden: "" });
  stage.root = el("div", "stage", { "data-testid": "stage", tabindex: 0, role: "group",
    "aria-label": "The unrolled network, one column per step. Space plays and pauses, the arrow keys step." },
  stage.scroller, stage.legend.root, stage.transport.root, stage.live, stage.tip);
  parentElement.append(stage.root);
  listen(stage);
  const press = (event) => onKey(stage.root, event, keys(stage));
  window.addEventListener("keydown", press);
  stage.width = stage.root.clientWidth;
  const watch = new ResizeObserver(([{ contentRect }]) => {
    const width = Math.round(contentRect.width);
    if (width === stage.width) return;
    stage.width = width; // from here, so that drawing never has to ask for a layout
    if (stage.data) draw(stage);
  });
  watch.observe(stage.root);
  stage.destroy = () => {
    halt(stage);
    clearTimeout(stage.sending);
    window.removeEventListener("keydown", press);
    watch.disconnect();
    stage.root.remove();
    stages.delete(parentElement);
  };
  stages.set(parentElement, stage);
  return stage;
}

/** What decides which columns there are, and which pieces they have */
const shape = ({ words, group, silent, fed, labels, attention }) =>
  JSON.stringify([words, group, silent, fed, labels.map((label) => label !== null), Boolean(attention)]);

/** New words make new columns; the same words keep columns, focus, position and playback, and change only numbers. */
function receive(stage, data) {
  const before = stage.data;
  const same = before && shape(before) === shape(data);
  const taken = data.update?.taken ?? 0;
  if (!same || (stage.rush && taken !== stage.taken)) halt(stage);
  const { phase } = before ? place(stage) : data;
  Object.assign(stage, { data, a: decode(data.a), colour: colours(stage.root) });
  if (!same) {
    makeTrack(stage);
    seek(stage, data.phase ?? phase);
    send(stage); // unless it is what the page has already
    Object.assign(stage, { told: null, look: null, hover: null });
  } else heed(stage, phase);
  draw(stage);
  const fresh = before && data.update?.fresh && taken !== stage.taken; // the same data comes again with a change of theme
  stage.taken = taken;
  if (fresh && isJudged(data)) rush(stage), send(stage, RUSH_MS + SEND_MS); // it comes home to the forward view
  showTip(stage);
}

/** The page may select a step too; but its late answers to older steps of ours must not pull us back. */
function heed(stage, phase) {
  if (asked(stage.data) === stage.selected) stage.sentAt = -Infinity; // answered
  else if (!stage.playing && performance.now() - stage.sentAt > ANSWER_MS) seek(stage, stage.data.phase ?? phase);
}

/** Goes where the page says: all is seen, unless the way back is being studied. */
function seek(stage, phase) {
  const { data, data: { selected, words: { length: T } } } = stage;
  const whole = phase !== "backward" || !isJudged(data);
  const t = clamp(selected, 1, T);
  Object.assign(stage, { selected: asked(data), whole, p: whole ? t : 2 * T + 1 - t });
}

/** Streamlit calls this again whenever the data or the theme changes. */
export default function ({ data, parentElement, setStateValue, setTriggerValue }) {
  const stage = stages.get(parentElement) ?? create(parentElement);
  const isTold = stage.data?.tell;
  stage.setStateValue = setStateValue;
  if (data?.words?.length) receive(stage, data);
  if (data?.tell && !isTold) requestAnimationFrame(() => setTimeout(() => setTriggerValue("painted", true))); // after the frame
  return stage.destroy;
}
