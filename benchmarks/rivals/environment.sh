#!/bin/sh
# Make .venv-bench: what Uproar is compared with, and behind it all that .venv holds, so that every
# way reads posts with the very same versions. Run from the top of the tree, after `make setup`.
set -eu

.venv/bin/python -m venv .venv-bench
.venv-bench/bin/python -m pip install -q --disable-pip-version-check -r benchmarks/rivals/requirements.txt
.venv/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))' \
    > "$(.venv-bench/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/uproar.pth"
touch .venv-bench/.ready
