"""Starts the copy of the server that lies beside this file, on whichever Python runs it: what is
compiled lies there for each system.
"""

import importlib
import platform
import sys
import sysconfig
from pathlib import Path

HERE = Path(__file__).resolve().parent
MACHINES = {"amd64": "x86_64", "aarch64": "arm64"}


def this_system() -> str:
    """What this Python's compiled parts are for. On Windows that need not be the machine: one for
    another runs there too. On Linux the C library counts, whose name those for Python 3.10 lack.
    """
    machine = platform.machine().lower()
    libc = ""
    if sys.platform == "win32":
        machine = sysconfig.get_platform().removeprefix("win-")
    elif "musl" in (sysconfig.get_config_var("HOST_GNU_TYPE") or ""):
        libc = "-musl"
    return f"{sys.platform}-{MACHINES.get(machine, machine)}{libc}"


def main() -> int:
    system = this_system()
    sys.path[:0] = [str(HERE / "pure"), str(HERE / "compiled" / system)]
    try:
        importlib.import_module("msgspec")
    except ImportError:
        python = ".".join(map(str, sys.version_info[:2]))
        print(f"the extension has no server for Python {python} on {system}", file=sys.stderr)
        return 1
    run = importlib.import_module("registry_lsp.cli").main
    return run()


if __name__ == "__main__":
    sys.exit(main())
