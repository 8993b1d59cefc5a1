"""A property that is worked out when first asked for, and kept.

`functools.cached_property` takes a lock for it until Python 3.12, which costs more than most of
what is worked out around a name; readings are never shared between threads.
"""

from collections.abc import Callable
from typing import Any, Generic, TypeVar

Value = TypeVar("Value")


class once(Generic[Value]):  # noqa: N801 - written as `property` is
    """Makes such a property of a method. Two threads might work it out twice, to the same end."""

    def __init__(self, work_out: Callable[[Any], Value]) -> None:
        """Take the method."""
        self._work_out = work_out
        self.__doc__ = work_out.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        """Learn what the method is called."""
        self._name = name

    def __get__(self, instance: Any, owner: type) -> Value:
        """Work it out: what is kept in the instance is found before this."""
        value = instance.__dict__[self._name] = self._work_out(instance)
        return value
