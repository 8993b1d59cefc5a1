#!/bin/sh
# Make the virtual environment .venv from the lock file, with Uproar in it, editable.
# Needs Python 3.11 or later; where Debian's Python lacks venv, installs that package, saying so.
set -eu

python=""
for candidate in "${PYTHON:-}" python3 python3.14 python3.13 python3.12 python3.11; do
    if [ -n "$candidate" ] && command -v "$candidate" >/dev/null 2>&1 \
        && "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
        python=$candidate
        break
    fi
done
if [ -z "$python" ]; then
    echo "error: Uproar needs Python 3.11 or later, and none is in the path" >&2
    echo "hint: install one, or name it: make setup PYTHON=/path/to/python3.12" >&2
    exit 1
fi

if ! "$python" -m venv .venv >/dev/null 2>&1; then
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
        echo "Installing the system package python3-venv, which $python lacks." >&2
        apt-get update -qq && apt-get install -y -qq python3-venv >/dev/null
        "$python" -m venv .venv
    else
        echo "error: $python cannot make a virtual environment" >&2
        echo "hint: install its venv package (Debian: apt-get install python3-venv)" >&2
        exit 1
    fi
fi

.venv/bin/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
.venv/bin/python -m pip install -q --disable-pip-version-check --no-deps -e .
touch .venv/.ready
