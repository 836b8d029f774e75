"""Why dba is a sum over the batch, in numbers that add up."""

import re

import pytest

from explorer.formatting import three_digits
from explorer.views.notes import shapes, tried_tab


@pytest.mark.parametrize("layout", shapes.LAYOUTS)
@pytest.mark.parametrize("m", shapes.EXAMPLES)
def test_the_numbers_that_are_told_add_up_to_dba(layout, m):
    at = shapes.arrays(m, is_in_rows=layout == "rows")
    told = tried_tab.why_a_sum(at, layout).replace("−", "-")
    assert f"{m} example" in told
    terms, total = re.search(r"batch: (.+) = \*\*(.+?)\*\*", told).groups()
    numbers = [float(term.strip("()")) for term in terms.split(" + ")]
    assert len(numbers) == m and sum(numbers) == pytest.approx(float(total), abs=1e-9)
    assert float(total) == pytest.approx(float(at["dba"].flat[0]), abs=0.006), three_digits(float(at["dba"].flat[0]))
