// All figures of the card, from a payload of the inspector: {"data": payload, "whose": [...]} on standard input; on standard
// output the sums of every step and unit, the products of the first of them, and of each error its hops and stamps so far.
import { readFileSync } from "node:fs";
import { useTexts } from "./texts.js";

useTexts("inspector");

const { figures, products, stampsSoFar } = await import("../../assets/components/inspector/card.js");
const { hop } = await import("../../assets/components/inspector/hop.js");
const { exampleOf } = await import("../../assets/components/inspector/facts.js");
const { DELTAS, SUMS } = await import("../../assets/components/inspector/made.js");
const { errorsOf } = await import("../../assets/components/errors.js");

const { data, whose } = JSON.parse(readFileSync(0, "utf8"));
const example = exampleOf(data);
const steps = data.words.map((_, i) => i + 1);
const sums = steps.flatMap((t) =>
  Object.entries(SUMS[data.cell]).flatMap(([name, sum]) =>
    Array.from({ length: data.n_a }, (_, unit) => ({
      ...{ t, name, unit, out: example.row(sum.out, t)[unit] },
      ...figures(example.row, sum, t, unit),
      products: sum.z ? products(example, sum, t, unit) : null,
      past: sum.z ? example.row(sum.terms.split(" + ")[0], t)[unit] : null,
    })),
  ),
);
const errors = whose.map((one) => {
  const error = errorsOf(data, one);
  const groups = [...new Set(data.group)];
  const stamps = groups.map((group) => DELTAS[data.cell].map((_, k) => [...stampsSoFar(data, error, 1, k, group)]));
  return { hops: steps.map((t) => hop(data, error, t)), stamps };
});
console.log(JSON.stringify({ sums, errors }));
