import assert from "node:assert/strict";
import { test } from "node:test";
import { useTexts } from "./texts.js";

useTexts("stage");

const plan = await import("../../assets/components/stage/plan.js");
const { place } = await import("../../assets/components/stage/play.js");

const columns = (n) => Array.from({ length: n });

test("an arrow is one pixel wider for every power of ten, from 1 to 8", () => {
  assert.deepEqual([1e-9, 1e-6, 1e-3, 1, 10, 1e5].map(plan.thickness), [1, 1, 4, 7, 8, 8]);
  assert.deepEqual([0, null, Number.NaN].map(plan.thickness), [0, 0, 0]);
});

test("to a silent step error comes down only through attention", () => {
  const streams = { from_y: [0, 0, 5], via_attention: [1, 2], silent: [true, true, false] };
  assert.deepEqual(plan.fromAbove(streams), [1, 2, 5]);
  assert.deepEqual(plan.fromAbove({ ...streams, via_attention: null }), [0, 0, 5]);
});

test("the decoder begins where the weights change", () => {
  assert.equal(plan.encoded({ group: ["encoder", "encoder", "decoder"] }), 2);
  assert.equal(plan.encoded({ group: ["rnn", "rnn"] }), 0);
});

test("without a label there is no way back", () => {
  const words = ["a", "b"];
  assert.equal(plan.lastPosition({ words, labels: [null, "name"] }), 4);
  assert.equal(plan.lastPosition({ words, labels: [null, null] }), 2);
});

test("the second half of the positions is the way back", () => {
  const places = [1, 3, 4, 6].map((p) => place({ p, columns: columns(3) }));
  assert.deepEqual(
    places.map(({ t }) => t),
    [1, 3, 3, 1],
  );
  assert.deepEqual(
    places.map(({ phase }) => phase),
    ["forward", "forward", "backward", "backward"],
  );
});

test("numbers are written in as many digits as their place has room for", () => {
  assert.deepEqual([0.1234, 123.4, null].map(plan.twoDecimals), ["0.12", "1.2e2", "–"]);
  assert.deepEqual([0.12345, null].map(plan.threeDigits), ["0.123", "–"]);
  assert.deepEqual([0.1, null].map(plan.exact), ["0.1", "–"]);
});

test("an answer that is read again goes down between two columns to the next word", () => {
  const rows = { target: 100, foot: 160, word: 300 };
  const { top, height, path } = plan.feedback({ rows, col: 100, font: 10 }, false, false);
  assert.equal(top, 160);
  assert.equal(height, 133);
  assert.match(path, /^M11 0C.* 50 16V116C/);
  assert.equal(plan.feedback({ rows, col: 100, font: 10 }, true, true).top, 125);
});
