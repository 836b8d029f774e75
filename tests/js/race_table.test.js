import assert from "node:assert/strict";
import { test } from "node:test";
import { useTexts } from "./texts.js";

useTexts("race_table");

const { told } = await import("../../assets/components/race_table/cells.js");

test("a cell tells the median and how many solved it, and a dash where nothing is known", () => {
  const row = { cell: "gru", name: "GRU", accuracies: [0.9975, null], solved: [2, 0], networks: [3, 0] };
  assert.deepEqual(told(row, 0), { accuracy: "0.9975", median: "100 %", solved: "2 of 3" });
  assert.deepEqual(told(row, 1), { accuracy: "", median: "–", solved: "" });
});
