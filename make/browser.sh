#!/bin/sh
# Sees to a browser for the stories in tests/e2e.
set -eu

for name in chromium chromium-browser google-chrome; do
    command -v "$name" >/dev/null 2>&1 && exit 0
done
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "installing Chromium for the stories in tests/e2e"
    apt-get update -q && apt-get install -qy --no-install-recommends chromium
    exit 0
fi
cat >&2 <<'TEXT'
error: the stories in tests/e2e need Chromium, and only root can install it here.
Install it (Debian, Ubuntu: apt-get install chromium), or leave them out: make test ARGS='-m "not e2e"'
TEXT
exit 1
