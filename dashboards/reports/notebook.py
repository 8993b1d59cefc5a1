"""A run within a notebook: its figures, its charts, and any query, for reading only."""

import os
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from dashboards.macros import expand
from dashboards.panels import load_query
from dashboards.reports.draw import draw
from dashboards.reports.figures import Facts
from dashboards.reports.gather import Request, gather
from dashboards.scope import whole_run
from uproar.clickhouse import Result, connect_to_read, read, reported
from uproar.settings import Settings
from uproar.stack.local import attach


class OpenRun:
    """A run that a notebook reads. One connection, of a user that cannot change anything."""

    def __init__(self, run: str, settings: Settings) -> None:
        endpoints = attach(settings)
        self.run = run
        self._url = endpoints.reader_url
        self._client = connect_to_read(endpoints.reader_url, endpoints.clickhouse_url)

    def query(self, sql: str) -> Result:
        """Return columns and rows. Raises StoreUnavailable where ClickHouse refuses."""
        with reported(self._url):
            return read(self._client, sql)

    def facts(
        self,
        *,
        from_at: datetime | None = None,
        to_at: datetime | None = None,
        entities: tuple[str, ...] = (),
    ) -> Facts:
        """Return the figures of a report. Raises InputError where there is nothing to tell of."""
        asked = Request(run=self.run, from_at=from_at, to_at=to_at, entities=entities)
        return gather(self.query, asked)

    def terms(self, from_at: datetime, to_at: datetime, entity: str) -> Result:
        """Return the words of a stretch that most authors used."""
        scope = whole_run(self.run)
        stretch = msgspec.structs.replace(
            scope,
            from_at=from_at,
            to_at=to_at,
            variables={**scope.variables, "entity": (entity,)},
        )
        return self.query(expand(load_query("reports/terms"), stretch))

    def close(self) -> None:
        """Let go of the connection."""
        self._client.disconnect()


class Drawing:
    """A chart that a notebook shows by itself."""

    def __init__(self, spec: Mapping[str, Any]) -> None:
        self.spec = spec

    def _repr_svg_(self) -> str:
        return draw(self.spec)


def open_run(run: str) -> OpenRun:
    """Open a run of the stack in UPROAR_HOME, or of the servers that UPROAR_* names.

    Raises StackError where neither is there: `uproar up` starts a stack.
    """
    return OpenRun(run, Settings.from_env(os.environ))
