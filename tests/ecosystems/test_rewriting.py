"""Another version for one dependency: its version text changes, and nothing else.

It runs over every dependency of every format's sample and of the corpus, as they are written and
with other line ends, blanks and escapes.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from registry_lsp.core.edits import rewrite
from registry_lsp.core.manifests import Dependency, Manifest
from registry_lsp.core.ports.versions import VersionScheme
from registry_lsp.core.text import Span
from support.corpus import Case, corpus, samples
from support.versions import VERSIONS

CASES = [pytest.param(case, id=case.id) for case in (*samples(), *corpus())]
PICKED = ("0.1.0", "1.0.0", "1.2.3", "2.0.0", "10.4.0")
LAYOUTS = {
    "as written": lambda text: text,
    "CRLF": lambda text: text.replace("\n", "\r\n"),
    "CR": lambda text: text.replace("\n", "\r"),
    "tabs": lambda text: re.sub("    |  ", "\t", text),
    "U+2028": lambda text: re.sub(r"(?<=[\w\"],)  # |(?<=\w)\.(?=\")", "\\g<0>\u2028🚀 ", text),
}
SINGLE = re.compile(r"(?P<operator>\^|~=?|>=|==|)(?P<blanks> ?)[0-9]+(\.[0-9]+)*(?P<wild>\.\*)?")
PLACE = Span(0, 0)


@cache
def read(case: Case, layout: str) -> tuple[str, Manifest]:
    text = LAYOUTS[layout](case.text)
    return text, case.format.parse(text)


def unplaced(dependency: Dependency) -> Dependency:
    """What it says, wherever it stands."""
    return replace(
        dependency,
        name_span=PLACE,
        span=PLACE,
        specifier_span=dependency.specifier_span and PLACE,
        written_span=dependency.written_span and PLACE,
        real_span=dependency.real_span and PLACE,
        hashes=tuple(PLACE for _ in dependency.hashes),
        extra_spans=tuple(PLACE for _ in dependency.extra_spans),
    )


def said(manifest: Manifest) -> tuple[object, ...]:
    """What a manifest says beside its dependencies, wherever it stands."""
    return (
        manifest.runtime,
        [problem.reason for problem in manifest.problems],
        [replace(index, span=PLACE) for index in manifest.indexes],
        [replace(link, span=PLACE, place=link.place and PLACE) for link in manifest.links],
    )


def check(case: Case, text: str, before: Manifest, at: int, version: str) -> None:
    """Rewrite the dependency number *at* for *version*, and see what has become of everything."""
    old = before.dependencies[at]
    if old.name == "@yarnpkg/cli-dist" and version.startswith(("0.", "1.")):
        return  # such versions are another package's
    scheme = case.ecosystem.schemes[old.dialect]
    specifier = scheme.replace(old.specifier, version)
    assert scheme.parse(specifier, prereleases=old.prereleases).admits(version), specifier
    edit = rewrite(old, specifier)
    assert edit is not None
    assert edit.stale == (old.hashes if specifier != old.specifier else ())
    assert edit.text.split() == specifier.split()

    after = text[: edit.span.start] + edit.text + text[edit.span.end :]
    reread = case.format.parse(after)

    new = reread.dependencies[at]
    assert new.specifier == edit.text, after
    assert new.specifier_span is not None
    assert new.specifier_span.slice(after) == edit.text
    assert edit.text in new.written
    expected = replace(unplaced(old), specifier=edit.text, written=new.written)
    assert unplaced(new) == replace(expected, written_span=unplaced(new).written_span)
    others = [unplaced(each) for each in before.dependencies]
    others[at] = unplaced(new)
    assert [unplaced(each) for each in reread.dependencies] == others
    assert said(reread) == said(before)
    assert case.format.fault(after) is None


def places(manifest: Manifest) -> list[int]:
    """The numbers of the dependencies that have a place for a version."""
    return [
        at
        for at, each in enumerate(manifest.dependencies)
        if each.source.is_looked_up and each.specifier_span is not None
    ]


def quoted(case: Case) -> list[int]:
    """The numbers of those whose version stands in a string that may hold escapes."""
    text, manifest = read(case, "as written")
    return [at for at in places(manifest) if is_in_double_quotes(text, manifest.dependencies[at])]


def is_in_double_quotes(text: str, dependency: Dependency) -> bool:
    span = dependency.specifier_span
    written, rest = span.slice(text), text[span.end :].splitlines()[0]
    is_opened = text[span.start - 1] == '"' or text[dependency.span.start] == '"'
    return is_opened and '"' in rest and written != "" and "\\" not in written


def clauses(case: Case) -> list[tuple[VersionScheme, str, re.Match[str]]]:
    """The specifiers that are one clause, with who reads them."""
    return [
        (case.ecosystem.schemes[each.dialect], each.specifier, found)
        for each in read(case, "as written")[1].dependencies
        if each.source.is_looked_up and (found := SINGLE.fullmatch(each.specifier))
    ]


def such(having) -> list[object]:
    """The cases that have any of them, as parameters."""
    return [each for each in CASES if having(each.values[0])]


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("version", PICKED)
def test_only_the_version_of_the_one_dependency_changes(case: Case, version: str):
    text, before = read(case, "as written")
    assert places(before)
    for at in places(before):
        check(case, text, before, at, version)


@pytest.mark.parametrize("case", CASES)
@given(data=st.data())
def test_so_it_is_with_any_version_and_layout(case: Case, data: st.DataObject):
    text, before = read(case, data.draw(st.sampled_from(sorted(LAYOUTS))))
    assume(case.format.fault(text) is None)  # YAML and tabs
    at = data.draw(st.sampled_from(places(before)))
    check(case, text, before, at, data.draw(VERSIONS[case.ecosystem.name]))


@pytest.mark.parametrize("case", such(quoted))
@given(data=st.data())
def test_so_it_is_where_the_version_is_written_with_escapes(case: Case, data: st.DataObject):
    text, before = read(case, "as written")
    at = data.draw(st.sampled_from(quoted(case)))
    span = before.dependencies[at].specifier_span
    place = data.draw(st.integers(span.start, span.end - 1))
    text = f"{text[:place]}\\u{ord(text[place]):04x}{text[place + 1 :]}"
    escaped = case.format.parse(text)
    assert [unplaced(each) for each in escaped.dependencies] == [
        unplaced(each) for each in before.dependencies
    ]
    check(case, text, escaped, at, data.draw(VERSIONS[case.ecosystem.name]))


@pytest.mark.parametrize("case", such(clauses))
@given(data=st.data())
def test_a_single_clause_keeps_its_style(case: Case, data: st.DataObject):
    scheme, specifier, old = data.draw(st.sampled_from(clauses(case)))
    numbers = data.draw(st.lists(st.integers(0, 30), min_size=3, max_size=3))
    rewritten = scheme.replace(specifier, ".".join(map(str, numbers)))
    new = SINGLE.fullmatch(rewritten)
    assert new is not None, rewritten
    assert new.groupdict() == old.groupdict()
    if old["operator"] not in {">=", "==", ""} or old["wild"]:
        assert rewritten.count(".") == specifier.count("."), "as precise as it was"


@pytest.mark.parametrize("case", CASES)
def test_what_has_no_place_for_a_version_is_not_rewritten(case: Case):
    _, before = read(case, "as written")
    for each in before.dependencies:
        if each.specifier_span is None:
            assert rewrite(each, "1.0.0") is None


def test_hashes_are_said_to_be_stale():
    hashed = [
        (case.text, each)
        for case in (*samples(), *corpus())
        for each in case.format.parse(case.text).dependencies
        if each.hashes
    ]
    assert len(hashed) > 2
    for text, each in hashed:
        edit = rewrite(each, f"{each.specifier}.1")
        assert edit is not None
        assert edit.stale
        assert all("sha" in span.slice(text) for span in edit.stale)
        assert rewrite(each, each.specifier).stale == ()
