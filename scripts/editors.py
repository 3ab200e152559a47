"""Renews what the files below editors/ have from the server: PYTHONPATH=tests python
scripts/editors.py --write

Without ``--write`` it only says by its exit code whether they are as they should be.
"""

from __future__ import annotations

import sys

from support.editor_texts import FILES


def main() -> int:
    if "--write" in sys.argv[1:]:
        for each in FILES:
            each.write()
        return 0
    return int(any(each.read() != each.renewed(each.read()) for each in FILES))


if __name__ == "__main__":
    sys.exit(main())
