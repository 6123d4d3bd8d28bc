#!/bin/sh
# Sees to what the tests need of the system: a browser for the stories in tests/e2e, Pango and a Korean font for the reports.
set -eu

missing=""
has_browser() {
    for name in chromium chromium-browser google-chrome; do
        command -v "$name" >/dev/null 2>&1 && return 0
    done
    return 1
}
has_library() { ldconfig -p 2>/dev/null | grep -q "$1"; }
has_korean() { command -v fc-list >/dev/null 2>&1 && [ -n "$(fc-list :lang=ko)" ]; }

has_browser || missing="$missing chromium"
has_library libpango-1.0.so.0 || missing="$missing libpango-1.0-0"
has_library libpangoft2-1.0.so.0 || missing="$missing libpangoft2-1.0-0"
has_korean || missing="$missing fonts-noto-cjk fontconfig"
[ -z "$missing" ] && exit 0

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "installing for the tests:$missing"
    # shellcheck disable=SC2086 # several names
    apt-get update -q && apt-get install -qy --no-install-recommends $missing
    exit 0
fi
cat >&2 <<TEXT
error: the tests need$missing, and only root can install it here.
Install it (Debian, Ubuntu: apt-get install$missing), or leave the stories out: make test ARGS='-m "not e2e"'
TEXT
exit 1
