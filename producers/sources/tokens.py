"""Tokens of platforms: in a variable, or in a file that one names; never in uproar.yaml."""

from collections.abc import Mapping
from pathlib import Path

from uproar.errors import SettingsError


def token(env: Mapping[str, str], variable: str, hint: str) -> str:
    """Return the token in `variable`, or in the file that `variable` with `_FILE` behind it names.

    Raises SettingsError where there is none; `hint` says where to get one.
    """
    if given := env.get(variable, "").strip():
        return given
    if path := env.get(f"{variable}_FILE", ""):
        try:
            given = Path(path).read_text("utf-8").strip()
        except (OSError, UnicodeError) as error:
            raise SettingsError(f"cannot read the file in `{variable}_FILE`: {error}") from error
        if given:
            return given
    raise SettingsError(f"`{variable}` is not set, so the platform would refuse us", hint=hint)
