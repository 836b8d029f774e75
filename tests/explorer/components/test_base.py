"""What a component brings to the browser: its modules as one script, and every text that they ask for."""

import re

import pytest

from explorer.components import base
from explorer.components.base import ASSETS, script
from explorer.prose import sections

COMPONENTS = [folder.name for folder in ASSETS.iterdir() if folder.is_dir()]
CALL = re.compile(r'\btext\("(\w+)"(?:, \{([^{}]*)\})?\)')


def written(folder, **modules: str) -> None:
    for name, source in modules.items():
        (folder / "one" / f"{name}.js").write_text(source, encoding="utf-8")


@pytest.fixture
def folder(tmp_path, monkeypatch):
    (tmp_path / "one").mkdir()
    monkeypatch.setattr(base, "ASSETS", tmp_path)
    monkeypatch.setattr(base, "sections", lambda page: {page: "said"})
    yield tmp_path
    script.cache_clear()


def test_modules_stand_after_those_that_they_import_and_each_of_them_once(folder):
    shared = "export const low = 1;\n"
    middle = 'import { low } from "./low.js";\n\nexport const middle = low;\n'
    top = (
        'import { low } from "./low.js";\nimport {\n  middle,\n} from "./middle.js";\n\nexport default middle + low;\n'
    )
    written(folder, low=shared, middle=middle, one=top)
    lines = [line for line in script("one").splitlines() if line]
    texts = 'const TEXTS = {"components": "said", "one": "said"};'
    assert lines == [texts, "export const low = 1;", "export const middle = low;", "export default middle + low;"]


def test_a_name_that_two_modules_define_is_refused(folder):
    written(folder, low="function layout() {}\n", one='import { a } from "./low.js";\nexport const layout = 2;\n')
    with pytest.raises(ValueError, match="layout"):
        script("one")


@pytest.mark.parametrize("name", COMPONENTS)
def test_a_component_is_one_module_without_imports_and_without_html(name):
    source = script(name)
    assert not re.search(r"^import |innerHTML|outerHTML|insertAdjacent", source, flags=re.MULTILINE)
    assert source.count("export default") == 1


@pytest.mark.parametrize("name", COMPONENTS)
def test_every_text_that_a_component_asks_for_exists_and_is_filled(name):
    texts = sections("components") | sections(name)
    for asked, values in CALL.findall(script(name)):
        given = {value.partition(":")[0].strip() for value in values.split(",") if value.strip()}
        assert set(re.findall(r"\{(\w+)\}", texts[asked])) == given, asked
