#!/bin/sh
# make dev: the server and the page, both anew whenever a file of theirs changes.
set -eu
. "$(dirname "$0")/environment.sh"
. scripts/web.sh

prepare test
prepare_web || stop "Without Node there is no page to work on; make run starts the API alone."
exec .venv/bin/python scripts/dev.py "$@"
