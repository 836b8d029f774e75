import assert from "node:assert/strict";
import { test } from "node:test";
import { useTexts } from "./texts.js";

useTexts("stage");

const { cellLabel, Choice, clamp, component, decode, gradientLabel, text, threeDigits } = await import(
  "../../assets/components/shared.js"
);

const labels = (label, written) => {
  for (const [v, expected] of written) assert.equal(label(v), expected);
};

test("a gradient is written in two figures that fit beside an arrow", () => {
  labels(gradientLabel, [
    [0.0623, "0.062"],
    [7.1e-3, "7.1e-3"],
    [2e-9, "2e-9"],
    [0, "0"],
    [99.4, "99"],
    [1e4, "1e4"],
  ]);
  labels(gradientLabel, [
    [null, "–"],
    [Number.NaN, "–"],
    [-0.5, "-0.50"],
  ]);
});

test("a number in a cell has no 0 before its point", () => {
  labels(cellLabel, [
    [-0.834, "−.83"],
    [1.42, "1.4"],
    [12, "12"],
    [4e-3, "4e-3"],
    [-1e-7, "−1e-7"],
    [1e3, "1e3"],
    [0, "0"],
  ]);
  labels(cellLabel, [
    [undefined, "–"],
    [Number.POSITIVE_INFINITY, "–"],
    [0.996, "1.0"],
  ]);
});

test("three digits are those of the pages that Python writes", () => {
  labels(threeDigits, [
    [0, "0"],
    [0.12345, "0.123"],
    [-2, "−2"],
    [1e-9, "1e-9"],
    [-5.123e-5, "−5.12e-5"],
    [1e-4, "0.0001"],
    [-2984.2, "−2,980"],
    [999.6, "1,000"],
    [123456, "123,000"],
    [1e6, "1e6"],
    [1.2345e30, "1.23e30"],
    [null, "–"],
  ]);
});

test("a text is filled by its names, and one that is missing is an error", () => {
  assert.equal(text("step_t", { t: 2 }), "t = 2");
  assert.throws(() => text("step_t"), /step_t needs a value for t/);
  assert.throws(() => text("no such text"));
});

test("base64 is read as float32", () => {
  const values = Float32Array.of(1, -0.5, Number.POSITIVE_INFINITY);
  assert.deepEqual(decode(Buffer.from(values.buffer).toString("base64")), values);
  assert.equal(clamp(7, 1, 5), 5);
});

globalThis.document = new EventTarget();

/** A press of the mouse on something inside or outside of the components */
const press = (isInside) => {
  const event = new Event("pointerdown");
  Object.defineProperty(event, "target", { value: { matches: () => isInside } });
  document.dispatchEvent(event);
};

test("a choice is sent before something outside of the components is pressed", ({ mock }) => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const sent = [];
  const choice = new Choice((value) => sent.push(value));
  choice.tell(() => 2);
  press(true);
  assert.deepEqual(sent, []);
  press(false);
  press(false);
  mock.timers.tick(1000);
  assert.deepEqual(sent, [2]);
});

test("a choice is sent once motion has rested, and only if it is new", ({ mock }) => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const sent = [];
  const choice = new Choice((value) => sent.push(value));
  choice.value = 1;
  for (const t of [2, 3, 4]) choice.tell(() => t);
  mock.timers.tick(249);
  assert.deepEqual(sent, []);
  mock.timers.tick(1);
  choice.tell(() => 4, 0);
  mock.timers.tick(1);
  assert.deepEqual(sent, [4]);
  choice.tell(() => 5);
  choice.cancel();
  mock.timers.tick(1000);
  assert.deepEqual(sent, [4]);
});

test("of two choices that are told at once none is lost", () => {
  const sent = [];
  const choice = new Choice((value) => sent.push(value));
  choice.tell(() => "word", 0);
  choice.tell(() => "melody", 0);
  choice.tell(() => "melody", 0); // nothing new
  assert.deepEqual(sent, ["word", "melody"]);
});

test("a late answer does not pull back, but what the page says later does", ({ mock }) => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const now = mock.method(performance, "now", () => 1000);
  const choice = new Choice(() => {});
  choice.value = 1;
  choice.tell(() => 3, 0);
  mock.timers.tick(1);
  assert.equal(choice.isOverruledBy(1), false, "an older state of the page");
  assert.equal(choice.isOverruledBy(3), false, "our own");
  assert.equal(choice.isOverruledBy(2), true, "answered: from now on the page may choose");
  choice.tell(() => 4, 0);
  mock.timers.tick(1);
  now.mock.mockImplementation(() => 3001);
  assert.equal(choice.isOverruledBy(2), true, "the page has had its time to answer");
});

test("a component ends with its place, not when newer data overtake it", () => {
  const told = [];
  const mount = component({
    create: () => ({ root: { remove: () => told.push("removed") } }),
    update: (_, data) => told.push(data),
    destroy: () => told.push("destroyed"),
  });
  const host = { setAttribute() {} };
  const parentElement = { isConnected: true, append: () => told.push("made"), getRootNode: () => ({ host }) };
  const ends = [1, 2].map((data) => mount({ data, parentElement }));
  ends[0](); // as Streamlit does of an overtaken call
  mount({ data: 3, parentElement });
  assert.deepEqual(told, ["made", 1, 2, 3]);
  parentElement.isConnected = false;
  for (const end of ends) end();
  assert.deepEqual(told.slice(4), ["destroyed", "removed"]);
});
