# Read in by the other scripts, with $root set to the project's folder: finds a Python, and keeps
# a virtual environment with what they need. POSIX sh only.

# Where the environment lies, below the project's folder. CI keeps one for each Python.
venv=${VENV:-.venv}

fail() {
    printf '%s: %s\n' "$(basename -- "$0")" "$1" >&2
    exit 2
}

# Prints a Python's version; succeeds where it will do, and says by its status why it will not:
# 3 where it is too old, 4 where it cannot make virtual environments.
probe() {
    "$1" -c '
import sys
sys.stdout.write("%d.%d" % sys.version_info[:2])
if sys.version_info < (3, 10):
    sys.exit(3)
try:
    import ensurepip
    import venv
except ImportError:
    sys.exit(4)
' 2>/dev/null
}

# Sets $python to the first Python that will do, or says what is missing.
find_python() {
    too_old='' bare=''
    if [ -n "${PYTHON:-}" ]; then
        command -v "$PYTHON" >/dev/null || fail "PYTHON is $PYTHON, which is no program."
        try_python "$PYTHON" && return
        said=$("$PYTHON" -c '' 2>&1) || true
        [ -n "$too_old$bare" ] || fail "PYTHON is $PYTHON, which does not run${said:+:
$said}"
    else
        for candidate in python3.13 python3.12 python3.11 python3.10 python3 python; do
            command -v "$candidate" >/dev/null || continue
            try_python "$candidate" && return
        done
    fi
    if [ -n "$bare" ]; then
        fail "$bare cannot make virtual environments: its modules venv and ensurepip are missing.
On Debian and Ubuntu the package python3-venv has them (or ${bare##*/}-venv)."
    elif [ -n "${PYTHON:-}" ]; then
        fail "Python 3.10 or newer is needed, and PYTHON is $too_old."
    elif [ -n "$too_old" ]; then
        fail "Python 3.10 or newer is needed, and there is only $too_old.
Where a newer one is not on the PATH, name it: PYTHON=/path/to/python3 $0"
    fi
    fail "Python 3.10 or newer is needed, and none is on the PATH.
Where it is somewhere else, name it: PYTHON=/path/to/python3 $0"
}

try_python() {
    version=$(probe "$1") && status=0 || status=$?
    case $status in
    0) python=$1 ;;
    3) too_old="${too_old:+$too_old, }$1 ($version)" ;;
    4) bare=${bare:-$1} ;;
    esac
    return "$status"
}

# Makes the environment where there is none that works, and sets $env_python to its Python.
make_environment() {
    for env_python in "$venv/bin/python" "$venv/Scripts/python.exe"; do
        works && return
    done
    find_python
    printf 'Making %s with %s\n' "$venv" "$python" >&2
    "$python" -m venv --clear "$venv" || fail "$python could not make a virtual environment."
    env_python=$venv/bin/python
    [ -x "$env_python" ] || env_python=$venv/Scripts/python.exe
}

# Whether $env_python will do; pip is put in where another tool has left it out.
works() {
    "$env_python" -c 'import sys; sys.exit(sys.version_info < (3, 10))' 2>/dev/null || return
    "$env_python" -m pip --version >/dev/null 2>&1 || "$env_python" -m ensurepip >/dev/null 2>&1
}

# install NAME ARGUMENT...: pip-installs the arguments, unless it has done so already and neither
# pyproject.toml nor the folder is another one since.
install() {
    purpose=$1
    shift
    stamp=$venv/.installed-$purpose
    now=$(printf '%s\n' "$root" "$*" && cksum <pyproject.toml)
    [ -f "$stamp" ] && [ "$now" = "$(cat "$stamp")" ] && return
    printf 'Installing what is needed (%s)\n' "$purpose" >&2
    # Dependency groups (PEP 735) need pip 25.1.
    "$env_python" -m pip install --quiet --disable-pip-version-check --upgrade 'pip>=25.1' &&
        "$env_python" -m pip install --quiet --disable-pip-version-check "$@" ||
        fail 'pip could not install what is needed; it says why above.'
    printf '%s\n' "$now" >"$stamp"
}
