"""What a reader can take along: the link, a session file, the trace, the parameters, and the network as a script."""

import io
import json
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from core import parameters
from core.cells import CELLS
from explorer.choices.link import LONGEST_LINK, link_length
from explorer.compute.script import numpy_script
from explorer.compute.sentence import people_task
from explorer.compute.unrolled import Unrolled
from explorer.formatting import clip_word, escape_markdown
from explorer.prose import prose
from explorer.views.explore import callbacks

if TYPE_CHECKING:
    import pandas as pd


def warn_ignored() -> None:
    """What made no sense in the link or the session file that was opened; until the reader changes something"""
    if ignored := st.session_state["ignored"]:
        names = ", ".join(escape_markdown(clip_word(name)) for name in ignored)
        st.warning(prose("explore", "ignored", source=st.session_state["came_with"], names=names))


def warn_link_too_long() -> None:
    """When the choices no longer fit into a link"""
    length = link_length(st.session_state["link"])
    if length > LONGEST_LINK:
        st.warning(prose("explore", "long_link", length=length, most=LONGEST_LINK))


def panel(now: Unrolled | None) -> None:
    """now: None where there is no word to be read, and so nothing to take along but the choices"""
    link = st.session_state["link"]  # as `state.write_link` made it in this run
    if link_length(link) <= LONGEST_LINK:
        st.caption(prose("explore", "keep"))
    with st.container(horizontal=True):
        if now:
            _download("Trace (CSV)", lambda: trace_table(now).to_csv(index=False), "trace.csv", "text/csv")
            _download("Weights (.npz)", lambda: parameter_file(now), "weights.npz", "application/octet-stream")
            _download("NumPy script", lambda: script(now), "rnn.py", "text/x-python")
        _download("Session file", lambda: json.dumps(link, ensure_ascii=False), "session.json", "application/json")
    st.file_uploader("Open a session file", type="json", key="session_file", on_change=callbacks.open_session,
                     help=prose("explore", "file_help"))  # fmt: skip


def _download(label: str, make, name: str, mime: str) -> None:
    told = prose("explore", f"file_{name.split('.')[0]}")
    st.download_button(label, make, name, mime, on_click="ignore", key=f"download_{name}", help=told)


@np.errstate(over="ignore", invalid="ignore")
def trace_table(now: Unrolled) -> "pd.DataFrame":
    """One row per step: what is drawn, in full precision"""
    import pandas as pd  # here, not above: it takes long, and the stage on the first page needs none

    back, loss = now.back, now.loss
    T, n_a = len(now.words), now.trace.a.shape[-1]
    plain = {
        "t": range(1, T + 1),
        "word": now.words,
        "index": now.trace.x[:, 0],
        "label": now.targets[:, 0],
        "p_name": loss.y_hat[:, 0, 0],
        "loss": loss.per_step[:, 0],
        "norm_from_y": np.linalg.norm(back.from_y[:, 0], axis=-1),
        "norm_from_next_a": np.linalg.norm(back.from_next_state[1:, 0, :n_a], axis=-1),
        "norm_d_a": np.linalg.norm(back.d_a[1:, 0], axis=-1),
    }
    shares = {f"share_{name}": norms for name, norms in now.shares.items()}
    a, state = now.trace.a[1:, 0], now.trace.state[1:, 0]
    units = {f"a[{i}]": row for i, row in enumerate(a.T)}
    if a.shape == state.shape:
        return pd.DataFrame(plain | shares | units)
    memory = {f"c[{i}]": row for i, row in enumerate(state[:, n_a:].T)}  # the LSTM's state is both
    whole = {
        "norm_from_next_state": np.linalg.norm(back.from_next_state[1:, 0], axis=-1),
        "norm_d_state": np.linalg.norm(back.d_state[1:, 0], axis=-1),
    }
    return pd.DataFrame(plain | whole | shares | units | memory)


def parameter_file(now: Unrolled) -> bytes:
    buffer = io.BytesIO()
    parameters.save(buffer, now.trace.params)
    return buffer.getvalue()


def script(now: Unrolled) -> str:
    """A NumPy script that needs nothing else and prints the numbers on the screen"""
    trace, task = now.trace, people_task()
    cell = next(name for name, cell in CELLS.items() if cell == trace.cell)
    return numpy_script(
        cell,
        task.answers_with,
        trace.params,
        slots=trace.slots,
        x=trace.x,
        targets=now.targets,
        words=now.words,
        classes=task.classes,
    )
