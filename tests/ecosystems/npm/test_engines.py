"""What a project says in ``engines.node``, against what npm takes all the same."""

import pytest

from registry_lsp.core.assess import assess
from registry_lsp.core.fallbacks import fallback
from registry_lsp.core.findings import Assessment, Code
from registry_lsp.core.packages import Found, Package, PackageId, RegistryRef, Release
from registry_lsp.core.reshaping import pinned, widened
from registry_lsp.core.updates import updates
from registry_lsp.ecosystems.npm.manifests.package_json import PackageJson
from registry_lsp.ecosystems.npm.versions.scheme import NpmScheme
from registry_lsp.features import wording
from registry_lsp.features.actions.fallbacks import fallbacks

SCHEME = NpmScheme()
RELEASES = (
    Release(version="8.4.0", runtime="^20.19 || >=22"),
    Release(version="5.1.0", runtime=">=18"),
    Release(version="5.0.0", runtime=">=12"),
    Release(version="2.4.4", runtime=">=12"),
)


def assessed(specifier, *, locked=(), engines=">=12"):
    text = f'{{"engines": {{"node": "{engines}"}}, "dependencies": {{"one": "{specifier}"}}}}'
    (dependency,) = PackageJson().parse(text).dependencies
    id = PackageId(
        ecosystem="npm", name="one", registry=RegistryRef(url="https://registry.example/")
    )
    tags = (("latest", "8.4.0"),)
    package = Package(id=id, display_name="one", releases=RELEASES, dist_tags=tags)
    lookup = Found(package=package, asked_at=0.0)
    verdict = assess(dependency, lookup, SCHEME, locked=locked)
    return Assessment(dependency=dependency, id=id, lookup=lookup, verdict=verdict)


def told(assessment):
    return [each.arg("version") for each in misfits(assessment)]


def misfits(assessment):
    return [each for each in assessment.verdict.findings if each.code is Code.INCOMPATIBLE_ENGINE]


@pytest.mark.parametrize("specifier", [">=2", "8.4.0", "latest", "*", "2 || 8"])
@pytest.mark.parametrize("locked", [(), ("8.4.0",)])
def test_what_npm_takes_is_wanted_and_said_not_to_run(specifier, locked):
    found = assessed(specifier, locked=locked)
    assert found.verdict.wanted.version == "8.4.0"
    assert found.verdict.latest.version == "5.0.0"
    assert found.verdict.newer.version == "8.4.0"
    (misfit,) = misfits(found)
    assert (
        wording.message(misfit, found)
        == "one 8.4.0 needs Node.js ^20.19 || >=22, and this project supports >=12"
    )


def test_what_is_locked_and_what_npm_would_take_now_are_both_said_not_to_run():
    assert told(assessed(">=2", locked=("5.1.0",))) == ["5.1.0", "8.4.0"]
    assert told(assessed(">=2", locked=("5.0.0",))) == ["8.4.0"]
    assert told(assessed("^5.0.0", locked=("5.0.0",))) == ["5.1.0"]
    assert told(assessed("5.0.0", locked=("5.1.0",))) == ["5.1.0"]
    assert told(assessed(">=2", locked=("8.4.0",), engines=">=22")) == []


def test_nothing_older_is_called_wider_or_an_update():
    found = assessed(">=8", locked=("8.4.0",))
    assert widened(found, SCHEME) is None
    assert updates(found, SCHEME, 0.0) == ()
    assert pinned(found, SCHEME).specifier == "8.4.0"


def test_what_runs_is_offered_instead_in_a_form_that_npm_takes():
    assert fallback(assessed(">=2"), SCHEME, 0.0).edit.text == "5.0.0"
    assert fallback(assessed("^8.0.0"), SCHEME, 0.0).edit.text == "5.0.0"
    assert fallback(assessed("5.0.0", locked=("5.1.0",)), SCHEME, 0.0) is None


def test_the_latest_that_the_project_can_use_is_not_called_the_latest():
    (offer,) = fallbacks(assessed("nxt"), SCHEME, 0.0, is_open=True)
    assert offer.title == "Use one 5.0.0, the latest that this project can use"
