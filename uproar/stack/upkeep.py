"""What the owner of a stack sees to while it runs: its servers' memory, above all the broker's."""

from collections.abc import Callable

from uproar import metrics
from uproar.endpoints import KafkaEndpoint
from uproar.operations.lag import read_lag
from uproar.settings import Settings
from uproar.stack.children import Child
from uproar.stack.home import Home
from uproar.stack.memory import resident_bytes
from uproar.stack.renewal import Renewal
from uproar.stack.servers import start_broker_anew
from uproar.stack.supervisor import Supervisor
from uproar.topics import topics

MEGABYTE = 1_000_000


def tell_memory(broker: Child | None, clickhouse: Child | None) -> None:
    """Tell the memory of the servers, those that are ours, whenever somebody asks."""
    ours = [(name, one) for name, one in (("kafka", broker), ("clickhouse", clickhouse)) if one]
    metrics.RESIDENT_BYTES.read_from(
        lambda: [((name,), resident_bytes(server.pid)) for name, server in ours]
    )


def broker_renewal(
    settings: Settings,
    home: Home,
    kafka: KafkaEndpoint,
    broker: tuple[Child, int],
    supervisor: Supervisor,
    create_topics: Callable[[], None],
) -> Renewal:
    """Return what keeps a broker, known with its port, below `UPROAR_BROKER_MEMORY_MEGABYTES`."""
    names = topics(settings.topic_prefix)

    def start_anew() -> None:
        start_broker_anew(*broker)
        create_topics()

    return Renewal(
        home,
        settings.broker_memory_megabytes * MEGABYTE,
        memory=lambda: resident_bytes(broker[0].pid),
        lag=lambda: read_lag(kafka, names),
        halted=supervisor.halted,
        start_anew=start_anew,
    )
