from dataclasses import replace

import pytest
from lsprotocol import types

from registry_lsp.core.advisories import Advisory, Affected, Exposed, Exposure
from registry_lsp.core.assess import assess
from registry_lsp.core.edits import Edit
from registry_lsp.core.findings import Assessment, Code, Finding, Verdict
from registry_lsp.core.manifests import Part, Source
from registry_lsp.core.meant import ranked
from registry_lsp.core.packages import QUARANTINED, Found, Missing, Release
from registry_lsp.core.text import Span
from registry_lsp.features.actions.clients import Abilities, workspace_edit
from registry_lsp.features.actions.menu import FIX_KIND, UPDATE_KIND, Wish, items
from registry_lsp.features.actions.offers import Step, offers, rename
from registry_lsp.features.actions.whole import Reach, promises, step_for
from support import toy
from support.documents import document

SCHEME = toy.ToyScheme()
SCHEMES = {"toy": SCHEME}
NOW = 0.0
VERSIONS = ("3.0", "2.1", "2.0", "1.1.1", "1.1.0", "1.0.1", "1.0.0", "0.3", "0.2.1", "0.2")


def assessed(text, *versions, locked=(), fixed=None):
    made = []
    for dependency in document(text).manifest.dependencies:
        package = toy.package(dependency.name, *(versions or VERSIONS))
        lookup = Found(package=package, asked_at=NOW)
        verdict = assess(dependency, lookup, SCHEME, locked=locked)
        exposed = ()
        if fixed:
            advisory = Advisory(id="GHSA-1", ranges=(Affected(fixed=fixed),))
            known = Exposed(
                version=verdict.current,
                exposures=(Exposure(advisory=advisory),),
                fix=Release(version=fixed),
            )
            finding = Finding(code=Code.VULNERABLE, part=Part.SPECIFIER)
            exposed, verdict = (known,), replace(verdict, findings=(finding, *verdict.findings))
        made.append(
            Assessment(dependency=dependency, lookup=lookup, exposed=exposed, verdict=verdict)
        )
    return made


def offered(text, *versions, **facts):
    (assessment,) = assessed(text, *versions, **facts)
    return offers(assessment, SCHEME, NOW)


def test_the_largest_safe_step_comes_first_and_is_preferred():
    found = offered("one==1.0.0")
    assert [each.title for each in found] == [
        "Update one to 1.1.1 (minor)",
        "Update one to 1.0.1 (patch)",
        "Update one to 3.0 (major)",
    ]
    assert [each.is_preferred for each in found] == [True, False, False]
    assert [each.step.doubt for each in found] == [None, None, "Update one to 3.0 (major)"]
    assert [each.settles for each in found] == [
        frozenset(),
        frozenset(),
        frozenset({Code.OUTDATED_MAJOR}),
    ]


def test_below_the_first_release_a_minor_step_may_break():
    found = offered("one==0.2", "0.3", "0.2.1", "0.2")
    assert [(each.title, each.is_preferred) for each in found] == [
        ("Update one to 0.2.1 (patch)", True),
        ("Update one to 0.3 (minor)", False),
    ]
    assert found[1].step.doubt


def test_what_replaces_a_vulnerable_version_is_preferred_and_stands_for_the_same_update():
    found = offered("one==1.0.0", fixed="1.0.1")
    assert [(each.title, each.is_preferred) for each in found] == [
        ("Replace vulnerable one 1.0.0 by 1.0.1 (patch)", True),
        ("Update one to 1.1.1 (minor)", False),
        ("Update one to 3.0 (major)", False),
    ]
    assert all(Code.VULNERABLE in each.settles for each in found)


def test_a_range_asks_for_at_least_what_is_sound():
    found = offered("one>=1.0.0", locked=("1.0.0",), fixed="1.1.0")
    assert found[0].title == "Ask for one 1.1.0 or newer, as 1.0.0 is vulnerable (minor)"
    assert found[0].step.edit.text == ">=1.1.0"


def test_a_range_is_widened_or_pinned():
    found = [each for each in offered("one<2") if not each.is_fix]
    assert [(each.title, each.step.edit.text, each.settles) for each in found] == [
        ("Widen one to <4, which admits 3.0", "<4", frozenset({Code.OUTDATED_MAJOR})),
        ("Pin one to 1.1.1", "==1.1.1", frozenset()),
    ]


def test_deprecation_of_a_release_is_settled_by_another():
    old = Release(version="1.0.0", deprecated="old")
    assert Code.DEPRECATED in offered("one==1.0.0", "1.1.0", old)[0].settles


def test_nothing_is_offered_of_what_is_not_known():
    (assessment,) = assessed("one==1.0.0")
    assert offers(replace(assessment, lookup=Missing()), SCHEME, NOW) == ()


def texts(text, reach, *versions, **facts):
    steps = [step_for(each, SCHEME, reach, NOW) for each in assessed(text, *versions, **facts)]
    return [step and step.edit.text for step in steps]


def test_all_that_is_safe_and_all_there_is():
    text = "one==1.0.0\ntwo==2.1\nthree>=1.0.0\nfour<2\n"
    assert texts(text, Reach.SAFE) == ["==1.1.1", None, None, None]
    assert texts(text, Reach.ALL) == ["==3.0", "==3.0", None, ">=3.0"]


def test_what_a_requirement_admits_already_and_what_has_hashes_is_left_alone():
    assert texts("one>=1.0.0", Reach.ALL, locked=("1.0.0",)) == [None]
    (assessment,) = assessed("one==1.0.0")
    hashed = replace(assessment.dependency, hashes=(Span(20, 30),))
    hashed = replace(assessment, dependency=hashed)
    assert step_for(hashed, SCHEME, Reach.ALL, NOW) is None
    (title, *_) = (each.title for each in offers(hashed, SCHEME, NOW))
    assert title == "Update one to 1.1.1 (minor; removes its hashes)"


def test_a_yanked_release_is_replaced_by_whatever_does():
    yanked = Release(version="1.0", yanked=True)
    assert texts("one==1.0", Reach.SAFE, "2.0", yanked) == ["==2.0"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("one==1.0.0", (True, True)),
        ("one==1.1.1", (False, True)),
        ("one==0.2\n", (True, True)),
        ("one==3.0", (False, False)),
        ("one==1.1.1\n" * 25 + "two==1.0.0", (True, True)),
    ],
)
def test_nothing_is_promised_that_would_do_nothing(text, expected):
    known = assessed(text)
    reaches = (Reach.SAFE, Reach.ALL, Reach.SECURE)
    found = tuple(promises(known, SCHEMES, reach, NOW) for reach in reaches)
    assert found == (*expected, False)


def test_of_many_those_are_looked_at_that_promise_most():
    newest = ("2.1", "2.0.1", "2.0")
    many = assessed("one==1.1.1\n" * 25) + assessed("two==2.0", *newest)
    assert promises(many, SCHEMES, Reach.SAFE, NOW, most=1)
    assert promises(many[:-1] + many[-1:], SCHEMES, Reach.ALL, NOW, most=1)


@pytest.mark.parametrize(
    ("only", "kind", "expected"),
    [
        (None, "quickfix", True),
        (("source",), FIX_KIND, True),
        (("source.fixAll",), FIX_KIND, True),
        (("source.fix",), FIX_KIND, False),
        (("source.fixAll.other",), FIX_KIND, False),
        ((FIX_KIND,), FIX_KIND, True),
        (("",), UPDATE_KIND, True),
        ((), "quickfix", False),
    ],
)
def test_a_kind_is_asked_for_by_whatever_it_is_a_kind_of(only, kind, expected):
    assert Wish(spans=(), only=only).takes(kind) is expected


def names(text, start, end, **wished):
    doc = document(text)
    wish = Wish(spans=(Span(start, end),), **wished)
    return [each.name for each in items(doc, assessed(text), wish, NOW)]


def test_only_what_is_touched_has_actions_of_its_own():
    text = "one==1.0.0\ntwo==1.1.1\n"
    assert names(text, 11, 12, only=("quickfix",)) == [
        "update major 3.0",
        "ignore outdated-major",
    ]
    assert names(text, 0, 0, only=("quickfix",))[0] == "update minor 1.1.1"
    assert names(text, 22, 22, is_asked=False) == []
    assert names(text, 22, 22) == ["safe ", "all "]


def test_of_a_large_selection_only_the_first_have_actions_of_their_own():
    text = "one==1.1.1\n" * 30
    assert len(names(text, 0, len(text), only=("quickfix",))) == 8 * 2


def test_no_two_actions_are_called_alike():
    text = "one==1.1.1\ntwo==1.1.1\none==1.1.1\n"
    doc, wish = document(text), Wish(spans=(Span(0, len(text)),), only=("quickfix",))
    titles = [each.title for each in items(doc, assessed(text), wish, NOW)]
    assert titles == [
        "Update one to 3.0 (major), in line 1",
        "Ignore outdated-major of one, in line 1",
        "Update two to 3.0 (major)",
        "Ignore outdated-major of two",
        "Update one to 3.0 (major), in line 3",
        "Ignore outdated-major of one, in line 3",
    ]


CLIENT = types.ClientCapabilities(
    workspace=types.WorkspaceClientCapabilities(
        workspace_edit=types.WorkspaceEditClientCapabilities(
            document_changes=True,
            change_annotation_support=types.ChangeAnnotationsSupportOptions(),
        ),
        apply_edit=True,
    ),
    text_document=types.TextDocumentClientCapabilities(
        code_action=types.CodeActionClientCapabilities(
            code_action_literal_support=types.ClientCodeActionLiteralOptions(
                code_action_kind=types.ClientCodeActionKindOptions(value_set=[])
            ),
            data_support=True,
            resolve_support=types.ClientCodeActionResolveOptions(properties=["edit"]),
            is_preferred_support=True,
            honors_change_annotations=True,
        )
    ),
)


def test_a_client_is_able_to_do_what_it_says():
    assert Abilities.of(types.ClientCapabilities()) == Abilities()
    able = Abilities.of(CLIENT)
    assert all(getattr(able, each) for each in Abilities.__slots__)


def test_what_may_break_something_is_to_be_confirmed_by_its_title():
    doc = document("one==1.0.0\ntwo==1.0.0\n", version=7)
    steps = (
        Step(edit=Edit(span=Span(3, 10), text="==3.0"), doubt="Update one to 3.0 (major)"),
        Step(edit=Edit(span=Span(14, 21), text="==1.1.1")),
    )
    edit = workspace_edit(doc, steps, "utf-16", knows_versions=True, confirms=True)
    (change,) = edit.document_changes
    assert change.text_document.version == 7
    one, two = change.edits
    assert edit.change_annotations[one.annotation_id] == types.ChangeAnnotation(
        label="Update one to 3.0 (major)", needs_confirmation=True
    )
    assert type(two) is types.TextEdit
    calm = workspace_edit(doc, steps, "utf-16", knows_versions=True, confirms=False)
    assert calm.change_annotations is None
    plain = workspace_edit(doc, steps, "utf-16", knows_versions=False, confirms=True)
    assert plain.document_changes is None
    assert [each.new_text for each in plain.changes[doc.snapshot.uri]] == ["==3.0", "==1.1.1"]


def found(*versions, **facts):
    return Found(package=replace(toy.package("one", *versions), **facts), asked_at=NOW)


def test_of_near_names_those_with_the_most_releases_are_meant():
    many = [f"{each}.0" for each in range(30, 0, -1)]
    lookups = {
        "imitation": found("1.0"),
        "other": found(*many[:5]),
        "popular": found(*many),
        "empty": found(),
        "gone": found(*many, status=QUARANTINED),
        "missing": Missing(),
        "unknown": None,
    }
    assert ranked(lookups) == ("popular", "other")
    assert ranked({"only": found("1.0")}) == ("only",)
    assert ranked({}) == ()


def test_a_name_that_nobody_has_is_replaced():
    doc = document("onne>=1.0")
    assessment = Assessment(dependency=doc.manifest.dependencies[0], verdict=Verdict())
    (one,) = rename(assessment, doc.format, doc.snapshot.text, ["one"])
    assert (one.title, one.is_preferred) == ("Replace onne by one", True)
    assert one.step.edit == Edit(span=Span(0, 4), text="one")
    both = list(rename(assessment, doc.format, doc.snapshot.text, ["one", "on"]))
    assert [each.is_preferred for each in both] == [False, False]
    aliased = replace(assessment.dependency, source=Source.ALIAS)
    other = replace(assessment, dependency=aliased)
    assert list(rename(other, doc.format, "onne>=1.0", ["one"])) == []


def test_what_lies_beside_counts_where_nothing_stands_at_the_place_itself():
    text = "one==1.0.0 \n\ntwo==1.1.1\n"
    beside = (Span(13, 23),)
    quick = {"only": ("quickfix",), "beside": beside}
    assert names(text, 12, 12, **quick) == ["update major 3.0", "ignore outdated-major"]
    assert names(text, 0, 0, **quick)[0] == "update minor 1.1.1"
    assert "update major 3.0" in names(text, 12, 12, **quick)
