"""The panels of Gradients: four credit matrices, the curves, the circle."""

from collections.abc import Mapping
from functools import partial

import numpy as np
import pandas as pd
import streamlit as st

from explorer import actions, flowlab, state
from explorer.figures import credit, decay, eigenvalues
from explorer.flowlab import Fit, Flow
from explorer.menu import Choices
from explorer.theme import CELL_NAMES, short
from explorer.words import words

QUIET = {"displayModeBar": False}
ROUNDING = 1e-9  # an orthogonal matrix has |λ| = 1 but for some 1e-16
Flows = Mapping[str, Flow]  # by cell
Fits = Mapping[str, Mapping[str, Fit]]  # by moment, then by cell; an empty mapping where nothing may be told yet


def download(label: str, table, name: str) -> None:
    """`table` is made only when someone asks for it"""
    st.download_button(label, lambda: table().to_csv(index=False), name, "text/csv", icon=":material/download:",
                       type="tertiary", on_click="ignore", key=f"download_{name}")  # fmt: skip


# 1. Four credit matrices ----------------------------------------------------------------------------------------------


def matrices(flows: Flows, fits: Fits, chosen: Choices) -> None:
    T = len(next(iter(flows.values())).look.words)
    place = (min(chosen.credit_s, T), min(chosen.credit_k, chosen.credit_s, T)) if chosen.credit_s else None
    with st.container(horizontal=True, key="credits"):
        for cell, flow in flows.items():
            with st.container(border=True, key=f"credit_{cell}", gap="xsmall"):
                _matrix(cell, flow, fits, chosen.moment, place)
    st.plotly_chart(credit.scale(state.palette()), key="credit_scale", config=QUIET,
                    alt="The colour scale of all four matrices, from 1e-8 or less to 10 or more.")  # fmt: skip
    st.caption(words("gradients", "scale", steady=flowlab.STEADY, endless=flowlab.ENDLESS))
    download("The matrices (CSV)", partial(matrix_table, flows), "credit.csv")
    if chosen.truncate:
        st.caption(words("gradients", "cut", after=flowlab.steps(chosen.truncate - 1)))
    if beyond := [CELL_NAMES[cell] for cell, flow in flows.items() if np.isposinf(flow.matrix).any()]:
        st.warning(words("gradients", "beyond", names=", ".join(beyond)))


def _matrix(cell: str, flow: Flow, fits: Fits, moment: str, place: tuple[int, int] | None) -> None:
    st.markdown(f"##### {CELL_NAMES[cell]} :small[:gray[{flow.fit.verdict}]]")
    st.plotly_chart(
        credit.figure(flow.matrix, place, state.palette()),
        key=f"matrix_{cell}",
        config=QUIET,
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


def sentence(flow: Flow, moment: str) -> str:
    """One matrix in words"""
    T, name = len(flow.look.words), f"{CELL_NAMES[flow.cell]}, {moment}, {flowlab.steps(len(flow.look.words))}"
    told = f"{name}: {flow.fit.verdict}, {flow.fit.pace}"
    near, far = (flowlab.power(flow.last[i]) for i in (0, -1))
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
        decay.Curve(cell, flow.last, flow.fit.line(len(flow.last)), flow.log_bound) for cell, flow in flows.items()
    ]
    reading = "; ".join(f"{CELL_NAMES[cell]}: {flow.fit.pace}" for cell, flow in flows.items())
    st.plotly_chart(decay.figure(drawn, state.palette()), key="decay_chart", config=QUIET,
                    alt=f"The last loss, followed back ({moment}). {reading}.")  # fmt: skip
    told = [
        f"{CELL_NAMES[cell]} at most {flowlab.power(flow.log_bound[-1])}, measured **{flowlab.power(flow.last[-1])}**"
        for cell, flow in flows.items()
        if flow.log_bound is not None
    ]
    if told:
        most = next(iter(flows.values())).most
        st.markdown(f"{flowlab.steps(most)} back: {'; '.join(told)}.")
    off = ", ".join(f"{CELL_NAMES[cell]} {10**flow.fit.off:.2g}" for cell, flow in flows.items() if flow.fit.off >= 0)
    st.caption(words("gradients", "curves", off=f" (typically off by a factor of: {off})" if off else ""))
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
        f"{CELL_NAMES[cell]}: ρ = **{short(found.radius)}**, σₘₐₓ = **{short(found.sigma_max)}**, "
        f"{where(found.eigenvalues)}"
        for cell, found in spectra.items()
    ]
    found = {cell: spectrum.eigenvalues for cell, spectrum in spectra.items()}
    st.plotly_chart(eigenvalues.figure(found, state.palette()), key="eigenvalues_chart", config=QUIET,
                    alt=f"Eigenvalues of Waa, {chosen.moment}. " + "; ".join(told).replace("**", "") + ".")  # fmt: skip
    for line in told:
        st.markdown(line)
    if chosen.initialisation == "glorot":
        st.caption(words("gradients", "radius_fixed"))
        st.button("Let me choose the radius", key="scale_radius", on_click=_scale, type="tertiary")
    st.caption(words("gradients", "circle"))
    download("CSV", lambda: eigenvalue_table(found), "eigenvalues.csv")


def where(eigenvalues: np.ndarray) -> str:
    """How many lie outside of the unit circle; what is off it by rounding alone lies on it"""
    sizes = np.abs(eigenvalues)
    outside, on = int((sizes > 1 + ROUNDING).sum()), int((np.abs(sizes - 1) <= ROUNDING).sum())
    return f"{outside} of {len(sizes)} outside the circle" + (f", {on} on it" if on else "")


def example(chosen: Choices) -> None:
    """‖Waa‖ > 1, and what comes of it"""
    random, orthogonal = flowlab.example(chosen.seed)
    st.markdown("**Does ‖Waa‖ > 1 explode?**")
    st.caption(words("gradients", "example", steps=flowlab.EXAMPLE_STEPS, units=flowlab.EXAMPLE_UNITS))
    with st.container(horizontal=True, key="example_numbers"):
        st.metric("the bound, 2⁵⁰", short(flowlab.EXAMPLE_NORM**flowlab.EXAMPLE_STEPS), border=True)
        st.metric("measured, random weights", short(random), border=True)
        st.metric("measured, orthogonal × 2", short(orthogonal), border=True)


def _scale() -> None:
    st.session_state["initialisation"] = "scaled"
    actions.renew()


def eigenvalue_table(found: Mapping[str, np.ndarray]) -> pd.DataFrame:
    return pd.concat(
        pd.DataFrame({"cell": cell, "real": values.real, "imaginary": values.imag, "size": np.abs(values)})
        for cell, values in found.items()
    )
