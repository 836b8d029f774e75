// A hop as a picture: a line from the smallest to the largest factor that a direction can have, on it what this hop had, and
// over it how much of the error lies along each direction.

import { el, setText, svg, text } from "../shared.js";
import { labelAt } from "./factors.js";
import { areAlike, directionsOf, endsOf, printed } from "./hop.js";

/**
 * @import { Errors } from "../errors.js"
 * @import { InspectorData } from "./factors.js"
 */

const PICTURE = { width: 290, height: 46, edge: 56, line: 28, tall: 24 };
const CLOSE = 26; // px: two numbers under the line that are closer would run into each other

export function makeDirections() {
  const { width, height } = PICTURE;
  const [picture, caption] = [svg("svg", { viewBox: `0 0 ${width} ${height}`, role: "img" }), el("figcaption")];
  return { root: el("figure", "directions", { "data-testid": "directions" }, picture, caption), picture, caption };
}

/** The largest share of any direction at any hop: one scale for all of an error @param {InspectorData} data @param {Errors} errors */
export const directionsScale = (data, errors) =>
  Math.max(
    0,
    ...data.words.flatMap((_, i) => directionsOf(data, errors, i + 1)?.each.map(({ share }) => share) ?? []),
  ) || 1;

/**
 * @param {ReturnType<typeof makeDirections>} made @param {InspectorData} data @param {Errors} errors
 * @param {number | null} t null: the hop has not been reached @param {number} scale
 */
export function showDirections({ root, picture, caption }, data, errors, t, scale) {
  const directions = t === null ? null : directionsOf(data, errors, t);
  const isShown = directions !== null && !areAlike(directions);
  root.dataset.state = isShown ? "there" : "empty";
  if (!isShown || t === null) return;
  const { width, edge, line, tall } = PICTURE;
  const { least, most, by, each } = directions;
  const [ends, written] = [endsOf(directions), printed(errors, t, directions)];
  const x = (/** @type {number} */ factor) => edge + ((factor - least) / (most - least)) * (width - 2 * edge);
  const number = (/** @type {number} */ at, /** @type {number} */ y, /** @type {string} */ said, anchor = "middle") => {
    const label = svg("text", { x: at.toFixed(1), y, "text-anchor": anchor });
    label.textContent = said;
    return label;
  };
  const isPlain = data.cell === "tanh" || data.cell === "relu";
  const hops = isPlain
    ? data.words.map((_, i) => i + 1).filter((s) => s !== t && data.group[s - 1] === data.group[t - 1])
    : [];
  const others = hops.flatMap((s) => directionsOf(data, errors, s)?.by ?? []);
  const keeps = least < 1 && most > 1;
  const own = number(x(by), line + 17, `×${written}`);
  own.setAttribute("class", "own");
  picture.replaceChildren(
    ...(keeps ? [svg("path", { class: "keeps", d: `M${x(1).toFixed(1)} 2V${line + 5}` })] : []),
    ...each.map((one) =>
      svg("path", { class: "stick", d: `M${x(one.by).toFixed(1)} ${line}v${(-tall * one.share) / scale}` }),
    ),
    svg("path", { class: "line", d: `M${edge} ${line}H${width - edge}` }),
    ...others.map((factor) => svg("circle", { class: "other", cx: x(factor).toFixed(1), cy: line, r: 3 })),
    svg("circle", { class: "here", cx: x(by).toFixed(1), cy: line, r: 5 }),
    number(edge - 5, line + 4, `×${ends.least}`, "end"),
    number(width - edge + 5, line + 4, `×${ends.most}`, "start"),
    ...(keeps && Math.abs(x(by) - x(1)) > CLOSE ? [number(x(1), line + 17, "×1")] : []),
    own,
  );
  const said = labelAt(text(isPlain ? "directions_plain" : `directions_${data.cell}`), t, data);
  setText(caption, said);
  picture.setAttribute("aria-label", text("directions_alt", { said, ...ends, by: written }));
}
