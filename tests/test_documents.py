"""What the documents say of codes and of records is what the code has."""

from __future__ import annotations

import json
import re
from pathlib import Path

from registry_lsp import __version__
from registry_lsp.checking import document
from registry_lsp.checking.checked import CheckedFile
from registry_lsp.checking.report import report
from registry_lsp.core.findings import DEFAULT_SEVERITY, Code
from registry_lsp.core.settings import Settings
from support.checked import assessment, finding

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
FINDINGS = (DOCS / "findings.md").read_text(encoding="utf-8")
COMMANDS = (DOCS / "commands.md").read_text(encoding="utf-8")


def test_every_code_is_there_with_its_severity():
    table = FINDINGS.partition("## Codes and severities")[2].partition("\n## ")[0]
    written = dict(re.findall(r"\| `([a-z-]+)` \| `([a-z]+)` \| .+ \|", table))
    assert written == {
        code.value: severity.name.lower() for code, severity in DEFAULT_SEVERITY.items()
    }


def test_the_document_is_as_it_is_written():
    written = COMMANDS.partition("```json\n")[2].partition("```")[0]
    update = finding(Code.OUTDATED_MINOR, latest="1.3.0")
    each = assessment(
        "left-pad",
        update,
        at=len("\n\n\n\n     "),
        specifier="1.0.0",
        current="1.0.0",
        wanted="1.0.0",
        latest="1.3.0",
    )
    text = "\n\n\n\n     left-pad 1.0.0\n"
    file = CheckedFile(path=Path("package.json"), ecosystem="npm", text=text, assessments=(each,))
    expected = document.document(report([file], Settings(), now=0.0))
    assert json.loads(written) == expected


def test_the_changelogs_begin_with_this_version():
    newest = {
        path: re.findall(r"(?m)^## \[?([^]\s]+)", (ROOT / path).read_text(encoding="utf-8"))[0]
        for path in ("CHANGELOG.md", "editors/vscode/CHANGELOG.md")
    }
    assert newest["CHANGELOG.md"] in (__version__, "Unreleased")
    assert newest["editors/vscode/CHANGELOG.md"] == __version__
