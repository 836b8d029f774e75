// The stops of the map as rows of cells: pure functions of the data.

import { text } from "../shared.js";

/**
 * How many of `networks` networks learn it at every stop (explorer/components/memory_map.py)
 * @typedef {object} Data
 * @property {number} networks
 * @property {number[]} forget @property {number[]} update
 * @property {number[][]} lstm by update, then by forget
 * @property {number[]} gru by update
 * @property {[number, number]} at the sliders: forget, update
 * @property {[number, number]} start where they stand at first
 * @property {boolean} pale it is not of the reader's networks
 *
 * @typedef {object} Stop
 * @property {"lstm" | "gru"} cell
 * @property {number | null} forget the GRU has none
 * @property {number} update
 * @property {number} count
 * @property {boolean} isHere @property {boolean} isStart
 * @property {string} label
 */

/** A minus that is as wide as a plus @param {number} n */
export const signed = (n) => String(n).replace("-", "−");

/** One row for every bias of Γu: the LSTM's stops, and the GRU's at the end @param {Data} data @returns {Stop[][]} */
export function rows({ networks, forget, update, lstm, gru, at, start }) {
  return update.map((u, i) => [
    ...forget.map((f, j) => {
      const gates = text("both_gates", { forget: f, update: signed(u) });
      const count = lstm[i][j];
      const label = text("stop", { cell: text("lstm"), gates, count, networks });
      const [isHere, isStart] = [at, start].map(([forget, update]) => f === forget && u === update);
      return /** @type {Stop} */ ({ cell: "lstm", forget: f, update: u, count, isHere, isStart, label });
    }),
    /** @type {Stop} */ ({
      cell: "gru",
      forget: null,
      update: u,
      count: gru[i],
      isHere: u === at[1],
      isStart: u === start[1],
      label: text("stop", {
        cell: text("gru"),
        gates: text("update_gate", { update: signed(u) }),
        count: gru[i],
        networks,
      }),
    }),
  ]);
}

/** Where the sliders go when a stop is chosen: the GRU's leave that of Γf alone @param {Stop} stop @param {Data} data */
export const chosen = ({ forget, update }, { at }) => `${forget ?? at[0]} ${update}`;
