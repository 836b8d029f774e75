"""Links and session files of version 1 still open, and show the digits that they showed when they were made."""

import json
from pathlib import Path

import pytest

from tests.helpers.shown import differences, plain, shows

RECORDS = json.loads(Path(__file__).with_name("links_v1.json").read_text(encoding="utf-8"))


@pytest.mark.slow
@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record["name"])
def test_it_shows_the_digits_that_were_recorded(record):
    assert differences(record["shows"], plain(shows(record))) == []
