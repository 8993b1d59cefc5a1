"""Pushes the boards to a Grafana over its API, for one that is not provisioned from files.

Guarantee: idempotent. Boards have fixed uids and are overwritten, the folder is made once; what
others put beside them is left alone. The data source is not made here: its password belongs in
Grafana's provisioning.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from grafana_api.grafana_api import GrafanaClientError, GrafanaException
from grafana_api.grafana_face import GrafanaFace

from dashboards.boards import BOARDS
from dashboards.render_grafana import render_board, uid_of
from uproar.errors import SettingsError, UproarError

FOLDER = "Uproar"
FOLDER_UID = "uproar"
NOT_FOUND = 404


def apply_boards(url: str, token: str) -> list[str]:
    """Create or overwrite every board, and return their uids.

    Raises SettingsError when the URL cannot be used, and UproarError when Grafana refuses or does
    not answer; what was pushed before stays.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise SettingsError(
            f"cannot use `{url}` as the URL of Grafana",
            hint="wanted something like https://grafana.example.org",
        )
    path = parts.path.strip("/")
    grafana = GrafanaFace(
        auth=token,
        host=parts.netloc,
        protocol=parts.scheme,
        url_path_prefix=f"{path}/" if path else "",
    )
    with _reported(parts.netloc):
        _make_folder(grafana)
        for board in BOARDS:
            others = tuple(other for other in BOARDS if other is not board)
            grafana.dashboard.update_dashboard(
                {
                    "dashboard": render_board(board, others),
                    "folderUid": FOLDER_UID,
                    "overwrite": True,
                }
            )
    return [uid_of(board.id) for board in BOARDS]


def _make_folder(grafana: GrafanaFace) -> None:
    try:
        grafana.folder.get_folder(FOLDER_UID)
    except GrafanaClientError as error:
        if error.status_code != NOT_FOUND:
            raise
        grafana.folder.create_folder(FOLDER, FOLDER_UID)


@contextmanager
def _reported(host: str) -> Iterator[None]:
    try:
        yield
    except GrafanaException as error:
        raise UproarError(
            f"Grafana at `{host}` refused: {error.message}",
            hint="the token needs the role Editor, or the permission to write dashboards",
        ) from error
    except OSError as error:  # what `requests` raises is one
        raise UproarError(f"Grafana at `{host}` does not answer: {error}") from error
