"""Ending on Ctrl-C or a supervisor's SIGTERM without cutting a record in two."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def stop_on_signals() -> Iterator[Callable[[], bool]]:
    """Hand out a function that says whether SIGINT or SIGTERM has come.

    The second signal raises KeyboardInterrupt, for those who cannot wait. To be used in the main
    thread; the handlers that were there before are put back.
    """
    came = False

    def remember(_number: int, _frame: FrameType | None) -> None:
        nonlocal came
        if came:
            raise KeyboardInterrupt
        came = True

    signals = (signal.SIGINT, signal.SIGTERM)
    before = {number: signal.signal(number, remember) for number in signals}
    try:
        yield lambda: came
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
