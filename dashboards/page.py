"""The built-in page: the boards without any Grafana.

Guarantee: it only reads, listens on loopback unless a token guards it, and shows what strangers
wrote as text, never as markup. So many queries run and wait at most that a few open tabs are
served; the browser asks only for the board it shows, and only after something new was stored.
"""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import msgspec
from aiohttp import web

from dashboards.boards import BOARDS, COMPARED, COMPARED_LABEL, VARIABLES, panels
from dashboards.gate import LOGIN, Gate
from dashboards.macros import Scope, expand
from dashboards.page_access import Access
from dashboards.page_csv import file_name, to_csv
from dashboards.page_queries import Queries, Query
from dashboards.page_stream import Watch, events
from dashboards.palette import ACTIONS, SERIES, stylesheet
from dashboards.panels import Panel, load_query
from dashboards.scope import read_scope, whole_run
from dashboards.trust import Trust, judge
from uproar.clickhouse import Result
from uproar.page_settings import reached_at

STATIC = Path(__file__).with_name("static")
LOOPBACK = "127.0.0.1"
LAST_WORDS_SECONDS: Final = 2.0
"""How long a browser may take to hear that the page ends."""


def build_page(
    query: Query | Sequence[Query],
    names: Mapping[str, str] | None = None,
    access: Access | None = None,
) -> web.Application:
    """Return the application.

    With several queries, each over a connection of its own, so many run at once. `names` are the
    entities' names to show, by their ids.
    """
    gate = Gate(access or Access())
    page = _Page([query] if callable(query) else query, names or {}, gate)
    app = web.Application(middlewares=[gate.guard], client_max_size=1024)
    app.add_routes(
        [
            web.get("/", page.index),
            web.get("/palette.css", page.palette),
            web.get("/healthz", page.health),
            web.post(LOGIN, gate.login),
            web.get("/api/boards", page.boards),
            web.get("/api/variables", page.variables),
            web.get("/api/trust", page.trust),
            web.get("/api/live", page.live),
            web.get("/api/marks", page.marks),
            web.get("/api/alerts", page.alerts),
            web.get("/api/panel/{id}", page.panel),
            web.get("/api/panel/{id}/csv", page.csv),
            web.static("/static", STATIC),
        ]
    )
    app.on_response_prepare.append(gate.prepare)
    app.on_shutdown.append(page.say_goodbye)
    app.on_cleanup.append(page.close)
    return app


async def start_page(
    app: web.Application, port: int, host: str = LOOPBACK
) -> tuple[web.AppRunner, str]:
    """Serve on a host; return what to clean up when done, and the page's URL.

    Port 0 takes any that is free. Raises OSError where the port is taken.
    """
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=LAST_WORDS_SECONDS)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
    except OSError:
        await runner.cleanup()
        raise
    return runner, f"http://{reached_at(host)}:{runner.addresses[0][1]}/"


class _Page:
    """The handlers."""

    def __init__(self, connections: Sequence[Query], names: Mapping[str, str], gate: Gate) -> None:
        self._queries = Queries(connections)
        self._names = names
        self._gate = gate
        self._panels = panels()
        self._watch = Watch(self._judge)

    async def index(self, request: web.Request) -> web.FileResponse:
        """Answer the page, or what asks for the token."""
        if self._gate.may_ask(request):
            return web.FileResponse(STATIC / "index.html")
        return web.FileResponse(STATIC / "login.html", status=401)

    async def palette(self, _: web.Request) -> web.Response:
        return web.Response(text=stylesheet(), content_type="text/css")

    async def health(self, _: web.Request) -> web.Response:
        """Answer whether ClickHouse answers."""
        await self._queries.run("SELECT 1")
        return _json({"status": "ok"})

    async def boards(self, _: web.Request) -> web.Response:
        """Answer what there is to see; the browser draws it."""
        return _json(
            {
                "boards": BOARDS,
                "variables": VARIABLES,
                "compared_label": COMPARED_LABEL,
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
        names = [*(name for name in VARIABLES if name != "run"), COMPARED]
        found = await asyncio.gather(
            *(self._ask(f"variable_{name}", whole_run(run)) for name in names)
        )
        values = {
            name: [str(row[0]) for row in one.rows] for name, one in zip(names, found, strict=True)
        }
        return _json({"run": run, "values": {"run": known} | values})

    async def trust(self, request: web.Request) -> web.Response:
        """Answer how far the run is stored and whether that can be believed."""
        return _json(await self._judge(request.query.get("run", "")))

    async def live(self, request: web.Request) -> web.StreamResponse:
        """Tell how far the run is whenever something new is stored, until the browser leaves."""
        run = request.query.get("run", "")
        whole_run(run)  # refuses what cannot be
        async with self._watch.follow(run) as news:
            stream = web.StreamResponse(headers={"X-Accel-Buffering": "no"})
            stream.content_type = "text/event-stream"
            await stream.prepare(request)
            with suppress(ConnectionError):  # whoever leaves may leave
                async for event in events(news):
                    await stream.write(event)
                await stream.write_eof()
        return stream

    async def panel(self, request: web.Request) -> web.Response:
        """Answer one panel's rows."""
        panel, scope = self._panel_of(request), _scope_of(request)
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

    async def csv(self, request: web.Request) -> web.Response:
        """Answer one panel's rows as a file; `mark=no` leaves out the byte order mark."""
        panel, scope = self._panel_of(request), _scope_of(request)
        found = await self._ask(panel.id, scope)
        moments = (f"{at:%Y%m%dT%H%M}" for at in (scope.from_at, scope.to_at))
        words = ("uproar", panel.id, *scope.variables["run"], *scope.variables["entity"], *moments)
        return web.Response(
            body=to_csv(found, has_mark=request.query.get("mark") != "no"),
            headers={"Content-Disposition": f'attachment; filename="{file_name(words)}"'},
            content_type="text/csv",
            charset="utf-8",
        )

    async def marks(self, request: web.Request) -> web.Response:
        """Answer what to mark on charts: alerts without their explanations, and known events."""
        scope = _scope_of(request)
        alerts, events = await asyncio.gather(
            self._ask("alerts_in_range", scope), self._ask("annotations", scope)
        )
        told = _records(alerts)
        for one in told:
            one.pop("explanation")
        return _json({"alerts": told, "annotations": _records(events)})

    async def alerts(self, request: web.Request) -> web.Response:
        """Answer the alerts in a range with their explanations."""
        told = _records(await self._ask("alerts_in_range", _scope_of(request)))
        for one in told:
            one["explanation"] = _explained(one["explanation"])
        return _json({"alerts": told})

    async def say_goodbye(self, _: web.Application) -> None:
        """End the streams, which would go on for ever."""
        self._watch.close()

    async def close(self, _: web.Application) -> None:
        """Let the queries that run end, and start no other."""
        self._queries.close()

    def _panel_of(self, request: web.Request) -> Panel:
        panel = self._panels.get(request.match_info["id"])
        if panel is None:
            raise web.HTTPNotFound(text=f"no such panel: `{request.match_info['id'][:80]}`")
        return panel

    async def _judge(self, run: str) -> Trust:
        found = await self._ask("trust", whole_run(run))
        return judge(run, dict(zip(found.columns, found.rows[0], strict=True)))

    async def _ask(self, name: str, scope: Scope) -> Result:
        return await self._queries.run(expand(load_query(name), scope))


def _scope_of(request: web.Request) -> Scope:
    given = {name: request.query.getall(name) for name in request.query if name != "mark"}
    return read_scope(given)


def _records(found: Result) -> list[dict[str, Any]]:
    return [dict(zip(found.columns, row, strict=True)) for row in found.rows]


def _explained(written: str) -> Any:
    """Read an explanation; one that cannot be read is shown as it stands."""
    try:
        return msgspec.json.decode(written or "null")
    except msgspec.DecodeError:
        return {"explanation": written}


def _json(value: object) -> web.Response:
    """Times become RFC 3339, a mean of nothing becomes null."""
    return web.Response(body=msgspec.json.encode(value), content_type="application/json")
