"""Numbers as they are written"""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from explorer.formatting import (
    as_word,
    closed_product,
    closed_sum,
    escape_markdown,
    losses_in_sum,
    power,
    three_digits,
    two_digits,
    unbroken,
)

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


@given(st.lists(st.floats(0, 3), min_size=1, max_size=60).filter(lambda losses: 0.01 <= sum(losses) < 100))
def test_losses_add_up_to_their_total_as_it_is_written(losses):
    told, total = losses_in_sum(np.array(losses), sum(losses)), sum(losses)
    decimals = len(told[0].partition(".")[2])
    assert 2 <= decimals <= 4 and {len(one.partition(".")[2]) for one in told} == {decimals}
    assert round(sum(map(float, told)), decimals) == round(total, decimals)
    if total < 10:  # as the strip and the running line write it
        assert round(sum(map(float, told)), decimals) == float(three_digits(total))
    assert np.abs(np.array([float(one) for one in told]) - losses).max() < 1.01 * 10**-decimals


@given(st.floats(-1e12, 1e12))
def test_no_number_begins_with_a_hyphen(x):
    for written in (three_digits(x), two_digits(x)):
        assert not written.startswith("-")
        assert abs(value(written.replace(",", "")) - x) <= 0.051 * abs(x)


@given(st.lists(st.floats(-40, 40), min_size=2, max_size=3))
def test_the_product_of_what_is_written_is_what_is_written(logs):
    product = float(np.prod([value(one.replace(",", "")) for one in closed_product(logs)]))
    assert three_digits(product) == power(sum(logs))


def test_where_no_loss_is_due_there_is_none_and_large_ones_are_written_by_themselves():
    assert losses_in_sum(np.array([0.3634, np.nan, 0.0544]), 0.4178) == ["0.363", "0.000", "0.055"]
    assert losses_in_sum(np.array([0.5, 123456.0, np.inf]), np.inf) == ["0.50", "1.2e5", "–"]


def test_a_power_of_ten_in_markdown_is_kept_together():
    assert unbroken("ℒ = **2.45e-14**, −1e-05 and 1,200e-3.") == (
        "ℒ = **:color[2.45e-14]**, −:color[1e-05] and :color[1,200e-3]."
    )
    assert unbroken("0.36, 1e5, step-4, the-3") == "0.36, 1e5, step-4, the-3"
    assert unbroken(escape_markdown("2.4e-5 a")) == r":color[2\.4e\-5] a"


def test_a_word_that_is_one_of_the_page_s_own_stands_in_quotation_marks():
    """“most changed: all 0.36 → 0.22” was read as all losses"""
    assert [as_word(word) for word in ("all", "Last", "Granger")] == ["‘all’", "‘Last’", "Granger"]
