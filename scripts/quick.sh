#!/bin/sh
# make quick: the tests that need no server and no second process.
set -eu
. "$(dirname "$0")/environment.sh"
. scripts/web.sh

prepare test
[ $# -gt 0 ] || ! prepare_web || in_web vitest run
folders=
for folder in tests/unit tests/properties tests/house; do
    [ ! -d "$folder" ] || folders="$folders $folder"
done
# shellcheck disable=SC2086 # lists of words
[ $# -gt 0 ] || set -- $PARALLEL_TESTS
# shellcheck disable=SC2086
exec .venv/bin/python -m pytest $folders "$@"
