// What the inspector shows of each cell, as tables; elements.js builds the equations from them.

import { answer, arrives, fromAnswer, STREAMS, streams } from "./answer_equations.js";
import { choose, equation, gate, legend, line, row, say, title, worked } from "./blocks.js";

/**
 * @import { Block } from "./blocks.js"
 * @import { InspectorData } from "./factors.js"
 */

const GROUPS = ["rnn", "encoder", "decoder", "reverse", "nothing"];
const BEFORE = ["first", "later", "handed"];
const INPUTS = ["known", "unknown", "answer", "label", "nothing"];

// ---------------------------------------------------------------- of all cells

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
