import assert from "node:assert/strict";
import test from "node:test";
import { useTexts } from "./texts.js";

useTexts("transport");
const { errorsToChoose, marks, scrubbed } = await import("../../assets/components/transport/position.js");

const steps = [
  { t: 1, word: "Harry", loss: 0.02 },
  { t: 2, word: null, loss: 0.5 },
  { t: 3, word: "met", loss: null },
];
const state = { phase: "forward", t: 2, T: 3, last: 3, playing: false, steps };

test("the slider's track is done up to the step, or as far as the stage says", () => {
  assert.equal(scrubbed(state), 0.5);
  assert.equal(scrubbed({ ...state, t: 1 }), 0);
  assert.equal(scrubbed({ ...state, t: 1, T: 1, last: 1 }), 1);
  assert.equal(scrubbed({ ...state, phase: "update", last: 4, segment: 4 }), 1);
  assert.equal(scrubbed({ ...state, done: 0.3 }), 0.3);
});

test("its ends are the first and the last step; of an update, its four parts", () => {
  assert.deepEqual(marks(state), ["t = 1", "t = 3"]);
  assert.deepEqual(marks({ ...state, T: 1 }), ["t = 1"]);
  assert.equal(marks({ ...state, phase: "update" }).length, 4);
});

test("only an error that is made can be chosen, and the last one is the last that is made", () => {
  assert.deepEqual(errorsToChoose(state), [
    ["all", "all losses ℒ"],
    ["last", "only the last, ℒ⟨2⟩"],
    ["1", "ℒ⟨1⟩ of Harry"],
    ["2", "ℒ⟨2⟩"],
  ]);
  assert.deepEqual(errorsToChoose({ ...state, steps: [steps[2]] }), []);
});

test("a word that is one of the page's own stands in quotation marks", () => {
  const named = errorsToChoose({ ...state, steps: [{ t: 1, word: "all", loss: 0.1 }] });
  assert.deepEqual(named.at(-1), ["1", "ℒ⟨1⟩ of ‘all’"]);
});
