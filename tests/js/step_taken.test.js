import assert from "node:assert/strict";
import { test } from "node:test";

const { apart, changeOf, digits, nearest, placeOf } = await import("../../assets/components/step_taken/figures.js");

test("before, after and the change close in the digits shown", () => {
  assert.deepEqual(changeOf(0.6912, 0.5704, -0.137), {
    ...{ before: "0.69", after: "0.57", actual: "−0.12", foretold: "−0.14", verdict: "better" },
  });
  assert.deepEqual(changeOf(0.0208, 0.0222, 0.0013), {
    ...{ before: "0.0208", after: "0.0222", actual: "+0.0014", foretold: "+0.0013", verdict: "worse" },
  });
  assert.equal(changeOf(0.005, 0.005 - 1e-5, 1e-5).verdict, "same");
  assert.equal(changeOf(0.5, null, 1).actual, "–");
  for (let i = 1; i < 2000; i++) {
    const [before, by] = [(i * 0.37) % 3, Math.sin(i) / (1 + (i % 40))];
    const said = changeOf(before, before + by, by);
    const actual = Number(said.actual.replace("−", "-"));
    assert.ok(Math.abs(Number(said.before) + actual - Number(said.after)) < 1e-9, JSON.stringify(said));
  }
});

test("dragging snaps to the rate that is nearest on the axis", () => {
  const menu = [0.001, 0.01, 0.1, 0.25];
  assert.deepEqual(
    [0, 0.06, 0.21, 0.6, 1].map((place) => nearest(menu, place, 0.25)),
    [0.001, 0.001, 0.01, 0.1, 0.25],
  );
  assert.equal(placeOf(0, 0.25), 0);
  assert.equal(placeOf(0.25, 0.25), 1);
});

test("a loss has two decimals, a small one two figures", () => {
  assert.deepEqual([0.266, 5.7412, 0.0312, 0, 1e7, 2e-6, null].map(digits), [
    "0.27",
    "5.74",
    "0.031",
    "0.00",
    "1.0e7",
    "2.0e-6",
    "–",
  ]);
});

test("a rate is named on the axis where its name has room", () => {
  const menu = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2];
  const named = apart(menu, 0.2, 316);
  assert.deepEqual(named, [0.005, 0.02, 0.05, 0.1]);
  assert.deepEqual(apart([0.01], 0.01, 316), []); // its name stands at the end already
});
