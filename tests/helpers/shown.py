"""What a page shows, as named digits and texts, wherever on the page and under whatever name they stand.

A record is a page's name, a link or a session file, and what the page showed when the record was made. When a page is
rebuilt, what reads it here is changed, and never a record. `PYTHONPATH=. python tests/helpers/shown.py FILE` adds
to every record in a file that shows nothing yet what the pages show now.
"""

import csv
import io
import json
import math
import re
import sys
from base64 import b64decode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
from streamlit.runtime.media_file_manager import MediaFileManager
from streamlit.testing.v1 import AppTest

from explorer.prose import prose
from tests.helpers.drawn import payload_of
from tests.helpers.examples import open_app, page
from tests.helpers.notes_page import turn_to
from tests.helpers.structures_page import exhibits

Shown = dict[str, Any]  # numbers, texts, None, and lists and dicts of these
Rows = list[dict[str, str]]
STAGE = ("words", "known", "labels", "chance", "loss", "total", "grad", "from_y", "from_next")
NO_LONGER = "no longer shown"  # what a page was found to be wrong about
ANSWERS = ("said", "guessed", "fed", "attention", "via_attention")


def shows(record: dict) -> Shown:
    """Open what a record holds, in a new session, and read the page"""
    with downloads() as files:
        app = open_file(record["file"]) if "file" in record else open_app(**record["link"])
        if record["page"] != "explore":
            files.clear()
            app.switch_page(page(record["page"])).run()
        assert not app.exception, app.exception[0].value
        return ignored(app) | READ[record["page"]](app, files)


def open_file(link: dict) -> AppTest:
    """A session file is opened on Explore, in a panel that takes the place of the one that is read"""
    app = open_app()
    app.button_group(key="more").set_value("Keep or share").run()
    app.file_uploader(key="session_file").upload("session.json", json.dumps(link).encode()).run()
    return app.button_group(key="more").set_value("How far back does each error reach?").run()


@contextmanager
def downloads() -> Iterator[dict[str, Callable]]:
    """What makes the files that a page offers, by the name of the file; they hold every digit"""
    files: dict[str, Callable] = {}
    offer = MediaFileManager.add_deferred

    def note(manager: MediaFileManager, make: Callable, mimetype, coordinates, file_name=None, **more) -> str:
        files[file_name] = make
        return offer(manager, make, mimetype, coordinates, file_name, **more)

    with patch.object(MediaFileManager, "add_deferred", note):
        yield files


# The five pages -------------------------------------------------------------------------------------------------------


def explore(app: AppTest, files: dict) -> Shown:
    data = component(app, "total")
    if data is None:
        return {"words": []}
    told = stage(data) | {"phase": data["phase"]}
    app.button_group(key="more").set_value("What each step adds to ∂ℒ/∂W").run()
    told["weight"] = app.button_group(key="selected_weight").value
    told["shares"] = numbers(chart(app, "shares")["data"][0]["y"])
    told["f1"] = number(r"held-out F1 .*?\*\*([\d.]+)\*\*", app)
    if data["update"]:
        app.button_group(key="more").set_value("What an update changes").run()
        learned = numbers(chart(app, "curve")["data"][0]["y"])
        told["learned"] = [len(learned), learned[0], learned[len(learned) // 2], learned[-1]]
    return told


def inputs(app: AppTest, files: dict) -> Shown:
    data = component(app, "picked")
    columns = np.frombuffer(b64decode(data["picked"]), "<f4").reshape(len(data["words"]), -1)
    told = {name: data[name] for name in ("words", "known", "ids", "n_x", "n_a")}
    return told | {"step": data["selected"], "columns": columns[:, :3].astype(float).tolist()}


def gradients(app: AppTest, files: dict) -> Shown:
    """Station by station, as a reader walks; of the last row the curves of *What helps?* hold all four cells"""
    told: Shown = {"example": NO_LONGER, "factors": NO_LONGER}  # norms of factors, which do not multiply to the number
    if app.session_state["credit_s"]:
        told["taken_apart"] = app.button_group(key="credit_cell").value
    told["guess"] = NO_LONGER  # another question: what was asked then has another answer on every sequence
    table: dict[str, Rows] = {}

    def walk_to(station: str, **chosen: str) -> None:
        for key, choice in {"station": station, **chosen}.items():
            app.session_state[key] = choice
        app.run()
        assert not app.exception, app.exception[0].value
        table.update({name: rows(make()) for name, make in files.items() if name.endswith(".csv")})

    walk_to("reach")
    for cell in ("tanh", "relu"):
        walk_to("why", credit_cell=cell)
        circle = of(cell, table.pop("eigenvalues.csv", []))
        assert circle or len(table["credit.csv"]) == 4  # of one word there is no step back, and no circle beside it
        told[f"radius_{cell}"] = max(value(row["size"]) for row in circle) if circle else NO_LONGER
    walk_to("help", help_tab=prose("gradients", "help_others"))
    told["norms"] = found(r"‖g‖ of this input.*?: (.+)\.", app)
    told["lost"] = found(r"Error that truncation makes.*?: (.+)\.", app)
    walk_to("cliff")
    walk_to("race")
    for cell in ("tanh", "relu", "gru", "lstm"):
        told[f"credit_{cell}"] = credit(of(cell, table["credit.csv"]))
        norm, bound = values(of(cell, table["decay_chart.csv"])[-1], "log10_norm", "log10_bound")
        told[f"decay_{cell}"] = [norm, NO_LONGER, bound]  # between them a line held at its first mark: no fit
        told[f"ratios_{cell}"] = [value(row["ratio_before_training"]) for row in of(cell, table["ratios.csv"])[::7]]
        told[f"race_{cell}"] = app.radio(key=f"race_{cell}").value
    told["race_updates"] = app.button_group(key="race_updates").value
    told["cliff"] = [values(row, *list(row)[1:]) for row in table["cliff.csv"][-1:]] + [len(table["cliff.csv"])]
    return told


def structures(app: AppTest, files: dict) -> Shown:
    data = component(app, "total")
    if data is None:
        return {"words": []}
    told = stage(data) | {name: data[name] for name in ANSWERS}
    told["score"] = found(r"Before any update: (.+?) \*\*([\d.]+)\*\*", app)
    told["missing"] = found(r"data file \*\*(.+?)\*\*", app)
    if "beam" in (cards := exhibits(app)):
        told["beams"] = [[one["label"], one["text"], one["score"]] for one in cards["beam"]["found"]]
    told["walk"] = (
        NO_LONGER  # it followed the last answer; now a chosen one (tests/explorer/compute/test_error_walk.py)
    )
    return told


def notes(app: AppTest, files: dict) -> Shown:
    frames, equations = [frame.value for frame in app.dataframe], [equation.value for equation in app.latex]
    frames += [frame.value for frame in turn_to(app, "claims").dataframe]
    tables = {tuple(frame.columns)[2:]: frame for frame in frames}
    names = {
        "dictionary": ("read as", "index of the 1"),
        "losses": ("y⟨t⟩", "ŷ⟨t⟩", "ℒ⟨t⟩"),
        "streams": ("from ŷ", "from next", "sum"),
        "gates": ("GRU: 1 − Γu", "LSTM: Γf"),
        "attention": ("score e", "weight α"),
        "future": ("states differ by", "predictions by"),
    }
    told: Shown = {
        name: {column: tables[columns][column].tolist() for column in columns}
        for name, columns in names.items()
        if columns in tables
    }
    told["equations"] = [  # with three decimals, as they were then; now with as many as it takes that they come out
        [f"{float(n):.3f}" for n in re.findall(r"-?\d+\.\d+", equation)] for equation in equations
    ]
    return told | {"history": [metric.value for metric in app.metric]}


READ: dict[str, Callable[[AppTest, dict], Shown]] = {
    "explore": explore,
    "inputs": inputs,
    "gradients": gradients,
    "structures": structures,
    "notes": notes,
}

# Pieces of a page -----------------------------------------------------------------------------------------------------


def component(app: AppTest, key: str) -> dict | None:
    """What the browser is given for the component that has this key"""
    payloads = (payload_of(one.proto) for one in app.get("bidi_component"))
    return next((data for data in payloads if key in data), None)


def stage(data: dict) -> Shown:
    told = {name: data[name] for name in STAGE} | {"step": data["selected"], "updates": 0}
    if data["update"]:
        told |= {"updates": data["update"]["taken"], "loss_before": data["update"]["loss"]}
    return told


def chart(app: AppTest, key: str) -> dict | None:
    specs = (one.proto.spec for one in app.get("plotly_chart") if one.proto.id.endswith(f"-{key}"))
    return next(map(json.loads, specs), None)


def numbers(column: list | dict) -> list[float]:
    """A column of a chart; Plotly packs what comes from NumPy"""
    if isinstance(column, list):
        return column
    return np.frombuffer(b64decode(column["bdata"]), column["dtype"]).tolist()


def text(app: AppTest) -> str:
    return "\n".join(one.value.replace("\\", "") for one in [*app.markdown, *app.caption, *app.warning, *app.info])


def found(pattern: str, app: AppTest) -> list[str] | None:
    match = re.search(pattern, text(app))
    return match and list(match.groups())


def number(pattern: str, app: AppTest) -> float | None:
    match = found(pattern, app)
    return match and float(match[0])


def ignored(app: AppTest) -> Shown:
    """What of the link made no sense, as the page names it"""
    told = found(r"Some of this (link|session file) made no sense and was left out: (.+)\. Everything else", app)
    return {"ignored": sorted(told[1].split(", ")), "ignored_of": told[0]} if told else {"ignored": []}


# Tables ---------------------------------------------------------------------------------------------------------------


def rows(table: str) -> Rows:
    return list(csv.DictReader(io.StringIO(table)))


def of(cell: str, table: Rows) -> Rows:
    return [row for row in table if row["cell"] == cell]


def value(cell: str) -> float | None:
    return float(cell) if cell else None


def values(row: dict[str, str], *names: str) -> list[float | None]:
    return [value(row[name]) for name in names]


def credit(matrix: Rows) -> Shown:
    """Nine entries (s, k) of a matrix, as far as it has them"""
    entries = {(int(row["s"]), int(row["k"])): value(row["log10_norm"]) for row in matrix}
    last = max(s for s, _ in entries)
    places = [(s, k) for s in (last, last // 2, last // 3) for k in (s, s // 2, 1)]
    return {f"{s},{k}": entries[s, k] for s, k in places if (s, k) in entries}


# Compare and record ---------------------------------------------------------------------------------------------------


def differences(recorded: Any, now: Any, name: str = "") -> list[str]:
    """Where what is shown now is not what was recorded. What was not recorded may be anything."""
    if isinstance(recorded, dict) and isinstance(now, dict):
        pairs = [(f"{name}.{key}".lstrip("."), recorded[key], now.get(key)) for key in recorded]
    elif isinstance(recorded, list) and isinstance(now, list) and len(recorded) == len(now):
        pairs = [(f"{name}[{i}]", *pair) for i, pair in enumerate(zip(recorded, now, strict=True))]
    else:
        return [] if now == NO_LONGER or same(recorded, now) else [f"{name}: {recorded!r}, now {now!r}"]
    return [told for where, left, right in pairs for told in differences(left, right, where)]


def same(recorded: Any, now: Any) -> bool:
    if isinstance(recorded, float) and isinstance(now, float):
        return math.isclose(recorded, now, rel_tol=1e-9, abs_tol=1e-12)
    return recorded == now


def plain(told: Any) -> Any:
    """As it comes back from a file: a number that is not finite as a text"""
    if isinstance(told, dict):
        return {key: plain(value) for key, value in told.items()}
    if isinstance(told, list | tuple):
        return [plain(value) for value in told]
    return str(told) if isinstance(told, float) and not math.isfinite(told) else told


def main(path: Path) -> None:
    records = json.loads(path.read_text(encoding="utf-8"))
    for record in records:
        if "shows" not in record:
            record["shows"] = plain(shows(record))
            print(record["name"])
    lines = ",\n".join(json.dumps(record, ensure_ascii=False, allow_nan=False) for record in records)
    path.write_text(f"[\n{lines}\n]\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
