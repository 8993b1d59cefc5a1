"""Whether this machine's process is well: `python -m uproar.operations.probe healthz`, or readyz.

For a container's health check: it knows the port from the same variables as the process itself,
needs no other program, and loads nothing of ours. Status 0 where the process answers so, else 1,
with one line that says why.
"""

import os
import sys
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence

ANSWER_SECONDS = 3.0
MOST_BYTES = 2_000
PAGES = ("healthz", "readyz")
EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104 - what a process listens on, not what is asked

_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))
"""Past any proxy: the process is on this machine."""


def address(env: Mapping[str, str]) -> str:
    """Return where the process answers, by its own settings; empty where no port is set.

    >>> address({"UPROAR_METRICS_PORT": "9464", "UPROAR_METRICS_HOST": "0.0.0.0"})
    '127.0.0.1:9464'
    >>> address({"UPROAR_METRICS_PORT": "9464", "UPROAR_METRICS_HOST": "fd00::2"}), address({})
    ('[fd00::2]:9464', '')
    """
    port = env.get("UPROAR_METRICS_PORT", "")
    host = env.get("UPROAR_METRICS_HOST") or "127.0.0.1"
    host = "127.0.0.1" if host in EVERYWHERE else host
    if port in ("", "0"):
        return ""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def main(arguments: Sequence[str], env: Mapping[str, str]) -> tuple[int, str]:
    """Return the exit status, and what to say."""
    page = arguments[0] if arguments else "healthz"
    if page not in PAGES or len(arguments) > 1:
        return 2, f"wanted one of {', '.join(PAGES)}, found `{' '.join(arguments)}`"
    if not (place := address(env)):
        return 2, "set UPROAR_METRICS_PORT to the port of the process that is meant"
    try:
        with _DIRECT.open(f"http://{place}/{page}", timeout=ANSWER_SECONDS) as answer:
            return 0, answer.read(MOST_BYTES).decode()
    except urllib.error.HTTPError as error:
        with error:
            return 1, error.read(MOST_BYTES).decode(errors="replace")
    except OSError as error:
        return 1, f"nothing answers at {place}: {error}"


if __name__ == "__main__":
    status, said = main(sys.argv[1:], os.environ)
    (sys.stderr if status else sys.stdout).write(said + "\n")
    sys.exit(status)
