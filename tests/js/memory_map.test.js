import assert from "node:assert/strict";
import { test } from "node:test";
import { useTexts } from "./texts.js";

useTexts("memory_map");

const { chosen, rows, signed } = await import("../../assets/components/memory_map/grid.js");

const DATA = {
  networks: 12,
  forget: [0, 1],
  update: [0, -1],
  lstm: [
    [0, 3],
    [4, 12],
  ],
  gru: [1, 12],
  at: [1, -1],
  start: [1, 0],
};

test("every stop has its count, and the GRU's stand at the end", () => {
  assert.deepEqual(
    rows(DATA).map((row) => row.map(({ count }) => count)),
    [
      [0, 3, 1],
      [4, 12, 12],
    ],
  );
  assert.equal(rows(DATA)[1][1].label, "LSTM, bias of Γf 1 and of Γu −1: 12 of 12 networks learn it");
  assert.equal(rows(DATA)[1][2].label, "GRU, bias of Γu −1: 12 of 12 networks learn it");
});

test("the frame is at both sliders, in the LSTM's part and in the GRU's", () => {
  const here = rows(DATA).flatMap((row) => row.filter(({ isHere }) => isHere));
  assert.deepEqual(
    here.map(({ cell, forget, update }) => [cell, forget, update]),
    [
      ["lstm", 1, -1],
      ["gru", null, -1],
    ],
  );
  assert.deepEqual(
    rows(DATA).map((row) => row.map(({ isStart }) => isStart)),
    [
      [false, true, true],
      [false, false, false],
    ],
  );
});

test("a stop of the GRU leaves the bias of Γf where it is", () => {
  const [first] = rows(DATA);
  assert.equal(chosen(first[0], DATA), "0 0");
  assert.equal(chosen(first[2], DATA), "1 0");
});

test("a minus is as wide as a plus", () => assert.equal(signed(-5), "−5"));
