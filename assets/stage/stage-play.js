// Moving through the two sweeps. A position p runs over 1..2T: 1..T is the forward sweep, T+1..2T the backward sweep with
// t = 2T + 1 − p; where nothing is sent back, it ends at T.

const STEP_MS = 800; // one step at 1×
const RUSH_MS = 1100; // the whole backward sweep of an update, however long the sentence

const reduced = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

/** The last position */
const ends = ({ data, columns: { length: T } }) => (isJudged(data) ? 2 * T : T);

function place({ p, columns: { length: T } }) {
  return p <= T ? { t: p, phase: "forward" } : { t: 2 * T + 1 - p, phase: "backward" };
}

/** Brings the screen to position p. */
function show(stage) {
  const { root, columns, plan, band, data, transport } = stage;
  const { t, phase } = place(stage);
  const forward = phase === "forward";
  follow(stage, t); // first: as long as nothing has changed, asking where the scroller stands costs no layout
  Object.assign(root.dataset, { phase, t, playing: String(Boolean(stage.playing)), state: data.state });
  root.classList.toggle("rushing", Boolean(stage.rush));
  root.classList.toggle("playing", Boolean(stage.playing && !stage.rush));
  root.style.setProperty("--beat", `${STEP_MS / transport.speed.value}ms`);
  columns.forEach(({ root: column }, i) => {
    const ahead = !stage.whole && (forward ? i + 1 > t : i + 1 < t);
    column.classList.toggle("ahead", ahead);
    column.classList.toggle("now", i + 1 === t);
    column.tabIndex = i + 1 === t ? 0 : -1; // one stop for the Tab key; ← and → move it
    column.setAttribute("aria-selected", i + 1 === t);
  });
  if (root.getRootNode().activeElement?.classList.contains("step")) columns[t - 1].root.focus({ preventScroll: true });
  band.style.transform = `translateX(${plan.x[t - 1]}px)`;
  if (data.attention) showGlance(stage, t, forward);
  showTransport(stage, t, phase);
  if (stage.told === `${phase} ${t}`) return;
  stage.told = `${phase} ${t}`;
  window.dispatchEvent(new CustomEvent("rnn-step", { detail: { t, phase } }));
}

/** How strongly the decoder's step t looks at each encoder step; on the way back, where the errors come from. */
function showGlance({ root, columns, data, plan, rail, context, regions }, t, forward) {
  const row = data.attention[t - 1 - plan.handed];
  const from = plan.x[0] + plan.col / 2;
  const to = plan.x[forward ? t - 1 : plan.x.length - 1] + plan.col / 2;
  root.classList.toggle("glancing", Boolean(forward && row));
  rail.classList.toggle("reached", !forward && t <= plan.handed);
  rail.style.left = `${from}px`;
  rail.style.width = `${to - from - (forward ? 5 : 0)}px`;
  context.lastChild.textContent = `⟨${t}⟩`;
  context.dataset.tip = `the context of step ${t}: c⟨${t}⟩ = Σ α⟨${t},s⟩ a⟨s⟩, which meets a⟨${t}⟩ in ŷ⟨${t}⟩`;
  regions[1].firstChild.lastChild.textContent = forward ? data.looks[t - 1] ?? "" : "";
  row?.forEach((share, s) => {
    const { inflow, glance, glanced, share: number } = columns[s].part;
    const tip = `α⟨${t},${s + 1}⟩ = ${exact(share)}: how much of its look step ${t} turns to step ${s + 1}`;
    glanced.style.width = `${(share ?? 0) * 100}%`;
    inflow.style.width = `${(share ?? 0) * 10}px`;
    glance.dataset.tip = tip;
    say(number, fixed(share), tip);
  });
}

function showTransport(stage, t, phase) {
  const { p, playing, transport: { scrub, where, value, play }, data, live } = stage;
  const name = [`${phase} t = ${t}`, data.words[t - 1]].filter((text) => text !== null).join(" · ");
  scrub.value = p;
  scrub.style.setProperty("--done", ends(stage) > 1 ? (p - 1) / (ends(stage) - 1) : 1);
  scrub.setAttribute("aria-valuetext", name);
  where.textContent = name;
  value.textContent = readout(stage, t, phase);
  offer(play, playing);
  if (!playing) live.textContent = [data.summary[t - 1], data.looks?.[t - 1]].filter(Boolean).join(" It "); // spoken only when at rest
}

/** One line on where we are: the gradient, the loss so far, or what is answered where nobody knows the right answer. */
function readout({ data, rush, whole }, t, phase) {
  if (phase === "backward") return `‖∂ℒ/∂${data.state}⟨${t}⟩‖ = ${short((rush ? data.update : data).grad[t - 1])}`;
  if (!isJudged(data)) return [data.said[t - 1], data.sure?.[t - 1]].filter(Boolean).join(" ");
  if (whole) return `total loss ${three(data.total)}`;
  const due = data.loss.slice(0, t).filter((_, i) => data.labels[i] !== null);
  if (!due.length) return "no loss yet";
  return `loss so far ${three(due.every(finite) ? due.reduce((sum, v) => sum + v, 0) : null)}`;
}

/** Keeps step t in view by scrolling the scroller, never the page. */
function follow({ scroller, plan, width }, t) {
  if (plan.width <= width - 2) return; // nothing to scroll
  const room = width - 2 - plan.labels;
  const left = plan.x[t - 1] - scroller.scrollLeft;
  if (left >= plan.lead / 2 && left + plan.col * 1.3 <= room) return;
  scroller.scrollLeft = plan.x[t - 1] - (room - plan.col) / 2; // the style says whether it glides
}

function go(stage, p, whole = false) {
  stage.p = clamp(p, 1, ends(stage));
  stage.whole = whole;
  show(stage);
}

function halt(stage) {
  clearTimeout(stage.timer);
  stage.playing = false;
  if (!stage.rush) return;
  Object.assign(stage, { rush: 0, p: stage.home, whole: true }); // a rush always ends where it began
  drawStreams(stage, stage.data);
}

function play(stage, from) {
  halt(stage);
  clearTimeout(stage.sending);
  stage.playing = true;
  go(stage, from);
  wait(stage);
}

/** One step per beat, a breath between the two sweeps, a stop at the end. */
function wait(stage) {
  const T = stage.columns.length;
  stage.timer = setTimeout(() => {
    if (stage.p === ends(stage)) halt(stage), show(stage), send(stage);
    else go(stage, stage.p + 1), wait(stage);
  }, (STEP_MS / stage.transport.speed.value) * (stage.p === T ? 2 : 1));
}

/** After an update: the gradient that made it runs back once, fast; then the forward view with the new numbers. */
function rush(stage) {
  const T = stage.columns.length;
  const tick = () => {
    const done = (performance.now() - stage.rush) / RUSH_MS;
    if (done >= 1) return halt(stage), show(stage);
    go(stage, T + 1 + Math.floor(done * T));
    stage.timer = setTimeout(tick, 16);
  };
  halt(stage);
  stage.home = place(stage).t;
  if (reduced()) return go(stage, stage.home, true);
  Object.assign(stage, { rush: performance.now(), playing: true });
  drawStreams(stage, stage.data.update);
  tick();
}

function step(stage, by) {
  halt(stage);
  go(stage, stage.p + by);
  send(stage);
}

function select(stage, t) {
  const T = stage.columns.length;
  halt(stage);
  go(stage, place(stage).phase === "forward" ? t : 2 * T + 1 - t, stage.whole);
  send(stage, 0);
}

function toggle(stage) {
  if (!stage.playing) return play(stage, stage.whole || stage.p === ends(stage) ? 1 : stage.p);
  halt(stage);
  show(stage);
  send(stage);
}
