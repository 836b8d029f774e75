"""Two writers of names: with Y = X the answer is copied, shifted by one it is foreseen as well as it can be."""

from itertools import islice

import numpy as np
import pytest

from core.experiments import writers
from core.experiments.writers import END, SHIFTS, UPDATES, WRITTEN
from core.parameters import leaves
from core.structures import NO_TARGET


@pytest.mark.parametrize("shift", SHIFTS)
def test_what_is_read_and_what_should_be_answered(shift):
    x, y = writers.encoded(("ada", "bo"), shift)
    spell = lambda column: "".join(writers.letters()[i] if i != NO_TARGET else "-" for i in column)  # noqa: E731
    assert [spell(column) for column in x.T] == ["ada", f"bo{END}"]  # whatever is read where no answer is due
    assert [spell(column) for column in y.T] == (["ada", "bo-"] if shift == 0 else [f"da{END}", f"o{END}-"])


def test_names_are_names():
    assert len(writers.names()) == len(set(writers.names())) > 300
    assert {"harry", "hermione", "grace"} & set(writers.names())
    assert END not in "".join(writers.names())


@pytest.mark.parametrize("shift", SHIFTS)
def test_the_same_seed_gives_the_same_bits(shift):
    one, other = (list(islice(writers.train(shift, 3), 4))[-1] for _ in range(2))
    assert one.loss == other.loss
    for (*_, a), (*_, b) in zip(leaves(one.params), leaves(other.params), strict=True):
        assert np.array_equal(a, b)
    first = next(writers.train(shift, 3)).params["rnn"].Waa
    assert np.array_equal(first, next(writers.train(1 - shift, 3)).params["rnn"].Waa)


@pytest.mark.parametrize("seed", [1, 2, 7])
def test_y_is_x_is_only_copied(seed):
    copied, foreseen = (list(writers.train(shift, seed))[-1] for shift in SHIFTS)
    assert copied.updates == foreseen.updates == UPDATES
    assert copied.loss < 0.01 < 1 < foreseen.loss < 2.6  # and of 31 letters alike it would be log 31 = 3.4
    for letter in writers.letters()[1:]:
        assert writers.write_freely(copied.params, letter) == letter * WRITTEN
        assert set(writers.write_freely(foreseen.params, letter)) != {letter}
    assert writers.answers(copied.params, "harry") == "harry"
