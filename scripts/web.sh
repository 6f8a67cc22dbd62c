# Read by the other scripts after environment.sh, never run by itself. It finds Node, installs what web/ locks, and builds
# the page into the package. Nothing is done twice, and nothing needs the network once it has succeeded.
export NODE_USE_SYSTEM_CA=1 npm_config_update_notifier=false npm_config_loglevel=error

node_is_new_enough() {
    command -v npm >/dev/null 2>&1 &&
        node -e 'const [a, b] = process.versions.node.split("."); process.exit(a > 22 || (a == 22 && b >= 22) ? 0 : 1)' 2>/dev/null
}

# Puts a Node that is new enough onto PATH: the system's own, or one that is a Python package, in .node.
find_node() {
    node_is_new_enough && return 0
    [ -x .node/bin/node ] && PATH=$PWD/.node/bin:$PATH && node_is_new_enough
}
fetch_node() {
    started=$(date +%s)
    find_uv || fetch_uv
    rm -rf .node
    "$uv" venv -q --no-python-downloads -p .venv/bin/python .node >/dev/null 2>&1 &&
        "$uv" pip install -q -p .node/bin/python --require-hashes -r requirements/node.txt >&2 &&
        find_node || { rm -rf .node; return 1; }
    say node "$(node --version | tr -d v) into .node, $(megabytes_of .node), $(seconds_since "$started")"
}

NO_NODE="Node 22.22 or newer was not found and could not be fetched"

# What decides how the page comes out, as one line.
web_fingerprint() { .venv/bin/python -I hatch_build.py; }
page_is_fresh() { [ -e src/horarium/web/index.html ] && [ "$(web_fingerprint)" = "$(cat web/.built 2>/dev/null)" ]; }

# web_packages build | web_packages all: what the build needs, or what the checks need as well.
web_packages() {
    wanted=$(cksum <web/package-lock.json)
    case $(cat web/node_modules/.installed 2>/dev/null) in "all $wanted" | "$1 $wanted") return 0 ;; esac
    started=$(date +%s)
    can_write_in "${npm_config_cache:-${HOME:-}/.npm}" || export npm_config_cache="$PWD/.cache/npm"
    omit=
    [ "$1" = all ] || omit=--omit=dev
    # shellcheck disable=SC2086 # nothing, or one flag
    (cd web && npm ci $omit >/dev/null) || return 1
    echo "$1 $wanted" >web/node_modules/.installed
    say web "packages locked ($1), web/node_modules is $(megabytes_of web/node_modules), $(seconds_since "$started")"
}

build_page() {
    started=$(date +%s)
    (cd web && npm run --silent build >/dev/null) || return 1
    web_fingerprint >web/.built
    say page "built into src/horarium/web, $(megabytes_of src/horarium/web), $(seconds_since "$started")"
}

# The page as it is now, for a server. Without Node the API serves as well, so this never stops anything but CI.
prepare_page() {
    if page_is_fresh; then
        say page "ready, nothing changed"
        return 0
    fi
    begin_installing
    if find_node || fetch_node; then
        web_packages build && build_page || page_is_missing "The page could not be built: see the messages above"
    else
        page_is_missing "$NO_NODE"
    fi
    end_installing
}
page_is_missing() {
    [ "$TESTS_MISSING" = skip ] || stop "$1."
    if [ -e src/horarium/web/index.html ]; then
        say page "$1. The one that was built before is served."
    else
        say page "$1. The API and the command line work without the page."
    fi
}

# What the checks and tests of web/ need. Answers false, after one sentence, where that is not to be had.
prepare_web() {
    begin_installing
    if { find_node || fetch_node; } && web_packages all; then
        page_is_fresh || build_page
        end_installing
        return 0
    fi
    end_installing
    [ "$TESTS_MISSING" = skip ] || stop "$NO_NODE, so the page cannot be checked."
    say web "$NO_NODE, so the page is not checked."
    return 1
}

# in_web COMMAND…: in web/, where what it locks comes first.
in_web() { (cd web && PATH=$PWD/node_modules/.bin:$PATH && "$@"); }
