"""Python scripts that say themselves what they need: inline script metadata (PEP 723)."""

from __future__ import annotations

import io
import tokenize
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath

from registry_lsp.core.manifests import Manifest, Problem
from registry_lsp.core.ports.manifest import IgnoreSyntax
from registry_lsp.core.text import Span
from registry_lsp.core.words import Words
from registry_lsp.ecosystems.pypi.manifests.bindings import read_bindings
from registry_lsp.ecosystems.pypi.manifests.project_indexes import read_indexes
from registry_lsp.ecosystems.pypi.manifests.reading import Reading
from registry_lsp.ecosystems.pypi.manifests.requirement_lists import RequirementReader
from registry_lsp.ecosystems.pypi.manifests.script_blocks import OPENING, Block, script_blocks
from registry_lsp.ecosystems.pypi.manifests.uv_constraints import (
    held_by_uv,
    read_uv_constraints,
)
from registry_lsp.ecosystems.pypi.manifests.uv_tables import read_uv, uv_prereleases
from registry_lsp.ecosystems.pypi.manifests.vocabulary import SCRIPT_KEYS
from registry_lsp.ecosystems.pypi.versions.pep440 import Pep440Scheme
from registry_lsp.syntax.faults import toml_fault
from registry_lsp.syntax.half_typed import with_toml_value
from registry_lsp.syntax.keys import keys_at
from registry_lsp.syntax.quoting import Writer, in_toml
from registry_lsp.syntax.remarks import REMARKS, outside, remarks
from registry_lsp.syntax.toml.scanner import scan_toml

_SCHEME = Pep440Scheme()
_TWICE = "A script can have one block of metadata only, and this is another one."
_UNCLOSED = "This block does not end: all its lines must be comments, and the last one '# ///'."


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """The format of Python files that hold script metadata."""

    name: str = "script"
    patterns: Sequence[str] = ("**/*.py",)
    completed: Callable[[str, int, str], str] = with_toml_value
    ignoring: IgnoreSyntax = REMARKS

    def matches(self, path: PurePath) -> bool:
        """Whether a file of this path may be one."""
        return path.suffix == ".py"

    def holds(self, text: str) -> bool:
        """Whether a block of metadata begins in the text."""
        return OPENING in text and bool(script_blocks(text))

    def decode(self, raw: bytes) -> str:
        """As Python decodes its source: UTF-8, unless a comment in the first two lines says
        otherwise (PEP 263). Raises :class:`UnicodeDecodeError`.
        """
        try:
            encoding, _ = tokenize.detect_encoding(io.BytesIO(raw).readline)
            return raw.decode(encoding)
        except UnicodeDecodeError:
            raise
        except (SyntaxError, LookupError, UnicodeError) as error:
            raise UnicodeDecodeError("utf-8", raw, 0, min(1, len(raw)), str(error)) from None

    def parse(self, text: str) -> Manifest:
        """Read the metadata, tolerantly: never raises, and loses only what is broken. Where a block
        is not closed, what is there of it is read.
        """
        block, other = _block_of(text)
        if block is None:
            return Manifest()
        alone = block.alone(text)
        root = scan_toml(alone)
        runtime = root.string("requires-python") or None
        reader = RequirementReader(
            text=alone,
            reading=Reading(),
            runtime=runtime,
            bindings=read_bindings(root, {}),
            prereleases=uv_prereleases(root),
        )
        reader.reading.check_specifier(root.get("requires-python"), _SCHEME)
        reader.read("dependencies", root.get("dependencies"))
        read_uv(root, reader)
        if other is not None:
            reader.reading.complain(other.opening, _TWICE)
        manifest = reader.reading.manifest(
            root,
            indexes=read_indexes(root),
            runtime=runtime,
            installers=("uv",) if root.section("tool", "uv") is not None else ("uv", "pip"),
        )
        dependencies = held_by_uv(manifest.dependencies, read_uv_constraints(root))
        manifest = replace(manifest, dependencies=dependencies)
        return replace(manifest, ignores=remarks(alone, outside(lambda _: root, alone)))

    def quoting(self, text: str, span: Span) -> Writer:
        """Writes in the place of *span* of the metadata."""
        block, _ = _block_of(text)
        return in_toml(block.alone(text), span) if block is not None else str

    def words_at(self, text: str, offset: int) -> Words | None:
        """The keys of the metadata."""
        block, _ = _block_of(text)
        if block is None or not block.opening.end < offset <= block.end:
            return None
        return keys_at(block.alone(text), offset, scan_toml, SCRIPT_KEYS, is_once=False)

    def fault(self, text: str) -> Problem | None:
        """Why nobody can read the metadata: there are two blocks, or one that is not closed, or it
        is no TOML.
        """
        block, other = _block_of(text)
        if block is None:
            return None
        if not block.is_closed:
            return Problem(span=block.opening, reason=_UNCLOSED)
        if other is not None:
            return Problem(span=other.opening, reason=_TWICE)
        return toml_fault(block.alone(text))


def _block_of(text: str) -> tuple[Block | None, Block | None]:
    """The block that counts, and one that is too many. Where none is closed, one counts that is
    not.
    """
    blocks = script_blocks(text)
    closed = [block for block in blocks if block.is_closed]
    return next(iter(closed or blocks), None), next(iter(closed[1:]), None)


SCRIPT = Script()
