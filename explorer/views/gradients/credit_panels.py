"""The panels of Gradients: four credit matrices, the curves, the circle."""

from collections.abc import Mapping
from functools import partial

import numpy as np
import pandas as pd
import streamlit as st

from core.initialisers import Spectrum
from explorer.choices.record import Choices
from explorer.components import matrix
from explorer.figures import decay_curves, eigenvalues
from explorer.formatting import power, three_digits, unbroken
from explorer.prose import prose
from explorer.theme import CELL_NAMES
from explorer.views.common import NO_TOOLBAR, download, palette
from explorer.views.gradients import rates
from explorer.views.gradients.cell_flow import GradientFlow
from explorer.views.gradients.rates import Fit

ROUNDING = 1e-9  # an orthogonal matrix has |λ| = 1 but for some 1e-16
Flows = Mapping[str, GradientFlow]  # by cell
Fits = Mapping[str, Mapping[str, Fit]]  # by moment, then by cell; an empty mapping where nothing may be told yet


# 1. Four credit matrices ----------------------------------------------------------------------------------------------


def matrices(flows: Flows, fits: Fits, chosen: Choices) -> None:
    T = len(next(iter(flows.values())).unrolled.words)
    place = (min(chosen.credit_s, T), min(chosen.credit_k, chosen.credit_s, T)) if chosen.credit_s else None
    with st.container(horizontal=True, key="credits"):
        for cell, flow in flows.items():
            with st.container(border=True, key=f"credit_{cell}", gap="xsmall"):
                _matrix(cell, flow, fits, chosen.moment, place)
    if chosen.truncate:
        st.caption(prose("gradients", "cut", n=chosen.truncate - 1))
    if beyond := [CELL_NAMES[cell] for cell, flow in flows.items() if np.isposinf(flow.matrix).any()]:
        st.warning(prose("gradients", "beyond", names=", ".join(beyond)))


def scale() -> None:
    """The one scale of all four"""
    matrix.scale("credit_scale", prose("gradients", "scale_alt"), palette())


def explained(flows: Flows, chosen: Choices) -> None:
    """What a row, a colour and a word stand for, for those who ask; and every number"""
    with st.popover(prose("gradients", "how_to_read"), type="tertiary"), st.container(key="how_to_read_matrices"):
        st.markdown(prose("gradients", "intro"))
        st.markdown(prose("gradients", f"scale_{chosen.measure}"))
        st.markdown(prose("gradients", "verdicts", steady=rates.STEADY, endless=rates.ENDLESS, fewest=rates.FEWEST))
    download(prose("gradients", "matrices_csv"), partial(matrix_table, flows), "credit.csv")


def _matrix(cell: str, flow: GradientFlow, fits: Fits, moment: str, place: tuple[int, int] | None) -> None:
    st.markdown(prose("gradients", "matrix_title", cell=CELL_NAMES[cell], verdict=flow.fit.verdict_name))
    matrix.show(f"matrix_{cell}", flow.matrix, sentence(flow, moment), palette(), place, partial(_choose, cell))
    for when, of_cell in fits.items():
        name = prose("gradients", f"moment_{when}")
        if when == moment:
            st.markdown(unbroken(f"**{flow.fit.description}**"), help=flow.fit.spread or None)
        elif of_cell:
            other = of_cell[cell]
            words = {"verdict": other.verdict_name, "fit": other.description}
            why = other.spread if other.verdict == "no verdict" else None
            st.caption(unbroken(prose("gradients", "matrix_moment", moment=name, **words)), help=why)
        else:
            st.caption(prose("gradients", "matrix_predict_first", moment=name))


def sentence(flow: GradientFlow, moment: str) -> str:
    """One matrix in words"""
    T = len(flow.unrolled.words)
    near, far = (power(flow.last_row[i]) for i in (0, -1))
    return prose(
        "gradients",
        f"matrix_{flow.measure}",
        cell=CELL_NAMES[flow.cell],
        moment=prose("gradients", f"moment_{moment}"),
        n=T,
        verdict=flow.fit.verdict_name,
        fit=flow.fit.description,
        near=near,
        T=T,
        has_far=flow.max_distance > 0,
        far=far,
        k=T - flow.max_distance,
    )


def _choose(cell: str, s: int, k: int) -> None:
    """A click on a matrix chooses its entry (s, k)"""
    st.session_state.update(credit_cell=cell, credit_s=s, credit_k=k)


@np.errstate(over="ignore")
def number_at(flow: GradientFlow, s: int, k: int) -> float:
    """What a matrix shows as a colour"""
    return float(10.0 ** flow.matrix[s - 1, k - 1])


def matrix_table(flows: Flows) -> pd.DataFrame:
    rows = []
    for cell, flow in flows.items():
        s, k = np.nonzero(~np.isnan(flow.matrix))
        logs = flow.matrix[s, k]
        with np.errstate(over="ignore"):
            rows.append(pd.DataFrame({"cell": cell, "s": s + 1, "k": k + 1, "log10_norm": logs, "norm": 10.0**logs}))
    return pd.concat(rows)


# 2. The same numbers as curves ----------------------------------------------------------------------------------------


def curves(
    flows: Flows,
    moment: str,
    before: Flows | None = None,
    changed: str = "",
    key: str = "decay_chart",
    height: int = 250,
) -> None:
    """before: the same networks without any remedy, to compare with; changed: what is another now, in words, where no
    control beside them shows it"""
    ghosts = _changed(before or {}, flows)
    drawn = [
        decay_curves.Curve(cell, flow.last_row, flow.fitted_line, flow.log_bound, ghosts.get(cell))
        for cell, flow in flows.items()
    ]
    fits = [
        prose("gradients", "curves_alt_cell", cell=CELL_NAMES[cell], fit=flow.fit.description)
        for cell, flow in flows.items()
    ]
    alt = prose("gradients", "curves_alt", moment=prose("gradients", f"moment_{moment}"), fits="; ".join(fits))
    st.plotly_chart(decay_curves.figure(drawn, palette(), height), key=key, config=NO_TOOLBAR, alt=alt)
    if ghosts:  # below the curves, which so keep their place when it comes and goes
        st.caption(unbroken(compared(before or {}, flows, changed)))


def _changed(before: Flows, flows: Flows) -> dict[str, np.ndarray]:
    """The last rows that were others"""
    rows = {cell: flow.last_row for cell, flow in before.items()}
    return {cell: row for cell, row in rows.items() if not np.array_equal(row, flows[cell].last_row)}


def compared(before: Flows, flows: Flows, changed: str) -> str:
    """Each row that is another now, before and after, at its end; one that is truncated now does not reach that far"""
    rows = _changed(before, flows)
    distance = max(map(len, rows.values()), default=1) - 1
    is_cut = any(len(flows[cell].last_row) <= distance for cell in rows)
    told = []
    for cell, row in rows.items():
        after = {} if is_cut else {"after": power(flows[cell].last_row[-1])}
        name = "ghost_before" if is_cut else "ghost"
        told.append(prose("gradients", name, cell=CELL_NAMES[cell], before=power(row[-1]), **after))
    cells = "; ".join(told)
    what = {"is_told": bool(changed), "changed": changed}
    return prose("gradients", "ghosts_cut" if is_cut else "ghosts", n=distance, cells=cells, **what)


def curves_title(flows: Flows, key: str = "decay_chart", title: str = "curves_title") -> None:
    """What the curves are, and their numbers; to stand in a row"""
    st.markdown(prose("gradients", title), width="content", help=unbroken(_curves_explained(flows)))
    download(prose("gradients", "csv"), partial(curve_table, flows), f"{key}.csv")


def _curves_explained(flows: Flows) -> str:
    """What marks and lines are, and how far the plain cells stay below their bound"""
    errors = [
        prose("gradients", "curves_error", cell=CELL_NAMES[cell], factor=10**flow.fit.rms_error)
        for cell, flow in flows.items()
        if flow.fit.rms_error >= 0
    ]
    bounds = [
        prose("gradients", "bound", cell=CELL_NAMES[cell], bound=power(bound[-1]), norm=power(flow.last_row[-1]))
        for cell, flow in flows.items()
        if (bound := flow.log_bound) is not None
    ]
    distance = next(iter(flows.values())).max_distance
    return prose(
        "gradients",
        "curves",
        has_errors=bool(errors),
        errors=", ".join(errors),
        has_bounds=bool(bounds),
        n=distance,
        bounds="; ".join(bounds),
    )


def curve_table(flows: Flows) -> pd.DataFrame:
    """One row for each cell and distance"""
    rows = []
    for cell, flow in flows.items():
        D = len(flow.last_row)
        line, bound = flow.fitted_line, flow.log_bound
        columns = {"log10_norm": flow.last_row, "log10_fit": line, "log10_bound": bound}
        rows.append(pd.DataFrame({"cell": cell, "distance": range(D)} | columns))
    return pd.concat(rows)


# 3. Eigenvalues of Waa ------------------------------------------------------------------------------------------------


def circle(cell: str, spectrum: Spectrum, sigma_max: str, moment: str) -> None:
    """Of one cell; sigma_max as it is written beside it"""
    st.markdown(prose("gradients", "circle_title"), help=prose("gradients", "circle"))
    sizes = {"radius": three_digits(spectrum.radius), "sigma_max": sigma_max}
    place = where(spectrum.eigenvalues)
    told = prose("gradients", "spectrum", cell=CELL_NAMES[cell], **sizes, place=place)
    alt = prose("gradients", "circle_alt", moment=prose("gradients", f"moment_{moment}"), cells=told)
    found = {cell: spectrum.eigenvalues}
    st.plotly_chart(eigenvalues.figure(found, palette()), key="eigenvalues_chart", config=NO_TOOLBAR, alt=alt)
    st.markdown(place)
    download(prose("gradients", "csv"), lambda: eigenvalue_table(found), "eigenvalues.csv")


def where(eigenvalues: np.ndarray) -> str:
    """How many lie outside of the unit circle; what is off it by rounding alone lies on it"""
    sizes = np.abs(eigenvalues)
    outside, on = int((sizes > 1 + ROUNDING).sum()), int((np.abs(sizes - 1) <= ROUNDING).sum())
    return prose("gradients", "outside", outside=outside, n=len(sizes), has_on=on > 0, on=on)


def eigenvalue_table(found: Mapping[str, np.ndarray]) -> pd.DataFrame:
    return pd.concat(
        pd.DataFrame({"cell": cell, "real": values.real, "imaginary": values.imag, "size": np.abs(values)})
        for cell, values in found.items()
    )
