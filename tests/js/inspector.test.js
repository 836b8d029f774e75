import assert from "node:assert/strict";
import { test } from "node:test";
import { useTexts } from "./texts.js";

useTexts("inspector");

const { closing, format, isRoundedOtherwise, layout, probability, strength, written } = await import(
  "../../assets/components/inspector/numbers.js"
);
const { terms } = await import("../../assets/components/inspector/recipes.js");
const { rowsOf } = await import("../../assets/components/inspector/factors.js");
const { clipFigure, closedMove } = await import("../../assets/components/inspector/update_card.js");
const { readWeight, writtenWeight } = await import("../../assets/components/inspector/weight_field.js");
const { titleOf } = await import("../../assets/components/inspector/backward_side.js");
const { situation } = await import("../../assets/components/inspector/situation.js");

const base64 = (...values) => Buffer.from(Float32Array.from(values).buffer).toString("base64");

test("numbers have three digits, and what is not finite is a dash", () => {
  assert.deepEqual(
    [4.7, 0.99149, 2.1e-5, 12345, 3, -0.5, null].map((v) => format(v)),
    ["4.70", "0.991", "2.10e-5", "1.23e4", "3", "−0.500", "–"],
  );
});

test("a loss in three digits can be recomputed from the probability that is written beside it", () => {
  for (const p of [0.9758, 0.97583, 0.024169, 0.99871, 0.5, 0.00071234, 0.3337, 1e-9])
    for (const isOfRest of [false, true]) {
      const loss = -Math.log(isOfRest ? 1 - p : p);
      const shown = closing(probability(p), p, 1 - p, loss, isOfRest);
      assert.equal(format(-Math.log(isOfRest ? 1 - Number(shown) : Number(shown))), format(loss), `${p} ${shown}`);
    }
  assert.equal(closing("0.976", 0.9758, 0.0242, -Math.log(0.9758), false), "0.9758");
  assert.equal(closing("0.697", 0.6969, 0.3031, -Math.log(0.6969), false), "0.697"); // no more than it takes
  assert.equal(closing("0.9999997", 1 - 3.14159e-7, 3.14159e-7, 3.14159e-7, false), "(1 − 3.14e-7)");
  assert.equal(closing("1", 1, 0, 0, false), "1");
});

test("the card tells the stage's digits of a loss where these are not its own, rounded", () => {
  assert.ok(isRoundedOtherwise(0.3634, "0.364") && isRoundedOtherwise(0.0249, "0.024"));
  for (const [v, written] of [
    [0.3634, "0.363"],
    [3.06e-4, "0.000"],
    [0.0005, "0.001"],
    [0.0005, "0.000"],
    [123456, "1.2e5"],
    [null, "–"],
  ])
    assert.ok(!isRoundedOtherwise(v, written), written);
});

test("a probability close to 1 shows what is left of it", () => {
  assert.equal(probability(0.5), "0.500");
  assert.equal(probability(0.99999, 1e-5), "0.999990");
  assert.equal(probability(1, 1e-12), "(1 − 1.00e-12)");
  assert.equal(probability(1, 0, 800), "(1 − e^(−800))");
  assert.equal(probability(0, 1, -800), "e^(−800)");
});

test("a sum of products is written with its numbers", () => {
  assert.equal(
    written([
      [0.31, 0.82],
      [-0.69, -0.1],
    ]),
    "0.310·0.820 − 0.690·(−0.100)",
  );
});

test("values fade evenly, gradients by powers of ten, gates are as they are", () => {
  assert.equal(strength(-0.5, false, "forward", 1), -0.5);
  assert.equal(strength(0.1, false, "backward", 100), 0);
  assert.ok(Math.abs(strength(10, false, "backward", 100) - 2 / 3) < 1e-12);
  assert.equal(strength(0.25, true, "backward", 100), 0.25);
  assert.equal(strength(Number.NaN, false, "forward", 1), 0);
});

test("cells share as few lines as stay readable", () => {
  assert.deepEqual(layout(520, 16), { columns: 16, cell: 32, numbers: true, beside: false });
  assert.deepEqual(layout(300, 64), { columns: 16, cell: 18, numbers: false, beside: false });
});

test("a name in a sum is a row, 1, a square, a tanh, or a difference", () => {
  const row = (name) => ({ u: [0.25], c: [2] })[name];
  assert.deepEqual(terms(row, "u·c + 1-u·tanh c²", 1, 0), [
    [0.25, 2],
    [0.75, Math.tanh(2) ** 2],
  ]);
});

/** One unit of a ReLU network, two steps, of which the second reads nothing */
const TINY = {
  cell: "relu",
  n_a: 1,
  group: ["rnn", "rnn"],
  words: ["a", null],
  owners: ["a", null],
  known: [true, true],
  ids: [7, null],
  fed: [null, null],
  weights: { rnn: { Waa: base64(0.5), ba: base64(0.25), Wax: base64(2), columns: [7], total: 1 } },
  state: base64(0, 2.25, 1.375),
  d_state: base64(1.5, 3),
  from_y: base64(3),
  attention: null,
  answers: [null, { target: 1, shown: [1] }],
};

test("rows are formed from their factors", () => {
  const { row } = rowsOf(TINY);
  const of = (name) => [1, 2].map((t) => row(name, t)[0]);
  assert.deepEqual(of("past"), [0, 1.125]);
  assert.deepEqual(of("x"), [2, 0]);
  assert.deepEqual(of("z"), [2.25, 1.375]);
  assert.deepEqual(of("stream_y"), [0, 3]);
  assert.deepEqual(of("delta"), [1.5, 3]);
  assert.deepEqual(of("stream_next"), [1.5, 0]);
  assert.deepEqual(of("z-b"), [2, 1.125]);
  assert.throws(() => row("no such row", 1), /There is no row/);
});

test("a situation says what is read, what is due, and which streams arrive", () => {
  const now = [1, 2].map((t) => situation(TINY, t));
  assert.deepEqual(
    now.map(({ input }) => input),
    ["known", "nothing"],
  );
  assert.deepEqual(
    now.map(({ answer }) => answer),
    ["silent", "due"],
  );
  assert.deepEqual(
    now.map(({ streams }) => streams),
    ["next", "last"],
  );
  const attending = { ...TINY, group: ["encoder", "decoder"], fed: [null, "label"], words: ["a", "b"], attention: {} };
  const there = [1, 2].map((t) => situation(attending, t));
  assert.deepEqual(
    there.map(({ before, next }) => [before, next]),
    [
      ["first", "handed"],
      ["handed", "last"],
    ],
  );
  assert.deepEqual(
    there.map(({ input, streams }) => [input, streams]),
    [
      ["known", "attention"],
      ["label", "look_last"],
    ],
  );
  const unlabelled = { ...TINY, answers: [null, { target: null, shown: [1] }] };
  assert.deepEqual(
    [1, 2].map((t) => situation(unlabelled, t).streams),
    ["none", "none"],
  );
});

test("a weight is read as it is typed, and written with all its digits", () => {
  for (const [typed, value] of [
    ["0.5", 0.5],
    [" −.5 ", -0.5],
    ["0,25", 0.25],
    ["5e-3", 0.005],
    ["1e30", 1e30],
    ["", null],
    ["1e31", null],
    ["many", null],
    ["0x10", null],
    ["Infinity", null],
    ["1,2,3", null],
    ["-", null],
  ])
    assert.equal(readWeight(typed), value, typed);
  for (const value of [0.75, -0.2890103, 1.5e-7, -2e25, 0]) assert.equal(readWeight(writtenWeight(value)), value);
  assert.equal(writtenWeight(Math.fround(0.1)), "0.1");
  assert.equal(writtenWeight(Number.NaN), "–");
});

test("a move adds up in the digits shown, and shows two figures of itself", () => {
  const value = (digits) => Number(digits.replace("−", "-"));
  assert.deepEqual(closedMove(-0.33824, -0.33324), { before: "−0.3382", change: "0.0050", after: "−0.3332" });
  assert.deepEqual(closedMove(0.5, 2), { before: "0.50", change: "1.50", after: "2.00" });
  let seed = 7;
  const random = () => {
    seed = (seed * 16807) % 2147483647;
    return seed / 2147483647;
  };
  for (let i = 0; i < 10_000; i++) {
    const [before, move] = [random() * 4 - 2, (random() - 0.5) * 10 ** (-8 * random())];
    if (Math.abs(move) < 1e-10) continue; // so little has no place behind the point
    const shown = closedMove(before, before + move);
    const [from, change, to] = [shown.before, shown.change, shown.after].map(value);
    assert.ok(Math.abs(from + change - to) < 1e-12, JSON.stringify(shown));
    assert.ok(Math.abs(change - move) <= 0.11 * Math.abs(move), JSON.stringify(shown));
  }
});

test("clipping is a product that closes, or says that nothing is clipped", () => {
  const update = { norm: 4.2831, clipped: 1, clipping: "norm", limit: 1 };
  assert.equal(clipFigure(update), "4.28 × 1 / 4.28 = 1");
  assert.equal(clipFigure({ ...update, clipped: 4.2831, limit: 5 }), "‖g‖ = 4.28 ≤ 5: not clipped");
  assert.equal(clipFigure({ ...update, clipped: 4.2831, clipping: "off" }), "‖g‖ = 4.28: clipping is off");
  assert.match(clipFigure({ ...update, clipped: 3.1, clipping: "value" }), /within ±1: ‖g‖ 4.28 → 3.10/);
});

test("an error comes down from ŷ only where one is due: on an encoder's step from all of them, or from none", () => {
  const entered = { name: "entered", label: "from ŷ⟨t⟩" };
  const data = { words: ["we", "sing", ""], stream: "only", answers: [null, null, {}], attention: null };
  assert.deepEqual(
    [titleOf(entered, 3, data), titleOf(entered, 1, data), titleOf(entered, 1, { ...data, attention: {} })],
    ["from ŷ⟨3⟩", "(no ŷ at this step)", "from all ŷ, by attention"],
  );
  const next = { name: "stream_next", label: "+ from a⟨t+1⟩" };
  assert.deepEqual([titleOf(next, 3, data), titleOf(next, 1, data)], ["(no later step)", "+ from a⟨2⟩"]);
});
