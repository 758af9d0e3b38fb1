#!/bin/sh
# Makes .venv and installs the project. Quick when nothing changed: a stamp holds what the last run saw.
set -eu
cd "$(dirname "$0")/.."

venv=.venv
stamp=$venv/.installed
extras=embedded,demo,dev,bench

fingerprint() {
    # The folder is part of it: a moved checkout has an environment that points to the old place.
    { pwd; echo "$extras"; "$1" -VV; cat setup.cfg pyproject.toml constraints.txt; } | cksum
}

if [ -x $venv/bin/python ] && [ -f $stamp ] && [ "$(fingerprint $venv/bin/python)" = "$(cat $stamp)" ]; then
    exit 0
fi
python=$(sh scripts/check_machine.sh)
if ! $venv/bin/python -m pip --version >/dev/null 2>&1; then
    echo "setup: making $venv with $python"
    "$python" -m venv --clear $venv
fi
echo "setup: installing into $venv (a minute or two the first time)"
rm -f $stamp
$venv/bin/python -m pip install --quiet --disable-pip-version-check --use-pep517 --constraint constraints.txt --editable ".[$extras]"
fingerprint $venv/bin/python >$stamp
