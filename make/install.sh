#!/bin/sh
# Builds .venv from the lock file; does nothing when it already stands there as locked.
set -eu
cd "$(dirname "$0")/.."

stamp=.venv/installed
lock=$(sha256sum requirements.txt | cut -d ' ' -f 1)

is_current() {
    [ "$(cat "$stamp" 2>/dev/null)" = "$lock" ] && .venv/bin/python -c "" 2>/dev/null
}

is_current && exit 0
mkdir -p -m 700 var
exec 9>var/install.lock # of two at once, the second finds it done
flock 9
is_current && exit 0

if ! .venv/bin/python -m pip --version >/dev/null 2>&1; then
    python=$(sh make/find-python.sh)
    echo "making .venv with $("$python" --version)"
    rm -rf .venv
    "$python" -m venv .venv
fi
echo "installing the locked packages into .venv"
# The lock names everything: nothing is resolved anew, so no later release of anything can get in the way.
.venv/bin/python -m pip install --quiet --disable-pip-version-check --no-input \
    --no-deps --require-hashes -r requirements.txt
echo "$lock" >"$stamp"
