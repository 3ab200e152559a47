"""Updates in the real formats: what is compared is the text that an edit leaves."""

from pathlib import PurePosixPath

import pytest

from registry_lsp.core.assess import assess
from registry_lsp.core.findings import Assessment
from registry_lsp.core.packages import Found, Package, PackageId, RegistryRef, Release
from registry_lsp.core.updates import updates
from registry_lsp.ecosystems import discover

NPM = ("3.0.0-rc.1", "2.3.0", "2.0.0", "1.4.1", "1.4.0", "1.2.9", "1.2.3", "0.3.1", "0.3.0")
PYPI = ("3.0rc1", "2.3", "2.0.1", "1.4.1", "1.4.0", "1.2.9", "1.2.3", "0.3.1", "0.3")


def texts(name, text, versions, *, locked=()):
    """What each update leaves of the only dependency's specifier, by its tier."""
    ecosystem, format = next(
        (each, format)
        for each in discover()
        for format in each.formats
        if format.matches(PurePosixPath("/project") / name)
    )
    (dependency,) = format.parse(text).dependencies
    scheme = ecosystem.schemes[dependency.dialect]
    package = Package(
        id=PackageId(
            ecosystem=ecosystem.name,
            name=dependency.name,
            registry=RegistryRef(url="https://registry.example/"),
        ),
        display_name=dependency.name,
        releases=tuple(Release(version=each) for each in versions),
        dist_tags=(("latest", "2.3.0"),) if ecosystem.name == "npm" else (),
    )
    lookup = Found(package=package, asked_at=0.0)
    verdict = assess(dependency, lookup, scheme, locked=locked)
    assessment = Assessment(dependency=dependency, lookup=lookup, verdict=verdict)
    return {
        each.tier.value: text[: each.edit.span.start] + each.edit.text + text[each.edit.span.end :]
        for each in updates(assessment, scheme, 0.0)
    }


@pytest.mark.parametrize(
    ("specifier", "locked", "expected"),
    [
        ("1.2.3", (), {"patch": "1.2.9", "minor": "1.4.1", "major": "2.3.0"}),
        ("^1.2.3", (), {"major": "^2.3.0"}),
        ("^1.2.3", ("1.2.3",), {"minor": "^1.4.1", "major": "^2.3.0"}),
        ("~1.2.3", (), {"minor": "~1.4.1", "major": "~2.3.0"}),
        ("~1.2", ("1.2.3",), {"minor": "~1.4", "major": "~2.3"}),
        ("1.x", (), {"major": "2.x"}),
        (">=1.2 <2", (), {"major": ">=2.3 <3"}),
        ("^0.3.0", (), {"major": "^2.3.0"}),
        ("^3.0.0-rc.1", (), {}),
        ("*", ("1.2.3",), {}),
        ("latest", ("1.2.3",), {}),
        ("", ("1.2.3",), {}),
    ],
)
def test_npm(specifier, locked, expected):
    for line in ('{"dependencies": {"one": "%s"}}', '{"dependencies": {"two": "npm:one@%s"}}'):
        left = texts("package.json", line % specifier, NPM, locked=locked)
        assert left == {tier: line % text for tier, text in expected.items()}


@pytest.mark.parametrize(
    ("specifier", "locked", "expected"),
    [
        ("==1.2.3", (), {"patch": "==1.2.9", "minor": "==1.4.1", "major": "==2.3"}),
        ("== 1.2.*", (), {"minor": "== 1.4.*", "major": "== 2.3.*"}),
        ("~=1.2.3", ("1.2.3",), {"patch": "~=1.2.9", "minor": "~=1.4.1", "major": "~=2.3.0"}),
        ("~=1.2", (), {"major": "~=2.3"}),
        (">=1.2,<2", ("1.2.3",), {"minor": ">=1.4.1,<2", "major": ">=2.3,<3"}),
        (">=1.2", ("1.2.3",), {"major": ">=2.3"}),
        (">=1.2", (), {}),
        ("", ("1.2.3",), {}),
    ],
)
def test_python(specifier, locked, expected):
    for name, line in (
        ("requirements.txt", "one%s  # why\n"),
        ("pyproject.toml", "[project]\ndependencies = ['one%s']\n"),
    ):
        left = texts(name, line % specifier, PYPI, locked=locked)
        assert left == {tier: line % text for tier, text in expected.items()}


@pytest.mark.parametrize(
    ("specifier", "expected"),
    [
        ("1.2.3", {"patch": "1.2.9", "minor": "1.4.1", "major": "2.3"}),
        ("^1.2", {"major": "^2.3"}),
        ("~1.2", {"minor": "~1.4", "major": "~2.3"}),
        ("*", {}),
    ],
)
def test_poetry(specifier, expected):
    line = '[tool.poetry.dependencies]\none = "%s"\n'
    left = texts("pyproject.toml", line % specifier, PYPI)
    assert left == {tier: line % text for tier, text in expected.items()}
