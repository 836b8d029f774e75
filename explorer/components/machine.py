"""The stage and the dock beside it as one component: an unrolled network -> the browser; what the reader chose -> back.

The stage draws all steps, the dock shows one of them with its numbers. Both are drawn from the same data at the same
moment, so that they never differ. To Python comes back which step is selected, that the stage is painted, and what else
the reader does on it.
"""

import time
from collections.abc import Callable
from typing import Any

import streamlit as st

from explorer.components.base import component, float32_base64
from explorer.components.inspector import inspector_data, second_stream_data
from explorer.components.stage import stage_data
from explorer.components.stage_texts import StageTexts
from explorer.compute.unrolled import Unrolled

AHEAD = 0.05  # seconds: it is on its way to the browser before anything that stands below is computed

_machine = component("stage")


def show(
    unrolled: Unrolled,
    step: int,
    update: dict | None,
    on_step,
    *,
    result: dict[str, Any],
    phase: str = "forward",
    whose: str = "all",
    beside: str | None = None,
    sound: list[float] | None = None,
    on_painted=None,
    held: Unrolled | None = None,
    acts: dict[str, Callable[[], None]] | None = None,
) -> None:
    """The machine; `on_step` is called when another step is selected, `on_painted`, if given, when the stage is seen.

    result: what the strip below shows of the same numbers. phase: the way it opens on; back comes −5 for step 5 on the
    way back. whose: whose error goes back. beside: "dock", or "answer", for which the dock makes room; None: the dock
    stays beside the stage. sound: when each step of a melody sounds, in seconds. held: what was on the stage before the
    update, if the reader holds it and the browser asked. acts: what is done when one of these messages comes (see
    `sent`).
    """
    data = machine_data(unrolled, step, update) | {"before": held and machine_data(held, step)}
    data |= {"phase": phase, "tell": on_painted is not None}
    data |= {"whose": int(whose) if whose.isdigit() else whose, "heard": repr(sent("edit"))}
    data |= {"beside": beside, "sound": sound, "result": result}
    data["corrects"] = "label" in (acts or {}) and list(unrolled.job.task.classes)
    _machine(
        key="stage",
        data=data,
        default={"t": [-step if phase == "backward" else step, 0]},
        on_t_change=on_step,
        on_painted_change=on_painted,
        **{f"on_{name}_change": act for name, act in (acts or {}).items()},
    )
    time.sleep(AHEAD)


def machine_data(
    unrolled: Unrolled, step: int, update: dict | None = None, texts: StageTexts | None = None
) -> dict[str, Any]:
    """What both draw. The weights of the cells are among the dock's factors, those of the readout beside them."""
    dock, reverse = inspector_data(unrolled, step, texts), second_stream_data(unrolled, texts)
    drawn = stage_data(unrolled, step, update, texts) | {"dock": dock, "reverse": reverse}
    return drawn | _readout(unrolled, [*dock["classes"]])


def _readout(unrolled: Unrolled, classes: list[int]) -> dict[str, Any]:
    """Wya and by (with attention Wyc, in both directions reverse.Wya) of the classes that are shown, and ŷ − y of these
    at every answer"""
    p = unrolled.trace.params
    shown = {"Wya": p["readout"].Wya[classes], "by": p["readout"].by[classes, None]}
    if unrolled.trace.focus:
        shown["Wyc"] = p["attention"].Wyc[classes]
    if unrolled.trace.reverse:
        shown["reverse.Wya"] = p["reverse"].Wya[classes]
    weights = {
        name: {"values": float32_base64(W), "rows": W.shape[0], "columns": W.shape[1]} for name, W in shown.items()
    }
    d_logits = unrolled.back.d_logits[unrolled.answer_steps, 0][:, classes]
    return {"weights": weights, "d_logits": float32_base64(d_logits)}


def selected() -> int:
    """The step that the stage sent last; with it comes the time, so that the same step again is something new"""
    step, _ = st.session_state["stage"]["t"]
    return int(step)


def sent(name: str) -> Any:
    """The message of this name that has come last; None: there is none"""
    return st.session_state.get("stage", {}).get(name)
