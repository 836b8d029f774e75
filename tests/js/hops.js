// The hops of several networks, from payloads of the inspector: [{"data": payload, "whose": [...]}, …] on standard input; on
// standard output, of each network, error and step, what the hop did in each direction, and what is said of it.
import { readFileSync } from "node:fs";
import { useTexts } from "./texts.js";

useTexts("inspector");

const { directionLine, directionNote, directionsOf, hop } = await import("../../assets/components/inspector/hop.js");
const { errorsOf } = await import("../../assets/components/errors.js");

const told = JSON.parse(readFileSync(0, "utf8")).map(({ data, whose }) =>
  whose.map((one) => {
    const errors = errorsOf(data, one);
    return data.words.map((_, i) => ({
      directions: directionsOf(data, errors, i + 1),
      figure: hop(data, errors, i + 1).figure,
      note: directionNote(data, errors, i + 1),
      line: directionLine(data, errors, i + 1),
    }));
  }),
);
console.log(JSON.stringify(told));
