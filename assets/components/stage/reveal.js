// What is seen at a moment: of each column only what has been computed, the matrices at work, and where a decoder looks.

import { setText, text } from "../shared.js";
import { label } from "./elements.js";
import { subsOf } from "./moment.js";
import { FORWARD, forwardSubs } from "./phases.js";
import { exact, twoDecimals } from "./plan.js";
import { placeOf } from "./weights.js";

/**
 * @import { BackwardSub, ForwardSub, Sub } from "./phases.js"
 * @import { Stage } from "./stage.js"
 */

/** Which phase first shows a piece of a column @type {Record<string, ForwardSub>} */
const SEEN = {
  ...{ strip: "word", onehot: "word", mark: "word", lift: "word", unk: "word" },
  ...{ into: "look-up", "name-into": "look-up", "from-prev": "recur", "name-from-prev": "recur" },
  ...{ memory: "write", "from-memory": "write", "memory-prev": "write", out: "predict", "name-out": "predict" },
  ...{ filled: "predict", before: "predict", prediction: "predict", sure: "predict", verdict: "predict" },
  ...{ target: "compare", lossbox: "compare", loss: "compare" },
};

/** From which phase of the way back a piece is seen; grad where the streams have met @type {Record<string, BackwardSub>} */
const BACK = { "from-y": "arrive", "norm-y": "arrive", "from-next": "arrive", "norm-next": "arrive", grad: "meet" };
const BACKWARD = ["arrive", "meet", "slope", "stamp", "travel"];

/**
 * What is seen of a column: only what has been computed, unless the stage is at rest.
 * @param {Stage} stage @param {number} i @param {number} last
 */
export function reveal(stage, i, last) {
  const { columns, phase, t, k, whole } = stage;
  const { root, part } = columns[i];
  const step = i + 1;
  const forward = phase === "forward";
  const sub = subsOf(stage)[k];
  const rank =
    !forward || whole || step < t ? FORWARD.length : step > t ? -1 : FORWARD.indexOf(/** @type {ForwardSub} */ (sub));
  const isBeyond = !forward && step > last && !(stage.data.attention && stage.data.silent[i]);
  const isApart = isBeyond && !stage.second; // a second stream takes the error to what is read later, too
  const back = forward || isBeyond ? -1 : whole || step > t ? BACKWARD.length : step < t ? -1 : BACKWARD.indexOf(sub);
  const isNext = !forward && !isBeyond && step === t - 1 && sub === "travel"; // the hop that this step sends
  const isWalked = !forward && (whole || t === 1); // the second stream is walked back after the first
  const isLater = isWalked && (stage.errors.whose === "all" || step >= stage.errors.whose);
  const reach = `${rank} ${back} ${isApart} ${isNext} ${isLater}`;
  if (columns[i].reach === reach) return; // of forty columns one or two change
  columns[i].reach = reach;
  if (rank < 0) root.dataset.state = "empty";
  else delete root.dataset.state;
  root.classList.toggle("apart", isApart);
  for (const [name, from] of Object.entries(SEEN)) part[name]?.classList.toggle("veiled", rank < FORWARD.indexOf(from));
  for (const [name, from] of Object.entries(BACK)) {
    const isSeen = back >= BACKWARD.indexOf(from) || (isNext && name.endsWith("next"));
    part[name]?.classList.toggle("behind", !isSeen);
  }
  for (const name of ["to-later", "norm-later", "grad-later"]) part[name]?.classList.toggle("behind", !isLater);
  const { whose } = stage.errors;
  part["way-out"]?.classList.toggle("behind", !forward && !(isLater && (whose === "all" || whose === step)));
}

/**
 * What the grid of a column holds: in the step that is computed first the sum, then its squash
 * @param {Stage} stage @param {number} step @param {string} sub @param {number} last
 */
export function holdsAt({ phase, t, whole, data }, step, sub, last) {
  if (phase === "backward") return step > last && !(data.attention && data.silent[step - 1]) ? "pale" : "state";
  if (whole || step < t) return "state";
  if (step > t) return "empty";
  const isGated = data.dock.cell === "gru" || data.dock.cell === "lstm";
  const from = FORWARD.indexOf(isGated ? "write" : "squash");
  if (FORWARD.indexOf(/** @type {ForwardSub} */ (sub)) >= from) return "state";
  return sub === "recur" && !isGated ? "z" : "empty";
}

/** Under the cells, in words: what is still to come, what has no part, and what the sum before the squash is measured by @param {Stage} stage @param {number} last */
export function remark(stage, last) {
  const { waits, apart, zMark, plan, data, phase, t, whole, k, zScale, errors, columns, second } = stage;
  const { x, col } = plan;
  const T = columns.length;
  const isBack = phase === "backward";
  const [before, after] = [isBack && !whole ? t - 1 : 0, isBack && !data.attention ? T - last : 0];
  const span = (
    /** @type {HTMLElement} */ node,
    /** @type {number} */ from,
    /** @type {number} */ n,
    /** @type {string} */ said,
  ) => {
    node.hidden = n * col < 80;
    if (node.hidden) return;
    node.style.left = `${x[from]}px`;
    node.style.width = `${n * col}px`;
    setText(node, said);
  };
  span(waits, 0, before - 1, text("still_to_come"));
  const none = second ? "no_part_of_first" : after * col > 300 ? "no_part" : "no_part_short";
  span(apart, last, after, text(none, { whose: errors.whose }));
  const sub = forwardSubs(data, t)[k];
  const isSum = !isBack && !whole && sub === "recur" && (data.dock.cell === "tanh" || data.dock.cell === "relu");
  span(zMark, t - 1, isSum ? 2 : 0, text("z_mark", { t, size: twoDecimals(zScale) }));
}

/** Which matrices work in a phase @type {Partial<Record<Sub, string[]>>} */
const USES = {
  "look-up": ["Wax"],
  gates: ["Wax", "Waa", "ba"],
  recur: ["Waa", "ba"],
  attend: [],
  predict: ["Wya", "by", "Wyc"],
  stamp: ["Wax", "Waa", "ba"],
  travel: ["Waa"],
};

/** Lights the matrices that are used now, and marks the word's column of Wax. @param {Stage} stage @param {string} sub */
export function light({ maps, data, t, columns, root, errors, dock }, sub) {
  const uses = (!dock.isSecond && USES[/** @type {Sub} */ (sub)]) || [];
  const group = dock.isSecond ? "reverse" : data.group[t - 1];
  root.dataset.uses = uses.join(" ");
  for (const { root: map, weight, lit } of maps) {
    const { name, ids } = weight;
    map.classList.toggle("using", uses.includes(name) && (!weight.group || weight.group === group));
    const isOther = weight.group ? weight.group !== group : dock.isSecond && name === "Wya";
    map.classList.toggle("elsewhere", isOther);
    if (name !== "Wax" || weight.group !== group) continue;
    const column = ids.indexOf(data.ids[t - 1]);
    lit.hidden = column < 0;
    if (column >= 0) {
      lit.style.left = `${placeOf(weight, 0, column).left * 100}%`;
      lit.style.width = `${100 / weight.columns}%`;
    }
  }
  const isOwn = sub === "arrive" && (t === errors.whose || errors.whose === "all");
  root.dataset.falls = String(isOwn);
  columns.forEach(({ root: column }, i) => {
    column.classList.toggle("sender", i + 1 === errors.whose);
  });
}

/**
 * How strongly the decoder's step t looks at each encoder step; on the way back, where the errors come from.
 * @param {Stage} stage @param {number} t @param {boolean} forward
 */
export function showGlance({ root, columns, data, plan, rail, context, regions }, t, forward) {
  const own = t - plan.handed; // the decoder's own step
  const row = data.attention?.[own - 1];
  const from = plan.x[0] + plan.col / 2;
  const to = plan.x[forward ? t - 1 : plan.x.length - 1] + plan.col / 2;
  const title = /** @type {Element} */ (regions[1].querySelector("b span"));
  root.classList.toggle("glancing", forward && Boolean(row));
  rail.classList.toggle("reached", !forward && t <= plan.handed);
  rail.style.left = `${from}px`;
  rail.style.width = `${to - from - (forward ? 5 : 0)}px`;
  /** @type {Element} */ (context.lastElementChild).textContent = `⟨${own}⟩`;
  context.dataset.tip = text("stage_context", { t, own });
  title.textContent = forward ? (data.looks?.[t - 1] ?? "") : "";
  row?.forEach((share, s) => {
    const { inflow, glance, glanced, share: number } = columns[s].part;
    const tip = text("glance", { t, own, s: s + 1, share: exact(share) });
    glanced.style.width = `${(share ?? 0) * 100}%`;
    inflow.style.width = `${(share ?? 0) * 10}px`;
    glance.dataset.tip = tip;
    label(number, twoDecimals(share), tip);
  });
}
