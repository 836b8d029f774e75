"""What a component brings to the browser: its modules as one script, and every text that they ask for."""

import json
import re
import shutil
import subprocess

import pytest

from explorer.components import base
from explorer.components.base import ASSETS, script, styles, texts_of
from tests.helpers.examples import open_app

COMPONENTS = [
    path.stem
    for path in ASSETS.glob("*/*.js")
    if path.stem == path.parent.name and "export default" in path.read_text()
]
CALL = re.compile(r'\btext\("(\w+)"(?:, \{([^{}]*)\})?\)')


def written(folder, **modules: str) -> None:
    for name, source in modules.items():
        (folder / "one" / f"{name}.js").write_text(source, encoding="utf-8")


@pytest.fixture
def folder(tmp_path, monkeypatch):
    (tmp_path / "one").mkdir()
    monkeypatch.setattr(base, "ASSETS", tmp_path)
    monkeypatch.setattr(base, "PROSE", tmp_path)
    for name in ("one", "other"):
        (tmp_path / f"{name}.md").touch()
    monkeypatch.setattr(base, "sections", lambda page: {page: "said"})
    yield tmp_path
    script.cache_clear()
    base.modules.cache_clear()


def test_modules_stand_after_those_that_they_import_and_each_of_them_once(folder):
    shared = "export const low = 1;\n"
    middle = 'import { low } from "./low.js";\n\nconst own = low;\nexport const middle = own;\n'
    top = (
        'import { low } from "./low.js";\nimport {\n  middle,\n} from "./middle.js";\n\nexport default middle + low;\n'
    )
    written(folder, low=shared, middle=middle, one=top)
    lines = [line for line in script("one").splitlines() if line]
    assert lines == [
        'const TEXTS = {"one": "said"};',
        *("const module0 = (() => {", "const low = 1;", "return { low };", "})();"),
        *("const module1 = (() => {", "const { low } = module0;", "const own = low;", "const middle = own;"),
        *("return { middle };", "})();"),
        *("const { low } = module0;", "const { middle } = module1;", "export default middle + low;"),
    ]


def test_two_modules_may_use_the_same_name_for_things_of_their_own(folder):
    low = "function layout() { return 40; }\nexport const most = layout();\n"
    top = 'import { most } from "./low.js";\nconst layout = 2;\nexport default most + layout\n'
    written(folder, low=low, one=top)
    node = shutil.which("node") or pytest.skip("Node is not at hand.")
    source = script("one").replace("export default", "console.log(") + ")"
    assert subprocess.run([node, "-e", source], capture_output=True, encoding="utf-8").stdout == "42\n"


def test_two_folders_may_not_mean_different_texts_by_one_name(folder, monkeypatch):
    (folder / "other").mkdir()
    (folder / "other" / "low.js").write_text("export const low = 1;\n")
    written(folder, one='import { low } from "../other/low.js";\nexport default low;\n')
    monkeypatch.setattr(base, "sections", lambda page: {"play": page})
    with pytest.raises(ValueError, match="play"):
        texts_of("one")


def test_a_component_has_the_styles_of_all_its_modules():
    assert all(f":where(.{part})" in styles("stage") for part in ("stage", "inspector"))
    assert ".inspector" not in styles("onehot")


@pytest.mark.parametrize("name", COMPONENTS)
def test_a_component_is_one_module_without_imports_and_without_html(name):
    source = script(name)
    assert not re.search(r"^import |innerHTML|outerHTML|insertAdjacent", source, flags=re.MULTILINE)
    assert source.count("export default") == 1


@pytest.mark.parametrize("name", COMPONENTS)
def test_every_text_that_a_component_asks_for_exists_and_is_filled(name):
    texts = texts_of(name)
    for asked, values in CALL.findall(script(name)):
        while values != (flat := re.sub(r"\([^()]*\)|\[[^\[\]]*\]", "", values)):
            values = flat  # commas inside of calls separate no values
        given = {value.partition(":")[0].strip() for value in values.split(",") if value.strip()}
        if any(value.startswith("...") for value in given):
            continue
        assert set(re.findall(r"\{(\w+)\}", texts[asked])) == given, asked


def test_a_page_only_names_the_file_with_script_and_styles():
    """and the browser fetches it once, not with everything that is to be drawn"""
    mounted = [component.proto for component in open_app().get("bidi_component")]
    assert len(mounted) >= 3
    for proto in mounted:
        name = proto.component_name.removeprefix("explorer.")
        source = (base.SERVED / proto.js_source_path).read_text(encoding="utf-8")
        assert proto.js_content == proto.css_content == "" and source == base.styled(name)
        assert json.dumps(styles(name), ensure_ascii=False) in source and source.count("export default") == 1
