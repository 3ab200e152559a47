from dataclasses import replace

import pytest

from registry_lsp.core.assess import assess
from registry_lsp.core.findings import Assessment, Code
from registry_lsp.core.ignores import Unused
from registry_lsp.core.packages import (
    Found,
    Missing,
    Place,
    RegistryRef,
    Release,
    Secret,
    Trouble,
    Unauthorized,
    Unavailable,
)
from registry_lsp.core.text import Span
from registry_lsp.features import times, troubles, wording
from support import toy
from support.documents import assessments, document


def said(text, lookup):
    (assessment,) = assessments(document(text), {"one": lookup})
    return [wording.message(finding, assessment) for finding in assessment.verdict.findings]


def found(*versions, tags=None, **fields):
    package = replace(toy.package("one", *versions, tags=tags), **fields)
    return Found(package=package, asked_at=0.0)


@pytest.mark.parametrize(
    ("text", "lookup", "messages"),
    [
        ("one==1.0", found("2.0", "1.0"), ["one 2.0 is available (major update)"]),
        (
            "one<1.5",
            found("1.6", "1.4"),
            ["one 1.6 is available (minor update); <1.5 gives 1.4"],
        ),
        (
            "one==1.0",
            found(Release(version="1.0", yanked=True, yanked_reason="\x1b[1mbad\n")),
            ["one 1.0 was yanked: [1mbad"],
        ),
        ("one>=1", found(Release(version="1.0", deprecated="")), ["one 1.0 is deprecated"]),
        ("one>=9", found("1.0"), ["no release of one matches >=9; the latest is 1.0"]),
        (  # the latest is named once
            "one==1.5",
            found("2.0", "1.0"),
            ["no release of one matches ==1.5", "one 2.0 is available (major update)"],
        ),
        (
            "one==1.5",
            found("1.0", unpublished=(Release(version="1.5", published=86_400.0),)),
            ["one 1.5 was unpublished (it was published on 1970-01-02); the latest is 1.0"],
        ),
        (
            "one>=1.5",
            found("1.0", unpublished=(Release(version="1.6"), Release(version="1.5"))),
            ["no release of one matches >=1.5; 1.6 was unpublished; the latest is 1.0"],
        ),
        (
            "one>=1.0",
            found("1.0", unpublished=(Release(version="1.5"),)),
            [],
        ),
        ("one@next", found("1.0"), ["one has no dist-tag @next"]),
        ("one", found(), ["one has no releases"]),
        (
            "one>=1",
            found("1.0", status="archived", status_reason="see \x1b two."),
            ["one is archived: no further release is to be expected: see two"],
        ),
        ("one>=1", found("1.0", status="deprecated"), ["one is deprecated"]),
        (
            "one>=1",
            found(status="quarantined"),
            ["one is quarantined by its registry as unsafe, and cannot be installed"],
        ),
        (
            "one>=1",
            found("1.0", status="quarantined", status_reason="malware"),
            ["one is quarantined by its registry as unsafe: malware"],
        ),
        (
            "one",
            found("0.0.1", status="security-holding"),
            [
                (
                    "one was taken away for security reasons: what the registry has under this "
                    "name is its own empty placeholder"
                ),
            ],
        ),
        (
            "one>=1",
            found(Release(version="1.0", yanked=True)),
            ["only yanked releases of one match >=1"],
        ),
        ("one==x", None, ["one: ==x is no toy specifier"]),
        ("one", Missing(), ["one was not found in registry.example"]),
        (
            "one",
            Missing(detail="unpublished", or_no_access=True),
            ["one was not found in registry.example, or you have no access to it: unpublished"],
        ),
        (
            "one",
            Unauthorized(status=401, host="registry.example"),
            ["nothing is known of one: registry.example wants credentials (401)"],
        ),
    ],
)
def test_what_findings_say(text, lookup, messages):
    assert said(text, lookup) == messages


def test_a_release_that_does_not_run_here_says_what_it_needs():
    subject = document("one==2.0")
    dependency = replace(subject.manifest.dependencies[0], runtime="3.8")
    lookup = found(Release(version="2.0", runtime="3.9"))
    verdict = assess(dependency, lookup, toy.ToyScheme())
    assessment = Assessment(dependency=dependency, lookup=lookup, verdict=verdict)
    (message,) = [wording.message(each, assessment) for each in verdict.findings]
    assert message == "one 2.0 needs Python 3.9, and this project supports 3.8"


def test_every_trouble_has_words_of_its_own():
    sentences = {
        troubles.why(Unavailable(trouble=trouble, host="registry.example", status=500))
        for trouble in Trouble
    }
    refused = {
        troubles.why(Unauthorized(status=status, host="registry.example")) for status in (401, 403)
    }
    assert len(sentences | refused) == len(Trouble) + 2
    assert not any("not found" in sentence for sentence in sentences | refused)


def test_every_code_has_words():
    # what is of no dependency has words of its own
    assert {*wording._SENTENCES, Code.UNUSED_IGNORE} == set(Code)


@pytest.mark.parametrize(
    ("unused", "text"),
    [
        ({}, "there is nothing to ignore here: take this away"),
        ({"code": "yanked"}, "there is no yanked here: take the code away"),
        (
            {"code": "yank\x1bed", "is_unknown": True},
            "no finding has the code yanked, so that it ignores nothing",
        ),
        ({"fault": "it is odd"}, "this ignores nothing: it is odd"),
    ],
)
def test_an_ignore_of_no_use_says_what_to_do(unused, text):
    assert wording.unused(Unused(span=Span(0, 1), **unused)) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "1 second"),
        (59.9, "59 seconds"),
        (60, "1 minute"),
        (7_199, "1 hour"),
        (86_400 * 45, "1 month"),
        (86_400 * 800, "2 years"),
    ],
)
def test_durations(seconds, text):
    assert times.duration(seconds) == text


def test_a_wait_is_told():
    limited = Unavailable(trouble=Trouble.RATE_LIMITED, host="registry.example", retry_after=1900)
    assert troubles.why(limited).endswith("it asks to wait 31 minutes")


def several(*hosts, places=(), **fields):
    """What is said where the package may come from several *hosts*; *places* have it."""
    refs = [RegistryRef(url=f"https://{host}/", is_bound=at > 0) for at, host in enumerate(hosts)]
    package = replace(
        toy.package("one", "9.0", "1.0"),
        id=replace(toy.package("one").id, registry=refs[0]),
        places=tuple(
            Place(registry=ref, versions=versions)
            for ref, versions in zip(refs, places, strict=True)
        )
        if places
        else (),
    )
    lookup = Found(package=package, asked_at=0.0, **fields)
    (plain,) = assessments(document("one"), {"one": lookup})
    chain = replace(refs[0], otherwise=refs[1])
    return replace(plain, id=replace(plain.id, registry=chain))


def test_a_confused_name_is_told_with_both_indexes_and_what_to_do():
    subject = several("pub.example", "own.example", places=(("9.0",), ("1.0",)))
    (finding,) = subject.verdict.findings
    assert wording.message(finding, subject) == (
        "one is in own.example (up to 1.0) and in pub.example too (up to 9.0), and the higher "
        "version is taken, whoever has published it: have own.example serve both, or bind the "
        "name to it"
    )


def test_of_several_indexes_it_is_told_which_has_the_package():
    assert wording.whence(several("a.example", "b.example")) == "from a.example"
    both = several("a.example", "b.example", places=(("9.0",), ()))
    assert wording.whence(both) == "from a.example (up to 9.0) and b.example (no releases)"
    (alone,) = assessments(document("one"), {"one": found("1.0")})
    assert wording.whence(alone) is None


def test_what_lacks_an_index_says_so_and_tells_no_age():
    trouble = Unavailable(trouble=Trouble.TIMEOUT, host="b.example")
    subject = several("a.example", "b.example", trouble=trouble, is_partial=True)
    assert wording.as_known(subject, 60.0) == (
        "without what another index may have: b.example did not answer in time"
    )


def test_a_credential_that_a_stranger_does_not_get_is_told():
    refused = Unauthorized(status=401, host="registry.example")
    (plain,) = assessments(document("one"), {"one": refused})
    (finding,) = plain.verdict.findings
    assert wording.message(finding, plain).endswith("registry.example wants credentials (401)")
    registry = replace(plain.id.registry, is_withheld=True)
    withheld = replace(plain, id=replace(plain.id, registry=registry))
    assert wording.message(finding, withheld).endswith(
        "registry.example wants credentials (401); those that are set for it are held back until "
        "workspace.trusted is set"
    )
    placed = replace(plain.id.registry, credential_place="~/.toyrc (token)")
    told = replace(plain, id=replace(plain.id, registry=placed))
    assert wording.message(finding, told).endswith(
        "registry.example wants credentials (401): set them in ~/.toyrc (token)"
    )
    denied = Unauthorized(status=403, host="registry.example")
    assert troubles.why(denied, placed).endswith("(403): set others in ~/.toyrc (token)")
    given = replace(plain.id.registry, authorization=Secret("Bearer t"))
    asked = replace(plain, id=replace(plain.id, registry=given))
    assert wording.message(finding, asked).endswith(
        "registry.example refuses the credentials that are set for it (401)"
    )
    unset = replace(plain, id=replace(plain.id, registry=replace(given, unset_variable="TOKEN")))
    assert wording.message(finding, unset).endswith(
        "registry.example refuses the credentials that are set for it (401): their variable TOKEN "
        "is not set"
    )


@pytest.mark.parametrize(
    ("trouble", "text"),
    [
        (Unauthorized(status=401, host="a.example"), "a.example wants credentials (401)"),
        (Unauthorized(status=403, host="a.example"), "a.example refuses the credentials (403)"),
        (
            Unavailable(trouble=Trouble.NOWHERE, host=""),
            "the project does not say for certain which registry has it",
        ),
        (
            Unavailable(trouble=Trouble.SERVER_ERROR, host="a.example", status=500),
            "a.example has an error of its own (500)",
        ),
    ],
)
def test_what_is_said_for_all_at_once_is_brief_for_each(trouble, text):
    assert troubles.in_short(trouble) == text
    assert troubles.is_passing(trouble) == ("500" in text)


def test_a_near_name_that_is_known_is_named():
    (subject,) = assessments(document("one"), {"one": Missing()})
    (finding,) = subject.verdict.findings
    near = replace(subject, near=("ones", "o\x1bne"))
    assert wording.message(finding, near) == (
        "one was not found in registry.example; did you mean ones or one?"
    )
