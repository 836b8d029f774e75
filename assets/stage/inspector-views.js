// What the inspector shows of each cell, as tables; inspector.js, which follows in the same module, builds the card from them.
//   ["row", numbers, name of one entry, label, note]        ["gate", …]: the same for numbers from 0 to 1
//   "u·c_tilde + 1-u·a_prev"   numbers: rows of the payload, added, multiplied, x-y, x², tanh x; x_prev is step t − 1
//   [fact]  [‖numbers‖]  [numbers]     a slot: a fact about the step, a norm, or the sum written out for one unit
//   {last: …, more: …}                 a choice: one sentence is visible, and all keep their place
//   $…$  ^{t-1}                        mathematics, and in it a script that gets the step's number

const STATE_BEFORE = { first: "the start state: zero", later: "the state after ‘[previous]’" };

const PREDICTION = [
  ["line", "The probability that ‘[word]’ is part of a person’s name:"],
  ["equation", "$ŷ^{t} = σ(W_{ya} a^{t} + b_{y}) = σ([logit]) = [y_hat]$", "(1)"],
  ["equation", "$ℒ^{t} = −y^{t} log ŷ^{t} − (1 − y^{t}) log(1 − ŷ^{t})$", "(2)"],
  ["line", { name: "[label] $y^{t} = 1$ (part of a name), so only the first term is left:",
             other: "[label] $y^{t} = 0$ (not part of a name), so only the second term is left:" }],
  ["equation", { name: "$ℒ^{t} = −log ŷ^{t} = −log [y_hat] = [loss]$",
                 other: "$ℒ^{t} = −log(1 − ŷ^{t}) = −log(1 − [y_hat]) = [loss]$" }],
];

const NOT_ADDING_UP = "This step’s share (the bar in full colour) has norm [share]; the total, $∂ℒ/∂W_{aa}$, has norm [total]. "
  + "Shares are matrices that can partly cancel, so their norms need not add up to the total’s.";

const ONLY_ONE = "Only one stream arrives at the last word: from $ŷ^{t}$, norm [from_y]. Nothing comes from the future.";
const NO_NEXT = "zero: there is no step after this one";

/** The input of a cell with gates: the columns of its matrices are one column of the stack that holds them all */
const column = (matrices) => {
  const together = `${matrices} together are still one column of $W_{ax}$, column [id].`;
  return { known: `‘[word]’ is index [id]: ${together}`, unknown: `‘[word]’ is read as <UNK>, index [id]: ${together}` };
};

const PLAIN = {
  forward: [
    ["title", "Step $t$ = [t]: [word]"],
    ["equation", "$a^{t} = [g]( W_{aa} a^{t-1} + W_{ax} x^{t} + b_{a} )$", "(1)"],
    ["row", "a_prev", "a⟨t−1⟩", "$a^{t-1}$", STATE_BEFORE],
    ["row", "from_a", "(Waa a⟨t−1⟩)", "$W_{aa} a^{t-1}$", "that state through the recurrent weights"],
    ["row", "from_x", "(Wax x⟨t⟩)", "$+ W_{ax} x^{t}$", {
      known: "‘[word]’ is index [id], so this is column [id] of $W_{ax}$",
      unknown: "‘[word]’ is read as <UNK>, index [id]: column [id] of $W_{ax}$" }],
    ["row", "ba", "ba", "$+ b_{a}$", "the bias, the same at every step"],
    ["row", "from_a + from_x + ba", "z⟨t⟩", "$= z^{t}$", "the sum of the three rows above"],
    ["row", "a", "a⟨t⟩", "$a^{t} = [g](z^{t})$", { tanh: "squeezed between −1 and 1", relu: "what is negative becomes 0" }],
    ["worked", "$a^{t}[[unit]] = [g]([from_a + from_x + ba]) = [a]$"],
    ["legend", "full colour from ±[bound] on, in all rows and at every step"],
    ...PREDICTION,
  ],
  backward: [
    ["title", "Back at $t$ = [t]: [word]"],
    ["equation", "$∂ℒ/∂a^{t} = W_{ya}^{T}(ŷ^{t} − y^{t}) + W_{aa}^{T} δ^{t+1}$"],
    ["line", { last: ONLY_ONE, more: "Two streams meet here: from $ŷ^{t}$, norm [from_y], and from $a^{t+1}$, norm [from_next]; "
      + "their sum has norm [grad]." }],
    ["row", "stream_y", "(Wyaᵀ(ŷ⟨t⟩ − y⟨t⟩))", "$W_{ya}^{T}(ŷ^{t} − y^{t})$", "from this word’s own loss"],
    ["row", "stream_next", "(Waaᵀ δ⟨t+1⟩)", "$+ W_{aa}^{T} δ^{t+1}$", {
      more: "from all later losses, through $a^{t+1}$", last: NO_NEXT }],
    ["row", "d_a", "∂ℒ/∂a⟨t⟩", "$= ∂ℒ/∂a^{t}$", "the sum of the two rows above"],
    ["gate", "slope", "g1′(z⟨t⟩)", "$g_{1}^{′}(z^{t})$", {
      tanh: "saturation $1 − (a^{t})²$: 0 blocks, 1 lets through", relu: "saturation: 0 blocks, 1 lets through" }],
    ["row", "delta", "δ⟨t⟩", "$δ^{t} = g_{1}^{′}(z^{t}) ⊙ ∂ℒ/∂a^{t}$", "the two rows above, multiplied"],
    ["worked", "$∂ℒ/∂a^{t}[[unit]] = [stream_y + stream_next] = [d_a]$", "$δ^{t}[[unit]] = [slope·d_a] = [delta]$"],
    ["legend", "log scale for the whole sentence: full colour from ±[largest] on, the largest entry of any $∂ℒ/∂a$; "
      + "none below a thousandth of it"],
    ["shares", "$∂ℒ/∂W_{aa} |_{([t])} = δ^{t} a^{t-1}^{T}$", "(4)"],
    ["line", NOT_ADDING_UP],
  ],
};

const GRU = {
  forward: [
    ["title", "Step $t$ = [t]: [word]"],
    ["line", column("$W_{ux} x^{t}$, $W_{rx} x^{t}$ and $W_{cx} x^{t}$")],
    ["row", "a_prev", "c⟨t−1⟩", "$c^{t-1}$", STATE_BEFORE],
    ["gate", "u", "Γu", "$Γ_{u} = σ(W_{uc} c^{t-1} + W_{ux} x^{t} + b_{u})$", "update: 1 writes $c̃^{t}$, 0 keeps $c^{t-1}$"],
    ["gate", "r", "Γr", "$Γ_{r} = σ(W_{rc} c^{t-1} + W_{rx} x^{t} + b_{r})$",
      "relevance: how much of $c^{t-1}$ enters $c̃^{t}$"],
    ["row", "c_tilde", "c̃⟨t⟩", "$c̃^{t} = tanh(W_{cc}(Γ_{r} ⊙ c^{t-1}) + W_{cx} x^{t} + b_{c})$", "the candidate"],
    ["row", "a", "c⟨t⟩", "$a^{t} = c^{t} = Γ_{u} ⊙ c̃^{t} + (1 − Γ_{u}) ⊙ c^{t-1}$", "the new state"],
    ["worked",
      "$Γ_{u}[[unit]] = σ([past_u + x_u + b_u]) = [u]$",
      "$Γ_{r}[[unit]] = σ([past_r + x_r + b_r]) = [r]$",
      "$c̃^{t}[[unit]] = tanh([past_c + x_c + b_c]) = [c_tilde]$",
      "$c^{t}[[unit]] = [u·c_tilde + 1-u·a_prev] = [a]$"],
    ["legend", "full colour from ±[bound] on; gates in grey: none at 0, full at 1"],
    ...PREDICTION,
  ],
  backward: [
    ["title", "Back at $t$ = [t]: [word]"],
    ["equation", "$∂ℒ/∂c^{t} = W_{ya}^{T}(ŷ^{t} − y^{t}) + (∂c^{t+1}/∂c^{t})^{T} ∂ℒ/∂c^{t+1}$"],
    ["line", { last: ONLY_ONE, more: "Two streams meet at $a^{t} = c^{t}$: from $ŷ^{t}$, norm [from_y], and from $c^{t+1}$, "
      + "norm [from_next]; their sum has norm [grad]." }],
    ["row", "stream_y", "(Wyaᵀ(ŷ⟨t⟩ − y⟨t⟩))", "$W_{ya}^{T}(ŷ^{t} − y^{t})$", "from this word’s own loss"],
    ["row", "stream_next", "((∂c⟨t+1⟩/∂c⟨t⟩)ᵀ ∂ℒ/∂c⟨t+1⟩)", "$+ (∂c^{t+1}/∂c^{t})^{T} ∂ℒ/∂c^{t+1}$", {
      more: "from all later losses, by all paths", last: NO_NEXT }],
    ["row", "d_a", "∂ℒ/∂c⟨t⟩", "$= ∂ℒ/∂c^{t}$", "the sum of the two rows above"],
    ["gate", "1-u", "(1 − Γu)", "$1 − Γ_{u}$", "the direct path back, from $c^{t}$ to $c^{t-1}$: 0 blocks, 1 lets through"],
    ["line", "Of norm [grad] the direct path lets [‖1-u·d_a‖] through to $c^{t-1}$. "
      + "Error also reaches it through $c̃^{t}$, $Γ_{u}$ and $Γ_{r}$: by the three $δ$ below."],
    ["row", "delta_u", "δu", "$δ_{u} = ∂ℒ/∂c^{t} ⊙ (c̃^{t} − c^{t-1}) ⊙ Γ_{u} ⊙ (1 − Γ_{u})$", "error at the sum inside its σ"],
    ["row", "delta_c", "δc", "$δ_{c} = ∂ℒ/∂c^{t} ⊙ Γ_{u} ⊙ (1 − (c̃^{t})²)$", "error at the sum inside the tanh"],
    ["row", "delta_r", "δr", "$δ_{r} = W_{cc}^{T} δ_{c} ⊙ c^{t-1} ⊙ Γ_{r} ⊙ (1 − Γ_{r})$", "error at the sum inside its σ"],
    ["worked",
      "$∂ℒ/∂c^{t}[[unit]] = [stream_y + stream_next] = [d_a]$",
      "$δ_{u}[[unit]] = [d_a·c_tilde-a_prev·u·1-u] = [delta_u]$",
      "$δ_{c}[[unit]] = [d_a·u·1-c_tilde²] = [delta_c]$",
      "$δ_{r}[[unit]] = [d_past·a_prev·r·1-r] = [delta_r]$"],
    ["legend", "log scale for the whole sentence: full colour from ±[largest] on, the largest entry of any $∂ℒ/∂c$; "
      + "none below a thousandth of it"],
    ["shares", "$∂ℒ/∂W_{aa} |_{([t])}$", "(4)"],
    ["line", NOT_ADDING_UP],
    ["line", "$W_{aa}$ is $W_{uc}$, $W_{rc}$ and $W_{cc}$, one above the other; this step adds "
      + "$δ_{u} c^{t-1}^{T}$, $δ_{r} c^{t-1}^{T}$ and $δ_{c} (Γ_{r} ⊙ c^{t-1})^{T}$."],
  ],
};

const LSTM = {
  forward: [
    ["title", "Step $t$ = [t]: [word]"],
    ["line", column("$W_{ux} x^{t}$, $W_{fx} x^{t}$, $W_{ox} x^{t}$ and $W_{cx} x^{t}$")],
    ["row", "a_prev", "a⟨t−1⟩", "$a^{t-1}$", STATE_BEFORE],
    ["row", "c_prev", "c⟨t−1⟩", "$c^{t-1}$",
      { first: "the memory at the start: zero", later: "the memory after ‘[previous]’" }],
    ["gate", "u", "Γu", "$Γ_{u} = σ(W_{ua} a^{t-1} + W_{ux} x^{t} + b_{u})$", "update: how much of $c̃^{t}$ is written"],
    ["gate", "f", "Γf", "$Γ_{f} = σ(W_{fa} a^{t-1} + W_{fx} x^{t} + b_{f})$", "forget: 1 keeps $c^{t-1}$, 0 forgets it"],
    ["gate", "o", "Γo", "$Γ_{o} = σ(W_{oa} a^{t-1} + W_{ox} x^{t} + b_{o})$", "output: how much shows in $a^{t}$"],
    ["row", "c_tilde", "c̃⟨t⟩", "$c̃^{t} = tanh(W_{ca} a^{t-1} + W_{cx} x^{t} + b_{c})$", "the candidate"],
    ["row", "c", "c⟨t⟩", "$c^{t} = Γ_{u} ⊙ c̃^{t} + Γ_{f} ⊙ c^{t-1}$", "the new memory"],
    ["row", "a", "a⟨t⟩", "$a^{t} = Γ_{o} ⊙ tanh c^{t}$", "what shows of it"],
    ["worked",
      "$Γ_{u}[[unit]] = σ([past_u + x_u + b_u]) = [u]$",
      "$Γ_{f}[[unit]] = σ([past_f + x_f + b_f]) = [f]$",
      "$Γ_{o}[[unit]] = σ([past_o + x_o + b_o]) = [o]$",
      "$c̃^{t}[[unit]] = tanh([past_c + x_c + b_c]) = [c_tilde]$",
      "$c^{t}[[unit]] = [u·c_tilde + f·c_prev] = [c]$",
      "$a^{t}[[unit]] = [o]·tanh([c]) = [a]$"],
    ["legend", "full colour from ±[bound] on; gates in grey: none at 0, full at 1"],
    ...PREDICTION,
  ],
  backward: [
    ["title", "Back at $t$ = [t]: [word]"],
    ["equation", "$∂ℒ/∂a^{t} = W_{ya}^{T}(ŷ^{t} − y^{t}) + W_{aa}^{T} δ^{t+1}$"],
    ["equation", "$∂ℒ/∂c^{t} = Γ_{f}^{t+1} ⊙ ∂ℒ/∂c^{t+1} + Γ_{o} ⊙ (1 − tanh² c^{t}) ⊙ ∂ℒ/∂a^{t}$"],
    ["line", { last: ONLY_ONE, more: "Two streams meet here: from $ŷ^{t}$, norm [from_y], and from step [next], norm [from_next], "
      + "by two paths: through the gates into $a^{t}$, norm [‖stream_next‖], and along the memory into $c^{t}$, norm [‖memory_next‖]; "
      + "all together norm [grad]." }],
    ["row", "stream_y", "(Wyaᵀ(ŷ⟨t⟩ − y⟨t⟩))", "$W_{ya}^{T}(ŷ^{t} − y^{t})$", "from this word’s own loss"],
    ["row", "stream_next", "(Waaᵀ δ⟨t+1⟩)", "$+ W_{aa}^{T} δ^{t+1}$", {
      more: "from all later losses, through the gates of step [next]", last: NO_NEXT }],
    ["row", "d_a", "∂ℒ/∂a⟨t⟩", "$= ∂ℒ/∂a^{t}$", "the sum of the two rows above"],
    ["row", "memory_next", "(Γf⟨t+1⟩ ⊙ ∂ℒ/∂c⟨t+1⟩)", "$Γ_{f}^{t+1} ⊙ ∂ℒ/∂c^{t+1}$", {
      more: "from all later losses, along the memory", last: NO_NEXT }],
    ["gate", "o·1-tanh c²", "∂a⟨t⟩/∂c⟨t⟩", "$Γ_{o} ⊙ (1 − tanh² c^{t})$", "how much of $∂ℒ/∂a^{t}$ gets into the memory"],
    ["row", "d_c", "∂ℒ/∂c⟨t⟩", "$∂ℒ/∂c^{t}$", "along the memory, and what gets in from $a^{t}$"],
    ["gate", "f", "Γf", "$Γ_{f}$", "the direct path back, from $c^{t}$ to $c^{t-1}$: 0 blocks, 1 lets through"],
    ["line", "Of $∂ℒ/∂c^{t}$, norm [‖d_c‖], the direct path lets [‖f·d_c‖] through to $c^{t-1}$. "
      + "To $a^{t-1}$ error goes by the four $δ$ below."],
    ["row", "delta_u", "δu", "$δ_{u} = ∂ℒ/∂c^{t} ⊙ c̃^{t} ⊙ Γ_{u} ⊙ (1 − Γ_{u})$", "error at the sum inside its σ"],
    ["row", "delta_f", "δf", "$δ_{f} = ∂ℒ/∂c^{t} ⊙ c^{t-1} ⊙ Γ_{f} ⊙ (1 − Γ_{f})$", "error at the sum inside its σ"],
    ["row", "delta_o", "δo", "$δ_{o} = ∂ℒ/∂a^{t} ⊙ tanh c^{t} ⊙ Γ_{o} ⊙ (1 − Γ_{o})$", "error at the sum inside its σ"],
    ["row", "delta_c", "δc", "$δ_{c} = ∂ℒ/∂c^{t} ⊙ Γ_{u} ⊙ (1 − (c̃^{t})²)$", "error at the sum inside the tanh"],
    ["worked",
      "$∂ℒ/∂a^{t}[[unit]] = [stream_y + stream_next] = [d_a]$",
      "$∂ℒ/∂c^{t}[[unit]] = [memory_next + o·1-tanh c²·d_a] = [d_c]$",
      "$δ_{u}[[unit]] = [d_c·c_tilde·u·1-u] = [delta_u]$",
      "$δ_{f}[[unit]] = [d_c·c_prev·f·1-f] = [delta_f]$",
      "$δ_{o}[[unit]] = [d_a·tanh c·o·1-o] = [delta_o]$",
      "$δ_{c}[[unit]] = [d_c·u·1-c_tilde²] = [delta_c]$"],
    ["legend", "log scale for the whole sentence: full colour from ±[largest] on, the largest entry of any $∂ℒ/∂a$ or $∂ℒ/∂c$; "
      + "none below a thousandth of it"],
    ["shares", "$∂ℒ/∂W_{aa} |_{([t])} = δ^{t} a^{t-1}^{T}$", "(4)"],
    ["line", NOT_ADDING_UP],
    ["line", "$W_{aa}$ is $W_{ua}$, $W_{fa}$, $W_{oa}$ and $W_{ca}$, one above the other; "
      + "$δ^{t}$ is the four $δ$ in the same order."],
  ],
};

const VIEWS = { tanh: PLAIN, relu: PLAIN, gru: GRU, lstm: LSTM };
