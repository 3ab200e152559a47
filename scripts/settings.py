"""Renews docs/settings.md and editors/settings.schema.json: PYTHONPATH=tests python
scripts/settings.py --write

Without ``--write`` it only says by its exit code whether they are as they should be.
"""

from __future__ import annotations

import sys
from pathlib import Path

from support.setting_pages import page, schema

ROOT = Path(__file__).parent.parent


def main() -> int:
    pages = {
        ROOT / "docs" / "settings.md": page(),
        ROOT / "editors" / "settings.schema.json": schema(),
    }
    if "--write" in sys.argv[1:]:
        for path, text in pages.items():
            path.write_text(text, encoding="utf-8", newline="\n")
        return 0
    return int(any(path.read_text(encoding="utf-8") != text for path, text in pages.items()))


if __name__ == "__main__":
    sys.exit(main())
