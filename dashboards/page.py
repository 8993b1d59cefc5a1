"""The built-in page: the boards without any Grafana, for one person on this machine.

Guarantee: it only reads, listens on the loopback interface alone, and shows what strangers wrote
as text, never as markup. One query runs at a time, because a ClickHouse connection serves one
thread, and so many wait at most that a few open tabs are served; the browser asks only for the
board it shows, and only after something new was stored.
"""

import asyncio
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec
from aiohttp import web

from dashboards.boards import BOARDS, VARIABLES, panels
from dashboards.gate import Busy, guard
from dashboards.macros import Scope, expand
from dashboards.palette import ACTIONS, SERIES, stylesheet
from dashboards.panels import load_query
from dashboards.scope import read_scope, whole_run
from dashboards.trust import judge
from uproar.clickhouse import Result

STATIC = Path(__file__).with_name("static")
LOOPBACK = "127.0.0.1"
MOST_WAITING = 100
"""Queries that wait for the one that runs; a board has some fifteen."""

Query = Callable[[str], Result]
"""Runs a statement; called from one thread of the page's own, one statement at a time."""


def build_page(query: Query, names: Mapping[str, str] | None = None) -> web.Application:
    """Return the application. `names` are the entities' names to show, by their ids."""
    page = _Page(query, names or {})
    app = web.Application(middlewares=[guard])
    app.add_routes(
        [
            web.get("/", page.index),
            web.get("/palette.css", page.palette),
            web.get("/healthz", page.health),
            web.get("/api/boards", page.boards),
            web.get("/api/variables", page.variables),
            web.get("/api/trust", page.trust),
            web.get("/api/panel/{id}", page.panel),
            web.static("/static", STATIC),
        ]
    )
    app.on_cleanup.append(page.close)
    return app


async def start_page(app: web.Application, port: int) -> tuple[web.AppRunner, str]:
    """Serve on loopback; return what to clean up when done, and the page's URL.

    Port 0 takes any that is free. Raises OSError where the port is taken.
    """
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, LOOPBACK, port).start()
    except OSError:
        await runner.cleanup()
        raise
    return runner, f"http://{LOOPBACK}:{runner.addresses[0][1]}/"


class _Page:
    """The handlers, and the one thread in which queries run."""

    def __init__(self, query: Query, names: Mapping[str, str]) -> None:
        self._query = query
        self._names = names
        self._panels = panels()
        self._waiting = 0
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="page-query")

    async def index(self, _: web.Request) -> web.FileResponse:
        return web.FileResponse(STATIC / "index.html")

    async def palette(self, _: web.Request) -> web.Response:
        return web.Response(text=stylesheet(), content_type="text/css")

    async def health(self, _: web.Request) -> web.Response:
        """Answer whether ClickHouse answers."""
        await self._run("SELECT 1")
        return _json({"status": "ok"})

    async def boards(self, _: web.Request) -> web.Response:
        """Answer what there is to see; the browser draws it."""
        return _json(
            {
                "boards": BOARDS,
                "variables": VARIABLES,
                "names": self._names,
                "series_colors": SERIES,
                "action_colors": ACTIONS,
            }
        )

    async def variables(self, request: web.Request) -> web.Response:
        """Answer the runs, and the values to choose from in one of them."""
        runs = await self._ask("variable_run", whole_run(""))
        known = [str(row[0]) for row in runs.rows]
        run = request.query.get("run") or (known[0] if known else "")
        values = {"run": known}
        for name in VARIABLES:
            if name != "run":
                found = await self._ask(f"variable_{name}", whole_run(run))
                values[name] = [str(row[0]) for row in found.rows]
        return _json({"run": run, "values": values})

    async def trust(self, request: web.Request) -> web.Response:
        """Answer how far the run is stored and whether that can be believed."""
        run = request.query.get("run", "")
        found = await self._ask("trust", whole_run(run))
        return _json(judge(run, dict(zip(found.columns, found.rows[0], strict=True))))

    async def panel(self, request: web.Request) -> web.Response:
        """Answer one panel's rows."""
        panel = self._panels.get(request.match_info["id"])
        if panel is None:
            raise web.HTTPNotFound(text=f"no such panel: `{request.match_info['id'][:80]}`")
        scope = read_scope({name: request.query.getall(name) for name in request.query})
        found = await self._ask(panel.id, scope)
        return _json(
            {
                "from_at": scope.from_at,
                "to_at": scope.to_at,
                "interval_seconds": scope.interval_seconds,
                "columns": found.columns,
                "rows": found.rows,
            }
        )

    async def close(self, _: web.Application) -> None:
        """Let the query that runs end, and start no other."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    async def _ask(self, name: str, scope: Scope) -> Result:
        return await self._run(expand(load_query(name), scope))

    async def _run(self, sql: str) -> Result:
        if self._waiting >= MOST_WAITING:
            raise Busy(f"{MOST_WAITING} queries wait already")
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, self._query, sql)
        finally:
            self._waiting -= 1


def _json(value: object) -> web.Response:
    """Times become RFC 3339, a mean of nothing becomes null."""
    return web.Response(body=msgspec.json.encode(value), content_type="application/json")
