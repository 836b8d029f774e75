// Where everything on the stage stands: {"data": payload, "width": …, "height": …} on standard input, the plan on standard
// output.
import { readFileSync } from "node:fs";
import { layout } from "../../assets/components/stage/plan.js";

const { data, width, height } = JSON.parse(readFileSync(0, "utf8"));
console.log(JSON.stringify(layout(data, width, height)));
