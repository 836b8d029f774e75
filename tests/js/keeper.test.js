import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { recall, remember } from "../../assets/components/keeper/tab.js";

/** @type {Map<string, string>} */
let held;
const store = {
  getItem: (/** @type {string} */ name) => held.get(name) ?? null,
  setItem: (/** @type {string} */ name, /** @type {string} */ value) => void held.set(name, value),
  removeItem: (/** @type {string} */ name) => void held.delete(name),
};

beforeEach(() => {
  held = new Map();
});

test("what was kept comes back at its own address, and at one that says nothing", () => {
  remember(store, "?v=2&seed=3", "{choices}");
  assert.equal(recall(store, "?v=2&seed=3"), "{choices}");
  assert.equal(recall(store, ""), "{choices}");
});

test("another link is opened as it stands", () => {
  remember(store, "?v=2&seed=3", "{choices}");
  assert.equal(recall(store, "?v=2&seed=4"), null);
});

test("what fits into a link again is kept no more", () => {
  remember(store, "", "{choices}");
  remember(store, "", null);
  assert.equal(recall(store, ""), null);
  assert.equal(held.size, 0);
});

test("nothing was kept", () => {
  assert.equal(recall(store, ""), null);
});
