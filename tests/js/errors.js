// The errors of every step, one by one, from a payload of the inspector: {"data": payload, "whose": [...]} on standard
// input, for each its lengths, factors and parts on standard output.
import { readFileSync } from "node:fs";
import { errorsOf } from "../../assets/components/errors.js";

const { data, whose } = JSON.parse(readFileSync(0, "utf8"));
const told = whose.map((one) => {
  const { part, length, from_y, from_next, factor, parts, rows } = errorsOf(data, one);
  const gradients = data.words.map((_, i) => [...rows.factors.gradients(i + 1)]);
  return { part, length, from_y, from_next, factor, parts, gradients };
});
console.log(JSON.stringify(told));
