"""``python -m registry_lsp`` is ``registry-lsp``."""

import sys

from registry_lsp.cli import main

if __name__ == "__main__":
    sys.exit(main())
