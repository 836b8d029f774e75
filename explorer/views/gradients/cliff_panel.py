"""The cliff: the loss of a one-unit network over its two weights, and what a gradient step does there."""

import numpy as np
import pandas as pd
import streamlit as st

from core.experiments.cliff import cliff, critical_w, fixed_line, step
from explorer.choices import widgets
from explorer.choices.record import CLIFF_B, CLIFF_W, LIMITS, MOST_CLIFF_STEPS, RATES, Choices
from explorer.components import cliff as pictures
from explorer.components.cliff import Path, Paths
from explorer.formatting import three_digits, unbroken
from explorer.prose import prose, signed
from explorer.views.common import download
from explorer.views.gradients import station_back

SLOPE = 1 / critical_w()  # σ'(½) = 0.235: on the line, every factor is this times w
SIGMA = -float(fixed_line(1.0) - fixed_line(0.0))  # σ(½) = 0.622
ROWS = 6  # of the table that are seen at once
WIDTH = 92  # pixels of a column: its name and four digits
WIDE = 140  # of the last, whose name is longer
HIGHEST = (CLIFF_W[0], CLIFF_B[0])  # the corner of the picture where ℒ is largest
ROUNDING = 1e-9  # of a length: steps that differ by less are equally long
NEAR = 0.05  # from the line: so close, the line's own number is worth telling
RETURNED = 0.2  # of a step: a path that comes back so near to where it was two steps before goes to and fro
VANISHED = 1e-6  # ‖g‖: at any rate that is offered, no step that could be seen


# Compute --------------------------------------------------------------------------------------------------------------


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
    return Path(at[0], at[1], cliff(at[0], at[1]).loss, norm, used, broke)


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
    with st.container(border=True, key="cliff", gap="small"):
        st.markdown(prose("gradients", "cliff"))
        controls, seen = st.columns([3, 8], gap="medium")
        with controls:
            _place()
            _buttons()
            chosen = widgets.current_choices()
            both = paths(chosen)
            st.markdown(unbroken(ball(chosen)))
        with seen:
            pictures.show(CLIFF_W, CLIFF_B, both, sentence(both), _put)
            st.markdown(unbroken(taken(both)))
        _explained(both)
    widgets.write_link(chosen)


def _put(w: float, b: float) -> None:
    """The reader has placed the ball in the picture"""
    st.session_state.update(cliff_w=w, cliff_b=b, cliff_line=False)
    _restart()


def _place() -> None:
    """The ball's start, and how it steps"""
    on_line = st.session_state["cliff_line"]
    if on_line:
        st.session_state["cliff_b"] = round(float(fixed_line(st.session_state["cliff_w"])), 2)
    (w, b), (rate, limit) = st.columns(2), st.columns(2)
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


def _explained(both: Paths) -> None:
    """What height and line are, and every step of both paths"""
    with st.container(horizontal=True, vertical_alignment="center"):
        with st.popover(prose("gradients", "how_to_read"), type="tertiary"):
            st.markdown(prose("gradients", "cliff_height", most=float(cliff(*HIGHEST).loss), sigma=SIGMA))
        table = table_of(both)
        with (
            st.popover(prose("gradients", "cliff_table"), type="tertiary", key="cliff_table"),
            st.container(key="cliff_every_step"),
        ):
            *narrow, used = table.columns[1:]
            widths = dict.fromkeys(narrow, WIDTH) | {used: WIDE}
            formats = {name: st.column_config.NumberColumn(format="%.4g", width=n) for name, n in widths.items()}
            height, width = 38 + 35 * min(len(table), ROWS), WIDTH + sum(widths.values())
            st.caption(prose("gradients", "cliff_table_read"))
            st.dataframe(table, hide_index=True, height=height, width=width, column_config=formats)
        download(prose("gradients", "cliff_csv"), lambda: table, "cliff.csv")
        station_back.button("cliff", widgets.current_choices())


# In words -------------------------------------------------------------------------------------------------------------


def ball(chosen: Choices) -> str:
    """The start in numbers; on the line, why it explodes or not"""
    w, b = start(chosen)
    at = cliff(w, b)
    sizes = {"loss": at.loss, "norm": _norm(w, b), "reach": at.reach}
    told = [prose("gradients", "cliff_ball", w=w, b=b, **{name: three_digits(float(n)) for name, n in sizes.items()})]
    off = b - float(fixed_line(w))
    factor = {"slope": SLOPE, "w": w, "power": signed(f"{(SLOPE * w) ** 50:.5g}")}
    if chosen.cliff_line:
        line = {"factor": SLOPE * w, "grows": w > critical_w(), "critical": critical_w()}
        told.append(prose("gradients", "cliff_on_line", **factor, **line))
    elif abs(off) <= NEAR:
        distance = {"distance": three_digits(abs(off)), "is_above": off > 0}
        told.append(prose("gradients", "cliff_near_line", **distance, **factor))
    return "\n\n".join(told)


def taken(both: Paths) -> str:
    """What the steps have come to"""
    if not any(len(path.w) > 1 or path.broke for path in both.values()):
        return prose("gradients", "cliff_no_step")
    return "  \n".join([*(events(name, path) for name, path in both.items()), sentence(both)])


def sentence(paths: Paths) -> str:
    """Where both paths have led"""
    (name, path), (other_name, other) = paths.items()
    start = {"w": path.w[0], "b": path.b[0], "loss": three_digits(path.loss[0])}
    if len(path.w) == 1 and not path.broke:
        return prose("gradients", "path_no_step", **start)
    ends = {"path": name, "steps": len(path.w) - 1, "end": three_digits(path.loss[-1])}
    other_ends = {"other": other_name, "other_steps": len(other.w) - 1, "other_end": three_digits(other.loss[-1])}
    return prose("gradients", "path_ends", **start, **ends, **other_ends)


def events(name: str, path: Path) -> str:
    """The longest step of a path, where it left the picture or the numbers, and whether it gets anywhere"""
    happened = []
    if len(path.w) > 1:
        moves = np.hypot(np.diff(path.w), np.diff(path.b))
        happened.append(_longest(path, moves))
        is_outside = ~is_inside(path.w, path.b)
        if is_outside.any():
            step = int(np.argmax(is_outside))
            place = {"step": step, "w": path.w[step], "b": path.b[step]}
            happened.append(prose("gradients", "path_outside" if is_outside[-1] else "path_came_back", **place))
        happened += _to_and_fro(path, moves)
        if path.norm[-1] < VANISHED and path.loss[-1] > path.loss[0]:
            numbers = {"norm": three_digits(path.norm[-1]), "loss": three_digits(path.loss[-1])}
            happened.append(prose("gradients", "path_stuck", **numbers))
    if path.broke:
        happened.append(prose("gradients", "path_broke"))
    return prose("gradients", "path_events", path=f"{name[0].upper()}{name[1:]}", events="; ".join(happened))


def _longest(path: Path, moves: np.ndarray) -> str:
    """Steps that were clipped differ by nothing but rounding: then it is told how many are as long, and the first"""
    alike = np.flatnonzero(moves >= moves.max() * (1 - ROUNDING))
    longest = int(alike[0])
    is_clipped = bool(path.used[longest] < path.norm[longest])
    numbers = {"step": longest + 1, "norm": three_digits(path.norm[longest]), "move": three_digits(moves[longest])}
    if is_clipped:
        numbers["clipped"] = three_digits(path.used[longest])
    name = "path_longest_clipped" if is_clipped else "path_longest"
    if len(alike) == 1:
        return prose("gradients", name, **numbers)
    return prose("gradients", f"{name}_tied", n=len(alike), steps=len(moves), **numbers)


def _to_and_fro(path: Path, moves: np.ndarray) -> list[str]:
    """Whether its last two steps led there and back"""
    if len(moves) < 2:
        return []
    back = float(np.hypot(path.w[-1] - path.w[-3], path.b[-1] - path.b[-3]))
    if back >= RETURNED * moves[-1]:
        return []
    numbers = {"step": len(moves), "back": three_digits(back), "move": three_digits(moves[-1])}
    return [prose("gradients", "path_to_and_fro", is_clipped=bool(path.used[-2] < path.norm[-2]), **numbers)]


def is_inside(w: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Is it in the picture?"""
    return (w >= CLIFF_W[0]) & (w <= CLIFF_W[1]) & (b >= CLIFF_B[0]) & (b <= CLIFF_B[1])


# Every number ---------------------------------------------------------------------------------------------------------


def table_of(both: Paths) -> pd.DataFrame:
    """One row a place, by the steps that led to it; a path that ended early has empty cells"""
    free, clipped = both.values()
    columns = _columns(free) | {
        prose("gradients", "cliff_column_clipped", column=name): values for name, values in _columns(clipped).items()
    }
    columns[prose("gradients", "cliff_column_used")] = clipped.used
    table = pd.DataFrame({name: pd.Series(values) for name, values in columns.items()})
    return table.rename_axis(prose("gradients", "cliff_column_step")).reset_index()


def _columns(path: Path) -> dict[str, np.ndarray]:
    return {"w": path.w, "b": path.b, "ℒ": path.loss, "‖g‖": path.norm}
