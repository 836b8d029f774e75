import assert from "node:assert/strict";
import { test } from "node:test";
import { useTexts } from "./texts.js";

useTexts("onehot");

const { layout, terms, ticks } = await import("../../assets/components/onehot/layout.js");

test("the scale has round indices, and the last one", () => {
  assert.deepEqual(ticks(680, 250), [0, 100, 200, 300, 400, 500, 600, 679]);
  assert.deepEqual(ticks(1, 250), [0]);
});

test("the scale begins at 0 and ends at the last index, with room between its numbers", () => {
  for (const n_x of [1, 2, 17, 680, 20_001]) {
    const scale = ticks(n_x, 250);
    assert.deepEqual([scale[0], scale.at(-1)], [0, n_x - 1]);
    for (const [i, index] of scale.entries()) {
      if (i > 0) assert.ok(((index - scale[i - 1]) * 250) / n_x >= 17, `${n_x}: ${scale}`);
    }
  }
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

test("the sum of columns is written out", () => {
  const written = (id, last) =>
    terms(id, last)
      .map(({ text }) => text)
      .join(" + ");
  assert.equal(written(0, 0), "1 × column 0");
  assert.equal(written(1, 2), "0 × column 0 + 1 × column 1 + 0 × column 2");
  assert.equal(written(0, 679), "1 × column 0 + … + 0 × column 679");
  assert.equal(written(121, 1679), "0 × column 0 + … + 1 × column 121 + … + 0 × column 1,679");
});

test("cells fit beside their names", () => {
  for (const width of [340, 700, 1160, 1500]) {
    for (const [T, n_a] of [
      [1, 4],
      [9, 16],
      [60, 64],
    ]) {
      const data = { words: Array(T).fill("word"), ids: Array(T).fill(0), n_x: 680, n_a };
      const plan = layout(data, width);
      const where = `${T} words, ${n_a} units, ${width} px`;
      assert.ok(plan.head + plan.columns * plan.cell <= width, where);
      assert.ok(plan.cell >= 20, where);
      assert.ok(plan.columns <= n_a, where);
      assert.ok(plan.width <= width || plan.col <= 92, where);
    }
  }
});
