"""What a container's health check is told."""

import json
from pathlib import Path

import pytest

from uproar.operations.probe import main
from uproar.operations.server import Serving, served
from uproar.operations.waits import WAITS


def env_of(address: str) -> dict[str, str]:
    host, _, port = address.rpartition(":")
    return {"UPROAR_METRICS_HOST": host, "UPROAR_METRICS_PORT": port}


@pytest.mark.integration
def test_it_tells_whether_the_process_lives_and_what_it_waits_for(home: Path) -> None:
    with served(Serving(home=home, name="page", stage="page")) as note:
        env = env_of(note.address)
        assert main([], env) == (0, '{"status":"ok"}')
        assert main(["readyz"], env)[0] == 0
        with WAITS.during("clickhouse", "ClickHouse is away"):
            status, said = main(["readyz"], env)
            assert status == 1
            assert json.loads(said)["waits_for"][0]["what"] == "ClickHouse is away"
            assert main(["healthz"], env)[0] == 0
    status, said = main(["healthz"], env)
    assert status == 1
    assert note.address in said


def test_a_port_that_nobody_has_set_and_a_page_that_there_is_not_are_mistakes() -> None:
    status, said = main(["healthz"], {"UPROAR_METRICS_PORT": "0"})
    assert status == 2
    assert "UPROAR_METRICS_PORT" in said
    status, said = main(["metrics"], {"UPROAR_METRICS_PORT": "9464"})
    assert status == 2
    assert "wanted one of healthz, readyz" in said
