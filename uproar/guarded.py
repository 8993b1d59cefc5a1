"""Values that hold secrets, and keep them out of what is printed of them. Pure."""

import msgspec

_SECRET_WORDS = ("password", "key", "url", "token")


def is_secret(name: str) -> bool:
    """Tell whether a setting, by its field or variable, may hold a password or key.

    >>> is_secret("UPROAR_CLICKHOUSE_URL"), is_secret("kafka_port"), is_secret("kafka_ca_file")
    (True, False, False)
    """
    is_place = name.lower().endswith("_file")  # of a secret, which is none itself
    return not is_place and any(word in name.lower() for word in _SECRET_WORDS)


class Guarded(msgspec.Struct, frozen=True, kw_only=True):
    """A value whose secrets do not show in its repr, and so in no log and no traceback."""

    def __repr__(self) -> str:
        """Return the fields, with `(hidden)` for every secret that is set.

        >>> class Login(Guarded, frozen=True): password: str
        >>> Login(password="invented")
        Login(password=(hidden))
        """
        values = ((name, getattr(self, name)) for name in self.__struct_fields__)
        shown = (
            f"{name}={'(hidden)' if value and is_secret(name) else repr(value)}"
            for name, value in values
        )
        return f"{type(self).__name__}({', '.join(shown)})"
