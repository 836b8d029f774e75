// The texts of a component, which the page puts in front of its script: they must be there before it is imported.
import { readFileSync } from "node:fs";

const PROSE = new URL("../../assets/prose/", import.meta.url);

function sections(page) {
  const [, ...parts] = readFileSync(new URL(`${page}.md`, PROSE), "utf8").split(/^## (\w+)\n/m);
  return parts.flatMap((part, i) => (i % 2 ? [] : [[part, parts[i + 1].trim()]]));
}

export function useTexts(component) {
  globalThis.TEXTS = Object.fromEntries(["components", component].flatMap(sections));
}
