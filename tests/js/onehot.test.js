import assert from "node:assert/strict";
import { test } from "node:test";
import { useTexts } from "./texts.js";

useTexts("onehot");

const { layout, terms, ticks } = await import("../../assets/components/onehot/layout.js");

test("the scale has round indices, and the last one", () => {
  assert.deepEqual(ticks(680, 250), [0, 100, 200, 300, 400, 500, 600, 679]);
  assert.deepEqual(ticks(1, 250), [0]);
});

test("a 1 stands at the height of its index, visible however many there are", () => {
  const plan = layout({ words: ["a", "b"], n_x: 1000, ids: [0, 999], n_a: 4 }, 1100);
  assert.deepEqual(plan.y, [0.125, 249.875]);
  assert.equal(plan.thick, 4);
});

test("the sum of columns names its ends and the one that is left", () => {
  assert.deepEqual(
    terms(12, 677).map(({ text }) => text),
    ["0 × column 0", "…", "1 × column 12", "…", "0 × column 677"],
  );
  assert.deepEqual(
    terms(0, 1)
      .filter(({ one }) => one)
      .map(({ text }) => text),
    ["1 × column 0"],
  );
});
