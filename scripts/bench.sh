#!/bin/sh
# make bench: every script in bench/, each of which measures its own limit in the same run. Names with _ are helpers.
set -eu
. "$(dirname "$0")/environment.sh"

prepare test
failed=
for script in bench/[!_]*.py; do
    [ -e "$script" ] || { echo "There are no bench scripts yet."; exit 0; }
    printf '\n== %s\n' "$script"
    PYTHONPATH=. .venv/bin/python "$script" "$@" || failed="$failed $script"
done
[ -z "$failed" ] || stop "Not within budget or broken:$failed"
