// Forms rows of numbers from a payload of the inspector as the browser does: {"data": payload, "names": [...]} on standard
// input, {name: rows of all steps} on standard output.
import { readFileSync } from "node:fs";
import { rowsOf } from "../../assets/components/inspector/factors.js";

const { data, names } = JSON.parse(readFileSync(0, "utf8"));
const { row } = rowsOf(data);
const rows = names.map((name) => [name, data.words.map((_, i) => [...row(name, i + 1)])]);
console.log(JSON.stringify(Object.fromEntries(rows)));
