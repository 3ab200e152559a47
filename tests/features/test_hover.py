from dataclasses import replace

import pytest

from registry_lsp.core.assess import assess
from registry_lsp.core.findings import Assessment
from registry_lsp.core.gates import Gate
from registry_lsp.core.manifests import Locked, Source
from registry_lsp.core.packages import (
    Found,
    Metadata,
    Missing,
    Person,
    Release,
    Requires,
    Trouble,
    Unavailable,
)
from registry_lsp.features.hovers.build import build
from registry_lsp.features.markup import Markdown, Plain
from support import toy
from support.documents import assessments, document

NOW = 1_700_000_000.0
DAY = 86_400.0

METADATA = Metadata(
    version="2.0",
    summary="Does <one> thing",
    license="MIT",
    homepage="https://one.example/",
    repository="https://code.example/one",
    documentation="https://one.example",
    authors=(Person(name="Ada", role="author"),),
    maintainers=(
        Person(name="Bob", url="https://people.example/bob", role="maintainer"),
        Person(name="Bob", url="https://people.example/bob", role="owner"),
        Person(email="c@d.example", role="maintainer"),
    ),
    requires=(
        Requires(name="two", specifier=">=1"),
        Requires(name="dev-only", specifier="", kind="development"),
        Requires(name="extra-only", specifier="", marker='extra == "x"'),
    ),
    runtime=">=3.9",
)
PACKAGE = replace(
    toy.package(
        "one",
        Release(version="2.0", published=NOW - 3 * DAY),
        Release(version="1.0", published=NOW - 400 * DAY, yanked=True, yanked_reason="oh [no](x)"),
    ),
    metadata=METADATA,
)
FOUND = Found(package=PACKAGE, asked_at=NOW)


def hover(text, lookup=None, *, markup=None, wanted=METADATA):
    subject = document(text)
    (assessment,) = assessments(subject, {"one": lookup} if lookup else {})
    return build(subject, assessment, markup or Markdown(), wanted=wanted, now=NOW)


def test_what_waits_is_told_with_the_day_it_comes():
    gate = Gate(age=7 * DAY, by="minimumReleaseAge (pnpm-workspace.yaml)")
    subject = document("one==1.0")
    verdict = assess(subject.manifest.dependencies[0], FOUND, toy.ToyScheme(), gate=gate, now=NOW)
    assessment = Assessment(
        dependency=subject.manifest.dependencies[0], lookup=FOUND, verdict=verdict
    )
    text = build(subject, assessment, Markdown(), wanted=METADATA, now=NOW)
    assert (
        "- waiting `2.0` · 2023-11-11 (3 days ago) · held back until 2023-11-18 (in 4 days) "
        "by minimumReleaseAge (pnpm-workspace.yaml)"
    ) in text
    assert "- latest" not in text
    never = replace(assessment, verdict=replace(verdict, gate=replace(gate, before=0.0)))
    text = build(subject, never, Markdown(), wanted=METADATA, now=NOW)
    assert "(3 days ago) · held back by minimumReleaseAge" in text


def test_the_whole_hover():
    assert hover("one==1.0", FOUND) == "\n\n".join(
        [
            "**one** · toy",
            "Does \\<one> thing",
            "\n".join(
                [
                    "- current and wanted `1.0` · 2022-10-10 (1 year ago)",
                    "- latest `2.0` · 2023-11-11 (3 days ago)",
                ]
            ),
            "⚠ one 1.0 was yanked: oh \\[no\\](x)",
            "licence MIT",
            "by Ada · maintained by [Bob](https://people.example/bob), c@d.example",
            " · ".join(
                [
                    "[package page](https://registry.example/one)",
                    "[homepage](https://one.example/)",
                    "[repository](https://code.example/one)",
                ]
            ),
        ]
    )


def test_the_runtime_is_the_wanted_releases_own():
    assert "runs on Toy `>=3.9`" in hover("one>=2", FOUND)
    older = Release(version="1.0", runtime=">=3.6")
    known = replace(FOUND, package=replace(PACKAGE, releases=(PACKAGE.releases[0], older)))
    assert "runs on Toy `>=3.6`" in hover("one==1.0", known)


def test_plain_text_holds_the_same_without_markup():
    text = hover("one>=1", FOUND, markup=Plain())
    assert "Does <one> thing" in text
    assert "homepage: https://one.example/" in text
    assert "**" not in text
    assert "](" not in text


def test_what_is_old_says_so():
    trouble = Unavailable(trouble=Trouble.TIMEOUT, host="registry.example")
    text = hover("one>=1", replace(FOUND, asked_at=NOW - 2 * DAY, trouble=trouble))
    assert text.endswith("*as known 2 days ago: registry.example did not answer in time*")


def test_a_bare_registry_leaves_out_what_it_does_not_say():
    bare = Found(package=toy.package("one", "2.0"), asked_at=NOW)
    assert hover("one>=1", bare, wanted=None) == (
        "**one** · toy\n\n- wanted and latest `2.0`\n\n[package page](https://registry.example/one)"
    )


def test_a_missing_package():
    assert "one was not found in registry.example" in hover("one>=1", Missing())


def test_an_answer_that_has_not_come():
    assert "has not answered yet" in hover("one>=1")


def test_a_name_that_no_registry_may_be_asked_for():
    assert "does not say for certain which registry has it" in hover("secret>=1")


def test_what_comes_from_elsewhere():
    assert hover("one>=1 !git") == (
        "**one** comes from a Git repository\n\n*no registry is asked for it*"
    )


def test_what_its_installer_would_refuse_is_told_with_the_package():
    assert "\n\n⚠ Odd\n\n" in hover("one>=1?", FOUND)
    assert hover("one>=1?").endswith("\n\n⚠ Odd\n\n*its registry has not answered yet*")
    assert "\n\n⚠ Odd\n\n" in hover("one>=1? !git")
    assert "Odd" not in hover("one>=1\n?", FOUND)


def test_what_names_no_package_waits_for_no_answer():
    subject = document("one>=1")
    (assessment,) = assessments(subject, {})
    nameless = replace(assessment, dependency=replace(assessment.dependency, name=""))
    text = build(subject, nameless, Markdown(), wanted=None, now=NOW)
    assert text.endswith("*no registry is asked: this names no package*")


def test_an_archived_project_is_named_so():
    archived = replace(FOUND, package=replace(PACKAGE, status="archived", status_reason="moved"))
    text = hover("one>=2", archived)
    assert "⚠ one is archived: no further release is to be expected: moved" in text
    assert text.count("archived") == 1


def test_what_the_wanted_release_requires_is_told_once_and_with_its_markers():
    windows, wasm = 'sys_platform == "win32"', 'sys_platform == "emscripten"'
    requires = (
        Requires(name="two", specifier=">=1", marker='python_version < "3.11"'),
        Requires(name="two", specifier=">=2", marker='python_version >= "3.11"'),
        Requires(name="tz", specifier="", marker=windows),
        Requires(name="tz", specifier="", marker=wasm),
        Requires(name="six", specifier="", marker=windows),
        Requires(name="six", specifier=""),
        Requires(name="six", specifier=""),
        Requires(name="extract", specifier="", marker='platform_machine == "extra"'),
        Requires(name="no", specifier="", marker="extra == 'x' and " + windows),
    )
    text = hover("one>=1", FOUND, wanted=replace(METADATA, requires=requires), markup=Plain())
    assert (
        '2.0 requires two >=1 where python_version < "3.11", '
        'two >=2 where python_version >= "3.11", '
        f"tz where {windows} or {wasm}, six, "
        'extract where platform_machine == "extra"\n'
    ) in text
    assert "requires" not in hover("one==1.0", FOUND, wanted=METADATA)  # which is the latest's


def test_a_pin_that_is_not_there_is_no_current_version():
    text = hover("one==9", FOUND)
    assert "- current" not in text
    assert "no release of one matches ==9; the latest is 2.0" in text
    assert "- current `9`" in hover("one==9", Missing())


def test_long_lists_are_cut():
    many = tuple(Requires(name=f"r{n}", specifier="") for n in range(30))
    people = tuple(Person(name=f"p{n}", role="maintainer") for n in range(30))
    text = hover("one>=1", FOUND, wanted=replace(METADATA, requires=many))
    assert "`r7` and 22 more" in text
    crowded = replace(
        FOUND, package=replace(PACKAGE, metadata=replace(METADATA, maintainers=people))
    )
    assert "p7 and 22 more" in hover("one>=1", crowded)


# --- what the project says ------------------------------------------------------------------------


def hover_of(*, locked=(), **changes):
    subject = document("one>=1")
    (assessment,) = assessments(subject, {"one": FOUND})
    dependency = replace(assessment.dependency, **changes)
    told = replace(assessment, dependency=dependency, locked=locked)
    return build(subject, told, Markdown(), wanted=METADATA, now=NOW)


def test_what_is_locked_is_current_and_says_by_whom():
    assert "- current `1.0` · 2022-10-10 (1 year ago) · yanked · uv.lock\n" in hover_of(
        locked=(Locked(version="1.0", by="uv.lock"),)
    )


def test_what_is_locked_is_told_before_the_registry_has_answered():
    subject = document("one>=1")
    (assessment,) = assessments(subject, {})
    told = replace(assessment, locked=(Locked(version="1.0", by="uv.lock"),))
    text = build(subject, told, Markdown(), wanted=None, now=NOW)
    assert "- current `1.0` · uv.lock\n" in text


def test_several_locked_versions_stand_with_their_markers():
    text = hover_of(
        locked=(
            Locked(version="2.0", by="uv.lock", marker="python_version >= '3.11'"),
            Locked(version="0.9", by="uv.lock", marker="python_version < '3.11'"),
        )
    )
    assert (
        "- current `2.0` · 2023-11-11 (3 days ago) · uv.lock, where `python_version >= '3.11'`\n"
        "- current `0.9` · uv.lock, where `python_version < '3.11'`\n"
    ) in text


def test_a_specifier_of_another_file_is_named_with_it():
    assert hover_of(specifier="^1.0", via="../pnpm-workspace.yaml").startswith(
        "**one** · toy · `^1.0` in ../pnpm-workspace.yaml\n"
    )


def test_what_comes_from_elsewhere_is_linked():
    text = hover_of(
        source=Source.GIT,
        target="git+https://code.example/one.git",
        link="https://code.example/one",
    )
    assert text == (
        "**one** comes from a Git repository: `git+https://code.example/one.git`\n\n"
        "*no registry is asked for it*\n\n[look at it](https://code.example/one)"
    )


def test_a_local_path_is_not_linked_in_the_hover():
    assert "](" not in hover_of(source=Source.PATH, target="file:../one", link="../one")


def test_a_catalog_and_a_workspace_are_told_as_they_are_written():
    old = hover_of(source=Source.CATALOG, target="old", written="catalog:old")
    assert old.startswith("**one** takes its version from a catalog: `catalog:old`\n")
    assert hover_of(source=Source.WORKSPACE, target="^", written="workspace:^").startswith(
        "**one** comes from this workspace: `workspace:^`\n"
    )
    assert hover_of(source=Source.WORKSPACE, written=">=1").startswith(
        "**one** comes from this workspace\n"
    )


def test_what_another_release_needs_that_the_project_cannot_use_is_not_told():
    text = hover("one>=1", FOUND, wanted=replace(METADATA, version="9.0"))
    assert "requires" not in text


@pytest.mark.parametrize("end", ["", "/", ".git", "#readme", "/tree/main", "/tree/master/"])
def test_a_homepage_that_is_the_repository_is_linked_once(end):
    metadata = replace(METADATA, homepage=f"{METADATA.repository}{end}")
    package = replace(FOUND.package, metadata=metadata)
    text = hover("one>=1", replace(FOUND, package=package), wanted=metadata)
    assert "[homepage]" not in text
    assert "[repository](https://code.example/one)" in text
