import assert from "node:assert/strict";
import { test } from "node:test";

const { chance, every, inPowers, paint, scoreText, twoDecimals } = await import(
  "../../assets/components/exhibits/figures.js"
);

const COLOURS = [
  ["#ffffff", "#762a83"],
  ["#ffffff", "#2563eb"],
  ["#0f1420", "#c79bdc"],
  ["#0f1420", "#6ea8fe"],
]; // of explorer/theme.py: the ground, and attention and classes on it

const linear = (c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4);

function luminance(ground) {
  const [r, g, b] = ground.match(/\d+/g).map(Number).map(linear);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

test("a number can be read on every colour", () => {
  for (const colours of COLOURS)
    for (let p = 0; p <= 1; p += 0.05) {
      const { ground, ink } = paint(p, colours);
      const [dark, light] = [luminance(ground), ink === "white" ? 1 : 0].sort((a, b) => a - b);
      assert.ok((light + 0.05) / (dark + 0.05) >= 4.5, `${p} on ${colours}`);
    }
});

test("a colour lies between those of 0 and 1, and that of 0 can be seen", () => {
  assert.equal(paint(1, COLOURS[0]).ground, "rgb(118 42 131)");
  assert.notEqual(paint(0, COLOURS[0]).ground, "rgb(255 255 255)");
  assert.deepEqual(paint(null, COLOURS[0]), paint(0, COLOURS[0]));
});

test("a probability has two decimals; what rounds to 1 is 1, and what is not finite a dash", () => {
  assert.deepEqual([0, 0.994, 0.996, 1, null].map(twoDecimals), ["0.00", "0.99", "1", "1", "–"]);
});

test("a bar is e to the score, and the number is the score, with a true minus and never −0.00", () => {
  assert.deepEqual([-0.11, -0.001, -12.345, null].map(scoreText), ["−0.11", "0.00", "−12.35", "–"]);
  assert.deepEqual([0, -1, 0.5, null].map(chance), [1, Math.exp(-1), 1, 0]);
});

test("so many names stand along a side that there are at most as many as there is room for", () => {
  for (const n of [1, 14, 15, 40, 241]) assert.ok(Math.ceil(n / every(n, 14)) <= 14, `${n}`);
  assert.deepEqual([every(0, 14), every(14, 14), every(15, 14)], [1, 1, 2]);
});

test("a norm is written as a power of ten", () => {
  assert.deepEqual([0.001234, 1, 2e-300, null].map(inPowers), ["1.234e-3", "1.000e0", "2.000e-300", "–"]);
});
