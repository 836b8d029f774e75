// What the inspector shows of each cell and each kind of answer, as tables; elements.js builds the card from them.
//   [fact]  [‖numbers‖]  [sum numbers]  [numbers]   a slot: a fact about the step, a norm, a sum written out, one entry
//   $…$  ^{t-1}                                     mathematics, and in it a script that gets the step's number
//   {fact}                                          a slot in a text of assets/prose/inspector.md

/**
 * @import { InspectorData } from "./factors.js"
 * @typedef {{ aspect: string, options: Record<string, string> }} Choice of the options the one is seen that holds now (situation.js)
 * @typedef {string | Choice} Template
 * @typedef {object} Block
 * @property {"title" | "line" | "equation" | "legend" | "row" | "worked" | "shares" | "classes" | "looks"} kind
 * @property {Template[]} texts
 * @property {string} [numbers] of a row: the row's name in recipes.js
 * @property {string} [name] of a row: what one of its entries is called
 * @property {boolean} [gate] of a row: its numbers lie between 0 and 1
 * @property {[string, string][]} [columns] of a table: head and fact
 * @property {[string, string[]]} [when] an aspect of the step, and its values with which the block is there at all
 */

/** @param {string} name */
const say = (name) => TEXTS[name];

/** The text of each situation @param {string} aspect @param {string} base @param {string[]} values @returns {Choice} */
const choose = (aspect, base, ...values) => ({
  aspect,
  options: Object.fromEntries(values.map((value) => [value, TEXTS[`${base}_${value}`]])),
});

/** @param {Template} text @returns {Block} */
const title = (text) => ({ kind: "title", texts: [text] });
/** @param {Template} text @returns {Block} */
const line = (text) => ({ kind: "line", texts: [text] });
/** @param {Template} text @returns {Block} */
const equation = (text, number = "") => ({ kind: "equation", texts: [text, number] });
/** @param {Template} text @returns {Block} */
const legend = (text) => ({ kind: "legend", texts: [text] });
/** @param {string} numbers @param {string} name @param {Template} label @param {Template} note @returns {Block} */
const row = (numbers, name, label, note) => ({ kind: "row", texts: [label, note], numbers, name });
/** @param {string} numbers @param {string} name @param {Template} label @param {Template} note @returns {Block} */
const gate = (numbers, name, label, note) => ({ ...row(numbers, name, label, note), gate: true });
/** @param {Template[]} texts @returns {Block} */
const worked = (...texts) => ({ kind: "worked", texts });
/** @param {string} aspect @param {string[]} values @param {Block[]} blocks */
const when = (aspect, values, ...blocks) =>
  blocks.map((block) => ({ ...block, when: /** @type {[string, string[]]} */ ([aspect, values]) }));

const GROUPS = ["rnn", "encoder", "decoder", "reverse", "nothing"];
const BEFORE = ["first", "later", "handed"];
const INPUTS = ["known", "unknown", "answer", "label", "nothing"];

// ---------------------------------------------------------------- the answer

/** @param {InspectorData} data @returns {Block[]} */
const answer = (data) => [
  ...when("answer", ["silent"], line(say("silent"))),
  ...(data.attention ? when("look", ["decoder"], ...LOOK) : []),
  ...when("answer", ["due", "unlabelled"], ...(data.softmax ? softmax(data) : SIGMOID)),
  ...when("answer", ["unlabelled"], line(say("unlabelled"))),
  ...when("answer", ["due"], ...(data.softmax ? SOFTMAX_LOSS : SIGMOID_LOSS)),
];

const SIGMOID = [line(say("sigmoid")), equation("$ŷ^{t} = σ(W_{ya} a^{t} + b_{y}) = σ([logit]) = [y_hat]$", "(1)")];

const SIGMOID_LOSS = [
  equation("$ℒ^{t} = −y^{t} log ŷ^{t} − (1 − y^{t}) log(1 − ŷ^{t})$", "(2)"),
  line(choose("target", "target", "one", "zero", "guessed_one", "guessed_zero")),
  equation({
    aspect: "side",
    options: {
      one: "$ℒ^{t} = −log ŷ^{t} = −log [y_hat] = [loss]$",
      zero: "$ℒ^{t} = −log(1 − ŷ^{t}) = −log(1 − [y_hat]) = [loss]$",
    },
  }),
];

/** What the other stream of a network that reads in both directions adds */
const MORE = { only: "", first: "reverse.W_{ya} ←a^{t}", second: "→W_{ya} →a^{t}" };

/** @param {InspectorData} data @returns {Block[]} */
function softmax({ attention, stream }) {
  const more = attention ? "W_{yc} context^{⟨[own]⟩}" : MORE[stream];
  return [
    line(say("softmax")),
    equation(`$z^{t} = W_{ya} a^{t}${more && ` + ${more}`} + b_{y}$`),
    equation("$ŷ^{t} = softmax(z^{t})$", "(1)"),
    {
      kind: "classes",
      texts: [],
      columns: [
        ["", "name"],
        ["$W_{ya} a^{t}$", "from_a"],
        .../** @type {[string, string][]} */ (more ? [[`$${more}$`, "from_more"]] : []),
        ["$b_{y}$", "by"],
        ["$z^{t}$", "z"],
        ["$ŷ^{t}$", "y_hat"],
      ],
    },
  ];
}

const SOFTMAX_LOSS = [line(choose("label", "label", "known", "guessed")), equation("$ℒ^{t} = −log [y_hat] = [loss]$")];

/** A decoder that attends @type {Block[]} */
const LOOK = [
  line(say("look")),
  equation("$e^{⟨[own],s⟩} = a^{t} · a^{s}$"),
  equation("$α^{⟨[own],s⟩} = softmax_{s} e^{⟨[own],s⟩}$"),
  {
    kind: "looks",
    texts: [],
    columns: [
      ["", "name"],
      ["$s$", "s"],
      ["$e^{⟨[own],s⟩}$", "score"],
      ["$α^{⟨[own],s⟩}$", "alpha"],
    ],
  },
  row("context", "context⟨own⟩", "$context^{⟨[own]⟩} = Σ_{s} α^{⟨[own],s⟩} a^{s}$", say("context")),
  worked("$context^{⟨[own]⟩}[[unit]] = [sum context] = [context]$"),
];

// ---------------------------------------------------------------- the way back, of all cells

const OWN = "W_{ya}^{T}(ŷ^{t} − y^{t})";
const CHOSEN = "Σ_{s} ∂ℒ/∂e^{⟨[own],s⟩} a^{s}";
const SEEN = "Σ_{s}(α^{⟨s,[t]⟩} ∂ℒ/∂context^{s} + ∂ℒ/∂e^{⟨s,[t]⟩} a^{s})";
const STREAMS = ["both", "last", "next", "look", "look_last", "attention", "nothing", "none"];

/** ∂ℒ/∂a⟨t⟩ as the sum of what arrives @param {string} state @param {string} next @returns {Block} */
function arrives(state, next) {
  const streams = {
    both: [OWN, next],
    last: [OWN],
    next: [next],
    look: [OWN, CHOSEN, next],
    look_last: [OWN, CHOSEN],
    attention: [SEEN, next],
    nothing: ["0"],
    none: ["0"],
  };
  const options = Object.entries(streams).map(([value, terms]) => [value, `$∂ℒ/∂${state}^{t} = ${terms.join(" + ")}$`]);
  return equation({ aspect: "streams", options: Object.fromEntries(options) });
}

/** @param {InspectorData} data @returns {Block[]} */
const fromAnswer = ({ softmax, attention }) => [
  ...when("answer", ["due"], ...(softmax ? [ERRORS, ERROR_TABLE] : [equation("$ŷ^{t} − y^{t} = [error]$")])),
  ...(attention ? when("look", ["decoder"], ...LOOK_BACK) : []),
];

/** Through attention: how well a⟨t⟩ and each a⟨s⟩ should fit @type {Block[]} */
const LOOK_BACK = [
  row("d_context", "∂ℒ/∂context⟨own⟩", "$∂ℒ/∂context^{⟨[own]⟩} = W_{yc}^{T}(ŷ^{t} − y^{t})$", say("d_context")),
  line(say("look_back")),
  equation("$∂ℒ/∂α^{⟨[own],s⟩} = a^{s} · ∂ℒ/∂context^{⟨[own]⟩}$"),
  equation("$∂ℒ/∂e^{⟨[own],s⟩} = α^{⟨[own],s⟩}(∂ℒ/∂α^{⟨[own],s⟩} − Σ_{r} α^{⟨[own],r⟩} ∂ℒ/∂α^{⟨[own],r⟩})$"),
  {
    kind: "looks",
    texts: [],
    columns: [
      ["", "name"],
      ["$s$", "s"],
      ["$α^{⟨[own],s⟩}$", "alpha"],
      ["$∂ℒ/∂α^{⟨[own],s⟩}$", "d_alpha"],
      ["$∂ℒ/∂e^{⟨[own],s⟩}$", "d_score"],
    ],
  },
];

const ERRORS = line(say("errors"));
/** @type {Block} */
const ERROR_TABLE = {
  kind: "classes",
  texts: [],
  columns: [
    ["", "name"],
    ["$ŷ^{t}$", "y_hat"],
    ["$y^{t}$", "y"],
    ["$ŷ^{t} − y^{t}$", "error"],
  ],
};

/** The streams, row by row @param {InspectorData} data @param {string} name @param {string} label @param {string} via */
const streams = ({ attention }, name, label, via) => [
  ...when(
    "look",
    ["none", "decoder"],
    row("stream_y", "(Wyaᵀ(ŷ⟨t⟩ − y⟨t⟩))", `$${OWN}$`, choose("answer", "own", "due", "silent", "unlabelled")),
  ),
  ...(attention
    ? [
        ...when("look", ["decoder"], row("stream_look", "(Σₛ ∂ℒ/∂e⟨t,s⟩ a⟨s⟩)", `$+ ${CHOSEN}$`, say("stream_look"))),
        ...when(
          "look",
          ["encoder"],
          row(
            "stream_attention",
            "(Σₛ(α⟨s,t⟩ ∂ℒ/∂context⟨s⟩ + ∂ℒ/∂e⟨s,t⟩ a⟨s⟩))",
            `$${SEEN}$`,
            say("stream_attention"),
          ),
        ),
      ]
    : []),
  row("stream_next", name, `$+ ${label}$`, choose("next", via, "more", "last", "handed")),
];

/** @param {string} formula @param {Block[]} more @returns {Block[]} */
const shares = (formula, ...more) => [{ kind: "shares", texts: [formula, "(4)"] }, line(say("shares")), ...more];

/** @param {InspectorData} data @param {string} base @returns {Block[]} */
const heading = (data, base) => [
  title(choose("title", base, ...GROUPS)),
  ...(Object.keys(data.weights).length > 1 ? [line(choose("title", "weights", "encoder", "decoder"))] : []),
  ...(data.stream === "second" ? [line(say("second_stream"))] : []),
];

// ---------------------------------------------------------------- tanh and ReLU

/** @param {InspectorData} data */
const plain = (data) => {
  const g = data.cell === "relu" ? "ReLU" : "tanh";
  return {
    forward: [
      ...heading(data, "title"),
      equation(`$a^{t} = ${g}( W_{aa} a^{t-1} + W_{ax} x^{t} + b_{a} )$`, "(1)"),
      row("a_prev", "a⟨t−1⟩", "$a^{t-1}$", choose("before", "before", ...BEFORE)),
      row("past", "(Waa a⟨t−1⟩)", "$W_{aa} a^{t-1}$", say("past")),
      row("x", "(Wax x⟨t⟩)", "$+ W_{ax} x^{t}$", choose("input", "input", ...INPUTS)),
      row("b", "ba", "$+ b_{a}$", say("bias")),
      row("z", "z⟨t⟩", "$= z^{t}$", say("sum_of_three")),
      row("a", "a⟨t⟩", `$a^{t} = ${g}(z^{t})$`, say(data.cell === "relu" ? "cut" : "squeezed")),
      worked(`$a^{t}[[unit]] = ${g}([sum z]) = [a]$`),
      legend(say("legend_forward")),
      ...answer(data),
    ],
    backward: [
      ...heading(data, "back"),
      arrives("a", "W_{aa}^{T} δ^{t+1}"),
      line(choose("streams", "streams", ...STREAMS)),
      ...fromAnswer(data),
      ...streams(data, "(Waaᵀ δ⟨t+1⟩)", "W_{aa}^{T} δ^{t+1}", "next"),
      row("d_a", "∂ℒ/∂a⟨t⟩", "$= ∂ℒ/∂a^{t}$", say("sum_of_streams")),
      gate("slope", "g1′(z⟨t⟩)", "$g_{1}^{′}(z^{t})$", say(data.cell === "relu" ? "slope_relu" : "slope_tanh")),
      row("delta", "δ⟨t⟩", "$δ^{t} = g_{1}^{′}(z^{t}) ⊙ ∂ℒ/∂a^{t}$", say("product_of_two")),
      worked("$∂ℒ/∂a^{t}[[unit]] = [sum d_a] = [d_a]$", "$δ^{t}[[unit]] = [sum delta] = [delta]$"),
      legend(say("legend_backward")),
      ...shares("$∂ℒ/∂W_{aa} |_{([t])} = δ^{t} a^{t-1}^{T}$"),
    ],
  };
};

// ---------------------------------------------------------------- GRU

/** @param {InspectorData} data */
const gru = (data) => ({
  forward: [
    ...heading(data, "title"),
    line(choose("input", "columns", ...INPUTS)),
    row("a_prev", "c⟨t−1⟩", "$c^{t-1}$", choose("before", "before", ...BEFORE)),
    gate("u", "Γu", "$Γ_{u} = σ(W_{uc} c^{t-1} + W_{ux} x^{t} + b_{u})$", say("update_gru")),
    gate("r", "Γr", "$Γ_{r} = σ(W_{rc} c^{t-1} + W_{rx} x^{t} + b_{r})$", say("relevance")),
    row("c_tilde", "c̃⟨t⟩", "$c̃^{t} = tanh(W_{cc}(Γ_{r} ⊙ c^{t-1}) + W_{cx} x^{t} + b_{c})$", say("candidate")),
    row("a", "c⟨t⟩", "$a^{t} = c^{t} = Γ_{u} ⊙ c̃^{t} + (1 − Γ_{u}) ⊙ c^{t-1}$", say("new_state")),
    worked(
      "$Γ_{u}[[unit]] = σ([sum z_u]) = [u]$",
      "$Γ_{r}[[unit]] = σ([sum z_r]) = [r]$",
      "$c̃^{t}[[unit]] = tanh([sum z_c]) = [c_tilde]$",
      "$c^{t}[[unit]] = [sum updated] = [a]$",
    ),
    legend(say("legend_gates")),
    ...answer(data),
  ],
  backward: [
    ...heading(data, "back"),
    arrives("c", "(∂c^{t+1}/∂c^{t})^{T} ∂ℒ/∂c^{t+1}"),
    line(choose("streams", "streams", ...STREAMS)),
    ...fromAnswer(data),
    ...streams(data, "((∂c⟨t+1⟩/∂c⟨t⟩)ᵀ ∂ℒ/∂c⟨t+1⟩)", "(∂c^{t+1}/∂c^{t})^{T} ∂ℒ/∂c^{t+1}", "next_paths"),
    row("d_a", "∂ℒ/∂c⟨t⟩", "$= ∂ℒ/∂c^{t}$", say("sum_of_streams")),
    gate("1-u", "(1 − Γu)", "$1 − Γ_{u}$", say("direct_path")),
    line(say("paths_gru")),
    row("delta_u", "δu", "$δ_{u} = ∂ℒ/∂c^{t} ⊙ (c̃^{t} − c^{t-1}) ⊙ Γ_{u} ⊙ (1 − Γ_{u})$", say("in_sigmoid")),
    row("delta_c", "δc", "$δ_{c} = ∂ℒ/∂c^{t} ⊙ Γ_{u} ⊙ (1 − (c̃^{t})²)$", say("in_tanh")),
    row("delta_r", "δr", "$δ_{r} = W_{cc}^{T} δ_{c} ⊙ c^{t-1} ⊙ Γ_{r} ⊙ (1 − Γ_{r})$", say("in_sigmoid")),
    worked(
      "$∂ℒ/∂c^{t}[[unit]] = [sum d_a] = [d_a]$",
      "$δ_{u}[[unit]] = [sum delta_u] = [delta_u]$",
      "$δ_{c}[[unit]] = [sum delta_c] = [delta_c]$",
      "$δ_{r}[[unit]] = [sum delta_r] = [delta_r]$",
    ),
    legend(say("legend_backward")),
    ...shares("$∂ℒ/∂W_{aa} |_{([t])}$", line(say("stack_gru"))),
  ],
});

// ---------------------------------------------------------------- LSTM

/** @param {InspectorData} data */
const lstm = (data) => ({
  forward: [
    ...heading(data, "title"),
    line(choose("input", "columns", ...INPUTS)),
    row("a_prev", "a⟨t−1⟩", "$a^{t-1}$", choose("before", "before", ...BEFORE)),
    row("c_prev", "c⟨t−1⟩", "$c^{t-1}$", choose("before", "memory", ...BEFORE)),
    gate("u", "Γu", "$Γ_{u} = σ(W_{ua} a^{t-1} + W_{ux} x^{t} + b_{u})$", say("update_lstm")),
    gate("f", "Γf", "$Γ_{f} = σ(W_{fa} a^{t-1} + W_{fx} x^{t} + b_{f})$", say("forget")),
    gate("o", "Γo", "$Γ_{o} = σ(W_{oa} a^{t-1} + W_{ox} x^{t} + b_{o})$", say("output")),
    row("c_tilde", "c̃⟨t⟩", "$c̃^{t} = tanh(W_{ca} a^{t-1} + W_{cx} x^{t} + b_{c})$", say("candidate")),
    row("c", "c⟨t⟩", "$c^{t} = Γ_{u} ⊙ c̃^{t} + Γ_{f} ⊙ c^{t-1}$", say("new_memory")),
    row("a", "a⟨t⟩", "$a^{t} = Γ_{o} ⊙ tanh c^{t}$", say("shown_memory")),
    worked(
      "$Γ_{u}[[unit]] = σ([sum z_u]) = [u]$",
      "$Γ_{f}[[unit]] = σ([sum z_f]) = [f]$",
      "$Γ_{o}[[unit]] = σ([sum z_o]) = [o]$",
      "$c̃^{t}[[unit]] = tanh([sum z_c]) = [c_tilde]$",
      "$c^{t}[[unit]] = [sum updated] = [c]$",
      "$a^{t}[[unit]] = [o]·tanh([c]) = [a]$",
    ),
    legend(say("legend_gates")),
    ...answer(data),
  ],
  backward: [
    ...heading(data, "back"),
    arrives("a", "W_{aa}^{T} δ^{t+1}"),
    equation("$∂ℒ/∂c^{t} = Γ_{f}^{t+1} ⊙ ∂ℒ/∂c^{t+1} + Γ_{o} ⊙ (1 − tanh² c^{t}) ⊙ ∂ℒ/∂a^{t}$"),
    line(choose("streams", "streams", ...STREAMS)),
    ...fromAnswer(data),
    line(choose("next", "two_paths", "more", "last", "handed")),
    ...streams(data, "(Waaᵀ δ⟨t+1⟩)", "W_{aa}^{T} δ^{t+1}", "next_gates"),
    row("d_a", "∂ℒ/∂a⟨t⟩", "$= ∂ℒ/∂a^{t}$", say("sum_of_streams")),
    row(
      "memory_next",
      "(Γf⟨t+1⟩ ⊙ ∂ℒ/∂c⟨t+1⟩)",
      "$Γ_{f}^{t+1} ⊙ ∂ℒ/∂c^{t+1}$",
      choose("next", "next_memory", "more", "last", "handed"),
    ),
    gate("o·1-tanh c²", "∂a⟨t⟩/∂c⟨t⟩", "$Γ_{o} ⊙ (1 − tanh² c^{t})$", say("into_memory")),
    row("d_c", "∂ℒ/∂c⟨t⟩", "$∂ℒ/∂c^{t}$", say("memory_sum")),
    gate("f", "Γf", "$Γ_{f}$", say("direct_path")),
    line(say("paths_lstm")),
    row("delta_u", "δu", "$δ_{u} = ∂ℒ/∂c^{t} ⊙ c̃^{t} ⊙ Γ_{u} ⊙ (1 − Γ_{u})$", say("in_sigmoid")),
    row("delta_f", "δf", "$δ_{f} = ∂ℒ/∂c^{t} ⊙ c^{t-1} ⊙ Γ_{f} ⊙ (1 − Γ_{f})$", say("in_sigmoid")),
    row("delta_o", "δo", "$δ_{o} = ∂ℒ/∂a^{t} ⊙ tanh c^{t} ⊙ Γ_{o} ⊙ (1 − Γ_{o})$", say("in_sigmoid")),
    row("delta_c", "δc", "$δ_{c} = ∂ℒ/∂c^{t} ⊙ Γ_{u} ⊙ (1 − (c̃^{t})²)$", say("in_tanh")),
    worked(
      "$∂ℒ/∂a^{t}[[unit]] = [sum d_a] = [d_a]$",
      "$∂ℒ/∂c^{t}[[unit]] = [sum d_c] = [d_c]$",
      "$δ_{u}[[unit]] = [sum delta_u] = [delta_u]$",
      "$δ_{f}[[unit]] = [sum delta_f] = [delta_f]$",
      "$δ_{o}[[unit]] = [sum delta_o] = [delta_o]$",
      "$δ_{c}[[unit]] = [sum delta_c] = [delta_c]$",
    ),
    legend(say("legend_backward")),
    ...shares("$∂ℒ/∂W_{aa} |_{([t])} = δ^{t} a^{t-1}^{T}$", line(say("stack_lstm"))),
  ],
});

const CELLS = { tanh: plain, relu: plain, gru, lstm };

/** Both sides of the card @param {InspectorData} data @returns {Record<"forward" | "backward", Block[]>} */
export const views = (data) => CELLS[data.cell](data);
