import assert from "node:assert/strict";
import { test } from "node:test";
import { deflateSync } from "node:zlib";
import { useTexts } from "./texts.js";

useTexts("matrix");

const { decode, haveGaps, pixels, place, shade, shades, size, ticks, told, under } = await import(
  "../../assets/components/matrix/entries.js"
);

const SCALE = { low: -8, high: 1, colours: ["#000000", "#ff0000", "#ffffff"] };
const NOTHING = -32768;
const BEYOND = 32767;

test("entries are read as they were written, row after row", async () => {
  const entries = Int16Array.of(0, -321, 100, NOTHING, BEYOND, -32400);
  const base64 = deflateSync(Buffer.from(entries.buffer)).toString("base64");
  assert.deepEqual(await decode(base64), entries);
  assert.deepEqual([place(1, 1), place(2, 1), place(2, 2), place(3, 1), place(3, 3)], [0, 1, 2, 3, 5]);
});

test("a line between entries only where they are larger than it", () => {
  assert.ok(haveGaps(250, 120, 9) && haveGaps(250, 120, 20));
  assert.ok(!haveGaps(600, 120, 41), "41 rows in 120 pixels are 3 pixels each");
});

test("what stands under the pointer", () => {
  assert.deepEqual(under(4, 0.1, 0.9), { s: 4, k: 1 });
  assert.deepEqual(under(4, 1, 1), { s: 4, k: 4 });
  assert.equal(under(4, 0.9, 0.1), null);
});

test("one absolute scale: its ends are those of the colours, and what is off it has the colour of its end", () => {
  const known = shades(SCALE);
  assert.deepEqual(
    [known[0], known.at(-1)],
    [
      [0, 0, 0],
      [255, 255, 255],
    ],
  );
  assert.equal(shade(-800, SCALE), 0);
  assert.equal(shade(-5000, SCALE), 0);
  assert.equal(shade(100, SCALE), known.length - 1);
  assert.equal(shade(BEYOND, SCALE), known.length - 1);
  assert.equal(shade(NOTHING, SCALE), null);
  const middle = known[shade(-350, SCALE)];
  assert.ok(middle[0] > 250 && middle[1] < 6 && middle[2] < 6);
});

test("what cannot be reached, and what is nothing, can be looked through", () => {
  const data = { steps: 2, entries: "", chosen: null, told: "", scale: SCALE, is_chosen_from: true };
  const alpha = [...pixels(data, Int16Array.of(0, NOTHING, 0))].filter((_, i) => i % 4 === 3);
  assert.deepEqual(alpha, [255, 0, 0, 255]);
});

test("an axis has its first and its last number, and none that touch", () => {
  for (let steps = 2; steps <= 200; steps++) {
    const found = ticks(steps);
    assert.equal(found[0], 1);
    assert.equal(found.at(-1), steps);
    assert.ok(found.length <= 9);
    const gaps = found.slice(1).map((tick, i) => tick - found[i]);
    if (steps > 2)
      assert.ok(
        gaps.every((gap) => gap >= 0.12 * steps || found.length === 2),
        `${steps}: ${found}`,
      );
  }
  assert.deepEqual(ticks(1), [1]);
  assert.deepEqual(ticks(100), [1, 20, 40, 60, 80, 100]);
});

test("an entry in words, however small", () => {
  assert.equal(size(0), "1");
  assert.equal(size(-30), "0.5");
  assert.equal(size(-321), "6.2e-4");
  assert.equal(size(-32400), "1.0e-324");
  assert.equal(size(-401), "9.8e-5");
  assert.match(told(5, 2, -321), /step 5, at step 2: 6\.2e-4/);
  assert.match(told(5, 2, NOTHING), /nothing/);
  assert.match(told(5, 2, BEYOND), /not finite/);
});

const { end } = await import("../../assets/components/matrix/view.js");

test("what is higher than the window is read from its top", () => {
  assert.equal(end(900, 844), "start");
  assert.equal(end(313, 720), "nearest");
});
