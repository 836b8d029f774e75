"""What a reader can take along: the link, a session file, the trace, the weights, and the network as a script."""

import io
import json
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from core import parameters
from core.structures import NO_TARGET
from explorer.choices.link import LONGEST_LINK, Link, is_newer, link_length
from explorer.choices.session import STRUCTURES, job_of, session
from explorer.choices.widgets import current_choices
from explorer.components import keeper
from explorer.compute.script import numpy_script
from explorer.compute.unrolled import Unrolled
from explorer.compute.whose import ALL, one_error
from explorer.formatting import clip_word, escape_markdown
from explorer.prose import prose

if TYPE_CHECKING:
    import pandas as pd

MOST_LETTERS = 60  # of the name of a file
MOST_NAMED = 12  # of what made no sense: a file may hold half a million names
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # how a text begins that a spreadsheet would compute


def warn_ignored() -> None:
    """What made no sense in the link or the session file that was opened; until the reader changes something"""
    if ignored := session().ignored:
        names = ", ".join(escape_markdown(clip_word(name)) for name in ignored[:MOST_NAMED])
        if more := len(ignored[MOST_NAMED:]):
            names = prose("share", "and_more", names=names, more=more)
        st.warning(prose("share", "ignored", is_from_file=session().is_from_file, names=names))


def warn_link_too_long() -> None:
    """When the choices no longer fit into a link. Then the browser's tab keeps them, and brings them back."""
    memory = session()
    link = memory.link or {}
    length = link_length(link)
    is_long = length > LONGEST_LINK
    if is_long:
        st.warning(
            " ".join(filter(None, [prose("share", "long_link", length=length, most=LONGEST_LINK), not_in_link()]))
        )
    if is_long or memory.is_kept:
        keeper.keep(as_file(link) if is_long else None)
        memory.is_kept = is_long


def not_in_link() -> str:
    """Of the network of Structures: what neither a link nor the browser's tab keeps; "" where there is no such thing"""
    memory = session()
    if not memory.uploads and not memory.opened.items():
        return ""
    job = job_of(STRUCTURES, current_choices())
    if job.file:
        what = "training" if job.epoch is not None else "file"
        told = prose("share", f"not_in_link_{what}", file=escape_markdown(clip_word(job.file, MOST_LETTERS)))
    elif memory.opened.get(job.network):
        told = prose("share", "not_in_link_weights")
    else:
        return ""
    return prose("share", "not_in_link", what=told)


def ask_tab() -> None:
    """In a session in which nothing was chosen yet: has the browser's tab kept what an earlier one could not put in a
    link? It stands below the page, so that no click in a part of it takes the question away."""
    if not session().has_begun:
        keeper.ask(_bring_back)


def _bring_back(text: str) -> None:
    """A new session finds what the tab has kept of an earlier one: it is opened like a session file."""
    memory = session()
    memory.has_begun = True
    if link := read_file(text):
        memory.file, memory.is_brought_back = link, True


def as_file(link: Link) -> str:
    """What a session file holds"""
    return json.dumps(link, ensure_ascii=False)


def read_file(text: str) -> Link | None:
    """The link in a session file; None if it holds none"""
    try:
        link = json.loads(text)
        if not isinstance(link, dict) or not all(isinstance(value, str | list) for value in link.values()):
            return None
        as_file(link).encode("utf-8")  # half a character (a lone surrogate) is no text
    except (ValueError, RecursionError):
        return None
    return link


def panel(unrolled: Unrolled | None, t: int | None = None) -> None:
    """unrolled: None where there is nothing to be read, and so nothing to take along but the choices; t: the step whose
    error goes back, None: all losses"""
    link = session().link or {}  # as `write_link` made it in this run
    if link_length(link) <= LONGEST_LINK:
        st.caption(prose("share", "keep"))
    if lost := not_in_link():
        st.caption(lost)
    with st.container(horizontal=True):
        if unrolled:
            _download("trace.csv", lambda: trace_csv(unrolled, t), "text/csv")
            _download("weights.npz", lambda: parameter_file(unrolled), "application/octet-stream")
            _download("rnn.py", lambda: script(unrolled), "text/x-python")
        _download("session.json", lambda: as_file(link), "application/json")
    st.file_uploader(
        prose("share", "open"),
        key="session_file",
        on_change=open_session,
        help=prose("share", "file_help"),
    )
    if problem := session().notices.get("file"):
        st.warning(problem)


def _download(name: str, make: Callable[[], str | bytes], mime: str) -> None:
    kind = name.split(".")[0]
    label, help_text = prose("share", f"label_{kind}"), prose("share", f"file_{kind}")
    st.download_button(label, make, name, mime, on_click="ignore", key=f"download_{name}", help=help_text)


def open_session() -> None:
    """Open a session file: it holds what a link holds, and is opened like one, before any widget is made"""
    memory, file = session(), st.session_state["session_file"]
    memory.notices.pop("file", None)
    if file is None:
        return
    link = read_file(file.getvalue().decode("utf-8", errors="surrogateescape"))
    if link is None:
        memory.notices["file"] = prose("share", "bad_session")
        return
    if is_newer(link):
        memory.notices["file"] = prose("share", "newer_session")
        return
    memory.file = link


@np.errstate(over="ignore", invalid="ignore")
def trace_table(unrolled: Unrolled, s: int | None = None) -> "pd.DataFrame":
    """One row a step: what is drawn, in full precision; the gradients are those of ℒ⟨s⟩, or of all losses"""
    import pandas as pd  # here, not above: it takes long, and the stage on the first page needs none

    unrolled = one_error(unrolled, s)
    back, trace, task = unrolled.back, unrolled.trace, unrolled.job.task
    T, n_a, answers = len(unrolled.words), trace.a.shape[-1], set(unrolled.answer_steps.tolist())
    best, targets = unrolled.y_hat.argmax(axis=1), unrolled.targets[:, 0]
    table: dict[str, object] = {
        "t": range(1, T + 1),
        "group": [slot.group for slot in trace.slots],
        "word": unrolled.words,
        "index": trace.x[:, 0],
        "expected": [task.classes[y] if y != NO_TARGET else "" for y in targets],
        "label": [int(y) if y != NO_TARGET else None for y in targets],
        "prediction": [task.classes[k] if t in answers else "" for t, k in enumerate(best)],
        "probability": [unrolled.y_hat[t, k] if t in answers else np.nan for t, k in enumerate(best)],
    }
    if len(task.classes) == 2:
        table[f"p_{task.classes[1]}"] = [p if t in answers else np.nan for t, p in enumerate(unrolled.y_hat[:, 1])]
    table |= {
        "loss": unrolled.due_losses,
        "error_of": ALL if s is None else s,
        "norm_from_y": np.linalg.norm(back.from_y[:, 0], axis=-1),
        "norm_from_next_a": np.linalg.norm(back.from_next_state[1:, 0, :n_a], axis=-1),
        "norm_d_a": np.linalg.norm(back.d_a[1:, 0], axis=-1),
        "norm_from_next_state": np.linalg.norm(back.from_next_state[1:, 0], axis=-1),
        "norm_d_state": np.linalg.norm(back.d_state[1:, 0], axis=-1),
    }
    table |= {f"share_{name}": norms for name, norms in unrolled.shares.items()}
    units = trace.state[1:, 0].T
    table |= {f"a[{i}]": row for i, row in enumerate(units[:n_a])}
    table |= {f"c[{i}]": row for i, row in enumerate(units[n_a:])}  # the LSTM's state is both
    return pd.DataFrame(table)


def trace_csv(unrolled: Unrolled, s: int | None = None) -> str:
    """The table as a file; a text that a spreadsheet would take for a formula gets an apostrophe before it"""
    table = trace_table(unrolled, s)
    for column in ("word", "expected", "prediction"):
        table[column] = [f"'{text}" if text.startswith(FORMULA) else text for text in table[column]]
    return table.to_csv(index=False)


def parameter_file(unrolled: Unrolled) -> bytes:
    """All weights as they are now, as .npz"""
    buffer = io.BytesIO()
    parameters.save(buffer, unrolled.trace.params)
    return buffer.getvalue()


def script(unrolled: Unrolled) -> str:
    """A NumPy script that needs nothing else and prints the numbers on the screen"""
    trace, task = unrolled.trace, unrolled.job.task
    return numpy_script(
        unrolled.job.experiment.cell,
        task.output,
        trace.params,
        slots=trace.slots,
        x=trace.x,
        targets=unrolled.targets,
        words=unrolled.words,
        classes=task.classes,
    )
