#!/bin/sh
# make test: every test there is, at the sizes of an ordinary day.
set -eu
. "$(dirname "$0")/environment.sh"

# shellcheck disable=SC2086 # a list of package names
debian_packages $TEST_PACKAGES
prepare test
exec .venv/bin/python -m pytest "$@"
