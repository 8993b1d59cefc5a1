"""What `notify` of `uproar.yaml` may say: where alerts go. Pure."""

import re

from uproar.config_values import ChannelName, EntityId, Severity, Text, VariableName
from uproar.guarded import Guarded
from uproar.yaml_lines import line_of, pairs, read_yaml

SEVERITIES = ("info", "warning", "critical")
"""From the lightest to the gravest."""

_NOTIFY_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{0,40}://\S+")
_PLACES = ("url", "url_env", "url_file")


class Channel(Guarded, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One place that alerts go to, and which of them go there.

    Its address is an Apprise URL, which mostly holds a secret: it may stand in a variable or a
    file instead. `name` is what logs and tables call it. It takes alerts that are at least of
    `severity`, of `entities` or of any. `local` lets it reach the local network.
    """

    url: Text | None = None
    url_env: VariableName | None = None
    url_file: Text | None = None
    name: ChannelName | None = None
    severity: Severity = "info"
    entities: tuple[EntityId, ...] = ()
    local: bool = False

    def takes(self, severity: str, entity: str) -> bool:
        """Tell whether an alert goes there; one about the run itself is of every entity."""
        is_grave = SEVERITIES.index(severity) >= SEVERITIES.index(self.severity)
        return is_grave and (not entity or not self.entities or entity in self.entities)


def mistake_in_channel(channel: Channel, known_entities: set[str]) -> tuple[str, str] | None:
    """Return the key that is wrong and what is; None where nothing is. No secret is in it."""
    given = [place for place in _PLACES if getattr(channel, place)]
    if len(given) != 1:
        found = " and ".join(f"`{place}`" for place in given) or "none of them"
        return given[
            -1
        ] if given else "", f"wanted one of `url`, `url_env` and `url_file`, found {found}"
    if channel.url and not is_notify_url(channel.url):
        return "url", f"wanted {NOTIFY_URL_MEANING}, found something else"
    for entity in channel.entities:
        if entity not in known_entities:
            return "entities", f"no entity has the id `{entity}`"
    return None


NOTIFY_URL_MEANING = "an Apprise URL, such as `slack://…` or `mailto://…`"


def is_notify_url(text: str) -> bool:
    """Tell whether a text looks like an Apprise URL.

    >>> is_notify_url("json://hooks.example/alerts"), is_notify_url("hooks.example")
    (True, False)
    """
    return _NOTIFY_URL.fullmatch(text) is not None


def lines_of_channels(text: str) -> list[int]:
    """Return the line of each entry under `notify` of the file's text, from 1."""
    _, node = read_yaml(text, "")
    for key, value in reversed(pairs(node)) if node is not None else ():
        if key.value == "notify":
            return [line_of(entry) for entry in value.value]
    return []
