"""A guard for Python 3.11, which can crash under a server's load when it collects garbage inside an allocation.

Python 3.12 and later collect between instructions and need none.
"""

import gc
import sys
import threading
import time

YOUNG_SECONDS, ALL_SECONDS = 0.25, 10.0


def needed() -> bool:
    """Whether this Python is one that can crash."""
    return sys.version_info < (3, 12)


def start() -> None:
    """Collect garbage from a thread of its own instead: four times a second the young, every tenth second all of it.
    Called again, or on a Python that needs no guard, it does nothing."""
    if needed() and gc.isenabled():
        gc.disable()
        threading.Thread(target=_collect, name="collector", daemon=True).start()


def _collect() -> None:
    last = time.monotonic()
    while True:
        time.sleep(YOUNG_SECONDS)
        everything = time.monotonic() - last >= ALL_SECONDS
        gc.collect(2 if everything else 1)
        if everything:
            last = time.monotonic()
