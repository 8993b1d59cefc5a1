"""The built-in page, served from a thread of its own for as long as something is measured."""

import asyncio
import threading
from collections.abc import Coroutine, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from dashboards.page import build_page, start_page
from dashboards.page_queries import Query

MOST_SECONDS = 30


@contextmanager
def page(queries: Sequence[Query]) -> Iterator[str]:
    """Serve the page on any free port of loopback; hand out its address."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()

    def wait_for(work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, loop).result(MOST_SECONDS)

    runner, url = wait_for(start_page(build_page(queries), port=0))
    try:
        yield url
    finally:
        wait_for(runner.cleanup())
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
