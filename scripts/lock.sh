#!/bin/sh
# Writes requirements/*.txt anew from pyproject.toml: the newest versions it allows (--upgrade), or the same ones again.
# Every entry carries hashes; no address and no path of the machine that ran this gets into the files.
set -eu
. "$(dirname "$0")/environment.sh"

find_uv || fetch_uv
lock() {
    output=$1
    shift
    "$uv" pip compile -q --generate-hashes --universal --python-version 3.11 --no-header --no-annotate \
        --no-emit-index-url --no-emit-find-links -o "requirements/$output.txt" "$@"
    say "$output" "$(grep -c '^[a-z].*==' "requirements/$output.txt") packages"
}
# Test and runtime agree on every version, so that one environment can hold both.
lock test pyproject.toml --group pyproject.toml:test "$@"
lock runtime pyproject.toml -c requirements/test.txt "$@"
lock build --group pyproject.toml:build -c requirements/test.txt "$@"
lock node --group pyproject.toml:node "$@"
lock tools --group pyproject.toml:tools "$@"
