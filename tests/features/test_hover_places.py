"""The hovers of extras and of sections, and where what is no registry's leads."""

from dataclasses import replace

import pytest

from registry_lsp.core.findings import Assessment, Verdict
from registry_lsp.core.manifests import Link, Role, Source
from registry_lsp.core.packages import Metadata, Release, Requires
from registry_lsp.core.tallies import Tally
from registry_lsp.core.text import Span
from registry_lsp.features.hovers import build as hover
from registry_lsp.features.hovers import extra, group, section
from registry_lsp.features.markup import Markdown, Plain
from support.documents import assessments, document

METADATA = Metadata(
    version="2.0",
    requires=(
        Requires(name="always", specifier=">=1"),
        Requires(name="plain", specifier="<2,>=1", kind="optional", marker="extra == 'fast-io'"),
        Requires(
            name="conditional",
            specifier="",
            kind="optional",
            marker='sys_platform == "win32" and extra == "fast-io"',
        ),
        Requires(name="another", specifier="", kind="optional", marker="extra == 'other'"),
    ),
    extras=("fast-io", "other", "empty"),
)


def extra_hover(name, *, markup=None):
    subject = document("one==2.0")
    (written,) = subject.manifest.dependencies
    dependency = replace(written, extras=(name,))
    ecosystem = replace(subject.ecosystem, normalise=lambda name: name.lower().replace("_", "-"))
    assessment = Assessment(dependency=dependency, verdict=Verdict())
    subject = replace(subject, ecosystem=ecosystem)
    return extra.build(subject, assessment, name, METADATA, markup or Markdown())


def test_an_extra_says_what_it_adds():
    assert extra_hover("Fast_IO", markup=Plain()) == (
        "one[Fast_IO] · toy\n\nadds to 2.0:\n\n  plain <2,>=1\n"
        '  conditional where sys_platform == "win32"'
    )
    assert extra_hover("other").endswith("adds to `2.0`:\n\n- `another`")


def test_an_extra_may_add_nothing_or_not_exist():
    assert extra_hover("empty").endswith("adds no requirement to `2.0`")
    assert "⚠ one 2.0 has no extra lost; its extras are fast-io, other, empty" in extra_hover(
        "lost"
    )


def test_an_extra_of_a_release_that_nobody_describes_is_not_the_package():
    subject = document("one==2.0")
    (dependency,) = subject.manifest.dependencies
    assessment = Assessment(dependency=dependency, verdict=Verdict())
    text = extra.undescribed(subject, assessment, "fast", Release(version="2.0"), Plain())
    assert text == (
        "one[fast] · toy\n\nwhat it adds to 2.0 is not known: "
        "its registry has not told what that release requires"
    )


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        (Tally(dependencies=1), "x.y · 1 dependency\n\nnothing to report"),
        (
            Tally(dependencies=9, patch=1, major=2, vulnerable=1, faulty=3, unknown=4),
            """x.y · 9 dependencies

  3 outdated: 1 patch, 2 major
  1 vulnerable
  3 with other problems
  4 without an answer yet""",
        ),
        (Tally(dependencies=2, minor=2), "x.y · 2 dependencies\n\n  2 outdated: 2 minor"),
        (Tally(dependencies=2, faulty=1), "x.y · 2 dependencies\n\n  1 with problems"),
        (Tally(), "x.y · 0 dependencies"),
    ],
)
def test_a_section_says_how_its_dependencies_stand(counts, expected):
    assert section.build("x.y", counts, Plain()) == expected


@pytest.mark.parametrize(
    ("source", "target", "link", "expected"),
    [
        (Source.WORKSPACE, "^", "../b/package.json", "leads to ../b/package.json"),
        (Source.PATH, "file:../b", "../b/package.json", "leads to ../b/package.json"),
        (Source.PATH, "../b", "../b", None),
        (Source.GIT, "git+https://code.example/b", "https://code.example/b", None),
    ],
)
def test_what_is_no_registrys_says_where_it_leads(source, target, link, expected):
    subject = document("one==2.0")
    (written,) = subject.manifest.dependencies
    dependency = replace(written, source=source, target=target, link=link)
    assessment = Assessment(dependency=dependency, verdict=Verdict())
    text = hover.build(subject, assessment, Plain(), wanted=None, now=0.0)
    leads = next((each for each in text.split("\n\n") if each.startswith("leads")), None)
    assert leads == expected


def group_hover(text, sections, markup=None):
    link = Link(span=Span(0, 0), target="lint", role=Role.GROUP, sections=sections)
    its = group.members(assessments(document(text), {}), link)
    return group.build(link, its, markup or Markdown())


def test_an_included_group_says_how_many_it_has_and_which():
    own = document("one==2.0").manifest.dependencies[0].section
    assert group_hover("one==2.0\ntwo>=1\n", (own,)) == (
        "**lint** · 2 dependencies\n\n- 2 without an answer yet\n\n`one ==2.0`, `two >=1`"
    )
    assert group_hover("one==2.0\n", ("another",), Plain()) == "lint · 0 dependencies"
    assert group_hover("one==1\n" * 14, (own,)).endswith(", `one ==1` and 2 more")
