#!/bin/sh
# make check: format, lint, types, floors, and what tracked files may not say. Runs them all, then tells which failed.
set -eu
. "$(dirname "$0")/environment.sh"
. scripts/web.sh

prepare test
bin=.venv/bin
failed=
step() {
    name=$1
    shift
    printf '\n== %s\n' "$name"
    "$@" || failed="$failed, $name"
}

folders=
for folder in src tests bench scripts; do
    [ ! -d "$folder" ] || folders="$folders $folder"
done
folders="$folders hatch_build.py"

# Registries, this or any other developer's own folders, and papers that are not part of the project.
# The brackets keep this file from finding itself.
foreign_words() {
    pattern='py[p]i\.org|python[h]osted\.org|registry\.np[m]js|registry\.yarn[p]kg|crates[.]io|proxy\.go[l]ang|repo[0-9]*\.mav[e]n'
    pattern="$pattern"'|\.\./shar[e]d|(^|[^[:alnum:]_.~-])/(wor[k]|opt/whee[l]s|root/\.[a-z]+|home/[a-z]+)/'
    pattern="$pattern"'|(^|[^[:alnum:]_/-])(DESIG[N]|STYL[E]|SERVER[S]|STOR[E]|TIM[E]|AP[I]|U[I])\.md'
    if git grep -nIE --untracked "$pattern" -- .; then
        echo "The lines above name a registry, somebody's folder or a paper that is not part of the project."
        return 1
    fi
    echo "$(git ls-files -co --exclude-standard | wc -l | tr -d ' ') files name no registry, no machine and no foreign paper"
}

# shellcheck disable=SC2086 # a list of folders without spaces
{
    step "ruff format" $bin/ruff format --check $folders
    step "ruff check" $bin/ruff check $folders
    step "mypy" $bin/mypy $folders
}
step "import-linter" $bin/lint-imports
step "tracked files" foreign_words
if prepare_web; then
    step "web: types" in_web tsc --noEmit
    step "web: lint" in_web oxlint
    step "web: format" in_web biome format .
    step "web: imports and colours" in_web node checks/zones.mjs
    step "web: client of the API" sh scripts/web_api.sh --check
    step "web: size" in_web node checks/sizes.mjs
fi
[ -z "$failed" ] || stop "
Failed: ${failed#, }"
printf '\nAll checks passed.\n'
