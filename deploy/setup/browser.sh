#!/bin/sh
# See to it that the browser tests find a Chromium; installs Debian's where it may, saying so.
set -eu

for candidate in "${CHROMIUM:-}" chromium chromium-browser google-chrome; do
    if [ -n "$candidate" ] && command -v "$candidate" >/dev/null 2>&1; then
        exit 0
    fi
done
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Installing the system package chromium, for the browser tests." >&2
    apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium >/dev/null
    exit 0
fi
echo "No Chromium here: the browser tests will be skipped (in CI they fail). Install one, or name it in CHROMIUM." >&2
