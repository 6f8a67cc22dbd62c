#!/bin/sh
# make clean: removes what the other commands made. Your tasks and their books in .data stay.
set -eu
cd "$(dirname "$0")/.."

rm -rf .venv .tools .tools.new .node .cache .installing .proof .screens dist web/node_modules web/.built src/horarium/web
rm -rf .hypothesis .schemathesis .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
find src tests bench scripts -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || :
[ ! -e .data ] || echo "Kept .data, which holds your tasks; to remove them as well: rm -r .data"
