// Fills all slots that the tables of the inspector name, at every step: a payload on standard input, on standard output
// {phase: [{slot: text} of each step]}.
import { readFileSync } from "node:fs";
import { useTexts } from "./texts.js";

useTexts("inspector");

const { views } = await import("../../assets/components/inspector/equations.js");
const { exampleOf, facts, told } = await import("../../assets/components/inspector/facts.js");
const { situation } = await import("../../assets/components/inspector/situation.js");

const example = exampleOf(JSON.parse(readFileSync(0, "utf8")));
const { data } = example;

const options = (template, now) =>
  typeof template === "string" ? [template] : [template.options[now[template.aspect]]];

function slots(block, now) {
  const texts = [...block.texts, ...(block.columns ?? []).map(([head]) => head)].flatMap((text) => options(text, now));
  const named = texts.flatMap((text) => {
    const parts = text.split("$");
    return parts.flatMap((part, i) =>
      [...part.matchAll(i % 2 ? /\[([^[\]]+)\]/g : /\{(\w+)\}/g)].map(([, name]) => name),
    );
  });
  const lines = (block.columns ?? []).map(([, fact]) => `${block.kind} 0 ${fact}`);
  return [...named, ...lines, ...(block.numbers ? [block.numbers] : [])];
}

function step(blocks, t) {
  const now = situation(data, t);
  const known = facts(example, t, 0);
  const seen = blocks.filter(({ when }) => !when || when[1].includes(now[when[0]]));
  return Object.fromEntries(
    seen.flatMap((block) => slots(block, now)).map((slot) => [slot, String(known[slot] ?? told(example, slot, t, 0))]),
  );
}

const sides = Object.entries(views(data)).map(([phase, blocks]) => [
  phase,
  data.words.map((_, i) => step(blocks, i + 1)),
]);
console.log(JSON.stringify(Object.fromEntries(sides)));
