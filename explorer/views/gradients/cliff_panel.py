"""The cliff: the loss of a one-unit network over its two weights, and what a gradient step does there."""

from functools import cache

import numpy as np
import pandas as pd
import streamlit as st

from core.experiments.cliff import cliff, critical_w, fixed_line, step
from explorer.choices import widgets
from explorer.choices.record import CLIFF_B, CLIFF_W, LIMITS, MOST_CLIFF_STEPS, RATES, Choices
from explorer.figures import cliff as drawing
from explorer.figures.cliff import Path, Paths, Surface
from explorer.formatting import three_digits
from explorer.prose import prose
from explorer.views.common import NO_TOOLBAR, palette

FINE = 141  # points of the surface along each axis
STRETCH = 6  # how much finer the net is at the line than far from it: cosh(6) = 200 times
SLOPE = 1 / critical_w()  # σ'(½) = 0.235: on the line, every factor is this times w
SIGMA = -float(fixed_line(1.0) - fixed_line(0.0))  # σ(½) = 0.622
BETWEEN = 24  # points of the line from one step to the next, which follows the surface
ROWS = 6  # of the table that are seen at once
NEAR = 0.05  # from the line: so close, the line's own number is worth telling


# Compute --------------------------------------------------------------------------------------------------------------


@cache
def surface() -> Surface:
    w, b = np.linspace(*CLIFF_W, FINE), np.linspace(*CLIFF_B, FINE)
    line = np.asarray(fixed_line(w))
    from_line = np.sinh(np.linspace(-STRETCH, STRETCH, FINE)) * (np.ptp(b) / np.sinh(STRETCH))
    net_w, net_b = np.broadcast_arrays(w, np.clip(line + from_line[:, None], *CLIFF_B))
    net = np.array([net_w, net_b, cliff(net_w, net_b).loss])
    return Surface(w, b, cliff(w, b[:, None]).loss, line, cliff(w, line).loss, net)


def start(chosen: Choices) -> tuple[float, float]:
    """Where the ball is placed"""
    w = chosen.cliff_w
    return w, float(fixed_line(w)) if chosen.cliff_line else chosen.cliff_b


def path(w: float, b: float, rate: float, limit: float | None, steps: int) -> Path:
    """Gradient steps from (w, b), until one would not be finite"""
    places, broke = [(w, b)], False
    with np.errstate(over="ignore", invalid="ignore"):
        while len(places) <= steps and not broke:
            moved = step(*places[-1], rate, limit)
            broke = not np.isfinite([*moved, float(cliff(*moved).loss), float(_norm(*moved))]).all()
            if not broke:
                places.append(moved)
        at = np.array(places).T
        norm = _norm(at[0], at[1])
    used = np.minimum(norm, np.inf if limit is None else limit)
    along = np.linspace(0, 1, BETWEEN) ** 3  # finest at its beginning: the end of a long step is out of the picture
    between = (at[:, :-1, None] + np.diff(at)[..., None] * along).reshape(2, -1)
    way = np.array([*between, cliff(between[0], between[1]).loss])
    return Path(at[0], at[1], cliff(at[0], at[1]).loss, norm, used, way, broke)


def _norm(w: np.ndarray | float, b: np.ndarray | float) -> np.ndarray:
    at = cliff(w, b)
    return np.hypot(at.d_w, at.d_b)


def paths(chosen: Choices) -> Paths:
    at, rate, steps = start(chosen), chosen.cliff_rate, chosen.cliff_steps
    return {
        prose("gradients", "cliff_free"): path(*at, rate, None, steps),
        prose("gradients", "cliff_clipped"): path(*at, rate, chosen.cliff_limit, steps),
    }


# Show -----------------------------------------------------------------------------------------------------------------


@st.fragment
def panel() -> None:
    with st.container(border=True, key="cliff"):
        st.markdown(prose("gradients", "cliff"))
        _place()
        _buttons()
        chosen = widgets.current_choices()
        both = paths(chosen)
        _charts(both)
        ball, events = st.columns(2, gap="large")
        with ball:
            _ball(chosen)
        with events:
            _events(both)
        _table(both)
    widgets.write_link(chosen)


def _place() -> None:
    """The ball's start, and how it steps"""
    on_line = st.session_state["cliff_line"]
    w, b, rate, limit = st.columns(4)
    w.slider("w", *CLIFF_W, step=0.01, key="cliff_w", on_change=_restart, persist_state="session")
    b.slider("b", *CLIFF_B, step=0.01, key="cliff_b", disabled=on_line, on_change=_restart, persist_state="session")
    number = "{:g}".format
    rate.select_slider(
        prose("gradients", "cliff_rate_label"),
        RATES,
        key="cliff_rate",
        format_func=number,
        help=prose("gradients", "cliff_rate"),
        persist_state="session",
    )
    limit.select_slider(
        prose("gradients", "cliff_limit_label"),
        LIMITS,
        key="cliff_limit",
        format_func=number,
        help=prose("gradients", "cliff_limit"),
        persist_state="session",
    )


def _buttons() -> None:
    taken = st.session_state["cliff_steps"]
    with st.container(horizontal=True, vertical_alignment="center"):
        is_full = taken >= MOST_CLIFF_STEPS
        moves = (("cliff_step", 1, is_full), ("cliff_10", 10, is_full), ("cliff_undo", -1, not taken))
        for key, by, is_disabled in moves:
            st.button(
                prose("gradients", f"{key}_label"),
                key=key,
                type="primary" if key == "cliff_step" else "secondary",
                on_click=_move,
                args=(by,),
                disabled=is_disabled,
                help=None if key == "cliff_step" else prose("gradients", key),
            )
        st.button(
            prose("gradients", "cliff_reset_label"),
            key="cliff_reset",
            on_click=_restart,
            disabled=not taken,
            help=prose("gradients", "cliff_reset"),
        )
        st.toggle(
            prose("gradients", "cliff_line_label"),
            key="cliff_line",
            on_change=_restart,
            persist_state="session",
            help=prose("gradients", "cliff_line", sigma=SIGMA),
        )


def _move(by: int) -> None:
    st.session_state["cliff_steps"] = min(max(st.session_state["cliff_steps"] + by, 0), MOST_CLIFF_STEPS)


def _restart() -> None:
    st.session_state["cliff_steps"] = 0


def _charts(both: Paths) -> None:
    side, above = st.columns(2)
    alt = drawing.sentence(both)
    one, other = drawing.from_the_side(surface(), both, palette()), drawing.from_above(surface(), both, palette())
    side.plotly_chart(one, key="cliff_side", config=NO_TOOLBAR, alt=alt)
    above.plotly_chart(other, key="cliff_above", config=NO_TOOLBAR, alt=alt)
    st.caption(prose("gradients", "cliff_height", most=float(surface().loss.max()), sigma=SIGMA))


def _ball(chosen: Choices) -> None:
    """The start in numbers; on the line, why it explodes or not"""
    w, b = start(chosen)
    at = cliff(w, b)
    sizes = {"loss": at.loss, "norm": _norm(w, b), "reach": at.reach}
    numbers = {name: three_digits(float(size)) for name, size in sizes.items()}
    st.markdown(prose("gradients", "cliff_ball", w=w, b=b, **numbers))
    off = b - float(fixed_line(w))
    factor = {"slope": SLOPE, "w": w, "power": f"{(SLOPE * w) ** 50:.5g}"}
    if chosen.cliff_line:
        line = {"factor": SLOPE * w, "grows": w > critical_w(), "critical": critical_w()}
        st.markdown(prose("gradients", "cliff_on_line", **factor, **line))
    elif abs(off) <= NEAR:
        distance = {"distance": three_digits(abs(off)), "is_above": off > 0}
        st.markdown(prose("gradients", "cliff_near_line", **distance, **factor))


def _events(both: Paths) -> None:
    if not st.session_state["cliff_steps"]:
        st.markdown(prose("gradients", "cliff_no_step"))
        return
    for name, taken in both.items():
        st.markdown(drawing.events(surface(), name, taken))
    st.markdown(drawing.sentence(both))


def _table(both: Paths) -> None:
    """Every step of both paths"""
    table = table_of(both)
    st.dataframe(
        table,
        hide_index=True,
        height=38 + 35 * min(len(table), ROWS),
        column_config={name: st.column_config.NumberColumn(format="%.4g") for name in table.columns[1:]},
    )
    st.download_button(
        prose("gradients", "cliff_csv"),
        lambda: table.to_csv(index=False),
        "cliff.csv",
        "text/csv",
        on_click="ignore",
        key="download_cliff.csv",
    )


def table_of(both: Paths) -> pd.DataFrame:
    """One row a step; a path that ended early has empty cells"""
    free, clipped = both.values()
    columns = _columns(free) | {
        prose("gradients", "cliff_column_clipped", column=name): values for name, values in _columns(clipped).items()
    }
    columns[prose("gradients", "cliff_column_used")] = clipped.used
    table = pd.DataFrame({name: pd.Series(values) for name, values in columns.items()})
    return table.rename_axis(prose("gradients", "cliff_column_step")).reset_index()


def _columns(path: Path) -> dict[str, np.ndarray]:
    return {"w": path.w, "b": path.b, "ℒ": path.loss, "‖g‖": path.norm}
