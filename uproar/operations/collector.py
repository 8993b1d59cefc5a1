"""Python's collector of garbage in circles, for processes that hold much and make little of it.

What passes through a stage goes by itself, as soon as nobody refers to it. The collector looks for
what is left over, and each time goes through word lists and models as well, which are there for
good: a second of every worker's first minute, and a fifth of a sink's time.
"""

import gc
from collections.abc import Mapping

COLLECT_AFTER = 100_000
"""Objects that are more than before: some batches."""
SPARED_TIMES = 20
"""Whatever comes later is too little to matter, and might be left over one day."""

_OLDEST = 2


class _Sparing:
    """After a collection of everything, spares what it has found alive the next time."""

    def __init__(self) -> None:
        self._left = SPARED_TIMES

    def __call__(self, phase: str, facts: Mapping[str, int]) -> None:
        if phase == "stop" and facts["generation"] == _OLDEST and self._left > 0:
            self._left -= 1
            gc.freeze()


def spare_collector() -> None:
    """Look for garbage seldom, and not again in what has been there for long.

    For a process of one stage, not for whoever runs a stage beside other things: `gc` no longer
    tells who refers to what is spared.
    """
    gc.freeze()
    gc.set_threshold(COLLECT_AFTER, 10, 10)
    gc.callbacks.append(_Sparing())
