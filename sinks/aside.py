"""Something slow, done in a thread of its own while its caller does what must not wait."""

import threading
from collections.abc import Callable

PATIENCE_SECONDS = 1.0
"""How long the caller just waits: most calls take less, and need no company."""


def run_aside(call: Callable[[], None], meanwhile: Callable[[], bool]) -> bool:
    """Run `call`; whenever it still runs after a while, do `meanwhile` again.

    Returns True once the call has ended, or raises what it raised. Returns False as soon as
    `meanwhile` says so by False: the call then goes on unheard, and ends with the process at last.
    """
    raised: list[BaseException] = []

    def run() -> None:
        try:
            call()
        except BaseException as error:  # raised again where it can be handled
            raised.append(error)

    thread = threading.Thread(target=run, name="aside", daemon=True)
    thread.start()
    thread.join(PATIENCE_SECONDS)
    while thread.is_alive():
        if not meanwhile():
            return False
        thread.join(0.01)
    if raised:
        raise raised[0]
    return True
