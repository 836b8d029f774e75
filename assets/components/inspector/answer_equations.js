// What the inspector shows of each kind of answer, and of what comes down from it, as tables that all cells share.

import { choose, equation, line, row, say, when, worked } from "./blocks.js";

/**
 * @import { Block } from "./blocks.js"
 * @import { InspectorData } from "./factors.js"
 */

/** @param {InspectorData} data @returns {Block[]} */
export const answer = (data) => [
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

// ---------------------------------------------------------------- the way back

const OWN = "W_{ya}^{T}(ŷ^{t} − y^{t})";
const CHOSEN = "Σ_{s} ∂ℒ/∂e^{⟨[own],s⟩} a^{s}";
const SEEN = "Σ_{s}(α^{⟨s,[t]⟩} ∂ℒ/∂context^{s} + ∂ℒ/∂e^{⟨s,[t]⟩} a^{s})";
export const STREAMS = ["both", "last", "next", "look", "look_last", "attention", "nothing", "none"];

/** ∂ℒ/∂a⟨t⟩ as the sum of what arrives @param {string} state @param {string} next @returns {Block} */
export function arrives(state, next) {
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
export const fromAnswer = ({ softmax, attention }) => [
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
export const streams = ({ attention }, name, label, via) => [
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
