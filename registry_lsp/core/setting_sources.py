"""How the settings are read.

A setting comes from the client (``initializationOptions``, or its section ``registry-lsp``) under
its camelCase name, or from an environment variable: ``services.npmDownloads.url`` is
``REGISTRY_LSP_SERVICES_NPM_DOWNLOADS_URL``. The client's value wins: it is what somebody sees and
edits in this very project, where the environment is what the machine says by default, and an
edit that does nothing would baffle. ``null`` from a client and an empty variable both mean that
nothing is set.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from difflib import get_close_matches
from itertools import chain, islice
from typing import Any, TypeVar, get_type_hints

from registry_lsp.core import setting_kinds as kinds
from registry_lsp.core.findings import DEFAULT_SEVERITY
from registry_lsp.core.settings import UNSET, VARIABLE_PREFIX, Leaf, Settings, camel, leaves
from registry_lsp.core.text import printable

_MAX_COMPLAINTS = 20
_MAX_DEPTH = 8
_UNASKED = "nobody is asked in its place, so that no other registry learns the names"
_T = TypeVar("_T")


def load(
    options: object, environ: Mapping[str, str], *, ecosystems: Iterable[str] | None = None
) -> tuple[Settings, tuple[str, ...]]:
    """The settings, and a sentence for each thing that could not be understood.

    *options* is what the client sent, None where it sent nothing. *ecosystems* are the names
    that ``registries.<ecosystem>`` may take; None takes any. Never raises: what is invalid is
    reported by name, and its default used; but where a registry's address is invalid, none is.
    """
    complaints: list[str] = []
    written = dict(_flattened(options, complaints))
    known = _registries_in(written, environ) if ecosystems is None else ecosystems
    by_name = {leaf.name: leaf for leaf in leaves(known)}
    unknown = chain(_unknown(written, by_name), _unknown_variables(environ, by_name.values()))
    complaints += islice(unknown, _MAX_COMPLAINTS)
    values = {}
    for leaf in by_name.values():
        if leaf.refused is not UNSET and any(
            written.get(each) is not None for each in _groups(leaf.name)
        ):
            values[leaf.name] = leaf.refused
            continue
        value, complaint = _read(leaf, written.get(leaf.name), environ)
        if value is not UNSET:
            values[leaf.name] = value
        if complaint:
            complaints.append(complaint)
    return _settings(values), tuple(complaints)


def _read(leaf: Leaf, written: object, environ: Mapping[str, str]) -> tuple[Any, str | None]:
    """The leaf's value, and what is wrong with the one that was given."""
    text = environ.get(leaf.variable, "").strip()
    origin = leaf.variable if written is None else leaf.name
    try:
        if written is not None:
            return leaf.kind.from_json(written), None
        return (leaf.kind.from_text(text) if text else UNSET), None
    except kinds.RefusedError:
        instead = "its default is used" if leaf.refused is UNSET else _UNASKED
        return leaf.refused, f"{origin}: expected {leaf.kind.expected}; {instead}."


def _groups(name: str) -> Iterator[str]:
    """The names of the groups that the leaf *name* lies in."""
    return (name[: dot.start()] for dot in re.finditer(r"\.", name))


def _settings(values: Mapping[str, Any]) -> Settings:
    severity = tuple(
        (code, values[name])
        for code in DEFAULT_SEVERITY
        if (name := f"diagnostics.severity.{code.value}") in values
    )
    registries = tuple(
        (name.split(".")[1], url) for name, url in values.items() if name.startswith("registries.")
    )
    tables = {"diagnostics.severity": severity, "registries": registries}
    return _built(Settings, "", {**values, **tables})


def _built(group: type[_T], prefix: str, values: Mapping[str, Any]) -> _T:
    hints = get_type_hints(group)
    given = {}
    for each in fields(group):  # type: ignore[arg-type]  # every group is a dataclass
        name, hint = prefix + camel(each.name), hints[each.name]
        if isinstance(hint, type) and is_dataclass(hint):
            given[each.name] = _built(hint, name + ".", values)
        elif name in values:
            given[each.name] = values[name]
    return group(**given)


def _flattened(options: object, complaints: list[str]) -> Iterator[tuple[str, object]]:
    """The dotted names in *options* with their values, however they are nested."""
    if options is None:
        return
    if not isinstance(options, Mapping):
        complaints.append("The settings: expected an object; the defaults are used.")
        return
    groups: list[tuple[str, int, Mapping[Any, Any]]] = [("", 0, options)]
    while groups:
        prefix, depth, group = groups.pop()
        for key, value in group.items():
            name = f"{prefix}{key}"
            if isinstance(value, Mapping) and depth < _MAX_DEPTH:
                groups.append((name + ".", depth + 1, value))
            else:
                yield name, value


def _registries_in(written: Iterable[str], environ: Iterable[str]) -> list[str]:
    """The ecosystems that addresses are given for, whatever they are."""
    named = [name.split(".")[1] for name in written if re.fullmatch(r"registries\.\w+\.url", name)]
    pattern = re.compile(VARIABLE_PREFIX + r"REGISTRIES_([A-Z0-9]+)_URL")
    matches = (pattern.fullmatch(name) for name in environ)
    return list(dict.fromkeys([*named, *(match[1].lower() for match in matches if match)]))


def _unknown(written: Mapping[str, object], known: Mapping[str, Leaf]) -> Iterator[str]:
    for name in written:
        if name in known:
            continue
        leaf = next((leaf for each, leaf in known.items() if each.startswith(name + ".")), None)
        if leaf is not None and written[name] is not None:
            instead = "its defaults are used" if leaf.refused is UNSET else _UNASKED
            yield f"{name}: expected an object; {instead}."
        elif leaf is None:
            yield f"{printable(name)}: there is no such setting{_near(name, known)}"


def _unknown_variables(environ: Iterable[str], known: Iterable[Leaf]) -> Iterator[str]:
    variables = {leaf.variable for leaf in known}
    for name in sorted(environ):
        if name.startswith(VARIABLE_PREFIX) and name not in variables:
            yield f"{printable(name)}: there is no such setting{_near(name, variables)}"


def _near(name: str, known: Iterable[str]) -> str:
    near = get_close_matches(name[:100], known, n=1, cutoff=0.8)
    return f"; did you mean {near[0]}?" if near else "."
