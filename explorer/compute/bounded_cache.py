"""What sessions share: a dictionary that holds at most so much, and forgets what was not used for longest."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Generic, TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")


class BoundedCache(Generic[Key, Value]):
    """At most `most` values by their keys, or as many as weigh so much. Sessions may share it: calls hold its lock, but
    not while a value is made."""

    def __init__(self, most: int, weigh: Callable[[Value], int] = lambda value: 1) -> None:
        self.most, self.weigh, self.total = most, weigh, 0
        self.entries: OrderedDict[Key, Value] = OrderedDict()
        self.lock = threading.RLock()  # one call may need another
        self.making: dict[Key, threading.RLock] = {}  # a lock for each key whose value is being made

    def get(self, key: Key) -> Value | None:
        """The value of this key, which is now the last to be forgotten; None if there is none"""
        with self.lock:
            if key in self.entries:
                self.entries.move_to_end(key)
            return self.entries.get(key)

    def put(self, key: Key, value: Value) -> Value:
        """Keep this value, forget what is too much, and return the value"""
        with self.lock:
            self.pop(key)
            self.entries[key] = value
            self.total += self.weigh(value)
            while self.total > self.most:
                self.pop(next(iter(self.entries)))
        return value

    def get_or_put(self, key: Key, make: Callable[[], Value]) -> Value:
        """The value of this key, made now where there is none: once, however many ask for it at the same time"""
        with self.lock:
            if (known := self.get(key)) is not None:
                return known
            making = self.making.setdefault(key, threading.RLock())
        with making:
            try:
                known = self.get(key)  # another may have made it meanwhile
                return self.put(key, make()) if known is None else known
            finally:
                with self.lock:
                    self.making.pop(key, None)

    def pop(self, key: Key) -> Value | None:
        """Forget this key; its value, if there was one"""
        with self.lock:
            value = self.entries.pop(key, None)
            self.total -= self.weigh(value) if value is not None else 0
            return value

    def items(self) -> list[tuple[Key, Value]]:
        """All that is kept now, the longest unused first"""
        with self.lock:
            return list(self.entries.items())


class OfProcess(Generic[Value]):
    """Above a function: what it makes is made once, for all sessions of this process. (`st.cache_resource` takes half a
    millisecond for every look, and a click looks a dozen times.)"""

    def __init__(self, make: Callable[[], Value]) -> None:
        self.make, self.lock, self.made = make, threading.Lock(), list[Value]()

    def __call__(self) -> Value:
        if not self.made:
            with self.lock:  # sessions may ask first at the same time
                self.made = self.made or [self.make()]
        return self.made[0]

    def clear(self) -> None:
        """Make it anew when it is asked for"""
        self.made = []
