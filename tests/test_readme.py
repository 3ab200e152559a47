"""What the README says of settings and codes is what the code has."""

from __future__ import annotations

import json
import re
from pathlib import Path

from registry_lsp.checking import document
from registry_lsp.checking.report import CheckedFile, report
from registry_lsp.core.findings import DEFAULT_SEVERITY, Code
from registry_lsp.core.settings import Settings, leaves
from support.checked import assessment, finding

README = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")


def rows(heading: str) -> list[list[str]]:
    """The cells of the table whose first column has *heading*."""
    table = README.partition(f"| {heading} |")[2].partition("\n\n")[0]
    lines = table.splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def test_every_setting_is_there_with_its_default():
    defaults = {
        leaf.name: leaf.default
        for leaf in leaves(["npm", "pypi"])
        if not leaf.name.startswith("diagnostics.severity.")
    }
    written = {}
    for names, default, *_ in rows("setting"):
        for name in re.findall(r"`([^`<]+)`", names):
            written[name] = default
    prefixes = ("inlayHints.", "codeLens.")
    used = {name for name in defaults if not name.startswith(prefixes)}
    assert set(written) == used
    for name in used:
        if isinstance(defaults[name], bool | float | int):
            assert json.loads(written[name].strip("`")) == defaults[name]
    unused = README.partition("nothing uses them yet")[2].partition("\n\n")[0]
    for name in set(defaults) - used:
        owner, _, leaf = name.rpartition(".")
        assert name in unused or (f"`{owner}`" in unused and f"`{leaf}`" in unused)


def test_every_code_is_there_with_its_severity():
    table = README.partition("The codes and their severities:")[2]
    written = dict(re.findall(r"\| `([a-z-]+)` \| `([a-z]+)` \|", table))
    assert written == {
        code.value: severity.name.lower() for code, severity in DEFAULT_SEVERITY.items()
    }


def test_the_document_is_as_it_is_written():
    written = README.partition("```json\n")[2].partition("```")[0]
    update = finding(Code.OUTDATED_MINOR, latest="1.3.0", wanted="1.0.0")
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
