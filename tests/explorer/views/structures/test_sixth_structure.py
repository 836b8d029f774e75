"""Another structure is lines in tables and its prose: every panel and the core's numbers follow; no page knows it."""

import pytest
from streamlit.testing.v1 import AppTest

from core import pretrained, structures, tasks, training
from core.data.example import Example
from core.data.vocabulary import Vocabulary
from core.structures import CONTINUE, READ_AND_ANSWER, READ_IN_SILENCE
from core.tasks import END, START, Task
from core.training import Experiment
from explorer.choices import record
from explorer.compute import jobs
from explorer.prose import sections
from tests.helpers.structures_page import agrees, descend, open_page, open_panel, press, stage

NAME, STRUCTURE = "going_on", "many-to-many, one network"
SAID = {"input": "I close the door", "right": "je ferme", "teacher_forcing": "True"}
HOW = Experiment(NAME, cell="gru", hidden_units=8, epochs=0)


def going_on(data) -> Task:
    """A translation by one network that goes on in French where the English ends"""
    ended = tasks.translation(data)
    texts = ((*example.inputs, *example.answers[:-1]) for example in ended.data.train)
    both = Vocabulary.build(texts, marks=(START, END), most=2000)
    return Task(STRUCTURE, "softmax", "BLEU-4", ended.data, both, both.words)


@pytest.fixture
def page(monkeypatch) -> AppTest:
    """The page Structures with one line more in each of the tables that the README names"""
    lines = {
        "STRUCTURES": lambda Tx, Ty: (READ_IN_SILENCE,) * (Tx - 1) + (READ_AND_ANSWER,) + (CONTINUE,) * (Ty - 1),
        "SIZES": (3, 3),
    }
    for table, line in lines.items():
        monkeypatch.setitem(getattr(structures, table), STRUCTURE, line)
    monkeypatch.setitem(tasks.TASK_BUILDERS, NAME, going_on)
    monkeypatch.setitem(tasks.OUR_DATA, NAME, tasks.OUR_DATA["translation"])
    monkeypatch.setitem(pretrained.SUGGESTED, NAME, HOW)
    monkeypatch.setitem(jobs.KINDS, NAME, jobs.KINDS["translation"]._replace(name=STRUCTURE))
    parse = record.one_of(*jobs.KINDS)
    monkeypatch.setitem(record.CHOICES, "structure", record.CHOICES["structure"]._replace(parse=parse))
    for texts in map(sections, ("structures", "stage")):
        own = {section: text for section, text in texts.items() if section.endswith("translation")}
        for section, text in own.items():
            monkeypatch.setitem(texts, section.replace("translation", NAME), text)
    return open_page(structure=NAME, begin="untrained", attention="True", **SAID)


def test_it_has_every_panel_and_the_core_s_numbers(page):
    example = Example(("I", "close", "the", "door"), ("je", "ferme", END))
    params = training.untrained(HOW, tasks.task(NAME))
    assert agrees(stage(page), NAME, params, example)
    press(page, "apply_update")
    moved, _, _ = descend(NAME, params, example, 1, record.CHOICES["learning_rate"].default)
    assert agrees(stage(page), NAME, moved, example)
    for title in page.button_group(key="more").options:
        assert not open_panel(page, title).exception
    assert agrees(stage(press(page, "undo")), NAME, params, example)


def test_it_cannot_attend_since_it_has_no_decoder(page):
    assert "attention" not in [toggle.key for toggle in page.toggle]
    assert stage(page)["attention"] is None
