import assert from "node:assert/strict";
import { test } from "node:test";
import { useTexts } from "./texts.js";

useTexts("stage");

const plan = await import("../../assets/components/stage/plan.js");
const shared = await import("../../assets/components/shared.js");
const phases = await import("../../assets/components/stage/phases.js");
const sound = await import("../../assets/components/stage/sound.js");
const weights = await import("../../assets/components/stage/weights.js");

/** A sentence of three words, the last of which has no label */
const sentence = (changes = {}) => ({
  words: ["a", "b", "c"],
  owners: ["a", "b", "c"],
  silent: [false, false, false],
  labels: ["name", "name", null],
  loss: [0.1, 0.2, null],
  attention: null,
  dock: { cell: "tanh" },
  ...changes,
});

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
  assert.ok(plan.isJudged(sentence()));
  assert.ok(!plan.isJudged(sentence({ labels: [null, null, null] })));
});

test("a step has the phases in which something happens", () => {
  const all = ["word", "look-up", "recur", "squash", "predict", "compare"];
  assert.deepEqual(phases.forwardSubs(sentence(), 1), all);
  assert.deepEqual(phases.forwardSubs(sentence(), 3), all.slice(0, -1));
  const silent = sentence({ words: [null, "b", "c"], silent: [true, false, false], labels: [null, "name", null] });
  assert.deepEqual(phases.forwardSubs(silent, 1), ["recur", "squash"]);
  const gated = sentence({ dock: { cell: "lstm" } });
  assert.deepEqual(phases.forwardSubs(gated, 3), ["word", "look-up", "gates", "recur", "squash", "write", "predict"]);
  const looking = sentence({ silent: [true, false, false], attention: [[1], [1]] });
  assert.deepEqual(phases.forwardSubs(looking, 2).slice(-3), ["attend", "predict", "compare"]);
  assert.ok(!phases.forwardSubs(looking, 1).includes("attend"));
});

test("one error meets no other on its way back, all of them meet at every loss, and from step 1 nothing travels on", () => {
  const three = sentence({ labels: ["name", "name", "name"], loss: [0.1, 0.2, 0.3] });
  assert.deepEqual(phases.backwardSubs(three, 3, 3), ["arrive", "slope", "stamp", "travel"]);
  assert.deepEqual(phases.backwardSubs(three, 3, 2), ["arrive", "slope", "stamp", "travel"]);
  assert.deepEqual(phases.backwardSubs(three, "all", 2), ["arrive", "meet", "slope", "stamp", "travel"]);
  assert.deepEqual(phases.backwardSubs(three, "all", 1), ["arrive", "meet", "slope", "stamp"]);
  assert.deepEqual(phases.backwardSubs(three, "all", 3), ["arrive", "slope", "stamp", "travel"]);
});

test("whose error: a step that pays a loss, the last that does, or all", () => {
  assert.deepEqual(
    [2, "last", "all", 3, 9, undefined].map((whose) => phases.whoseStep(sentence(), whose)),
    [2, 2, "all", "all", "all", "all"],
  );
});

test("a word takes one beat, a phase that is read takes longer, and what no one could see is passed", () => {
  assert.equal(
    phases.beats(5, 1).reduce((sum, ms) => sum + ms),
    800,
  );
  assert.ok(phases.beats(6, 0.5).every((ms) => ms >= phases.LINE_MS));
  assert.deepEqual(phases.beats(6, 4), [0, 0, 0, 0, 0, 200]);
  for (const speed of [0.5, 1, 2, 4]) assert.ok(phases.beats(5, speed, true).every((ms) => ms >= phases.LINE_MS));
});

test("the step that sounds is the last one that has begun, and before the first it is the first", () => {
  const onsets = [0, 0.5, 0.75, 2];
  assert.deepEqual(
    [0, 0.499, 0.5, 0.8, 1.99, 2, 9].map((seconds) => sound.stepAt(onsets, seconds)),
    [1, 1, 2, 3, 3, 4, 4],
  );
  assert.equal(sound.stepAt([], 1), 1);
});

test("the dock makes room where only so all columns are seen, and where the answer takes its place", () => {
  const [encoder, decoder] = [Array(8).fill("encoder"), Array(6).fill("decoder")];
  const fourteen = { words: Array(14).fill("<START>"), group: [...encoder, ...decoder], beside: "dock" };
  const few = { ...fourteen, words: Array(6).fill("door"), group: decoder };
  const at = (data, width, height = 900) => plan.arrange(data, width, height);
  assert.deepEqual(at(few, 1392), { seen: "beside", dock: 362, width: 1392 - 362 - 12 });
  assert.deepEqual(at(fourteen, 1392), { seen: "below", dock: 0, width: 1392 });
  assert.equal(at(fourteen, 1392, 720).seen, "beside"); // below it would be out of sight
  assert.equal(at(fourteen, 1232).seen, "beside"); // nothing makes room for all
  assert.equal(at({ ...fourteen, beside: undefined }, 1392).seen, "beside"); // on Explore it never moves
  assert.deepEqual(at({ ...few, beside: "answer" }, 1392), { seen: "away", dock: 0, width: 1392 });
  assert.equal(at(few, 390).seen, "over");
  const large = plan.arrange(few, 1872, 1080, plan.PROJECTOR);
  assert.deepEqual(large, { seen: "beside", dock: 487, width: 1872 - 487 - 12 });
  assert.equal(plan.arrange(fourteen, 1872, 1080, plan.PROJECTOR).seen, "below");
  const shown = { ...fourteen, said: [], labels: [], sure: [], loss: [], state: "a", n_a: 48 };
  const wide = plan.layout({ ...shown, from_y: [], from_next: [], silent: [] }, 1390, 300, true);
  assert.ok(wide.width <= 1390 && wide.col >= 75);
});

test("a loss has the same bar in every sentence, by powers of ten", () => {
  const [nothing, low, middle, high, beyond] = [0, 0.01, Math.sqrt(0.1), 10, 1e5].map(plan.barOf);
  assert.deepEqual([nothing, low, high, beyond], [0, 0, 1, 1]);
  assert.ok(Math.abs(middle - 0.5) < 1e-12);
  assert.equal(plan.barOf(null), 0);
});

test("a factor carries its sign, a length three figures", () => {
  assert.deepEqual([1.1712, 0.5861, 0.0123].map(shared.factorLabel), ["×1.17", "×0.59", "×0.012"]);
  assert.deepEqual([1.4391, 0.01234, 7.1e-4, null].map(shared.lengthLabel), ["1.44", "0.0123", "7.1e-4", "–"]);
});

test("every entry of a matrix has one place in its map, and is found there; gates stand two beside two", () => {
  for (const weight of [
    { name: "Waa", rows: 4, columns: 4, blocks: 1 },
    { name: "Waa", rows: 12, columns: 4, blocks: 3 },
    { name: "Waa", rows: 16, columns: 4, blocks: 4 },
    { name: "Wax", rows: 16, columns: 3, blocks: 4 },
    { name: "Wya", rows: 1, columns: 4, blocks: 1 },
  ]) {
    const seen = new Set();
    for (let row = 0; row < weight.rows; row++)
      for (let column = 0; column < weight.columns; column++) {
        const { left, top, width, height } = weights.placeOf(weight, row, column);
        assert.deepEqual(weights.entryAt(weight, left + width / 2, top + height / 2), { row, column });
        seen.add(`${left} ${top}`);
      }
    assert.equal(seen.size, weight.rows * weight.columns);
  }
  assert.equal(weights.entryAt({ name: "Waa", rows: 12, columns: 4, blocks: 3 }, 0.9, 0.9), null);
});

test("an entry is named as in a file of weights, and found again where it takes part; its neighbours stay in the map", () => {
  const Wax = { home: "rnn", name: "Wax", rows: 12, columns: 2, blocks: 3, ids: [7, 95] };
  assert.deepEqual(weights.entryOf(Wax, { row: 5, column: 1 }), { group: "rnn", name: "Wax", row: 5, column: 95 });
  const Wya = { home: "readout", name: "Wya", rows: 2, columns: 4, blocks: 1, ids: [3, 8] };
  for (const at of [
    { row: 0, column: 0 },
    { row: 1, column: 3 },
  ])
    assert.deepEqual(weights.foundIn(Wya, weights.entryOf(Wya, at)), at);
  assert.equal(weights.foundIn(Wax, { group: "rnn", name: "Wax", row: 5, column: 96 }), null);
  assert.equal(weights.foundIn(Wax, { group: "encoder", name: "Wax", row: 5, column: 95 }), null);
  const Waa = { name: "Waa", rows: 12, columns: 4, blocks: 3 };
  assert.deepEqual(weights.neighbour(Waa, { row: 0, column: 3 }, 1, 0), { row: 4, column: 0 }); // the next gate
  assert.deepEqual(weights.neighbour(Waa, { row: 3, column: 0 }, 0, 1), { row: 8, column: 0 });
  assert.deepEqual(weights.neighbour(Waa, { row: 7, column: 0 }, 0, 1), { row: 7, column: 0 }); // nothing is below it
  assert.deepEqual(weights.neighbour(Waa, { row: 0, column: 0 }, -1, 0), { row: 0, column: 0 });
});

test("numbers are written in as many digits as their place has room for", () => {
  assert.deepEqual([0.1234, 123.4, null].map(plan.twoDecimals), ["0.12", "1.2e2", "–"]);
  assert.deepEqual([0.1, null].map(plan.exact), ["0.1", "–"]);
});

test("an answer that is read again goes down between two columns to the next word, and leaves the name of Waa free", () => {
  const rows = { target: 100, foot: 160, axis: 250, word: 300 };
  const { top, height, path } = plan.feedback({ rows, col: 100, unit: 10 }, false);
  assert.equal(top, 160);
  assert.equal(height, 133);
  assert.match(path, /^M11 0C.* 50 16V67M50 84V116C/);
  assert.equal(plan.feedback({ rows, col: 100, unit: 10 }, true).top, 113);
});

test("what an update adds is told of the answers and words that both examples show, wherever they stand", () => {
  const W = { name: "Wya", values: Float32Array.of(1, 2, 3, 4, 5, 6), columns: 2, ids: [7, 8, 9] };
  const next = { values: Float32Array.of(50, 60, 10, 20), columns: 2, ids: [9, 7] };
  assert.deepEqual([...weights.changeOf(W, next)], [9, 18, Number.NaN, Number.NaN, 45, 54]);
  const words = { name: "Wax", values: Float32Array.of(1, 2, 3, 4), columns: 2, ids: [3, 5] };
  const read = { values: Float32Array.of(20, 0, 40, 0), columns: 2, ids: [5, 6] };
  assert.deepEqual([...weights.changeOf(words, read)], [Number.NaN, 18, Number.NaN, 36]);
  const plain = { name: "Waa", values: Float32Array.of(1, 2), columns: 1, ids: [] };
  assert.deepEqual([...weights.changeOf(plain, { ...plain, values: Float32Array.of(2, 5) })], [1, 3]);
  assert.equal(weights.largest(weights.changeOf(W, next)), 54, "what is not told has no size");
});
