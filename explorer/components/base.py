"""How a component is made from its files, and how arrays and numbers reach the browser."""

import base64
import json
import re
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st

from explorer.prose import sections

ASSETS = Path(__file__).resolve().parents[2] / "assets" / "components"
IMPORT = re.compile(r'^import \{[^}]*\} from "([^"]+)";\n', re.MULTILINE)
DEFINED = re.compile(r"^(?:export )?(?:const|let|class|function) (\w+)", re.MULTILINE)


def component(name: str):
    css = (ASSETS / name / f"{name}.css").read_text(encoding="utf-8")
    return st.components.v2.component(name, css=css, js=script(name))


@cache
def script(name: str) -> str:
    """The modules of a component as one: Streamlit takes one script, so each stands after those that it imports.

    In front of them stand the component's texts. Raises ValueError if two modules define the same name.
    """
    modules: dict[Path, str] = {}
    _follow(ASSETS / name / f"{name}.js", modules)
    defined = Counter(name for module in modules.values() for name in DEFINED.findall(module))
    if twice := [name for name, times in defined.items() if times > 1]:
        raise ValueError(f"Two modules of {name} define {', '.join(twice)}, but in one script they share their names.")
    texts = json.dumps(sections("components") | sections(name), ensure_ascii=False)
    return "\n".join([f"const TEXTS = {texts};", *modules.values()])


def _follow(path: Path, modules: dict[Path, str]) -> None:
    """Put the module in `modules`, without its import lines, after those that it imports."""
    text = path.read_text(encoding="utf-8")
    for imported in IMPORT.findall(text):
        if (path.parent / imported).resolve() not in modules:
            _follow((path.parent / imported).resolve(), modules)
    modules[path] = IMPORT.sub("", text)


def float32_base64(array: np.ndarray) -> str:
    return base64.b64encode(np.asarray(array, dtype="<f4").tobytes()).decode("ascii")


def numbers(array: np.ndarray) -> list[float | None]:
    return [number(value) for value in array.tolist()]


def number(value: float) -> float | None:
    """The browser's JSON knows no infinity: what is not finite becomes null, and is drawn as a dash."""
    return float(value) if np.isfinite(value) else None


def norms(vectors: np.ndarray) -> list[float | None]:
    """(T, 1, n) -> T norms"""
    return numbers(np.linalg.norm(vectors[:, 0], axis=-1))


def json_safe(data: dict[str, Any]) -> dict[str, Any]:
    """One value that JSON does not know would turn the whole payload into text: better to fail here."""
    json.dumps(data, allow_nan=False)
    return data
