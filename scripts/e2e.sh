#!/bin/sh
# make e2e: the product as a person meets it.
set -eu
. "$(dirname "$0")/environment.sh"
. scripts/web.sh

# shellcheck disable=SC2086 # a list of package names
debian_packages $TEST_PACKAGES
prepare test
prepare_page
if [ ! -d tests/e2e ]; then
    echo "There are no end-to-end tests yet."
    exit 0
fi
# shellcheck disable=SC2086 # a list of words
[ $# -gt 0 ] || set -- $PARALLEL_TESTS
exec .venv/bin/python -m pytest tests/e2e "$@"
