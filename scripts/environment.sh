# Read by the other scripts, never run by itself. It finds uv, makes .venv and installs what the locks name,
# with one line for each step that had something to do. Nothing here needs the network once it has succeeded.
cd "$(dirname "$0")/.."
unset VIRTUAL_ENV CONDA_PREFIX PYTHONHOME 2>/dev/null || :
export PIP_DISABLE_PIP_VERSION_CHECK=1
# Trust whom the system trusts (a company's own authority, for instance), where the system has such a list.
for authorities in /etc/ssl/certs/ca-certificates.crt /etc/pki/tls/certs/ca-bundle.crt /etc/ssl/cert.pem; do
    [ ! -e "$authorities" ] || export UV_SYSTEM_CERTS=true UV_NATIVE_TLS=true
done

# Debian packages that tests need beyond Python. One list; `debian_packages` reads it.
TEST_PACKAGES="cron openssl curl chromium fonts-liberation"

# A missing server or package makes a test skip on a laptop and fail where CI=true (tests/needs.py reads this).
case ${CI:-} in
    true | 1) TESTS_MISSING=fail ;;
    *) TESTS_MISSING=${TESTS_MISSING:-skip} ;;
esac
export TESTS_MISSING

# Whole files side by side, since tests of one file share servers and browsers. Whoever names tests gets one process.
PARALLEL_TESTS="--numprocesses auto --maxprocesses 4 --dist loadfile"

say() { printf '%-12s %s\n' "$1" "$2"; }
stop() { printf '%s\n' "$*" >&2; exit 1; }
seconds_since() { echo "$(($(date +%s) - $1)) s"; }
megabytes_of() { echo "$(($(du -sk "$1" | cut -f1) / 1024)) MB"; }
can_write_in() { [ -n "${HOME:-}" ] && mkdir -p "$1" 2>/dev/null && [ -w "$1" ]; }
is_debian_root() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; }

apt_install() {
    DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300 update >/dev/null &&
        DEBIAN_FRONTEND=noninteractive apt-get -y -qq -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 \
            install --no-install-recommends "$@" >/dev/null
}

# The first interpreter of at least version $1. Each candidate is tried, since a version manager's shim may exist
# and still refuse to start; the answer is the interpreter behind a shim or an active virtual environment.
find_python() {
    for candidate in ${PYTHON:-} python3 python3.13 python3.12 python3.11 python3.14 python3.10 python3.9 \
        /usr/bin/python3 /usr/local/bin/python3 python; do
        "$candidate" -I -c '
import sys
wanted = tuple(int(part) for part in sys.argv[1].split("."))
if sys.version_info < wanted or sys.implementation.name != "cpython":
    sys.exit(1)
print(getattr(sys, "_base_executable", None) or sys.executable)' "$1" 2>/dev/null && return 0
    done
    return 1
}

find_uv() {
    for candidate in uv "$PWD/.tools/bin/uv"; do
        version=$("$candidate" --version 2>/dev/null) || continue
        case $version in "uv 0."[0-6].*) continue ;; esac # too old for what is asked of it below
        uv=$candidate
        return 0
    done
    return 1
}

# Built under another name and renamed, so that an interrupted attempt is never taken for a finished one.
fetch_uv_with_venv() {
    rm -rf .tools.new
    "$1" -m venv .tools.new >/dev/null 2>&1 &&
        .tools.new/bin/python -m pip install -q --require-hashes -r requirements/tools.txt >&2
}
# --target is allowed where the system's Python is marked as externally managed.
fetch_uv_with_pip() {
    rm -rf .tools.new
    "$1" -m pip --version >/dev/null 2>&1 &&
        "$1" -m pip install -q --target .tools.new --require-hashes -r requirements/tools.txt >&2
}
fetch_uv() {
    started=$(date +%s)
    python=$(find_python 3.9) || python=
    if [ -n "$python" ] && { fetch_uv_with_venv "$python" || fetch_uv_with_pip "$python"; }; then
        :
    elif [ -n "$python" ] && "$python" -c 'import ensurepip; ensurepip.version()' 2>/dev/null; then
        rm -rf .tools.new
        stop "uv could not be installed into .tools: see the message above, then run the same command again."
    elif is_debian_root; then
        apt_install python3-venv || stop "python3-venv could not be installed: run 'apt-get install python3-venv', then the same command again."
        say python "installed python3-venv, $(seconds_since "$started")"
        python=$(find_python 3.9) || stop "Horarium needs Python 3.9 or newer to begin; this system offers an older one."
        fetch_uv_with_venv "$python" || stop "uv could not be installed into .tools: see the message above."
    else
        rm -rf .tools.new
        if command -v apt-get >/dev/null 2>&1; then
            stop "Python's venv module is missing: run 'sudo apt-get install python3-venv', then the same command again."
        fi
        stop "Python 3.9 or newer with venv or pip is missing: install it with your system's package manager, then run the same command again."
    fi
    rm -rf .tools
    mv .tools.new .tools
    uv=$PWD/.tools/bin/uv
    say uv "$("$uv" --version | cut -d' ' -f2) into .tools, $(megabytes_of .tools), $(seconds_since "$started")"
}

# What decides the contents of .venv, as one line: the interpreter, the place, and the files given.
fingerprint() {
    .venv/bin/python -I -c '
import hashlib, os, sys
parts = [sys.version, os.getcwd(), *(open(path, encoding="utf-8").read() for path in sys.argv[1:])]
print(hashlib.sha256("\0".join(parts).encode()).hexdigest())' "$@" 2>/dev/null
}

# Only one process at a time may change .venv. The file holds the process id of the one that does.
begin_installing() {
    tries=0
    until (set -C && echo $$ >.installing) 2>/dev/null; do
        if kill -0 "$(cat .installing 2>/dev/null)" 2>/dev/null && [ $tries -lt 600 ]; then
            [ $tries -gt 0 ] || say waiting "for another command that is installing"
            tries=$((tries + 1))
            sleep 1
        else
            rm -rf .installing .venv # left behind in the middle: what it had installed cannot be trusted
        fi
    done
    trap 'rm -f .installing' EXIT
    trap 'exit 130' INT TERM HUP
}
end_installing() {
    rm -f .installing
    trap - EXIT INT TERM HUP
}

make_environment() {
    started=$(date +%s)
    rm -rf .venv
    if python=$(find_python 3.11); then
        "$uv" venv -q --no-python-downloads -p "$python" .venv
        from=$python
    else
        "$uv" venv -q -p '>=3.11' .venv ||
            stop "No Python 3.11 or newer was found and none could be fetched: install one, then run the same command again."
        from="fetched by uv"
    fi
    printf '%s\n' "$PWD" >.venv/.place
    say environment "Python $(.venv/bin/python -c 'import platform; print(platform.python_version())') ($from), $(seconds_since "$started")"
}
environment_is_sound() {
    [ "$(cat .venv/.place 2>/dev/null)" = "$PWD" ] && # commands in .venv/bin carry its absolute path
        .venv/bin/python -I -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

# prepare runtime | prepare test: the environment with everything that requirements/$1.txt locks, and Horarium itself.
prepare() {
    case $1 in
        runtime) locks="requirements/runtime.txt requirements/build.txt" ;;
        *) locks="requirements/$1.txt" ;;
    esac
    stamp=.venv/.$1.stamp
    # shellcheck disable=SC2086 # a list of names without spaces
    if [ -e "$stamp" ] && [ ! -e .installing ] && [ "$(fingerprint $locks pyproject.toml)" = "$(cat "$stamp")" ]; then
        say environment "ready, nothing changed"
        return 0
    fi
    begin_installing
    # uv needs a cache that it can write; some users have no home.
    if ! can_write_in "${UV_CACHE_DIR:-${XDG_CACHE_HOME:-${HOME:-}/.cache}/uv}"; then
        export UV_CACHE_DIR="$PWD/.cache/uv" PIP_NO_CACHE_DIR=1
    fi
    find_uv || fetch_uv
    environment_is_sound || make_environment
    started=$(date +%s)
    # shellcheck disable=SC2086,SC2046
    "$uv" pip install -q -p .venv/bin/python --compile-bytecode --require-hashes $(printf ' -r %s' $locks)
    say packages "$(grep -hc '^[a-z].*==' requirements/"$1".txt) locked ($1), .venv is $(megabytes_of .venv), $(seconds_since "$started")"
    started=$(date +%s)
    "$uv" pip install -q -p .venv/bin/python --offline --no-deps --no-build-isolation --reinstall -e .
    say horarium "$(.venv/bin/python -c 'import horarium; print(horarium.__version__)') editable, $(seconds_since "$started")"
    # shellcheck disable=SC2086
    fingerprint $locks pyproject.toml >"$stamp"
    end_installing
}

missing_debian_packages() {
    for package in "$@"; do
        dpkg-query -W -f='${db:Status-Status}\n' "$package" 2>/dev/null | grep -qx installed || printf '%s ' "$package"
    done
}

# debian_packages NAME…: as root on Debian or Ubuntu the missing ones are installed and no service is started;
# anyone else is told the command, and the tests that need them skip (or fail, where CI=true).
debian_packages() {
    command -v dpkg-query >/dev/null 2>&1 || return 0
    missing=$(missing_debian_packages "$@")
    [ -n "$missing" ] || return 0
    started=$(date +%s)
    if is_debian_root; then
        policy=/usr/sbin/policy-rc.d
        made=
        if [ ! -e "$policy" ]; then
            printf '#!/bin/sh\nexit 101\n' >"$policy"
            chmod 755 "$policy"
            made=$policy
        fi
        # shellcheck disable=SC2086 # a list of package names
        apt_install $missing && installed=yes || installed=
        [ -z "$made" ] || rm -f "$made"
        if [ -n "$installed" ]; then
            say system "installed ${missing}in $(seconds_since "$started")"
            return 0
        fi
    fi
    sentence="Missing for some tests: ${missing% }. To install: apt-get install ${missing% } (as root)."
    [ "$TESTS_MISSING" = skip ] || stop "$sentence"
    say system "$sentence"
}
