"""Mutations: what deletes rows in place, on one server or on every shard of a cluster."""

from collections.abc import Mapping

from clickhouse_driver import Client

from sinks.cluster import Cluster


def mutate(
    client: Client, statement: str, asked: Mapping[str, object], cluster: Cluster | None
) -> None:
    """Run an ALTER or DELETE, on a cluster on the tables of every shard. The driver's errors."""
    for one in cluster.statements(statement) if cluster else (statement,):
        client.execute(one, asked)
