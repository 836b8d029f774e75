"""One entry of a credit matrix taken apart, factor by factor: the panel on Gradients that a click on a matrix opens."""

import numpy as np
import pandas as pd
import streamlit as st

from explorer.choices.record import Choices
from explorer.figures import jacobian_factors
from explorer.formatting import power
from explorer.prose import prose
from explorer.theme import CELL_NAMES
from explorer.views.common import NO_TOOLBAR, download, palette
from explorer.views.gradients import cell_flow
from explorer.views.gradients.cell_flow import Chain, GradientFlow
from explorer.views.gradients.credit_panels import Flows


def panel(flows: Flows, chosen: Choices) -> None:
    T = len(next(iter(flows.values())).unrolled.words)
    if not chosen.credit_s:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(prose("gradients", "take_apart"), width="content")
            st.button(prose("gradients", "take_apart_label"), key="take_apart", on_click=_open, args=(T,))
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
        cell = st.segmented_control(
            prose("gradients", "factors_cell_label"),
            list(CELL_NAMES),
            key="credit_cell",
            required=True,
            format_func=CELL_NAMES.__getitem__,
            persist_state="session",
        )
        s_label, k_label = prose("gradients", "factors_s_label"), prose("gradients", "factors_k_label")
        s = st.number_input(s_label, 1, T, key="credit_s", width=240, persist_state="session")
        k = st.number_input(k_label, 1, s, key="credit_k", width=240, persist_state="session")
        st.button(prose("gradients", "close"), key="close_factors", on_click=_close)
    return cell or next(iter(CELL_NAMES)), s, k


def _factors(flow: GradientFlow, s: int, k: int) -> None:
    chain, state = flow.chain(s, k), cell_flow.STATE_NAMES[flow.cell]
    reading = chain_sentence(chain, state, s, k)
    number, start = flow.matrix[s - 1, [k - 1, s - 1]]
    if not np.isnan(number):  # a truncated way back has not reached it
        st.markdown(prose("gradients", "entry", number=power(number), start=power(start), name=state, s=s, k=k))
    each, product = st.columns(2)
    with each:
        st.markdown(prose("gradients", "factors_title"))
        _chart(
            _each_factor(chain, flow.cell),
            chain.steps,
            "factors_chart",
            f"{prose('gradients', 'factors_alt')} {reading}",
        )
    with product:
        st.markdown(prose("gradients", "product_title", s=s))
        _chart(
            _product(chain, flow.cell),
            chain.steps - 1,
            "product_chart",
            f"{prose('gradients', 'product_alt')} {reading}",
        )
    st.markdown(reading)
    download(prose("gradients", "csv"), lambda: chain_table(chain), "factors.csv")


Lines = dict[str, tuple[np.ndarray, str]]  # by name: log10 of norms (n,), and a colour


def _each_factor(chain: Chain, cell: str) -> Lines:
    """The norm of every factor; of the plain cells its parts, too"""
    colours = palette()
    lines = {prose("gradients", "factors_norm"): (chain.factors, colours.cells[cell])}
    if chain.saturation is not None and chain.weights is not None and chain.mean_slope is not None:
        lines[prose("gradients", "factors_saturation")] = chain.saturation, colours.positive
        lines[prose("gradients", "factors_weights")] = chain.weights, colours.faint
        lines[prose("gradients", "factors_mean_slope")] = chain.mean_slope, colours.negative
    return lines


def _product(chain: Chain, cell: str) -> Lines:
    """The norm of the product so far, and what the norms of its factors would allow"""
    colours = palette()
    return {
        prose("gradients", "product_measured"): (chain.product, colours.cells[cell]),
        prose("gradients", "product_of_norms"): (chain.product_of_norms, colours.faint),
    }


def _chart(lines: Lines, steps: np.ndarray, key: str, alt: str) -> None:
    norms = {name: log_norms for name, (log_norms, _) in lines.items()}
    colours = {name: colour for name, (_, colour) in lines.items()}
    fig = jacobian_factors.figure(steps, norms, colours, palette())
    st.plotly_chart(fig, key=key, config=NO_TOOLBAR, alt=alt)


def chain_sentence(chain: Chain, state: str, s: int, k: int) -> str:
    """The product in words: what was measured, and what its factors would allow"""
    numbers = {"name": state, "s": s, "k": k, "n": s - k, "product": power(chain.product[0])}
    numbers["product_of_norms"] = power(chain.product_of_norms[0])
    if chain.weights is None or chain.saturation is None:
        return prose("gradients", "chain_product_gated", **numbers)
    parts = {"saturation": power(chain.saturation.sum()), "weights": power(chain.weights.sum())}
    return prose("gradients", "chain_product", **numbers, **parts)


def chain_table(chain: Chain) -> pd.DataFrame:
    """One row a step, in time order; all sizes as log10"""
    columns = {f"log10_{name}": value for name, value in chain._asdict().items() if name != "steps"}
    return pd.DataFrame({"step": chain.steps} | {name: value for name, value in columns.items() if value is not None})
