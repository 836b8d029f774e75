// The running line: what happens at this moment, in a sentence.

import { directionLine } from "../inspector/hop.js";
import { setText, text, threeDigits } from "../shared.js";
import {
  backwardLine,
  backwardRestLine,
  backwardWordLine,
  doneLine,
  forwardLine,
  restLine,
  updateLine,
  wordLine,
} from "./banner.js";
import { beatsOf, byPhase } from "./moment.js";
import { FRAME_MS, LINE_MS } from "./phases.js";

/**
 * @import { Sub } from "./phases.js"
 * @import { StageData } from "./plan.js"
 * @import { Stage } from "./stage.js"
 */

/** @param {Stage} stage @param {string} sub */
function lineOf(stage, sub) {
  const { data, rows, errors, t, phase, whole, update, plan } = stage;
  if (update) return updateLine(update.data, update.sub, finer(stage, update.data));
  if (stage.after)
    return text(stage.after.update?.edited ? "line_before_edit" : "line_before", {
      total: threeDigits(data.total),
      after: threeDigits(stage.after.total),
    });
  if (stage.told) return doneLine(data);
  const isByPhase = byPhase(stage) || (stage.playing && stage.speed < 1);
  if (phase === "forward") {
    if (whole) return restLine(data, data.update !== null);
    if (isByPhase) return forwardLine(data, rows, t, /** @type {Sub} */ (sub));
    const isAhead = stage.playing ? beatsOf(stage)[0] > 0 : !["compare", "predict"].includes(sub);
    return wordLine(data, t, isAhead);
  }
  if (whole) return backwardRestLine(data, errors, t);
  if (!isByPhase) return backwardWordLine(data, errors, t);
  const line = backwardLine(data, errors, t, /** @type {Sub} */ (sub));
  const why = sub === "travel" && !plan.narrow ? directionLine(data.dock, errors, t) : ""; // a phone has it in the card
  return why ? `${line} ${why}` : line;
}

/** The largest |value| of Waa, and the most that an update adds to one of it @param {Stage} stage @param {StageData} after */
export function sizes({ maps }, { update }) {
  const Waa = maps.find(({ weight }) => weight.name === "Waa")?.weight;
  const most = update?.moved.find(({ label }) => label === Waa?.label);
  return { scale: Waa?.scale ?? 1, change: most ? Math.abs(most.after - most.before) : 0 };
}

/** How many times finer the scale of what an update adds to Waa is; nothing where Waa stays @param {Stage} stage @param {StageData} after */
function finer(stage, after) {
  const { scale, change } = sizes(stage, after);
  return change ? String(Number((scale / change).toPrecision(2))) : "";
}

/** A line stands long enough to be read, however fast the words go by. @param {Stage} stage @param {string} sub */
export function showLine(stage, sub) {
  const now = performance.now();
  if (stage.playing && !stage.update && now - stage.lineAt < LINE_MS - FRAME_MS) return;
  const line = lineOf(stage, sub);
  if (line === stage.banner.textContent) return;
  stage.lineAt = now;
  setText(stage.banner, line);
}

/** The step in a sentence, for a reader who hears the stage @param {Stage} stage */
export function speak({ live, data, t }) {
  const [summary, look] = [data.summary[t - 1], data.looks?.[t - 1]];
  setText(live, look ? text("summary_and_look", { summary, look }) : summary);
}
