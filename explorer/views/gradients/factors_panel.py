"""One entry of a credit matrix taken apart, factor by factor: the panel on Gradients that a click on a matrix opens."""

import numpy as np
import pandas as pd
import streamlit as st

from explorer import formatting
from explorer.choices.record import Choices
from explorer.figures import jacobian_factors
from explorer.formatting import plural
from explorer.prose import prose
from explorer.theme import CELL_NAMES
from explorer.views import common
from explorer.views.common import NO_TOOLBAR, download
from explorer.views.gradients import cell_flow
from explorer.views.gradients.cell_flow import GradientFlow
from explorer.views.gradients.credit_panels import Flows


def panel(flows: Flows, chosen: Choices) -> None:
    T = len(next(iter(flows.values())).look.words)
    if not chosen.credit_s:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(prose("gradients", "take_apart"), width="content")
            st.button("Take one apart", key="take_apart", on_click=_open, args=(T,))
        return
    with st.container(border=True, key="factors"):
        cell, s, k = _which(T)
        flow = flows[cell]
        st.caption(prose("gradients", "chain" if flow.spectrum else "chain_gated"))
        if s == k:
            st.info(prose("gradients", "same_step"))
        else:
            _factors(flow, s, k)


def _open(T: int) -> None:
    st.session_state.update(credit_s=T, credit_k=1)


def _close() -> None:
    st.session_state["credit_s"] = 0


def _which(T: int) -> tuple[str, int, int]:
    """The entry (s, k) of which cell: a click on a matrix sets these, too"""
    st.session_state["credit_s"] = min(st.session_state["credit_s"], T)
    st.session_state["credit_k"] = min(st.session_state["credit_k"], st.session_state["credit_s"])
    with st.container(horizontal=True, vertical_alignment="bottom"):
        cell = st.segmented_control("One number, factor by factor", list(CELL_NAMES), key="credit_cell", required=True,
                                    format_func=CELL_NAMES.get, persist_state="session")  # fmt: skip
        s = st.number_input("Gradient of the loss at step s", 1, T, key="credit_s", width=240, persist_state="session")
        k = st.number_input(
            "with respect to the state at step k", 1, s, key="credit_k", width=240, persist_state="session"
        )
        st.button("Close", key="close_factors", on_click=_close)
    return cell, s, k


def _factors(flow: GradientFlow, s: int, k: int) -> None:
    chain, state_name = flow.chain(s, k), cell_flow.STATE_NAMES[flow.cell]
    palette = common.palette()
    reading = chain_sentence(chain, state_name, s, k)
    number, start = flow.matrix[s - 1, [k - 1, s - 1]]
    if not np.isnan(number):  # a truncated way back has not reached it
        told = {
            "number": formatting.power(number),
            "start": formatting.power(start),
            "name": state_name,
            "s": s,
            "k": k,
        }
        st.markdown(prose("gradients", "entry", **told))
    each, product = st.columns(2)
    with each:
        st.markdown("**The factors**")
        lines = {"norm of the factor": chain.factors}
        if chain.weights is not None:
            lines |= {
                "largest slope": chain.saturation,
                "weights": chain.weights,
                "mean slope": chain.mean_slope,
            }
        marks = (palette.cells[flow.cell], palette.positive, palette.faint, palette.negative)
        colours = dict(zip(("norm of the factor", "largest slope", "weights", "mean slope"), marks, strict=True))
        st.plotly_chart(jacobian_factors.figure(chain.steps, lines, colours, palette), key="factors_chart",
                        config=NO_TOOLBAR,
                        alt="The norm of each factor, at the step it belongs to. " + reading)  # fmt: skip
    with product:
        st.markdown(f"**Their product, from step {s} back**")
        lines = {"measured": chain.product, "product of the norms": chain.product_of_norms}
        colours = {"measured": palette.cells[flow.cell], "product of the norms": palette.faint}
        st.plotly_chart(jacobian_factors.figure(chain.steps - 1, lines, colours, palette), key="product_chart",
                        config=NO_TOOLBAR,
                        alt="The product so far, from the last factor to the first. " + reading)  # fmt: skip
    st.markdown(reading)
    download("CSV", lambda: chain_table(chain), "factors.csv")


def chain_sentence(chain: cell_flow.Chain, name: str, s: int, k: int) -> str:
    """The product in words: what was measured, and what its factors would allow"""
    power = formatting.power
    told = (
        f"‖∂{name}⟨{s}⟩/∂{name}⟨{k}⟩‖ = **{power(chain.product[0])}**. The norms of its "
        f"{plural(s - k, 'factor')} multiply to {power(chain.product_of_norms[0])}"
    )
    if chain.weights is None:
        return told + "."
    saturation, weights = power(chain.saturation.sum()), power(chain.weights.sum())
    return f"{told}; taken apart, the largest slopes multiply to {saturation} and the weights to {weights}."


def chain_table(chain: cell_flow.Chain) -> pd.DataFrame:
    """One row a step, in time order; all sizes as log10"""
    columns = {f"log10_{name}": value for name, value in chain._asdict().items() if name != "steps"}
    return pd.DataFrame({"step": chain.steps} | {name: value for name, value in columns.items() if value is not None})
