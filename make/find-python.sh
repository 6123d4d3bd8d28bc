#!/bin/sh
# Prints a Python that can carry the product, or says what to install.
set -eu

fits() {
    "$1" - <<'PYTHON' >/dev/null 2>&1
import ensurepip, shutil, sys, venv
version = sys.version_info[:2]
with_server = shutil.which("redis-server") or shutil.which("valkey-server")
sys.exit(version not in {(3, 11), (3, 12)} and not (version == (3, 13) and with_server))
PYTHON
}

search() {
    for name in "${PYTHON:-}" python3.12 python3.11 python3 python python3.13; do
        if [ -n "$name" ] && command -v "$name" >/dev/null 2>&1 && fits "$name"; then
            command -v "$name"
            return 0
        fi
    done
    return 1
}

search && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "installing Python from the system's packages" >&2
    { apt-get update -q && apt-get install -qy --no-install-recommends python3 python3-venv; } >&2
    search && exit 0
    # A system whose Python is 3.13 brings the Redis server as a package.
    apt-get install -qy --no-install-recommends redis-server >&2
    search && exit 0
fi
cat >&2 <<'TEXT'
error: no suitable Python found.
Install Python 3.11 or 3.12 with its venv module (Debian, Ubuntu: apt-get install python3 python3-venv),
or Python 3.13 together with redis-server, or name one: make install PYTHON=/path/to/python
TEXT
exit 1
