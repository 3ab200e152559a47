"""Manifests cut wherever somebody types: what is typed on finds something to choose everywhere."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import PurePosixPath

import pytest

from registry_lsp.core.manifests import Dependency, Source
from registry_lsp.core.sites import typed_at
from registry_lsp.core.text import Span
from registry_lsp.ecosystems import discover
from registry_lsp.features.completion import is_version, name_place
from registry_lsp.features.completions.bare import bare_place
from registry_lsp.features.completions.place import place_at
from registry_lsp.features.completions.values import typed_in
from support.documents import document

FORMATS = {format.name: (each, format) for each in discover() for format in each.formats}
SAMPLES = [
    (each, format, name)
    for each in discover()
    for name in each.samples
    for format in each.formats
    if format.matches(PurePosixPath("/project") / name)
]
NOT_CHOSEN = {"packageManager", "devEngines.packageManager", "configDependencies"}
"""Sections of which a half is nothing that is chosen from what a registry has."""


def subject(ecosystem, format, text):
    return replace(document(text), ecosystem=ecosystem, format=format)


def named(ecosystem, format, text, offset):
    """What is typed of a name at *offset*, None where none is typed."""
    whole = subject(ecosystem, format, text)
    place = name_place(whole, offset)
    if place is None and not is_version(whole, offset):
        place = bare_place(whole, offset, name_place)
    return place and place.typed


def takes_version(ecosystem, format, text, offset):
    """Whether a version may be chosen at *offset*, or behind ``npm:`` a name."""
    whole, at = typed_in(subject(ecosystem, format, text), offset)
    dependency = typed_at(whole.manifest, whole.snapshot.text, at)
    if dependency is not None and place_at(whole.snapshot.text, dependency, at) is not None:
        return True
    return text[:offset].endswith("npm:") and named(ecosystem, format, text, offset) == ""


def cuts(text: str, at: int, end: int) -> Iterator[str]:
    """*text* as it is while somebody types at *at* what ends at *end* in it: with nothing behind
    it, with nothing on its line, with its closing quote, without it, and with the rest.
    """
    line_end = text.find("\n", at)
    yield text[:at]
    yield text[:at] + text[line_end:]
    if (quote := text[end : end + 1]) in ("'", '"'):
        yield text[:at] + quote + text[line_end:]
        yield text[:at] + text[end + 1 :]
    yield text[:at] + text[end:]


def typed(text: str, format) -> Iterator[Dependency]:
    for each in format.parse(text).dependencies:
        is_chosen = each.source in (Source.REGISTRY, Source.ALIAS)
        if is_chosen and each.section not in NOT_CHOSEN and "\\" not in each.name_span.slice(text):
            yield each


@pytest.mark.parametrize(("ecosystem", "format", "name"), SAMPLES, ids=[e[2] for e in SAMPLES])
def test_every_beginning_of_a_name_is_one(ecosystem, format, name):
    text = ecosystem.samples[name]
    missed = [
        (span.slice(text), cut)
        for each in typed(text, format)
        for span, is_alias in ((each.name_span, False), (each.real_span, True))
        if span is not None
        for at in range(span.start + 1, span.end + 1)
        # of an alias with a version behind it half a scope is no name
        for cut in list(cuts(text, at, span.end))[: -1 if is_alias else None]
        if named(ecosystem, format, cut, at) != text[span.start : at]
    ]
    assert missed == []


@pytest.mark.parametrize(("ecosystem", "format", "name"), SAMPLES, ids=[e[2] for e in SAMPLES])
def test_every_beginning_of_a_version_is_one(ecosystem, format, name):
    text = ecosystem.samples[name]
    missed = [
        (each.display_name, cut)
        for each in typed(text, format)
        if each.specifier_span is not None and each.source is Source.REGISTRY
        for at in ends(text, each.specifier_span)
        for cut in cuts(text, at, each.specifier_span.end)
        if not takes_version(ecosystem, format, cut, at)
    ]
    assert missed == []


def ends(text: str, span: Span) -> Iterator[int]:
    """Where in a specifier something may go on: not behind a whole ``~2.1.0 ``."""
    for at in range(span.start, span.end + 1):
        begun = text[span.start : at]
        if not begun.endswith(" ") or begun.strip()[:1] in "<>=|,":
            yield at


@pytest.mark.parametrize("behind", ["", "\nidna\n", "  # why", "; python_version > '3.8'"])
@pytest.mark.parametrize("joint", "-._")
def test_what_joins_the_words_of_a_name_does_not_end_it(joint, behind):
    ecosystem, format = FORMATS["requirements.txt"]
    text = f"requests\ndjango{joint}"
    assert named(ecosystem, format, text + behind, len(text)) == f"django{joint}"
    ecosystem, format = FORMATS["pyproject.toml"]
    for closing in ('"]\n', '",\n  "idna"]\n', "\n", ""):
        text = f'[project]\ndependencies = ["idna", "django{joint}'
        assert named(ecosystem, format, text + closing, len(text)) == f"django{joint}"


@pytest.mark.parametrize(
    "text", ["# django-", "-r django-", "idna==1.0-", "django @ https://files.example/django-", "-"]
)
def test_what_is_no_name_is_none(text):
    assert named(*FORMATS["requirements.txt"], text, len(text)) is None


@pytest.mark.parametrize("key", ["@", "@scope", "@scope/", "@scope/na"])
@pytest.mark.parametrize(
    "rest", ['": "^1"}}', ': "^1"}}', '"}}', "", '"\n}}', '": "1", "b": "2"}}']
)
def test_half_a_scope_is_half_a_name(key, rest):
    text = f'{{"dependencies": {{"a": "1", "{key}'
    assert named(*FORMATS["package.json"], text + rest, len(text)) == key


@pytest.mark.parametrize("rest", ["", "\n", "}\n", ": 1}\n", ", b: 1}\n", "\noverrides:\n  b: 1\n"])
@pytest.mark.parametrize("text", ["catalog: {rea", "catalogs: {old: {b: 1, rea", "catalog: {'rea"])
def test_a_name_in_braces_is_one(text, rest):
    assert named(*FORMATS["pnpm-workspace.yaml"], text + rest, len(text)) == "rea"
