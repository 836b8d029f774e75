"""How fast are files read? Run by hand: `python tests/bench_formats.py`. Prints a table, asserts nothing.

The largest file of every format that is allowed, and files of one sign again and again, which must take no longer than
their length allows. Seconds of processor time, once each.
"""

import sys
from contextlib import suppress
from pathlib import Path
from time import process_time

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from core.data.abc_file import read_tunes
from core.data.conll import read_conll
from core.data.datasets import DATA
from core.data.example import Unreadable
from core.data.reviews import read_reviews
from core.data.sentence_pairs import read_pairs
from core.data.text_file import MOST_BYTES
from tests.core.data.test_abc_file import NASTY

READERS = {"tunes.train.abc": read_tunes, "people.train.conll": read_conll, "reviews.train.tsv": read_reviews,
           "pairs.train.tsv": read_pairs}  # fmt: skip
NASTY_BYTES = 400_000


def seconds(read, data: bytes) -> float:
    begin = process_time()
    with suppress(Unreadable):
        read(data)
    return process_time() - begin


def main() -> None:
    print(f"{MOST_BYTES:,} bytes, seconds:")
    for name, read in READERS.items():
        data = (DATA / name).read_bytes() + b"\n"
        print(f"{seconds(read, data * (MOST_BYTES // len(data))):6.2f}  {name}, again and again", flush=True)
    print(f"\n{NASTY_BYTES:,} bytes of one sign in a tune, seconds:")
    for sign in NASTY:
        data = b"X:1\nK:C\nCD" + sign.encode() * (NASTY_BYTES // len(sign))
        print(f"{seconds(read_tunes, data):6.2f}  {sign!r}", flush=True)


if __name__ == "__main__":
    main()
