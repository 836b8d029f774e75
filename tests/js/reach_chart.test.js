import assert from "node:assert/strict";
import { test } from "node:test";

const { colourOf, rowOf } = await import("../../assets/components/reach_chart/cells.js");

const data = { colours: ["#000000", "#808080", "#ffffff"], scale: [-8, 1] };

test("a colour is a power of ten, between two colours of the scale; beyond its ends it stays", () => {
  assert.equal(colourOf(1e-8, data), "color-mix(in srgb, #808080 0.0%, #000000)");
  assert.equal(colourOf(0, data), colourOf(1e-30, data));
  assert.equal(colourOf(10, data), "color-mix(in srgb, #ffffff 100.0%, #808080)");
  assert.equal(colourOf(1e30, data), colourOf(10, data));
  assert.equal(colourOf(10 ** -3.5, data), "color-mix(in srgb, #ffffff 0.0%, #808080)");
  assert.equal(colourOf(null, data), "#ffffff");
});

test("the row of the error that goes back stands out, of all errors that of the step", () => {
  const norms = [[1], [1, 1], [], [1, 1, 1, 1], []];
  assert.deepEqual([rowOf("all", 3, norms), rowOf("last", 1, norms), rowOf(2, 5, norms)], [3, 4, 2]);
});
