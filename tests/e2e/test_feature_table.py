"""The README's table of features: what each manifest gets, asked of a server, cell by cell."""

from __future__ import annotations

import os
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lsprotocol import types

from support.clients import CLIENTS
from support.editor import Editor, editor

README = Path(__file__).parents[2] / "README.md"
_TABLE = re.compile(r"<!-- table: features -->\n(.*?)<!-- end -->", re.DOTALL)


@dataclass(frozen=True, kw_only=True)
class Column:
    """A manifest with an outdated dependency ``name``, and a ``version`` that is typed; ``leads``
    is something that is said elsewhere, and ``named`` something that is used elsewhere.
    """

    file: str
    text: str
    name: str
    version: str
    leads: str
    named: str = ""
    around: Mapping[str, str] = field(default_factory=dict)


_LOCK = 'lock-version = "1.0"\n[[packages]]\nname = "uvicorn"\nversion = "0.29.0"\n'
COLUMNS = {
    "`package.json`": Column(
        file="package.json",
        text='{"name": "root", "workspaces": ["own"], "dependencies": {\n'
        '"react": "^17.0.1", "own": "workspace:*", "there": "file:./own"}}\n',
        name='"re|act"',
        version='"^17.0.|1"',
        leads='"ow|n": "work',
        named='"ro|ot"',
        around={
            "own/package.json": '{"name": "own", "version": "1.0.0",'
            ' "dependencies": {"root": "workspace:*"}}\n',
            "pnpm-workspace.yaml": "packages: ['own']\n",
        },
    ),
    "catalogs of pnpm, Yarn": Column(
        file="pnpm-workspace.yaml",
        text="packages: ['own']\ncatalog:\n  react: ^17.0.1\n",
        name="re|act",
        version="^17.0.|1",
        leads="re|act",
        named="re|act",
        around={
            "package.json": '{"name": "root", "version": "1.0.0"}\n',
            "own/package.json": '{"name": "own", "dependencies": {"react": "catalog:"}}\n',
            "pnpm-lock.yaml": "lockfileVersion: '9.0'\ncatalogs:\n  default:\n    react:\n"
            "      specifier: ^17.0.1\n      version: 17.0.1\n"
            "packages:\n  react@17.0.1:\n    resolution: {integrity: sha512-x}\n",
        },
    ),
    "requirements files": Column(
        file="requirements.txt",
        text="-r base.txt\nuvicorn~=0.29.0\n",
        name="uvi|corn",
        version="0.29.|0",
        leads="ba|se.txt",
        named="uvi|corn",
        around={"base.txt": "idna\n"},
    ),
    "`pyproject.toml`": Column(
        file="pyproject.toml",
        text='[project]\nname = "x"\nversion = "1"\ndependencies = ["uvicorn~=0.29.0"]\n'
        'urls = { home = "https://home.example/" }\n\n[dependency-groups]\n'
        'test = [{ include-group = "lint" }]\nlint = ["idna"]\n\n[tool.uv.sources]\n'
        'idna = { path = "idna" }\n',
        name="uvi|corn",
        version="0.29.|0",
        leads='"li|nt"',
        named="li|nt = [",
        around={"pylock.toml": _LOCK},
    ),
    "`Pipfile`": Column(
        file="Pipfile",
        text='[packages]\nuvicorn = "~=0.29.0"\nhere = {path = "./here"}\n',
        name="uvi|corn",
        version="0.29.|0",
        leads="he|re =",
        named="uvi|corn",
        around={
            "here/pyproject.toml": '[project]\nname = "here"\nversion = "1"\n',
        },
    ),
    "scripts (PEP 723)": Column(
        file="tool.py",
        text='# /// script\n# dependencies = ["uvicorn~=0.29.0", "idna"]\n#\n'
        '# [tool.uv.sources]\n# idna = { path = "./idna" }\n# ///\n',
        name="uvi|corn",
        version="0.29.|0",
        leads='"id|na"',
        named="uvi|corn",
        around={"idna/pyproject.toml": '[project]\nname = "idna"\nversion = "1"\n'},
    ),
}

Probe = Callable[[Editor, str, Column], Awaitable[Any]]


def place(it: Editor, uri: str, at: str) -> dict[str, Any]:
    return {"text_document": types.TextDocumentIdentifier(uri), "position": it.position(uri, at)}


def everything() -> types.Range:
    return types.Range(types.Position(0, 0), types.Position(99, 0))


async def published(it: Editor, uri: str, _: Column) -> Any:
    return await it.diagnostics(uri, bool)


async def asked(it: Editor, uri: str, _: Column) -> Any:
    assert it.pulls
    return await it.diagnostics(uri, bool)


async def walked(it: Editor, uri: str, column: Column) -> Any:
    it.close(uri)
    report = await it.client.workspace_diagnostic_async(
        types.WorkspaceDiagnosticParams(previous_result_ids=[])
    )
    it.open(column.file, column.text)
    await it.diagnostics(uri, bool)
    return [each for each in report.items if each.uri == uri and each.items]


async def hovered(it: Editor, uri: str, column: Column) -> Any:
    return await it.hover(uri, column.name)


async def completed(it: Editor, uri: str, column: Column) -> Any:
    found = await it.complete(uri, column.version)
    return found and found.items


async def acted(it: Editor, uri: str, column: Column) -> Any:
    at = it.position(uri, column.version)
    return await it.client.text_document_code_action_async(
        types.CodeActionParams(
            types.TextDocumentIdentifier(uri),
            types.Range(at, at),
            types.CodeActionContext(diagnostics=await it.diagnostics(uri, bool)),
        )
    )


async def hinted(it: Editor, uri: str, _: Column) -> Any:
    return await it.client.text_document_inlay_hint_async(
        types.InlayHintParams(types.TextDocumentIdentifier(uri), everything())
    )


async def lensed(it: Editor, uri: str, _: Column) -> Any:
    return await it.client.text_document_code_lens_async(
        types.CodeLensParams(types.TextDocumentIdentifier(uri))
    )


async def linked(it: Editor, uri: str, _: Column) -> Any:
    return await it.client.text_document_document_link_async(
        types.DocumentLinkParams(types.TextDocumentIdentifier(uri))
    )


async def outlined(it: Editor, uri: str, _: Column) -> Any:
    return await it.client.text_document_document_symbol_async(
        types.DocumentSymbolParams(types.TextDocumentIdentifier(uri))
    )


async def led(it: Editor, uri: str, column: Column) -> Any:
    return await it.client.text_document_definition_async(
        types.DefinitionParams(**place(it, uri, column.leads))
    )


async def referred(it: Editor, uri: str, column: Column) -> Any:
    if not column.named:
        return None
    return await it.client.text_document_references_async(
        types.ReferenceParams(
            context=types.ReferenceContext(include_declaration=False),
            **place(it, uri, column.named),
        )
    )


ROWS: Mapping[tuple[str, str], Probe] = {
    ("diagnostics", types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS): published,
    ("diagnostics, asked for", types.TEXT_DOCUMENT_DIAGNOSTIC): asked,
    ("of the whole workspace", types.WORKSPACE_DIAGNOSTIC): walked,
    ("hover", types.TEXT_DOCUMENT_HOVER): hovered,
    ("completion", types.TEXT_DOCUMENT_COMPLETION): completed,
    ("code actions", types.TEXT_DOCUMENT_CODE_ACTION): acted,
    ("inlay hints", types.TEXT_DOCUMENT_INLAY_HINT): hinted,
    ("code lenses", types.TEXT_DOCUMENT_CODE_LENS): lensed,
    ("links", types.TEXT_DOCUMENT_DOCUMENT_LINK): linked,
    ("outline", types.TEXT_DOCUMENT_DOCUMENT_SYMBOL): outlined,
    ("go to definition", types.TEXT_DOCUMENT_DEFINITION): led,
    ("references", types.TEXT_DOCUMENT_REFERENCES): referred,
}


SENT = (types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS,)
"""What only an editor gets that does not ask for diagnostics."""
ASKED = (types.TEXT_DOCUMENT_DIAGNOSTIC, types.WORKSPACE_DIAGNOSTIC)
"""What only an editor asks that is sent no diagnostics."""


async def test_the_table_in_the_readme_is_true_in_every_editor(stage):
    cells: dict[tuple[str, str], list[str]] = {row: [] for row in ROWS}
    for number, column in enumerate(COLUMNS.values()):
        folder = stage.folder / str(number)
        for name, text in {**column.around, column.file: column.text}.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, "utf-8")
        found: dict[tuple[str, str], dict[str, bool]] = {row: {} for row in ROWS}
        for client in CLIENTS:
            async with editor(folder, client=client, options=stage.options, is_cold=True) as it:
                uri = it.open(column.file, column.text)
                await it.diagnostics(uri, bool)
                for row, probe in ROWS.items():
                    if row[1] not in (SENT if it.pulls else ASKED):
                        found[row][client] = bool(await probe(it, uri, column))
        for row, by_client in found.items():
            assert len(set(by_client.values())) == 1, (row, column.file, by_client)
            cells[row].append("✓" if all(by_client.values()) else "-")
    head = ["feature", "method", *COLUMNS]
    lines = [head, ["---"] * len(head)]
    lines += [[feature, f"`{method}`", *marks] for (feature, method), marks in cells.items()]
    table = "".join(f"| {' | '.join(line)} |\n" for line in lines)
    readme = README.read_text("utf-8")
    renewed = _TABLE.sub(lambda _: f"<!-- table: features -->\n{table}<!-- end -->", readme)
    if os.environ.get("REGISTRY_LSP_GOLDENS") == "write":
        README.write_text(renewed, "utf-8", newline="\n")
    assert _TABLE.search(readme) is not None
    assert renewed == readme, "REGISTRY_LSP_GOLDENS=write renews the table"
