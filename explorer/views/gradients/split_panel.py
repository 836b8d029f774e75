"""One error on its way back, step by step: of the entry of a matrix that was clicked, and in Why."""

import numpy as np
import pandas as pd
import streamlit as st

from core.gradient_flow import Factors
from explorer.choices.record import Choices
from explorer.figures import gradient_split as drawing
from explorer.figures.gradient_split import Line, Part
from explorer.formatting import closed_product, power, three_digits, unbroken
from explorer.prose import prose
from explorer.theme import CELL_NAMES
from explorer.views.common import NO_TOOLBAR, download, palette
from explorer.views.gradients import cell_flow, credit_panels
from explorer.views.gradients.cell_flow import GradientFlow, Split
from explorer.views.gradients.credit_panels import Flows

PARTS = {"tanh": "factors", "relu": "factors", "gru": "shares", "lstm": "shares"}


def of_entry(flows: Flows, chosen: Choices) -> None:
    """The entry (s, k) that a click on a matrix chose, or these fields"""
    T = len(next(iter(flows.values())).unrolled.words)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        cell, s, k = _which(T)
        credit_panels.explained(flows, chosen)
    flow = flows[cell]
    if s == k:
        st.info(prose("gradients", "same_step"))
    elif (split := flow.split(s, k)) is None:
        st.info(prose("gradients", "split_none"))
    else:
        bars_of_step, so_far, told = st.columns([7, 7, 5], gap="medium")
        with bars_of_step:
            bars(flow, split)
        with so_far:
            products(flow, split)
        with told:
            st.markdown(unbroken(sentence(flow, split, s, k)), help=exactly(flow, s, k))
            download(prose("gradients", "csv"), lambda: table(split), "split.csv")


def open_last(T: int) -> None:
    """The way in without a click on a matrix: the last error at the first step"""
    st.markdown(prose("gradients", "take_apart"), width="content")
    st.button(prose("gradients", "take_apart_label"), key="take_apart", on_click=_open, args=(T,))


def _open(T: int) -> None:
    st.session_state.update(credit_s=T, credit_k=1)


def _close() -> None:
    st.session_state["credit_s"] = 0


def _which(T: int) -> tuple[str, int, int]:
    """The entry (s, k) of which cell: a click on a matrix sets these, too"""
    st.session_state["credit_s"] = min(st.session_state["credit_s"], T)
    st.session_state["credit_k"] = min(st.session_state["credit_k"], st.session_state["credit_s"])
    cell = choose_cell()
    s_label, k_label = prose("gradients", "factors_s_label"), prose("gradients", "factors_k_label")
    s = st.number_input(s_label, 1, T, key="credit_s", width=170, persist_state="session")
    k = st.number_input(k_label, 1, s, key="credit_k", width=170, persist_state="session")
    st.button(prose("gradients", "close"), key="close_factors", on_click=_close)
    return cell, s, k


def choose_cell() -> str:
    cell = st.segmented_control(
        prose("gradients", "factors_cell_label"),
        list(CELL_NAMES),
        key="credit_cell",
        required=True,
        format_func=CELL_NAMES.__getitem__,
        persist_state="session",
    )
    return cell or next(iter(CELL_NAMES))


# What is drawn --------------------------------------------------------------------------------------------------------


def _parts(split: Split) -> list[Part]:
    colours = palette()
    names = [prose("gradients", f"split_{name}") for name in split.parts._fields]
    inks = (
        (colours.negative, colours.forward) if isinstance(split.parts, Factors) else (colours.positive, colours.faint)
    )
    return [Part(*part) for part in zip(names, split.parts, inks, strict=True)]


def bars(flow: GradientFlow, split: Split, height: int = 155) -> None:
    figure = drawing.factors if isinstance(split.parts, Factors) else drawing.shares
    kind = PARTS[flow.cell]
    st.markdown(prose("gradients", f"split_title_{kind}"))
    st.plotly_chart(
        figure(split.steps, _parts(split), palette(), height),
        key="split_chart",
        config=NO_TOOLBAR,
        alt=prose("gradients", f"split_alt_{kind}", cell=CELL_NAMES[flow.cell], told=_told(split)),
    )


def products(flow: GradientFlow, split: Split) -> None:
    """How far each part has come, and the error itself"""
    ink, lines = palette().backward, []
    if isinstance(split.parts, Factors):
        lines = [Line(part.name, _so_far(part.values), part.colour, "dash", 2) for part in _parts(split)]
    lines.append(Line(prose("gradients", "split_error"), np.r_[0, split.log_gains], ink))
    st.markdown(prose("gradients", "split_title_so_far"))
    alt = prose("gradients", "split_alt_so_far", told=_told(split))
    st.plotly_chart(drawing.lines(lines, palette(), height=155), key="product_chart", config=NO_TOOLBAR, alt=alt)


@np.errstate(divide="ignore")
def _so_far(gains: np.ndarray) -> np.ndarray:
    return np.r_[0, np.cumsum(np.log10(gains))]


# What is said ---------------------------------------------------------------------------------------------------------


def _told(split: Split) -> str:
    """The product, in words"""
    total = power(float(split.log_gains[-1]))
    if isinstance(split.parts, Factors):
        slopes, weights = closed_product([float(_so_far(gains)[-1]) for gains in split.parts])
        return prose("gradients", "split_told_factors", slopes=slopes, weights=weights, total=total)
    memory = split.parts.memory / np.where(split.parts.gain, split.parts.gain, 1)
    low, high = three_digits(float(memory.min())), three_digits(float(memory.max()))
    return prose("gradients", "split_told_shares", low=low, high=high, total=total)


def sentence(flow: GradientFlow, split: Split, s: int, k: int) -> str:
    """How the number in the matrix comes about"""
    number = power(split.start + float(split.log_gains[-1]))
    numbers = {"s": s, "k": k, "number": number, "told": _told(split), "is_cut": s - k > flow.max_distance}
    if flow.measure == "distance":
        return prose("gradients", "split_distance", **numbers)
    name = cell_flow.STATE_NAMES[flow.cell]
    return prose("gradients", "split_error_row", name=name, start=power(split.start), **numbers)


def exactly(flow: GradientFlow, s: int, k: int) -> str | None:
    """The number in the matrix in all its digits, those of the CSV; None where the matrix is cut off before, and where
    no number of the computer is so small or so large"""
    number = credit_panels.number_at(flow, s, k)
    return prose("gradients", "split_exactly", s=s, k=k, number=repr(number)) if 0 < number < np.inf else None


def table(split: Split) -> pd.DataFrame:
    """One row a step, from the loss backwards"""
    columns = split.parts._asdict() | {"gain": split.parts.gain, "log10_so_far": split.log_gains}
    return pd.DataFrame({"step": split.steps} | columns)


def product(split: Split) -> str:
    """The numbers that multiply, one below the other"""
    if isinstance(split.parts, Factors):
        slopes, weights = closed_product([float(_so_far(gains)[-1]) for gains in split.parts])
        parts = {"slopes": slopes, "weights": weights}
        return prose("gradients", "split_product", **parts, total=power(float(split.log_gains[-1])))
    return _told(split)
