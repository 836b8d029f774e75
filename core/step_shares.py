"""The share of step t in a gradient, ∂ℒ/∂W|(t): what each step leaves with the weights on the way back, eq. (4).

The shares of all steps add up to the gradient.
"""

import numpy as np

from core.attention import Attention, encoder_and_decoder
from core.cells import CellWeights, in_steps
from core.forward import ForwardTrace
from core.linalg import flatten_steps, sum_of_outer_products
from core.parameters import Parameters, Readout, Reverse
from core.structures import weight_spans

Errors = tuple[np.ndarray, np.ndarray]  # ∂ℒ/∂logits (T, B, n_y) and ∂ℒ/∂z (T, B, n) of one stream


def gradient_of_steps(trace: ForwardTrace, errors: Errors, reverse: Errors | None, steps: slice) -> Parameters:
    """∂ℒ/∂W for every weight, as far as these steps add to it: each error times what the weight met at that step

    reverse: the errors of a second stream, in its own order of steps
    """
    d_logits, d_z = errors
    grads: Parameters = {}
    for group, span in weight_spans(trace.slots):
        part = slice(max(span.start, steps.start), max(span.start, min(span.stop, steps.stop)))
        of_run = trace.cell.param_grads(
            trace.params[group], in_steps(trace.kept, part), trace.state[:-1][part], trace.x[part], d_z[part]
        )
        grads[group] = CellWeights(*map(np.add, grads[group], of_run)) if group in grads else of_run
    d_answers = d_logits[steps]
    grads["readout"] = Readout(sum_of_outer_products(d_answers, trace.a[1:][steps]), flatten_steps(d_answers).sum(0))
    if trace.focus:
        _, decoder = encoder_and_decoder(trace.slots)
        part = slice(max(decoder.start, steps.start), max(decoder.start, steps.stop))
        context = trace.focus.context[part.start - decoder.start : part.stop - decoder.start]
        grads["attention"] = Attention(sum_of_outer_products(d_logits[part], context))
    if trace.reverse and reverse:
        order = trace.reverse.order[..., None]
        here = (steps.start <= order) & (order < steps.stop)
        of_logits, of_z = (np.where(here, array, 0.0) for array in reverse)
        own = gradient_of_steps(trace.reverse, (of_logits, of_z), None, slice(0, len(of_z)))
        grads["reverse"] = Reverse(own["rnn"].Waa, own["rnn"].Wax, own["rnn"].ba, own["readout"].Wya)
    return grads
