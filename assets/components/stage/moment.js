// Where the stage is: a way, a step of it and a phase of that step. "whole" is at rest: everything is computed and readable.

import { backwardSubs, beats, forwardSubs } from "./phases.js";

/**
 * @import { Sub } from "./phases.js"
 * @import { Stage } from "./stage.js"
 */

/** The phases of step t on the way that is shown @param {Stage} stage @param {number} [t] @returns {Sub[]} */
export const subsOf = ({ data, errors, phase, t: now }, t = now) =>
  phase === "backward" ? backwardSubs(data, errors.whose, t) : forwardSubs(data, t);

/** Where the way ends: forward at the last step, back at the first @param {Stage} stage */
export const endOf = ({ phase, data }) => (phase === "backward" ? 1 : data.words.length);

/** @param {Stage} stage */
export const isAtEnd = (stage) => stage.whole || (stage.t === endOf(stage) && stage.k === subsOf(stage).length - 1);

/** How long each phase of this step is seen @param {Stage} stage */
export const beatsOf = (stage) => beats(subsOf(stage).length, stage.speed, stage.size === "phase");

/** Does a step mean a phase? By itself where phases are read one by one. @param {Stage} stage */
export const byPhase = ({ size, speed }) => size === "phase" || (size === "auto" && speed < 1);

/** Whose error it is, as the reader chose it @param {Stage} stage */
export const whoseNow = ({ asked, errors }) => (asked === "last" ? asked : errors.whose);
