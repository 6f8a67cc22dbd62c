#!/bin/sh
# make proof: the whole suite at its large sizes, in bites of nine minutes. Call it again until it says that it is done.
set -eu
. "$(dirname "$0")/environment.sh"

# shellcheck disable=SC2086 # a list of package names
debian_packages $TEST_PACKAGES
prepare test
exec .venv/bin/python scripts/proof.py
