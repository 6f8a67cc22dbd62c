#!/bin/sh
# make screens: pictures of every screen into .screens. ARGS=--readme renews those of the README as well.
set -eu
. "$(dirname "$0")/environment.sh"
. scripts/web.sh

# shellcheck disable=SC2086 # a list of package names
debian_packages $TEST_PACKAGES
prepare test
prepare_page
exec .venv/bin/python -m scripts.screens "$@"
