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
FILES = {
    "package.json": (
        '{"packageManager": "pnpm@10.20.0", "dependencies": {"left": "^1.0.0"}}\n',
        {"pnpm-workspace.yaml": "minimumReleaseAge: 10080\n"},
        '"le|ft"',
        '"^1.|0.0"',
        "minimumReleaseAge (pnpm-workspace.yaml)",
    ),
    "pyproject.toml": (
        '[project]\ndependencies = ["left>=1.0.0"]\n',
        {"uv.toml": 'exclude-newer = "7 days"\n'},
        '"le|ft',
        ">=1.|0.0",
        "exclude-newer (uv's configuration)",
    ),
    "requirements.txt": (
        "left>=1.0.0\n",
        {".venv/pyvenv.cfg": "", f".venv/{PIP_FILE}": "[install]\nuploaded-prior-to = P7D\n"},
        "le|ft",
        ">=1.|0.0",
        "uploaded-prior-to (pip's configuration)",
    ),
}


@pytest.mark.parametrize("name", FILES)
async def test_what_is_too_new_waits(stage: Any, name: str):
    text, others, on_name, on_version, by = FILES[name]
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
