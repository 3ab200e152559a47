"""Starts the copy of the server that lies beside this file, on whichever Python runs it: what is
compiled lies there for each system.
"""

import importlib
import platform
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
MACHINES = {"amd64": "x86_64", "aarch64": "arm64"}


def main() -> int:
    machine = platform.machine().lower()
    system = f"{sys.platform}-{MACHINES.get(machine, machine)}"
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
