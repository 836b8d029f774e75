"""Why: what the bound allows, what the weights alone would do, and what slopes and weights did to this very error."""

from dataclasses import replace
from functools import partial

import numpy as np
import streamlit as st

from core.gradient_flow import Factors
from explorer.choices import widgets
from explorer.choices.record import CHOICES, RADII, Choices
from explorer.choices.session import EXPLORE
from explorer.compute.networks import is_available
from explorer.figures import gradient_split as drawing
from explorer.figures.gradient_split import Line
from explorer.formatting import closed_product, power, three_digits, unbroken
from explorer.prose import prose
from explorer.theme import CELL_NAMES
from explorer.views.common import NO_TOOLBAR, palette
from explorer.views.gradients import credit_panels, split_panel
from explorer.views.gradients.cell_flow import GradientFlow, Split
from explorer.views.gradients.credit_panels import ROUNDING
from explorer.views.gradients.flows import before_remedies, changes, flow_of, has_words, train
from explorer.views.update_and_undo import on_network_change

ALIKE = 1e-3  # powers of ten: less is not seen in three digits


def station() -> None:
    chosen = widgets.current_choices()
    if not has_words(chosen):
        return
    if chosen.moment == "trained" and not is_available(chosen.network(chosen.credit_cell, "trained")):
        train(chosen)
    with st.container(horizontal=True, vertical_alignment="bottom", key="ask_why"):
        cell = split_panel.choose_cell()
        flow = _flow(chosen, cell)
        T = len(flow.unrolled.words)
        back = _how_far(T) if T > 1 else 0  # beside the cell, whichever it is
        _radius(chosen, flow)
    split = flow.split(T, 1) if T > 1 else None
    if split is None:
        st.info(prose("gradients", "split_none"))
        return
    part = flow.split(T, T - back) or split
    before = before_remedies(chosen)
    curves, taken_apart, *plane = st.columns([13, 9, 6] if flow.spectrum else [13, 9], gap="small")
    with curves, st.container(border=True, key="three_curves", gap="xsmall"):
        _curves(flow, split, _flow(before, cell) if before else None, chosen.moment, back)
    with taken_apart, st.container(border=True, key="factors", gap="xsmall"):
        split_panel.bars(flow, part, height=210)
        st.markdown(unbroken(prose("gradients", "why_part", n=len(part.steps), product=split_panel.product(part))))
    if flow.spectrum:
        with plane[0], st.container(border=True, key="eigenvalues", gap="xsmall"):
            credit_panels.circle(cell, flow.spectrum, sigma_told(flow), chosen.moment)
    with st.container(key="so"):
        st.info(unbroken(conclusion(flow, part)))


def _flow(chosen: Choices, cell: str) -> GradientFlow:
    """Of one unit of error, followed all the way"""
    return flow_of(replace(chosen, measure="distance", truncate=0), cell, chosen.moment)


def _how_far(T: int) -> int:
    """Over how many steps the error is taken apart; all, until a shorter way is chosen here or in the chart"""
    if T == 2:
        return 1
    st.session_state["why_back"] = min(st.session_state.get("why_back") or T - 1, T - 1)
    return st.slider(prose("gradients", "why_back"), 1, T - 1, key="why_back", persist_state="session")


def _radius(chosen: Choices, flow: GradientFlow) -> None:
    """A view of the choice that all pages share; to move it is to choose a start of Waa that has a radius to choose"""
    if flow.spectrum is None or chosen.moment == "trained":
        if chosen.moment != "trained" and (changed := changes(chosen)):
            is_shared = chosen.initialisation != CHOICES["initialisation"].default
            st.markdown(prose("gradients", "why_changed", changed=changed, is_shared=is_shared))
        return
    rho = flow.spectrum.radius
    near = min(RADII, key=lambda stop: abs(stop - rho))
    st.session_state["why_radius"] = near if abs(near - rho) <= ROUNDING else rho  # where it stands, no stop or not
    st.select_slider(
        prose("gradients", "why_radius_label"),
        sorted({*RADII, st.session_state["why_radius"]}),
        key="why_radius",
        format_func=three_digits,
        on_change=_scale,
        help=prose("gradients", "why_radius"),
    )
    is_shared = chosen.initialisation != CHOICES["initialisation"].default
    sizes = {"radius": three_digits(rho), "sigma_max": sigma_told(flow)}
    st.markdown(prose("gradients", "why_sizes", is_shared=is_shared, **sizes))


def _scale() -> None:
    if st.session_state["initialisation"] == "glorot":
        widgets.choose(initialisation="scaled")
    widgets.choose(spectral_radius=st.session_state["why_radius"])
    on_network_change(EXPLORE)


# Three curves ---------------------------------------------------------------------------------------------------------


def curves_of(flow: GradientFlow, split: Split) -> dict[str, np.ndarray]:
    """log10 at distance 0, 1, …: of a plain cell the bound and the weights alone, and of all what was measured"""
    measured = np.r_[0, split.log_gains]
    if flow.spectrum is None:
        return {"measured": measured}
    most = len(flow.unrolled.words) - 1
    bound = np.arange(most + 1) * np.log10(flow.spectrum.sigma_max or np.nan)
    alone = flow.weights_alone(most)
    return {"bound": bound, "alone": alone, "measured": measured} if alone is not None else {"measured": measured}


STROKES = {"solid": "━━", "dash": "╍╍", "dot": "┈┈"}  # what a line looks like, in a line of text


def _curves(flow: GradientFlow, split: Split, before: GradientFlow | None, moment: str, back: int) -> None:
    colours = palette()
    inks = {"bound": colours.faint, "alone": colours.forward, "measured": colours.backward}
    dashes = {"bound": "dash", "alone": "solid", "measured": "solid"}
    found = curves_of(flow, split)
    lines = []
    if before is not None and (ghost := before.split(split.steps[0], 1)) is not None:
        for name, logs in curves_of(before, ghost).items():
            kind = name if before.spectrum else "gated"  # where it is the biases that are not the usual ones
            text = prose("gradients", f"why_before_{kind}", size=power(float(logs[-1])))
            lines.append(Line(text, logs, inks[name], "dot", 1.2))
    for name, logs in found.items():
        text = prose("gradients", f"why_{name}", size=power(float(logs[-1])))
        is_measured = name == "measured"
        lines.append(Line(text, logs, inks[name], dashes[name], 3.5 if is_measured else 2.5, is_measured))
    words = len(flow.unrolled.words)
    units = flow.unrolled.trace.a.shape[-1]
    told = {"cell": CELL_NAMES[flow.cell], "units": units, "moment": prose("gradients", f"moment_{moment}"), "n": words}
    explained = prose("gradients", "why_curves", has_bound="bound" in found, **told)
    st.markdown(prose("gradients", "why_curves_title"), help=explained)
    ends = "; ".join(line.name for line in lines)
    with st.container(key="three_told"):  # on a phone, where the names at the ends of the lines are out of view
        of_theme = {colours.faint: "gray", colours.forward: "blue", colours.backward: "orange"}
        told_of = (f":{of_theme[line.colour]}[{STROKES[line.dash]}] {unbroken(line.name)}" for line in lines)
        st.markdown("  \n".join(told_of))
    st.plotly_chart(
        drawing.lines(lines, colours, height=275, names_beside=True, at=back),
        key="why_chart",
        config=NO_TOOLBAR,
        alt=prose("gradients", "why_alt", lines=ends, **told),
        on_select=partial(_choose, words),
        selection_mode="points",
    )


def _choose(T: int) -> None:
    """A click on a distance: the split is drawn up to there"""
    points = st.session_state["why_chart"].selection.points
    if points:
        st.session_state["why_back"] = min(max(int(points[0]["x"]), 1), T - 1)


# What follows ---------------------------------------------------------------------------------------------------------


def conclusion(flow: GradientFlow, split: Split) -> str:
    """What these numbers show, and no more: of each of the rules “‖Waa‖ > 1” and “ρ < 1” what holds here"""
    total = float(split.log_gains[-1])
    n = len(split.steps)
    if not isinstance(split.parts, Factors) or flow.spectrum is None:
        return prose("gradients", "why_gated", total=power(total), n=n)
    sigma = flow.spectrum.sigma_max
    if sigma < 1 - ROUNDING:
        return prose("gradients", "why_must_vanish", sigma_max=sigma_told(flow), total=power(total), n=n)
    with np.errstate(divide="ignore"):
        logs = [float(np.log10(part).sum()) for part in (split.parts.slope, split.parts.weights)]
    told = dict(zip(("slopes", "along"), closed_product(logs), strict=True), total=power(total), n=n)
    if sigma <= 1 + ROUNDING:
        return prose("gradients", "why_cannot_grow", **told)
    went = "kept" if power(total) == "1" else "grown" if total > 0 else "shrunk"
    return prose(
        "gradients",
        "why_free",
        sigma_max=sigma_told(flow),
        went=prose("gradients", f"why_{went}"),
        weights=_alone(flow, n),
        says=_of_radius(flow.spectrum.radius),
        **told,
    )


def _alone(flow: GradientFlow, n: int) -> str:
    """What so many steps of the weights alone can do, beside what σₘₐₓ allows"""
    if n == 1:
        return prose("gradients", "why_alone_once")
    alone = flow.weights_alone(n)
    assert alone is not None and flow.spectrum is not None, "with a spectrum there is one matrix"
    keeps = n * np.log10(flow.spectrum.sigma_max) - alone[-1] < ALIKE
    return prose("gradients", f"why_alone_{'keeps' if keeps else 'turns'}", alone=power(float(alone[-1])), n=n)


def _of_radius(rho: float) -> str:
    size = "one" if abs(rho - 1) <= ROUNDING else "small" if rho < 1 else "large"
    return prose("gradients", f"why_radius_{size}", radius=three_digits(rho))


def sigma_told(flow: GradientFlow) -> str:
    """σₘₐₓ with so many digits that its power, the bound beside it, has the digits written there"""
    assert flow.spectrum is not None, "it is asked where there is one matrix"
    with np.errstate(divide="ignore"):
        return closed_product([float(np.log10(flow.spectrum.sigma_max))] * max(1, len(flow.unrolled.words) - 1))[0]
