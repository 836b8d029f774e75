"""How a component is made from its files, and how arrays and numbers reach the browser."""

import base64
import hashlib
import json
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st

from explorer import server
from explorer.components.served import own_folder
from explorer.prose import PROSE, sections

ASSETS = Path(__file__).resolve().parents[2] / "assets" / "components"
IMPORT = re.compile(r'^import \{([^}]*)\} from "([^"]+)";\n', re.MULTILINE)
EXPORTED = re.compile(r"^export (?:const|let|class|function) (\w+)", re.MULTILINE)
SERVED = own_folder()  # what the browser fetches, once

# In the place of a component's own export: the same, with its styles beside it
STYLED = """
const STYLES = new CSSStyleSheet();
STYLES.replaceSync(%s);
export default (component) => {
  const { adoptedStyleSheets } = component.parentElement.getRootNode();
  if (!adoptedStyleSheets.includes(STYLES)) adoptedStyleSheets.push(STYLES);
  return COMPONENT(component);
};
"""


def component(name: str) -> Callable[..., Any]:
    """What mounts this component. Its script and styles are a file that the browser fetches once, named by what is in
    it: as texts they would be sent again with everything that it is to draw."""
    source = styled(name)
    file = SERVED / f"{name}-{hashlib.sha256(source.encode()).hexdigest()[:16]}.js"
    file.write_text(source, encoding="utf-8")
    full_name = f"explorer.{name}"
    known = cache(lambda: st.components.v2.component(full_name, js=file.name))

    def mount(**how: Any) -> Any:
        server.serve_to(full_name, SERVED)
        if "data" in how:
            how["data"] = as_sent(how["data"])
        return known()(**how)

    return mount


def as_sent(data: dict[str, Any]) -> dict[str, Any]:
    """Of a list, unlike a tuple, Streamlit asks whether it is a table; both are sent alike.

    That JSON knows every value (see `json_safe`) is asked in tests, of whatever a page sends there, not at every click.
    """
    return {key: tuple(value) if type(value) is list else value for key, value in data.items()}


def styled(name: str) -> str:
    """The script of a component with its styles"""
    head, own = script(name).split("\nexport default ")
    return f"{head}\nconst COMPONENT = {own}{STYLED % json.dumps(styles(name), ensure_ascii=False)}"


@cache
def script(name: str) -> str:
    """The modules of a component as one: Streamlit takes one script. Each stands in a function of its own, which gives
    what the module exports, after those that it imports; the component's own comes last, as it is.

    In front of them stand the texts of all folders that have a module here.
    """
    numbers = {path: f"module{i}" for i, path in enumerate(modules(name))}
    *parts, entry = (_linked(path, numbers) for path in numbers)
    texts = json.dumps(texts_of(name), ensure_ascii=False)
    wrapped = [
        f"const module{i} = (() => {{\n{part}return {{ {', '.join(EXPORTED.findall(part))} }};\n}})();"
        for i, part in enumerate(parts)
    ]
    return "\n".join([f"const TEXTS = {texts};", *(part.replace("\nexport ", "\n") for part in wrapped), entry])


def texts_of(name: str) -> dict[str, str]:
    """Every text that the modules may ask for; ValueError if two folders mean different ones by a name."""
    texts: dict[str, str] = {}
    folders = [folder for folder in _folders(name) if PROSE.joinpath(f"{folder}.md").exists()]
    for folder in folders:
        for key, text in sections(folder).items():
            if texts.setdefault(key, text) != text:
                raise ValueError(f"The texts {key} of two folders of {name} differ.")
    return texts


def styles(name: str) -> str:
    """The styles of all folders that have a module in this component"""
    files = (ASSETS / folder / f"{folder}.css" for folder in _folders(name))
    return "\n".join(file.read_text(encoding="utf-8") for file in files if file.exists())


def _folders(name: str) -> list[str]:
    return list(dict.fromkeys(path.parent.name for path in modules(name)))


@cache
def modules(name: str) -> tuple[Path, ...]:
    """The files of a component, each after those that it imports"""
    found: list[Path] = []
    _follow((ASSETS / name / f"{name}.js").resolve(), found)
    return tuple(found)


def _follow(path: Path, found: list[Path]) -> None:
    for _, imported in IMPORT.findall(path.read_text(encoding="utf-8")):
        if (path.parent / imported).resolve() not in found:
            _follow((path.parent / imported).resolve(), found)
    found.append(path)


def _linked(path: Path, numbers: dict[Path, str]) -> str:
    """A module's text, with what it imports taken from where it stands"""

    def taken(match: re.Match) -> str:
        names = " ".join(match[1].split()).rstrip(",")
        return f"const {{ {names} }} = {numbers[(path.parent / match[2]).resolve()]};\n"

    return IMPORT.sub(taken, path.read_text(encoding="utf-8"))


def float32_base64(array: np.ndarray) -> str:
    return base64.b64encode(np.asarray(array, dtype="<f4").tobytes()).decode("ascii")


def int8_base64(array: np.ndarray, most: float) -> str:
    """In 127ths of `most`: as many shades as a picture has"""
    return base64.b64encode(np.round(array * (127 / most)).astype("i1").tobytes()).decode("ascii")


def numbers(array: np.ndarray) -> list[float | None]:
    return [number(value) for value in array.tolist()]


def number(value: float) -> float | None:
    """The browser's JSON knows no infinity: what is not finite becomes null, and is drawn as a dash."""
    return float(value) if np.isfinite(value) else None


def norms(vectors: np.ndarray) -> list[float | None]:
    """(T, 1, n) -> T norms"""
    return numbers(np.linalg.norm(vectors[:, 0], axis=-1))


def json_safe(data: dict[str, Any]) -> dict[str, Any]:
    """The same data; one value that JSON does not know would turn the whole payload into text: ValueError"""
    json.dumps(data, allow_nan=False)
    return data
