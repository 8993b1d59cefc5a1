"""Confine this process to the files it needs, by Linux's Landlock; see landlock(7).

Guarantee, where it answers True: this thread and all that it starts from now on cannot open a
file outside what is allowed, whatever the user's own rights, nor connect to anything over TCP
(from Linux 6.7 on), nor look into a process outside. Files that are open already stay so. It
cannot be undone. Where the kernel has no Landlock (before 5.13, or not Linux) it answers False
and nothing is confined.
"""

import ctypes
import os
import sys
from collections.abc import Iterable
from pathlib import Path

EXECUTE, WRITE_FILE, READ_FILE, READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
TRUNCATE, IOCTL_DEVICE = 1 << 14, 1 << 15
READ = EXECUTE | READ_FILE | READ_DIR
EVERYTHING = (1 << 15) - 1
APPEND = EVERYTHING - READ_FILE - EXECUTE
"""Make, write, list, rename and remove, but not read: for logs beside those of others."""
_OF_A_FILE = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE | IOCTL_DEVICE
_CONNECT_TCP = 1 << 1

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
"""Numbers of the system calls, the same on every architecture."""
_ASK_VERSION = 1
_PATH_BENEATH = 1
_PR_SET_NO_NEW_PRIVS = 38

_RIGHTS_BY_VERSION = {1: 13, 2: 14, 3: 15, 5: 16}
"""How many rights over files each version of the interface knows, from the version on."""
_FIRST_WITH_NETWORK = 4


class _Ruleset(ctypes.Structure):
    _fields_ = (("files", ctypes.c_uint64), ("network", ctypes.c_uint64))


class _PathBeneath(ctypes.Structure):
    _pack_ = 1
    _layout_ = "ms"
    _fields_ = (("allowed", ctypes.c_uint64), ("parent", ctypes.c_int32))


def confine(allowed: Iterable[tuple[Path, int]]) -> bool:
    """Allow these files and folders, with the rights named above, and nothing else.

    A path that does not exist is passed over. Call it before the process has other threads.
    Raises OSError when the kernel has Landlock and refuses.
    """
    if sys.platform != "linux":
        return False
    kernel = ctypes.CDLL(None, use_errno=True)
    version = kernel.syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), _ASK_VERSION)
    if version < 1:
        return False
    known = (1 << max(n for since, n in _RIGHTS_BY_VERSION.items() if since <= version)) - 1
    rules = _Ruleset(known, _CONNECT_TCP if version >= _FIRST_WITH_NETWORK else 0)
    size = ctypes.sizeof(rules) if rules.network else ctypes.sizeof(ctypes.c_uint64)
    ruleset = _checked(
        kernel.syscall(_CREATE_RULESET, ctypes.byref(rules), ctypes.c_size_t(size), 0)
    )
    for path, rights in allowed:
        _allow(kernel, ruleset, path, rights & known)
    _checked(kernel.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
    _checked(kernel.syscall(_RESTRICT_SELF, ruleset, 0))
    os.close(ruleset)
    return True


def _allow(kernel: ctypes.CDLL, ruleset: int, path: Path, rights: int) -> None:
    try:
        opened = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    try:
        rule = _PathBeneath(rights if path.is_dir() else rights & _OF_A_FILE, opened)
        _checked(kernel.syscall(_ADD_RULE, ruleset, _PATH_BENEATH, ctypes.byref(rule), 0))
    finally:
        os.close(opened)


def _checked(result: int) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return result
