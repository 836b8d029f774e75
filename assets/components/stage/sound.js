// One clock: while a melody sounds, its player is the clock, and the stage is at the step that sounds.

/** @import { Stage } from "./stage.js" */

const PLAYER = ".st-key-sound audio"; // of the page, outside of this component
const INSIDE = 0.001; // s after its beginning a step sounds for sure: a player rounds where it is

/**
 * The step that sounds: the last one that has begun
 * @param {number[]} onsets when each step begins, in seconds @param {number} seconds
 */
export const stepAt = (onsets, seconds) => Math.max(1, onsets.findLastIndex((onset) => onset <= seconds) + 1);

/** The player of what the stage shows; null: nothing can be heard @param {Pick<Stage, "data">} stage */
export const playerOf = ({ data }) =>
  data.sound ? /** @type {HTMLAudioElement | null} */ (document.querySelector(PLAYER)) : null;

/** Is it the sound that moves the stage? @param {Pick<Stage, "playing" | "phase" | "update">} stage */
const isSounding = ({ playing, phase, update }) => playing && phase === "forward" && !update;

/** At rest, and on the way forward, the player stands where the stage stands. @param {Stage} stage */
export function placeSound(stage) {
  if (stage.playing || stage.phase !== "forward") return;
  const [player, onsets] = [playerOf(stage), stage.data.sound ?? []];
  if (!player || stepAt(onsets, player.currentTime) === stage.t) return;
  player.currentTime = onsets[stage.t - 1] + INSIDE;
}

/**
 * What the reader does with the player itself moves the stage, too.
 * @param {Stage} stage @param {{ play: (t: number) => void, move: (t: number) => void }} acts
 * @returns {() => void} stops listening
 */
export function onPlayer(stage, { play, move }) {
  const follow = (/** @type {Event} */ { type, target }) => {
    const player = playerOf(stage);
    if (!player || target !== player || isSounding(stage)) return;
    const t = stepAt(stage.data.sound ?? [], player.currentTime);
    if (type === "play") play(t);
    else if (player.currentTime > 0 && t !== stage.t) move(t); // to 0 the page puts each new sound
  };
  for (const kind of ["play", "seeking"]) document.addEventListener(kind, follow, true); // they do not rise
  return () => {
    for (const kind of ["play", "seeking"]) document.removeEventListener(kind, follow, true);
  };
}
