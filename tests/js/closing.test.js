import assert from "node:assert/strict";
import { test } from "node:test";

const { closedProduct, closedSum, closedSumTo, joined, scaleOf } = await import(
  "../../assets/components/inspector/closing.js"
);

const value = (digits) => Number(digits.replaceAll("−", "-"));
const written = (terms, result) => {
  const sum = closedSum(terms, result);
  return `${joined(sum.terms)} = ${sum.result}`;
};

test("a sum closes in the digits shown: what misses is put where the most was rounded away", () => {
  assert.equal(written([0.49, 0.81, -0.17], 1.13), "0.49 + 0.81 − 0.17 = 1.13");
  assert.equal(written([0.144, 0.144, 0.144], 0.432), "0.15 + 0.14 + 0.14 = 0.43");
  assert.equal(written([0.146, 0.148, -0.301], -0.007), "0.14 + 0.15 − 0.30 = −0.01");
  assert.equal(written([0.001, -0.001], 0), "0.0010 − 0.0010 = 0.0000");
});

test("what is read elsewhere keeps its digits, unless nothing else helps", () => {
  assert.deepEqual(closedSum([0.144, 0.144, 0.144], 0.432, [0]).terms, ["0.14", "0.15", "0.14"]);
  assert.deepEqual(closedSum([0.1449, -0.17349], -0.02859, [1]).terms, ["0.14", "−0.17"]);
  assert.deepEqual(closedSum([0.144, 0.144, 0.144], 0.432, [0, 1, 2]).terms, ["0.15", "0.14", "0.14"]);
  const { factors, result } = closedProduct([1.44, 0.7193, 0.8148], 0.8449, [0]);
  assert.equal(factors[0], "1.44");
  assert.equal(Number(factors.reduce((all, v) => all * value(v), 1).toPrecision(2)), value(result));
  const long = closedProduct([1.4412, 0.7194, 0.8151], 0.8451, [0]); // with three digits, no other factor can close it
  assert.equal(Number(value(long.factors[0]).toPrecision(3)), 1.44);
  assert.equal(Number(long.factors.reduce((all, v) => all * value(v), 1).toPrecision(2)), value(long.result));
});

test("small and large sums share one power of ten", () => {
  assert.equal(written([4.9e-6, 8.1e-6, -1.7e-6], 1.13e-5), "0.49e-5 + 0.81e-5 − 0.17e-5 = 1.13e-5");
  assert.equal(written([2e7, -1.5e7], 5e6), "2.00e7 − 1.50e7 = 0.50e7");
  assert.equal(closedSum([1, Number.NaN], 1), null);
});

test("ten thousand sums and products of every size close", () => {
  let seed = 1;
  const random = () => {
    seed = (seed * 16807) % 2147483647;
    return seed / 2147483647;
  };
  for (let i = 0; i < 10_000; i++) {
    const size = 10 ** (8 * random() - 5);
    const terms = Array.from({ length: 1 + Math.floor(random() * 8) }, () => size * (2 * random() - 1));
    const sum = terms.reduce((all, v) => all + v, 0);
    const made = closedSum(terms, sum);
    const gap = made.terms.reduce((all, v) => all + value(v), 0) - value(made.result);
    assert.ok(Math.abs(gap) < 1e-9 * size + 1e-12, `${made.terms} = ${made.result}`);
    terms.forEach((v, k) => {
      const unit =
        10 ** -made.terms[k].split("e")[0].split(".")[1].length *
        10 ** Number((made.terms[k].split("e")[1] ?? "0").replace("−", "-"));
      assert.ok(Math.abs(value(made.terms[k]) - v) < unit * (1 + 1e-9), "a term is off by less than one unit");
    });
    const factors = [size, 2 * random(), 2 * random()];
    const product = closedProduct(
      factors,
      factors.reduce((all, v) => all * v),
    );
    const shown = product.factors.reduce((all, v) => all * value(v), 1);
    assert.equal(Number(shown.toPrecision(2)), value(product.result));
  }
});

test("nothing lies beyond a scale of two digits", () => {
  assert.deepEqual([0.63, 1.301, 1.3, 0, Number.NaN, 4.1e-7].map(scaleOf), [0.63, 1.4, 1.3, 1, 1, 4.1e-7]);
});

test("products add up to the term that stands above them, even where that was rounded the other way", () => {
  const each = [0.1013, 0.0782, 0.0754]; // 0.2549
  const { terms, result } = closedSumTo(each, 0.2549, "0.26");
  assert.equal(result, "0.26");
  assert.ok(Math.abs(terms.reduce((all, v) => all + value(v), 0) - 0.26) < 1e-9);
  assert.equal(closedSumTo(each, 0.2549, "0.255").result, "0.255");
  assert.equal(closedSumTo(each, 0.2549, undefined).result, "0.25");
});
