"""How much a post sounds like a call to action: two nets, beside the grammar of `streams/calls`."""

from streams.calls_net.judging import (
    LANGUAGES,
    MODEL_VERSION,
    THRESHOLD,
    Glance,
    Judgement,
    glance,
    glance_all,
    is_call_alone,
    judge,
)

__all__ = [
    "LANGUAGES",
    "MODEL_VERSION",
    "THRESHOLD",
    "Glance",
    "Judgement",
    "glance",
    "glance_all",
    "is_call_alone",
    "judge",
]
