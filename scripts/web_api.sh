#!/bin/sh
# Writes web/src/api anew from the API's own description; with --check it only tells whether it would come out the same.
# No server is started: the description is made from the routes.
set -eu
. "$(dirname "$0")/environment.sh"
. scripts/web.sh

find_node || stop "$NO_NODE. make check fetches one."
[ -x web/node_modules/.bin/orval ] || stop "What writes the client is not installed; make check installs it."
made=$(mktemp -d)
trap 'rm -rf "$made"' EXIT
.venv/bin/python scripts/openapi.py >"$made/openapi.json"
export OPENAPI="$made/openapi.json"
if [ "${1:-}" = --check ]; then
    # Beside the real one, since the generated files name their neighbours relatively.
    export API_OUTPUT=src/api.new/horarium.ts
    rm -rf web/src/api.new
    in_web orval >"$made/log" 2>&1 || { cat "$made/log"; exit 1; }
    same=yes
    diff -r web/src/api web/src/api.new || same=
    rm -rf web/src/api.new
    [ -n "$same" ] || stop "web/src/api is not what the API describes: run sh scripts/web_api.sh and commit what it writes."
    echo "web/src/api is what the API describes"
else
    in_web orval >"$made/log" 2>&1 || { cat "$made/log"; exit 1; }
    say client "written into web/src/api, $(git diff --stat -- web/src/api | tail -1)"
fi
