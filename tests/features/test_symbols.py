"""The outlines of manifests: samples of every format, and what is half typed."""

from dataclasses import replace
from pathlib import PurePosixPath

import pytest

from registry_lsp.ecosystems import discover
from registry_lsp.features.symbols import build
from support.documents import document

SAMPLES = [
    (format, text)
    for ecosystem in discover()
    for format in ecosystem.formats
    for name, text in ecosystem.samples.items()
    if format.matches(PurePosixPath("/project", name))
]


def outline(format, text):
    subject = replace(document(""), format=format)
    return build(replace(subject, snapshot=replace(subject.snapshot, text=text)))


def check(text, symbols, within=None):
    for each in symbols:
        assert each.name
        assert each.span.start <= each.selection.start <= each.selection.end <= each.span.end
        assert 0 <= each.span.start <= each.span.end <= len(text)
        if within is not None:
            assert within.start <= each.span.start <= each.span.end <= within.end
        check(text, each.children, each.span)
    starts = [each.span for each in symbols]
    assert starts == sorted(starts)


@pytest.mark.parametrize(("format", "text"), SAMPLES, ids=lambda each: getattr(each, "name", ""))
def test_every_dependency_is_in_the_outline_of_every_prefix(format, text):
    for end in (*range(0, len(text), 7), len(text)):
        found = outline(format, text[:end])
        check(text[:end], found)
        names = [each.name for whole in found for each in (whole, *whole.children)]
        wanted = [each.display_name for each in format.parse(text[:end]).dependencies]
        assert not {name for name in wanted if name} - set(names)


def test_a_section_in_two_places_is_in_both():
    (npm,) = (each for each in discover() if each.name == "npm")
    (format,) = (each for each in npm.formats if each.name == "package.json")
    text = '{"dependencies": {"a": "1"}, "dependencies": {"b": "2"}}'
    found = outline(format, text)
    assert [[each.name for each in whole.children] for whole in found] == [["a"], ["b"]]


def test_an_empty_text_has_no_outline():
    assert build(replace(document(""), project=None)) == ()
