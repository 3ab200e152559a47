"""What is known against a release, as diagnostics and hovers tell it."""

from dataclasses import replace

import pytest
from lsprotocol import types

from registry_lsp.core.advisories import Advisory, Affected, Rating
from registry_lsp.core.assess import assess
from registry_lsp.core.exposure import exposed, vulnerable
from registry_lsp.core.findings import Assessment, Code, Severity
from registry_lsp.core.gates import Gate
from registry_lsp.core.ignores import heard
from registry_lsp.core.manifests import Ignore
from registry_lsp.core.packages import Found, Release
from registry_lsp.core.setting_sources import load
from registry_lsp.core.text import Span
from registry_lsp.features import diagnostics
from registry_lsp.features.hovers.build import build
from registry_lsp.features.hovers.ignored import ignored
from registry_lsp.features.markup import Markdown, Plain
from support import toy
from support.documents import document

NOW = 1_700_000_000.0
DAY = 86_400.0
SCHEME = toy.ToyScheme()
PACKAGE = toy.package("one", "2.0", "1.1", "1.0")

HIGH = Advisory(
    id="GHSA-1",
    summary="A fault in [one](x)",
    rating=Rating.HIGH,
    score=7.5,
    ranges=(Affected(fixed="1.1"),),
    url="https://advisories.example/GHSA-1",
)
UNRATED = Advisory(id="PYSEC-2", ranges=(Affected(fixed="2.0"),))
ENDLESS = Advisory(id="GHSA-3", rating=Rating.LOW, ranges=(Affected(),))
MALWARE = Advisory(
    id="MAL-4", summary="Malicious code in one", is_malware=True, ranges=(Affected(),)
)


def assessed(*advisories, text="one==1.0", package=PACKAGE, gate=None):
    subject = document(text)
    (dependency,) = subject.manifest.dependencies
    lookup = Found(package=package, asked_at=NOW)
    verdict = assess(dependency, lookup, SCHEME, gate=gate, now=NOW)
    known = exposed(dependency, package, SCHEME, "1.0", advisories, verdict, NOW)
    return subject, Assessment(
        dependency=dependency,
        id=package.id,
        lookup=lookup,
        exposed=(known,),
        verdict=replace(verdict, findings=vulnerable(dependency, known)),
    )


def shown(*advisories, options=None, **more):
    subject, assessment = assessed(*advisories, **more)
    settings, complaints = load(options, {})
    assert complaints == ()
    return diagnostics.build(subject, [assessment], settings, "utf-16", now=NOW)


def hover(*advisories, markup=None, **more):
    subject, assessment = assessed(*advisories, **more)
    return build(subject, assessment, markup or Markdown(), wanted=None, now=NOW)


# --- diagnostics ------------------------------------------------------------------------------


def test_a_diagnostic_tells_which_fault_how_grave_and_what_fixes_it():
    (one,) = shown(HIGH)
    assert one.message == "one 1.0 is vulnerable (GHSA-1, high): A fault in [one](x); fixed in 1.1"
    assert (one.code, one.severity) == ("vulnerable", types.DiagnosticSeverity.Error)
    assert one.code_description == types.CodeDescription(href="https://advisories.example/GHSA-1")
    assert (one.range.start.character, one.range.end.character) == (3, 8)


def test_of_several_the_release_is_told_that_fixes_all():
    one, two = shown(HIGH, UNRATED)
    assert one.message.endswith("; fixed in 2.0")
    assert two.message == "one 1.0 is vulnerable (PYSEC-2); fixed in 2.0"
    assert (two.severity, two.code_description) == (types.DiagnosticSeverity.Warning, None)


def test_where_nothing_fixes_all_each_has_its_own_word():
    one, two = shown(HIGH, ENDLESS)
    assert one.message.endswith("; fixed in 1.1")
    assert two.message == "one 1.0 is vulnerable (GHSA-3, low); no release is known that fixes it"


def test_where_nobody_knows_what_fixes_it_nothing_is_said_of_that():
    (one,) = shown(Advisory(id="GHSA-5"))
    assert one.message == "one 1.0 is vulnerable (GHSA-5)"


def test_malware_has_words_of_its_own():
    (one,) = shown(MALWARE)
    assert one.message == (
        "one 1.0 is malicious software (MAL-4), do not install it: Malicious code in one"
    )
    assert one.severity is types.DiagnosticSeverity.Error


def test_many_are_told_as_a_few_and_a_number():
    many = [replace(HIGH, id=f"GHSA-{at:02}") for at in range(40)]
    found = shown(*many)
    assert len(found) == 5
    assert found[-1].message == "one 1.0 has 36 more known vulnerabilities, rated high at most"


def test_a_fix_that_is_held_back_is_told_with_the_gate():
    package = toy.package(
        "one", Release(version="1.1", published=NOW - DAY), Release(version="1.0", published=1.0)
    )
    gate = Gate(age=7 * DAY, by="the gate")
    (one,) = shown(HIGH, package=package, gate=gate)
    assert one.message.endswith("; fixed in 1.1, which is too new for the gate")
    assert "`1.1` fixes it, which is too new for the gate" in hover(
        HIGH, package=package, gate=gate
    )


@pytest.mark.parametrize(
    ("set_to", "expected"),
    [
        ("hint", types.DiagnosticSeverity.Hint),
        ("off", None),
        (None, types.DiagnosticSeverity.Error),
    ],
)
def test_the_users_severity_stands_over_the_rating(set_to, expected):
    found = shown(HIGH, options={"diagnostics": {"severity": {"vulnerable": set_to}}})
    assert [each.severity for each in found] == ([expected] if expected else [])


def test_a_hostile_advisory_is_made_harmless():
    hostile = replace(
        HIGH,
        id="GHSA-\x1b[31m1",
        summary="two\nlines \u202e and a \ud800",
        url="command:rm -rf",
    )
    (one,) = shown(hostile)
    assert one.code_description is None
    assert one.message == "one 1.0 is vulnerable (GHSA-[31m1, high): two lines and a; fixed in 1.1"


def test_the_default_severity_is_what_an_unrated_one_has():
    settings, _ = load(None, {})
    assert settings.diagnostics.severity_of(Code.VULNERABLE) is Severity.WARNING


# --- hovers -----------------------------------------------------------------------------------


def test_a_hover_lists_what_is_known_and_what_fixes_all():
    assert (
        "⚠ `1.0` has 2 known vulnerabilities; `2.0` fixes all of them\n"
        "\n"
        "- [GHSA-1](https://advisories.example/GHSA-1) · high (7.5) · A fault in \\[one\\](x)"
        " · fixed in `1.1`\n"
        "- PYSEC-2\n"
        "\n"
    ) in hover(HIGH, UNRATED) + "\n\n"


def test_one_advisory_is_told_with_its_fix():
    text = hover(HIGH)
    assert "⚠ `1.0` has a known vulnerability; `1.1` fixes it\n" in text
    assert "fixed in" not in text


def test_where_nothing_fixes_them_nothing_is_said_of_it():
    text = hover(ENDLESS)
    assert "⚠ `1.0` has a known vulnerability\n\n- GHSA-3 · low" in text


def test_malware_is_told_as_such():
    text = hover(MALWARE, HIGH)
    assert "⚠ `1.0` is malicious software: do not install it\n\n- MAL-4 · malicious" in text
    assert "GHSA-1" in text


def test_five_are_listed_and_the_others_counted():
    text = hover(*(replace(HIGH, id=f"GHSA-{at:02}") for at in range(12)))
    assert text.count("- [GHSA-") == 5
    assert "\n- and 7 more" in text


def test_plain_text_has_it_too():
    text = hover(HIGH, markup=Plain())
    assert "⚠ 1.0 has a known vulnerability; 1.1 fixes it" in text
    assert "  GHSA-1: https://advisories.example/GHSA-1 · high (7.5) · A fault in [one](x)" in text


def test_a_hostile_summary_is_escaped_in_a_hover():
    text = hover(replace(HIGH, summary="<img src=x> [x](command:y)", url="javascript:alert(1)"))
    assert "\\<img src=x>" in text
    assert "javascript" not in text
    assert "](command" not in text.replace("\\](command", "")


def test_what_is_ignored_is_named_in_one_line():
    subject, assessment = assessed(HIGH, UNRATED, ENDLESS, MALWARE)
    text = subject.snapshot.text
    ignore = Ignore(span=Span(0, 0), extent=Span(0, len(text)), reason="not *reached*")
    (left,) = heard([ignore], [assessment])
    told = build(subject, left, Plain(), wanted=None, now=NOW)
    ids = ", ".join(each.advisory.id for each in assessment.exposed[0].exposures[:3])
    assert f"\n\nignored here: vulnerable ({ids} and 1 more)\n\n" in told
    assert "⚠" not in told
    told = ignored([ignore], left, Markdown())
    assert told == f"*ignored here: vulnerable ({ids} and 1 more) · not \\*reached\\**"
