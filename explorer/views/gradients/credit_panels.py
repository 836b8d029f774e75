"""The panels of Gradients: four credit matrices, the curves, the circle."""

from collections.abc import Mapping
from functools import partial

import numpy as np
import pandas as pd
import streamlit as st

from explorer.choices.record import Choices
from explorer.choices.session import EXPLORE
from explorer.figures import credit_matrix, decay_curves, eigenvalues
from explorer.formatting import power, steps, three_digits
from explorer.prose import prose
from explorer.theme import CELL_NAMES
from explorer.views.common import NO_TOOLBAR, download, palette
from explorer.views.gradients import cell_flow
from explorer.views.gradients.cell_flow import Fit, GradientFlow
from explorer.views.update_buttons import on_network_change

ROUNDING = 1e-9  # an orthogonal matrix has |λ| = 1 but for some 1e-16
Flows = Mapping[str, GradientFlow]  # by cell
Fits = Mapping[str, Mapping[str, Fit]]  # by moment, then by cell; an empty mapping where nothing may be told yet


# 1. Four credit matrices ----------------------------------------------------------------------------------------------


def matrices(flows: Flows, fits: Fits, chosen: Choices) -> None:
    T = len(next(iter(flows.values())).look.words)
    place = (min(chosen.credit_s, T), min(chosen.credit_k, chosen.credit_s, T)) if chosen.credit_s else None
    with st.container(horizontal=True, key="credits"):
        for cell, flow in flows.items():
            with st.container(border=True, key=f"credit_{cell}", gap="xsmall"):
                _matrix(cell, flow, fits, chosen.moment, place)
    st.plotly_chart(credit_matrix.scale(palette()), key="credit_scale", config=NO_TOOLBAR,
                    alt="The colour scale of all four matrices, from 1e-8 or less to 10 or more.")  # fmt: skip
    st.caption(prose("gradients", "scale", steady=cell_flow.STEADY, endless=cell_flow.ENDLESS))
    download("The matrices (CSV)", partial(matrix_table, flows), "credit.csv")
    if chosen.truncate:
        st.caption(prose("gradients", "cut", after=steps(chosen.truncate - 1)))
    if beyond := [CELL_NAMES[cell] for cell, flow in flows.items() if np.isposinf(flow.matrix).any()]:
        st.warning(prose("gradients", "beyond", names=", ".join(beyond)))


def _matrix(cell: str, flow: GradientFlow, fits: Fits, moment: str, place: tuple[int, int] | None) -> None:
    st.markdown(f"##### {CELL_NAMES[cell]} :small[:gray[{flow.fit.verdict}]]")
    st.plotly_chart(
        credit_matrix.figure(flow.matrix, place, palette()),
        key=f"matrix_{cell}",
        config=NO_TOOLBAR,
        alt=sentence(flow, moment),
        on_select=partial(_choose, cell),
        selection_mode="points",
    )
    for when, of_cell in fits.items():
        if when == moment:
            st.markdown(f"**{flow.fit.pace}**")
        else:
            told = f"{of_cell[cell].verdict}, {of_cell[cell].pace}" if of_cell else "predict first"
            st.caption(f"{when}: {told}")


def sentence(flow: GradientFlow, moment: str) -> str:
    """One matrix in words"""
    T, name = len(flow.look.words), f"{CELL_NAMES[flow.cell]}, {moment}, {steps(len(flow.look.words))}"
    told = f"{name}: {flow.fit.verdict}, {flow.fit.pace}"
    near, far = (power(flow.last[i]) for i in (0, -1))
    told += f". The gradient of the last loss has norm {near} at step {T}"
    return told + (f" and {far} at step {T - flow.most}." if flow.most else ".")


def _choose(cell: str) -> None:
    """A click on a matrix chooses its entry (s, k)"""
    points = st.session_state[f"matrix_{cell}"].selection.points
    if points:
        k, s = int(points[0]["x"]), int(points[0]["y"])
        st.session_state.update(credit_cell=cell, credit_s=s, credit_k=k)


def matrix_table(flows: Flows) -> pd.DataFrame:
    rows = []
    for cell, flow in flows.items():
        s, k = np.nonzero(~np.isnan(flow.matrix))
        logs = flow.matrix[s, k]
        with np.errstate(over="ignore"):
            rows.append(pd.DataFrame({"cell": cell, "s": s + 1, "k": k + 1, "log10_norm": logs, "norm": 10.0**logs}))
    return pd.concat(rows)


# 2. The same numbers as curves ----------------------------------------------------------------------------------------


def curves(flows: Flows, moment: str) -> None:
    st.markdown("**The same numbers as curves**")
    drawn = [
        decay_curves.Curve(cell, flow.last, flow.fit.line(len(flow.last)), flow.log_bound)
        for cell, flow in flows.items()
    ]
    reading = "; ".join(f"{CELL_NAMES[cell]}: {flow.fit.pace}" for cell, flow in flows.items())
    st.plotly_chart(decay_curves.figure(drawn, palette()), key="decay_chart", config=NO_TOOLBAR,
                    alt=f"The last loss, followed back ({moment}). {reading}.")  # fmt: skip
    told = [
        f"{CELL_NAMES[cell]} at most {power(flow.log_bound[-1])}, measured **{power(flow.last[-1])}**"
        for cell, flow in flows.items()
        if flow.log_bound is not None
    ]
    if told:
        most = next(iter(flows.values())).most
        st.markdown(f"{steps(most)} back: {'; '.join(told)}.")
    off = ", ".join(f"{CELL_NAMES[cell]} {10**flow.fit.off:.2g}" for cell, flow in flows.items() if flow.fit.off >= 0)
    st.caption(prose("gradients", "curves", off=f" (typically off by a factor of: {off})" if off else ""))
    download("CSV", partial(curve_table, flows), "decay.csv")


def curve_table(flows: Flows) -> pd.DataFrame:
    """One row for each cell and distance"""
    rows = []
    for cell, flow in flows.items():
        D = len(flow.last)
        line, bound = flow.fit.line(D), flow.log_bound
        columns = {"log10_norm": flow.last, "log10_fit": line, "log10_bound": bound}
        rows.append(pd.DataFrame({"cell": cell, "distance": range(D)} | columns))
    return pd.concat(rows)


# 3. Eigenvalues of Waa ------------------------------------------------------------------------------------------------


def circle(flows: Flows, chosen: Choices) -> None:
    st.markdown("**Eigenvalues of Waa**")
    spectra = {cell: flow.spectrum for cell, flow in flows.items() if flow.spectrum}
    told = [
        f"{CELL_NAMES[cell]}: ρ = **{three_digits(found.radius)}**, σₘₐₓ = **{three_digits(found.sigma_max)}**, "
        f"{where(found.eigenvalues)}"
        for cell, found in spectra.items()
    ]
    found = {cell: spectrum.eigenvalues for cell, spectrum in spectra.items()}
    st.plotly_chart(eigenvalues.figure(found, palette()), key="eigenvalues_chart", config=NO_TOOLBAR,
                    alt=f"Eigenvalues of Waa, {chosen.moment}. " + "; ".join(told).replace("**", "") + ".")  # fmt: skip
    for line in told:
        st.markdown(line)
    if chosen.initialisation == "glorot":
        st.caption(prose("gradients", "radius_fixed"))
        st.button("Let me choose the radius", key="scale_radius", on_click=_scale, type="tertiary")
    st.caption(prose("gradients", "circle"))
    download("CSV", lambda: eigenvalue_table(found), "eigenvalues.csv")


def where(eigenvalues: np.ndarray) -> str:
    """How many lie outside of the unit circle; what is off it by rounding alone lies on it"""
    sizes = np.abs(eigenvalues)
    outside, on = int((sizes > 1 + ROUNDING).sum()), int((np.abs(sizes - 1) <= ROUNDING).sum())
    return f"{outside} of {len(sizes)} outside the circle" + (f", {on} on it" if on else "")


def example(chosen: Choices) -> None:
    """‖Waa‖ > 1, and what comes of it"""
    random, orthogonal = cell_flow.example(chosen.seed)
    st.markdown("**Does ‖Waa‖ > 1 explode?**")
    st.caption(prose("gradients", "example", steps=cell_flow.EXAMPLE_STEPS, units=cell_flow.EXAMPLE_UNITS))
    with st.container(horizontal=True, key="example_numbers"):
        st.metric("the bound, 2⁵⁰", three_digits(cell_flow.EXAMPLE_NORM**cell_flow.EXAMPLE_STEPS), border=True)
        st.metric("measured, random weights", three_digits(random), border=True)
        st.metric("measured, orthogonal × 2", three_digits(orthogonal), border=True)


def _scale() -> None:
    st.session_state["initialisation"] = "scaled"
    on_network_change(EXPLORE)


def eigenvalue_table(found: Mapping[str, np.ndarray]) -> pd.DataFrame:
    return pd.concat(
        pd.DataFrame({"cell": cell, "real": values.real, "imaginary": values.imag, "size": np.abs(values)})
        for cell, values in found.items()
    )
