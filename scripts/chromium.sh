#!/bin/sh
# Chromium for the browser tests: installed on Debian as root, elsewhere one line says what is missing. CI=true insists.
set -u

for name in chromium chromium-browser google-chrome; do
    command -v $name >/dev/null 2>&1 && exit 0
done
if [ "$(id -u)" = 0 ] && [ -f /etc/debian_version ]; then
    echo "test: installing Debian's chromium for the browser tests"
    export DEBIAN_FRONTEND=noninteractive
    { apt-get update && apt-get install -y --no-install-recommends chromium; } >/dev/null 2>&1
    command -v chromium >/dev/null 2>&1 && exit 0
fi
if [ "${CI:-}" = true ]; then
    echo "test: no Chromium, and CI=true needs the browser tests" >&2
    exit 1
fi
echo "test: no Chromium here: browser tests are skipped (Debian, Ubuntu: apt-get install chromium)"
