"""Hatch's tables, which stand below ``tool.hatch`` or alone in ``hatch.toml``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from registry_lsp.core.manifests import Manifest
from registry_lsp.ecosystems.pypi.manifests.bindings import read_bindings
from registry_lsp.ecosystems.pypi.manifests.project_indexes import read_indexes
from registry_lsp.ecosystems.pypi.manifests.reading import Reading, entries
from registry_lsp.ecosystems.pypi.manifests.requirement_lists import RequirementReader
from registry_lsp.ecosystems.pypi.manifests.toml_file import TomlFile
from registry_lsp.ecosystems.pypi.manifests.vocabulary import HATCH_KEYS
from registry_lsp.syntax.nodes import Member, Node, StringNode, TableNode, tables_in
from registry_lsp.syntax.toml.scanner import scan_toml

FIELD = re.compile(r"\{(?:root|home|env|matrix|verbosity|args|env_name|env_type|/|;)(?::[^{}]*)?\}")
"""What Hatch puts something else in the place of, before it reads a requirement."""
_FOLDER = re.compile(r"\s*\{(?:root|home)\b")
"""What comes to a folder can be no name of a project, with which a requirement begins."""
_PYTHON = re.compile(r"[0-9]{1,4}(?:\.[0-9]{1,4}){1,2}")
_LISTS = ("dependencies", "extra-dependencies")


def read_hatch_toml(text: str) -> Manifest:
    """What a ``hatch.toml`` says."""
    hatch = scan_toml(text)
    root = _below("tool", _below("hatch", hatch))
    reader = RequirementReader(text=text, reading=Reading(), bindings=read_bindings(root, {}))
    read_hatch(hatch, "", reader)
    return reader.reading.manifest(
        hatch, indexes=read_indexes(root), runtime=None, installers=("pip",)
    )


HATCH_TOML = TomlFile(name="hatch.toml", read=read_hatch_toml, vocabulary=HATCH_KEYS)


def read_hatch(hatch: TableNode, prefix: str, reader: RequirementReader) -> None:
    """Take in Hatch's tables; *prefix* is what stands before their names for people."""
    # What Hatch installs for its own sake runs on Hatch's Python.
    alone = replace(reader, runtime=None)
    requires = hatch.section("env")
    _read(f"{prefix}env.requires", requires.get("requires") if requires else None, alone)
    for key, value in entries(hatch.section("envs")):
        for environment in tables_in(value):
            python = environment.string("python")
            runtime = python if _PYTHON.fullmatch(python) else reader.runtime
            own = replace(reader, runtime=runtime)
            for section, listed in _environment(environment):
                _read(f"{prefix}envs.{key.value}.{section}", listed, own)
    build = hatch.section("build")
    for section, listed in _build(build) if build is not None else ():
        _read(f"{prefix}build.{section}", listed, alone)


def _environment(environment: TableNode) -> Iterator[tuple[str, Node]]:
    """An environment's lists, and those that its overrides add or put in their place."""
    for key, value in entries(environment):
        if key.value in _LISTS:
            yield key.value, value
    for source, conditions in entries(environment.section("overrides")):
        for table in tables_in(conditions):
            for condition, options in entries(table):
                for option in tables_in(options):
                    path = f"overrides.{source.value}.{condition.value}"
                    for key, value in entries(option):
                        if key.value.removeprefix("set-") in _LISTS:
                            yield f"{path}.{key.value}", value


def _build(build: TableNode) -> Iterator[tuple[str, Node]]:
    """What a build needs: all builds, those of a target, and those with a hook."""
    yield from _dependencies("", build)
    for kind in ("hooks", "targets"):
        for key, value in entries(build.section(kind)):
            for table in tables_in(value):
                path = f"{kind}.{key.value}."
                yield from _dependencies(path, table)
                for hook, own in entries(table.section("hooks") if kind == "targets" else None):
                    for each in tables_in(own):
                        yield from _dependencies(f"{path}hooks.{hook.value}.", each)


def _dependencies(path: str, table: TableNode) -> Iterator[tuple[str, Node]]:
    value = table.get("dependencies")
    if value is not None:
        yield f"{path}dependencies", value


def _read(section: str, value: Node | None, reader: RequirementReader) -> None:
    def take(item: Node) -> None:
        found = item.get("value") if isinstance(item, TableNode) else None
        if isinstance(found, StringNode) and ".overrides." in section:
            take_string(found)
        elif not isinstance(item, TableNode) or item.members:
            reader.reading.complain(item.span, "A requirement must be a string.")

    def take_string(string: StringNode) -> None:
        if string.value and (not is_formatted(string.value) or _FOLDER.match(string.value)):
            reader.requirement(section, string)

    for string in reader.strings(section, value, take):
        take_string(string)


def is_formatted(requirement: str) -> bool:
    """Whether a field of Hatch's stands where nobody can tell what it comes to: anywhere but in an
    address.
    """
    return "{" in requirement and FIELD.search(requirement.partition("@")[0]) is not None


def _below(name: str, table: TableNode) -> TableNode:
    """A table that has *table* as its only member."""
    key = StringNode(name, table.start, table.start, table.start, table.start)
    return TableNode((Member(key, table),), table.start, table.end)
