"""Numbers as they are written"""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from explorer.formatting import closed_sum

TERM = st.floats(-1e9, 1e9).map(lambda x: x * 10.0 ** -(abs(int(x)) % 12))


def value(written: str) -> float:
    return float(written.replace("−", "-"))


@given(st.lists(TERM, min_size=1, max_size=60))
def test_a_sum_closes_in_the_figures_shown(terms):
    told, end, exponent = closed_sum(terms, sum(terms))
    decimals = len(end.partition(".")[2])
    assert round(sum(round(value(one) * 10**decimals) for one in told)) == round(value(end) * 10**decimals)
    unit = 10.0 ** (exponent - decimals)
    assert np.abs(np.array([value(one) for one in told]) * 10.0**exponent - terms).max() <= 2 * unit
    assert abs(value(end) * 10.0**exponent - sum(terms)) <= 0.51 * unit
    assert all(len(one.lstrip("−")) <= 7 for one in [*told, end])


def test_small_and_plain_numbers():
    assert closed_sum([1 / 3, 1 / 3, 1 / 3], 1.0) == (["0.34", "0.33", "0.33"], "1.00", 0)
    assert closed_sum([2e-6, -1.5e-6], 0.5e-6) == (["2.00", "−1.50"], "0.50", -6)
    assert closed_sum([0.0, 0.0], 0.0) == (["0.00", "0.00"], "0.00", 0)
