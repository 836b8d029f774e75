// What stands in a cell of the table: pure functions of the data.

import { finite, text } from "../shared.js";

/**
 * One cell of the race, a number for every gap (explorer/components/race_table.py)
 * @typedef {{ cell: string, name: string, accuracies: (number | null)[], solved: number[], networks: number[] }} Row
 * @typedef {{ gaps: number[], cells: Row[] }} Data
 */

/** The median, and how many solved it; a dash where nothing is measured yet @param {Row} row @param {number} i */
export function told({ accuracies, solved, networks }, i) {
  const accuracy = accuracies[i];
  if (!finite(accuracy)) return { accuracy: "", median: text("nothing"), solved: "" };
  return {
    accuracy: String(accuracy),
    median: text("accuracy", { percent: Math.round(100 * accuracy) }),
    solved: text("solved", { solved: solved[i], networks: networks[i] }),
  };
}
