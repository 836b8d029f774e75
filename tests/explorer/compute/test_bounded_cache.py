"""The one cache: bounded, and what many ask for at the same time is made once."""

import threading
import time

import pytest

from explorer.compute.bounded_cache import BoundedCache, OfProcess


def together(asks: list) -> None:
    threads = [threading.Thread(target=ask) for ask in asks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
        assert not thread.is_alive()


def test_what_many_ask_for_at_once_is_made_once():
    cache: BoundedCache[str, object] = BoundedCache(4)
    made, got = [], []

    def make() -> object:
        made.append(object())
        time.sleep(0.05)
        return made[-1]

    together([lambda: got.append(cache.get_or_put("a", make)) for _ in range(8)])
    assert len(made) == 1 and got == made * 8


def test_while_one_value_is_made_others_are_had():
    cache: BoundedCache[str, int] = BoundedCache(4)
    cache.put("there", 1)
    begun, ends = threading.Event(), threading.Event()

    def slow() -> int:
        begun.set()
        assert ends.wait(20)
        return 2

    def others() -> None:
        assert begun.wait(20)
        assert cache.get("there") == 1 and cache.get_or_put("new", lambda: 3) == 3
        ends.set()

    together([lambda: cache.get_or_put("slow", slow), others])
    assert cache.get("slow") == 2


def test_after_a_failure_the_next_one_tries_again():
    cache: BoundedCache[str, int] = BoundedCache(4)
    with pytest.raises(ZeroDivisionError):
        cache.get_or_put("a", lambda: 1 // 0)
    assert cache.get_or_put("a", lambda: 1) == 1 and not cache.making


def test_what_was_not_used_for_longest_goes_first():
    cache: BoundedCache[str, int] = BoundedCache(2)
    for key, value in (("a", 1), ("b", 2)):
        cache.put(key, value)
    cache.get("a")
    cache.put("c", 3)
    assert [key for key, _ in cache.items()] == ["a", "c"]


def test_what_all_sessions_share_is_made_once_even_where_many_ask_first():
    made, found = [], []

    @OfProcess
    def shared() -> BoundedCache[str, int]:
        time.sleep(0.01)
        made.append(1)
        return BoundedCache(2)

    together([lambda: found.append(shared())] * 8)
    assert len(made) == 1 and len(found) == 8 and all(one is found[0] for one in found)
    shared.clear()
    assert shared() is not found[0] and len(made) == 2
