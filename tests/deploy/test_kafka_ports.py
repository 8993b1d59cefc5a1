"""The ports of a Kafka node: each another one."""

import pytest

from deploy.kafka import node


def test_a_port_is_none_of_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(node, "LASTING_PORTS", range(3))
    monkeypatch.setattr(node, "choose_port", lambda port, _: port)
    assert {node._lasting_port({0, 1}) for _ in range(20)} == {2}
