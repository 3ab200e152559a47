"""Makes docs/images/vscode-*.png: a hover, findings and completions in a real VS Code, with what
the public registries say today: PYTHONPATH=tests python scripts/vscode_pictures.py

It needs chromium, the code-server of scripts/editors-install, and the extension as scripts/vscode
packages it.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from support.real_editors import CodeServer, code_server, served, settings

ROOT = Path(__file__).resolve().parents[1]
PICTURES = ROOT / "docs" / "images"
VISIT = ROOT / "tests" / "editors" / "vscode" / "pictures.mjs"
LOOKS = {
    "workbench.colorTheme": "Default Light Modern",
    "security.workspace.trust.enabled": False,
    "remote.autoForwardPorts": False,
    "window.commandCenter": False,
    "workbench.activityBar.location": "hidden",
    "workbench.layoutControl.enabled": False,
    "workbench.tips.enabled": False,
    "breadcrumbs.enabled": False,
    "editor.fontSize": 15,
    "editor.lineHeight": 1.6,
    "editor.hover.delay": 0,
    "editor.suggest.showStatusBar": False,
    "editor.occurrencesHighlight": "off",
    "editor.renderLineHighlight": "none",
    "editor.lightbulb.enabled": "off",
    "editor.cursorBlinking": "solid",
    "editor.folding": False,
    "editor.links": False,
    "editor.overviewRulerLanes": 0,
    "editor.scrollbar.vertical": "hidden",
    "editor.guides.indentation": False,
}


def main() -> int:
    server = code_server()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copytree(ROOT / "examples", folder / "shop")
        environ = {"REGISTRY_LSP_CACHE_DIRECTORY": str(folder / "cache")}
        with served(server, folder, settings=settings(LOOKS), environ=environ) as url:
            visit(server, url, folder / "shop")
    for each in sorted(PICTURES.glob("vscode-*.png")):
        print(f"{each.relative_to(ROOT)}: {each.stat().st_size // 1000} kB")
    return 0


def visit(server: CodeServer, url: str, project: Path) -> None:
    options = {
        "chromium": server.chromium,
        "url": url,
        "folder": str(project),
        "shots": str(PICTURES),
        "scale": 1.25,
    }
    subprocess.run(
        [str(server.node), str(VISIT), json.dumps(options)],
        env={**os.environ, "EDITOR_MODULES": str(server.folder)},
        check=True,
    )


if __name__ == "__main__":
    sys.exit(main())
