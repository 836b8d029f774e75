"""The cards in a real browser, without a page around them: drawn, reached by keys, chosen, and never pulled back"""

import base64

import pytest

from explorer.components import structure_cards
from explorer.components.base import script
from explorer.prose import prose

MOUNT = """async ([url, data]) => {
    window.sent = [];
    const root = document.body.appendChild(document.createElement("div"));
    const { default: mount } = await import(url);
    window.receive = data => mount({ data, parentElement: root, setStateValue: (...what) => window.sent.push(what) });
    window.receive(data);
}"""
COUNTS = """card => Object.fromEntries(["cell", "input", "answer", "in", "out", "state", "fed"].map(
    name => [name, card.querySelectorAll(`.${name}`).length]))"""


@pytest.fixture
def page(browser):
    page = browser.new_page()
    url = "data:text/javascript;base64," + base64.b64encode(script("structure_cards").encode()).decode()
    page.evaluate(MOUNT, [url, structure_cards.payload("translation")])
    yield page
    page.close()


def card(page, structure: str):
    return page.locator(f'.card[data-structure="{structure}"]')


def checked(page) -> list[str]:
    return page.locator('[role="radio"][aria-checked="true"]').evaluate_all("all => all.map(c => c.dataset.structure)")


@pytest.mark.parametrize("structure", structure_cards.KINDS)
def test_a_diagram_has_what_its_table_says(page, structure):
    steps = next(c["steps"] for c in structure_cards.payload("word")["cards"] if c["structure"] == structure)
    reads, answers, fed = (sum(step[what] for step in steps) for what in ("reads", "answers", "fed"))
    assert card(page, structure).evaluate(COUNTS) == {
        "cell": len(steps), "input": reads, "in": reads, "answer": answers, "out": answers,
        "state": len(steps) - 1, "fed": fed,
    }  # fmt: skip
    assert " ".join(card(page, structure).locator(".does").all_inner_texts()) == prose(
        "structures", f"does_{structure}"
    )


def test_arrows_move_and_only_enter_space_or_a_click_choose(page):
    page.keyboard.press("Tab")
    where = lambda: page.evaluate("document.activeElement.dataset.structure")  # noqa: E731
    assert where() == "translation"
    page.keyboard.press("ArrowRight")  # from the last to the first
    assert where() == "word" and checked(page) == ["translation"] and page.evaluate("sent") == []
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    card(page, "entities").click()
    card(page, "entities").click()  # chosen already: nothing to say
    assert page.evaluate("sent") == [["structure", name] for name in ("word", "melody", "entities")]
    assert checked(page) == ["entities"]
    assert page.locator('[role="radio"][tabindex="0"]').count() == 1


def test_a_late_answer_does_not_pull_the_choice_back(page):
    card(page, "word").click()
    card(page, "melody").click()
    for late in ("word", "melody"):
        page.evaluate("data => receive(data)", structure_cards.payload(late))
        assert checked(page) == ["melody"]
    page.evaluate("data => receive(data)", structure_cards.payload("sentiment"))  # chosen elsewhere, later
    assert checked(page) == ["sentiment"]


def test_what_a_card_says_is_text(page):
    data = structure_cards.payload("word")
    data["cards"][0] |= {"does": "<img src=x onerror=alert(1)>"}
    page.evaluate("data => receive(data)", data)
    assert card(page, "word").locator(".does").inner_text() == "<img src=x onerror=alert(1)>"
    assert page.locator("img").count() == 0
