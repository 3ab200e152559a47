"""Renews the tables of docs/manifests.md: PYTHONPATH=tests python scripts/manifests.py --write

Without ``--write`` it only says by its exit code whether they are as they should be.
"""

from __future__ import annotations

import sys
from pathlib import Path

from support.manifest_tables import renewed

DOCUMENT = Path(__file__).parent.parent / "docs" / "manifests.md"


def main() -> int:
    before = DOCUMENT.read_text(encoding="utf-8")
    after = renewed(before)
    if "--write" in sys.argv[1:]:
        DOCUMENT.write_text(after, encoding="utf-8", newline="\n")
        return 0
    return 0 if after == before else 1


if __name__ == "__main__":
    sys.exit(main())
