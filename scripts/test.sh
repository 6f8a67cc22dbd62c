#!/bin/sh
# make test: every test there is, at the sizes of an ordinary day.
set -eu
. "$(dirname "$0")/environment.sh"
. scripts/web.sh

# shellcheck disable=SC2086 # a list of package names
debian_packages $TEST_PACKAGES
prepare test
[ $# -gt 0 ] || ! prepare_web || in_web vitest run
# shellcheck disable=SC2086 # a list of words
[ $# -gt 0 ] || set -- $PARALLEL_TESTS
exec .venv/bin/python -m pytest "$@"
