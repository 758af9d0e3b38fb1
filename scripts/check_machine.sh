#!/bin/sh
# Prints the path of a Python that can make the virtual environment; one clear line on standard error where there is none.
# PYTHON chooses another one.
set -eu

suits() {
    "$1" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

for name in ${PYTHON:-python3 python3.13 python3.12 python3.11 python3.14 /usr/bin/python3}; do
    path=$(command -v "$name" 2>/dev/null) || continue
    if suits "$path"; then
        echo "$path"
        exit 0
    fi
done
echo "Python 3.11 or newer with venv is needed (Debian, Ubuntu: apt-get install python3-venv; macOS: brew install python)" >&2
exit 1
