#!/bin/sh
# make run: everything from a fresh clone to a running server.
set -eu
. "$(dirname "$0")/environment.sh"
. scripts/web.sh

prepare runtime
prepare_page
echo 'Try in a second terminal: .venv/bin/horarium add hello --every 10s -- echo hello'
exec .venv/bin/horarium serve --data-dir .data "$@"
