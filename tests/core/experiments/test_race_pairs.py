"""What the ratio tells within one cell and gap: constructed races whose answer is known."""

import numpy as np
import pytest

from core.experiments.race_pairs import Network, within

RNG = np.random.default_rng


def networks(ratios, solved):
    return [Network(ratio, bool(is_solved)) for ratio, is_solved in zip(ratios, solved, strict=True)]


def test_where_the_larger_ratio_always_solves_it_all_pairs_are_ordered():
    pairs = within({"a": networks([1, 2, 3], [0, 0, 1]), "b": networks([5, 6], [0, 1])}, RNG(1))
    assert (pairs.n, pairs.share, pairs.low, pairs.high) == (3, 1, 1, 1)
    assert pairs.by_chance == pytest.approx(1 / 3, abs=0.04), "all three in one order: (1/3 · 1/2) · 2"
    assert not pairs.tells, "so few may all be alike by chance"


def test_only_networks_of_one_group_are_compared():
    """Over all six the solved ones have the larger ratio, since their gap is shorter; within a gap it is reversed"""
    groups = {5: networks([10, 11, 12], [1, 1, 0]), 80: networks([1, 2, 3], [1, 0, 0])}
    pairs = within(groups, RNG(1))
    assert (pairs.n, pairs.share) == (4, 0)


def test_where_all_or_none_solve_it_there_is_nothing_to_compare():
    pairs = within({5: networks([1, 2, 3], [1, 1, 1]), 80: networks([1, 2, 3], [0, 0, 0])}, RNG(1))
    assert pairs.n == 0 and np.isnan([pairs.share, pairs.low, pairs.high]).all()


def test_a_tie_counts_half():
    assert within({5: networks([1, 1], [0, 1])}, RNG(1)).share == 0.5


def test_few_pairs_that_share_a_network_leave_a_wide_interval():
    """One solved network among eleven gives ten pairs, and all of them hang on that one"""
    rng = np.random.default_rng(0)
    few = within({5: networks([0.7, *rng.random(10)], [1] + [0] * 10)}, RNG(1))
    many = within({i: networks(rng.random(10), [1, 0] * 5) for i in range(40)}, RNG(1))
    assert few.n == 10 and few.high - few.low > 0.3
    assert many.n == 1000 and many.high - many.low < 0.15 and many.low < 0.5 < many.high


@pytest.mark.slow
def test_chance_is_within_the_interval_about_as_often_as_it_says():
    rng, inside = np.random.default_rng(3), []
    for _ in range(120):
        groups = {i: networks(rng.random(8), rng.permutation([1, 0] * 4)) for i in range(10)}
        pairs = within(groups, RNG(1))
        inside.append(not pairs.tells)
    assert np.mean(inside) >= 0.93


def test_many_ordered_pairs_do_tell():
    pairs = within({i: networks(np.arange(8), [0] * 4 + [1] * 4) for i in range(5)}, RNG(1))
    assert pairs.share == 1 and pairs.tells and pairs.by_chance < 0.01


def test_the_same_race_has_the_same_interval():
    groups = {5: networks([3, 1, 2, 4], [1, 0, 1, 0])}
    assert within(groups, RNG(7)) == within(groups, RNG(7))
