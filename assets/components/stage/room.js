// The room of the stage: how stage and dock share what the window has.

import { arrange, isLarge, isNarrow, LAPTOP, PROJECTOR } from "./plan.js";

/**
 * @import { Sizes, StageData } from "./plan.js"
 * @import { Stage } from "./stage.js"
 */

const SHARE = 0.6; // of the window's height that the stage may take
const SHARE_OF_PHONE = 0.48; // its row and the strip take more lines there

/** Of the columns, in px @param {number} width @param {string} seen where the dock is @param {Sizes} sizes */
function heightFor(width, seen, { most, besides, below }) {
  const share = (isNarrow(width) ? SHARE_OF_PHONE : SHARE) * window.innerHeight;
  return Math.round(Math.min(share, most) - besides) - (seen === "below" ? below : 0);
}

/**
 * Shares the room between stage and dock; from here on drawing never has to ask for a layout.
 * @param {Stage} stage @param {StageData} data @param {number} room in px
 * @returns is it another room for the stage than before?
 */
export function makeRoom(stage, data, room) {
  const sizes = isLarge() ? PROJECTOR : LAPTOP;
  const { seen, dock, width } = arrange(data, room, window.innerHeight, sizes);
  const height = heightFor(width, seen, sizes);
  const isNew = width !== stage.width || height !== stage.height || seen !== stage.seen;
  Object.assign(stage, { room, seen, width, height, sizes });
  stage.parts.dataset.seen = seen;
  stage.root.dataset.large = String(isLarge());
  stage.parts.style.setProperty("--dock", `${dock}px`);
  return isNew;
}
