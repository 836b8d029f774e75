// Why Wax x⟨t⟩ is one column of Wax: the table under the one-hot picture. A part of the module that onehot.js begins.

/** Two digits and no 0 before the point, for inside a cell: −.83, 1.4, 12, 4e-3. */
export function short(v) {
  if (!Number.isFinite(v)) return "–";
  const size = Math.abs(v);
  const text = size === 0 ? "0" : size < 0.00995 || size >= 999.5 ? v.toExponential(0)
    : v.toFixed(size < 0.995 ? 2 : size < 9.95 ? 1 : 0).replace("0.", ".");
  return text.replace("e+", "e").replace(/^-/, "−");
}

/** "0 × column 0 + … + 1 × column 12 + … + 0 × column 677", with the 1 marked. */
export function terms(id, last) {
  const zero = (i) => ({ text: `0 × column ${count(i)}` });
  const dots = (gap) => (gap > 1 ? [{ text: "…" }] : []);
  return [...(id > 0 ? [zero(0), ...dots(id)] : []), { text: `1 × column ${count(id)}`, one: true },
    ...(id < last ? [...dots(last - id), zero(last)] : [])];
}

// ---------------------------------------------------------------- the table

const Wax = () => el("span", "symbol", {}, "W", el("sub", "", {}, "ax"));

/** The table under the picture: the entries of x⟨t⟩ around its 1, each with its column of Wax; then both results. */
function makeProof({ near, n_a }) {
  const line = (name, ...head) => {
    const cells = el("div", "cells", {}, ...many(n_a, "cell"));
    return { root: el("div", `line ${name}`, { "data-testid": name }, el("div", "head", {}, ...head), cells), cells: [...cells.children] };
  };
  const entries = near[0].map(() => {
    const [index, word, bit] = ["near-index", "near-word", "bit"].map((name) => el("span", name));
    return { ...line("entry", index, word, bit, el("span", "times", {}, "×")), index, word, bit };
  });
  const slot = Object.fromEntries(["above", "below", "computed", "column", "read", "verdict", "full"].map((name) => [name, el("span", name)]));
  const proof = { entries, slot, terms: el("div", "terms"), vectors: [x(), x()] };
  const [inTitle, inProduct] = proof.vectors;
  proof.product = line("product", el("span", "name", {}, Wax(), " ", inProduct), el("code", "", {}, slot.computed));
  proof.picked = line("picked", el("span", "name", {}, slot.column, " of ", Wax()), el("code", "", {}, slot.read));
  proof.title = el("h3", "", {}, "3. Why ", Wax(), " ", x(), " is one column of ", Wax());
  proof.root = el("div", "proof", {}, proof.title, proof.terms,
    el("div", "line titles", {}, el("div", "head", {}, el("span", "near-index", {}, "index"), el("span", "near-word", {}, "word"),
      el("span", "bit", {}, inTitle), el("span", "times")), el("div", "", {}, "column of ", Wax(), " with this index")),
    el("div", "more", {}, slot.above), ...entries.map(({ root }) => root), el("div", "more", {}, slot.below),
    proof.product.root, proof.picked.root, el("p", "say", { "data-testid": "verdict" }, slot.verdict),
    el("p", "legend", {}, el("span", "ramp"), el("span", "", {}, "full colour from ±", slot.full, " on, the largest entry of ", Wax())));
  return proof;
}

// ---------------------------------------------------------------- its numbers

function paint(cells, values, scale, name, numbers) {
  cells.forEach((cell, i) => {
    const strength = Math.min(100, (100 * Math.abs(values[i])) / (scale || 1)) || 0; // NaN is not coloured
    cell.style.setProperty("--strength", `${strength}%`);
    cell.classList.toggle("negative", values[i] < 0);
    cell.title = `${name.replace("·", i)} = ${Number.isFinite(values[i]) ? +values[i].toPrecision(4) : "–"}`;
    const text = numbers ? short(values[i]) : "";
    cell.classList.toggle("tight", text.length > 4);
    put(cell, text);
  });
}

function fillProof({ data, proof, values }, t) {
  const { n_a, n_x, near, columns, columns_words, scale } = data;
  const id = data.ids[t - 1];
  const window = near[t - 1];
  const vector = (array, i) => array.subarray(i * n_a, (i + 1) * n_a);
  proof.entries.forEach((entry, i) => {
    const at = columns.indexOf(window[i]);
    put(entry.index, count(window[i]));
    put(entry.word, columns_words[at]);
    put(entry.bit, Number(window[i] === id));
    entry.root.classList.toggle("one", window[i] === id);
    paint(entry.cells, vector(values.columns, at), scale, `Wax[·, ${window[i]}]`, window[i] === id);
  });
  put(proof.slot.full, short(scale ?? NaN));
  const zeros = (n, where) => (n ? `⋮ ${count(n)} more ${n === 1 ? "zero" : "zeros"} ${where}` : "");
  put(proof.slot.above, zeros(window[0], "above"));
  put(proof.slot.below, zeros(n_x - 1 - window.at(-1), "below"));
  for (const vectorOf of proof.vectors) put(vectorOf.lastChild, `⟨${t}⟩`);
  put(proof.slot.computed, `one_hot(${id}, ${n_x}) @ Wax.T`);
  put(proof.slot.read, `Wax[:, ${id}]`);
  put(proof.slot.column, `column ${count(id)}`);
  paint(proof.product.cells, vector(values.product, t - 1), scale, `(Wax x⟨${t}⟩)[·]`, true);
  paint(proof.picked.cells, vector(values.picked, t - 1), scale, `Wax[·, ${id}]`, true);
  proof.terms.replaceChildren(Wax(), " ", x(t), " = ", ...terms(id, n_x - 1).flatMap(({ text, one }, i) =>
    [i ? " + " : "", el("span", one ? "one" : "", {}, text)]), ` = column ${count(id)} of `, Wax());
  put(proof.slot.verdict, `Equal: ${data.equal[t - 1] ? `yes, all ${n_a} numbers` : "no, because some weights are not finite, and 0 × ∞ is not 0"}. `
    + `The product takes ${n_a} × ${count(n_x)} = ${count(n_a * n_x)} multiplications, the look-up none.`);
}
