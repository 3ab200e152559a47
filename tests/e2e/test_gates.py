"""A project's own rule on how old a release must be, in the editor and on the command line."""

from __future__ import annotations

import sys
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from support.editor import editor
from support.registries import NpmPackage, PypiProject, PypiRelease


def days_ago(days: float) -> str:
    moment = datetime.now(timezone.utc) - timedelta(days=days)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


PIP_FILE = "pip.ini" if sys.platform == "win32" else "pip.conf"
NPM_PLACES = ('"le|ft"', '"^1.|0.0"')


def npm_project(manager: str) -> str:
    return f'{{"packageManager": "{manager}", "dependencies": {{"left": "^1.0.0"}}}}\n'


CASES = {
    "npm": (
        "package.json",
        npm_project("npm@11.19.1"),
        {".npmrc": "min-release-age=7\n"},
        NPM_PLACES,
        "min-release-age (.npmrc)",
    ),
    "pnpm": (
        "package.json",
        npm_project("pnpm@10.20.0"),
        {"pnpm-workspace.yaml": "minimumReleaseAge: 10080\n"},
        NPM_PLACES,
        "minimumReleaseAge (pnpm-workspace.yaml)",
    ),
    "Yarn": (
        "package.json",
        npm_project("yarn@4.18.1"),
        {".yarnrc.yml": "npmMinimalAgeGate: 7d\n"},
        NPM_PLACES,
        "npmMinimalAgeGate (.yarnrc.yml)",
    ),
    "Bun": (
        "package.json",
        npm_project("bun@1.4.5"),
        {"bunfig.toml": "[install]\nminimumReleaseAge = 604800\n"},
        NPM_PLACES,
        "install.minimumReleaseAge (bunfig.toml)",
    ),
    "uv": (
        "pyproject.toml",
        '[project]\ndependencies = ["left>=1.0.0"]\n',
        {"uv.toml": 'exclude-newer = "7 days"\n'},
        ('"le|ft', ">=1.|0.0"),
        "exclude-newer (uv's configuration)",
    ),
    "pip": (
        "requirements.txt",
        "left>=1.0.0\n",
        {".venv/pyvenv.cfg": "", f".venv/{PIP_FILE}": "[install]\nuploaded-prior-to = P7D\n"},
        ("le|ft", ">=1.|0.0"),
        "uploaded-prior-to (pip's configuration)",
    ),
}


@pytest.mark.parametrize("installer", CASES)
async def test_what_is_too_new_waits(stage: Any, installer: str):
    name, text, others, (on_name, on_version), by = CASES[installer]
    moments = {"1.0.0": days_ago(900), "1.1.0": days_ago(30), "1.2.0": days_ago(2)}
    stage.registries.npm["left"] = NpmPackage(
        versions={each: {} for each in moments}, tags={"latest": "1.2.0"}, times=moments
    )
    stage.registries.pypi["left"] = PypiProject(
        releases={version: PypiRelease(uploaded=moment) for version, moment in moments.items()}
    )
    for other, said in others.items():
        (stage.folder / other).parent.mkdir(exist_ok=True)
        (stage.folder / other).write_text(said)
    (stage.folder / name).write_text(text)
    async with editor(stage.folder, options=stage.options) as it:
        uri = it.open(name, text)
        hover = await it.hover(uri, on_name)
        assert hover is not None
        assert "wanted and latest `1.1.0`" in hover.contents.value
        assert "waiting `1.2.0`" in hover.contents.value
        assert "(in 4 days) by " + by in hover.contents.value.replace("\\", "")
        offered = await it.complete(uri, on_version)
        assert offered is not None
        assert {each.label for each in offered.items} == {"1.0.0", "1.1.0"}


async def test_what_nobody_tells_the_age_of_waits_where_the_installer_would_not_take_it(stage: Any):
    text = '[project]\ndependencies = ["left>=2"]\n'
    stage.registries.pypi["left"] = PypiProject(
        releases={
            "1.0.0": PypiRelease(uploaded=days_ago(30)),
            "2.0.0": PypiRelease(uploaded=""),
        }
    )
    (stage.folder / "uv.toml").write_text('exclude-newer = "7 days"\n')
    (stage.folder / "pyproject.toml").write_text(text)
    async with editor(stage.folder, options=stage.options) as it:
        uri = it.open("pyproject.toml", text)
        (finding,) = await it.diagnostics(uri, bool)
        assert finding.code == "no-matching-version"
        assert "nobody tells how old the releases of left are" in finding.message
        hover = await it.hover(uri, '"le|ft')
        assert "latest `1.0.0`" in hover.contents.value
        assert "as nobody tells its age" in hover.contents.value


@pytest.mark.parametrize(
    ("manager", "latest"),
    [
        ("npm@11.19.1", "1.1.0"),
        ("pnpm@10.20.0", "1.0.0"),
        ("pnpm@11.28.11", "1.2.0"),
        ("yarn@4.18.1", "1.0.0"),
        ("bun@1.4.5", "1.1.0"),
    ],
)
async def test_what_each_manager_makes_of_a_release_without_a_date(
    stage: Any, manager: str, latest: str
):
    """As each of them resolves ``^1.0.0`` itself, in these versions."""
    stage.registries.npm["left"] = NpmPackage(
        versions={"1.0.0": {}, "1.1.0": {}, "1.2.0": {}},
        tags={"latest": "1.2.0"},
        document={"time": {"1.0.0": days_ago(300), "1.2.0": days_ago(2)}},
    )
    for _, _, others, _, _ in list(CASES.values())[:4]:
        for other, said in others.items():
            (stage.folder / other).write_text(said)
    text = npm_project(manager)
    (stage.folder / "package.json").write_text(text)
    async with editor(stage.folder, options=stage.options) as it:
        uri = it.open("package.json", text)
        hover = await it.hover(uri, '"le|ft"')
        assert f"wanted and latest `{latest}`" in hover.contents.value
