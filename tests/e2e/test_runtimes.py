"""What a project runs on: its environment, its pin, its engines; in hovers, findings, actions."""

from __future__ import annotations

import pytest

from e2e.test_check import check, write
from support.editor import editor
from support.registries import NpmPackage, PypiProject, PypiRelease

DJANGO = PypiProject(
    releases={
        "4.2.30": PypiRelease(requires_python=">=3.8"),
        "5.2.19": PypiRelease(requires_python=">=3.10"),
        "6.1.3": PypiRelease(requires_python=">=3.12"),
    }
)
VITE = NpmPackage(
    versions={
        "2.4.4": {"engines": {"node": ">=12"}},
        "8.4.0": {"engines": {"node": "^20.19.0 || >=22.12.0"}},
    },
    tags={"latest": "8.4.0"},
)


def environment(stage, version):
    write(stage, ".venv/pyvenv.cfg", f"home = /nowhere\nversion = {version}\n")


def codes(diagnostics):
    return [each.code for each in diagnostics]


@pytest.mark.parametrize("client", ["vscode", "neovim"])
async def test_the_environments_python_counts_and_a_new_one_is_noticed(stage, client):
    stage.registries.pypi["django"] = DJANGO
    environment(stage, "3.11.2")
    async with editor(stage.folder, client=client, options=stage.options) as it:
        uri = it.open("requirements.txt", "django~=4.2.0\n")
        (found,) = await it.diagnostics(uri, until=lambda found: len(found) == 1)
        assert found.message == ("django 5.2.19 is available (major update); ~=4.2.0 gives 4.2.30")
        hover = (await it.hover(uri, "dja|ngo")).contents.value
        assert "latest `5.2.19`" in hover
        assert "newer `6.1.3`" in hover
        assert "needs Python `>=3.12`, and `.venv` has `3.11.2`" in hover
        titles = await it.actions(uri, "dja|ngo")
        assert any("5.2.19" in each for each in titles)
        assert not any("6.1.3" in each for each in titles)

        environment(stage, "3.12.10")
        (found,) = await it.diagnostics(
            uri, until=lambda found: [each for each in found if "6.1.3" in each.message]
        )
        assert codes([found]) == ["outdated-major"]

        write(stage, ".venv/pyvenv.cfg", "home = /nowhere\n")  # which says nothing
        write(stage, ".python-version", "3.9\n")
        await it.diagnostics(uri, until=lambda found: found == [])  # nothing else runs on it
        hover = (await it.hover(uri, "dja|ngo")).contents.value
        assert "needs Python `>=3.12`, and `.python-version` has `3.9`" in hover


async def test_a_pin_that_the_environment_cannot_have_is_told_with_what_runs(stage):
    stage.registries.pypi["django"] = DJANGO
    environment(stage, "3.11.2")
    async with editor(stage.folder, options=stage.options) as it:
        uri = it.open("requirements.txt", "django==6.1.3\n")
        (found,) = await it.diagnostics(uri, until=lambda found: len(found) == 1)
        assert found.code == "incompatible-python"
        assert found.message == "django 6.1.3 needs Python >=3.12, and .venv has 3.11.2"
        titles = await it.actions(uri, "6.1|.3")
        assert "Use django 5.2.19, which runs on Python 3.11.2 (major)" in titles


async def test_a_marker_is_not_taken_for_what_the_project_supports(stage):
    stage.registries.pypi["django"] = DJANGO
    async with editor(stage.folder, options=stage.options) as it:
        uri = it.open("requirements.txt", 'django ; python_version < "3.12"\n')
        await it.diagnostics(uri, until=lambda found: found == [])
        hover = (await it.hover(uri, "dja|ngo")).contents.value
        assert 'needs Python `>=3.12`, and this is for `python_version < "3.12"`' in hover
        assert "3.11.*" not in hover


async def test_check_says_why_what_is_newer_is_not_the_latest(stage):
    stage.registries.pypi["django"] = DJANGO
    environment(stage, "3.11.2")
    write(stage, "requirements.txt", "django\n")
    ended = await check(stage, "--json")
    row = ended.rows["django"]
    assert (row["wanted"], row["latest"], row["findings"]) == ("5.2.19", "5.2.19", [])
    reason = "needs Python >=3.12, and .venv has 3.11.2"
    assert row["newer"] == {"version": "6.1.3", "reason": reason}
    ended = await check(stage)
    assert f"6.1.3 {reason}" in " ".join(ended.out.split())
    assert ended.code == 0


CLICK = PypiProject(
    releases={
        "8.0.0": PypiRelease(requires_python=">=3.6"),
        "8.1.8": PypiRelease(requires_python=">=3.7"),
        "8.5.1": PypiRelease(requires_python=">=3.10"),
    }
)
FORKED = """\
version = 1
requires-python = ">=3.9"
resolution-markers = ["python_full_version >= '3.10'", "python_full_version < '3.10'"]

[[package]]
name = "click"
version = "8.1.8"
source = { registry = "https://registry.example/simple" }
resolution-markers = ["python_full_version < '3.10'"]

[[package]]
name = "click"
version = "8.5.1"
source = { registry = "https://registry.example/simple" }
resolution-markers = ["python_full_version >= '3.10'"]
"""


async def test_where_a_lock_file_forks_what_runs_everywhere_is_pinned(stage):
    stage.registries.pypi["click"] = CLICK
    text = '[project]\nname = "own"\nrequires-python = ">=3.9"\ndependencies = ["click>=8"]\n'
    write(stage, "pyproject.toml", text)
    write(stage, "uv.lock", FORKED)
    async with editor(stage.folder, options=stage.options) as it:
        uri = it.open("pyproject.toml", text)
        assert "wanted and latest `8.1.8`" in (await it.hover(uri, "cli|ck")).contents.value
        found = await it.actions(uri, "cli|ck")
        assert [each for each in found if each.startswith("Pin")] == ["Pin click to 8.1.8"]
        offered = (await it.complete(uri, "click>=|8")).items
        told = {each.label: each.detail for each in offered}
        assert told["8.1.8"].startswith("in use")
        assert told["8.5.1"].startswith("in use")
        assert told["8.0.0"].startswith("older")
    ended = await check(stage)
    assert ended.code == 0
    said = " ".join(ended.out.split())
    assert "8.1.8 where python_full_version < '3.10'" in said
    assert "8.5.1 needs Python >=3.10, and this project supports >=3.9" in said


async def test_what_npm_takes_is_wanted_and_said_not_to_run(stage):
    stage.registries.npm["vite"] = VITE
    manifest = '{"engines": {"node": ">=12"}, "dependencies": {"vite": ">=2"}}'
    lock = '{"lockfileVersion": 3, "packages": {"node_modules/vite": {"version": "8.4.0"}}}'
    write(stage, "package.json", manifest)
    write(stage, "package-lock.json", lock)
    ended = await check(stage, "--json")
    row = ended.rows["vite"]
    assert (row["current"], row["wanted"], row["latest"]) == ("8.4.0", "8.4.0", "2.4.4")
    (found,) = row["findings"]
    assert found["code"] == "incompatible-engine"
    assert found["message"] == (
        "vite 8.4.0 needs Node.js ^20.19.0 || >=22.12.0, and this project supports >=12"
    )
    async with editor(stage.folder, options=stage.options) as it:
        uri = it.open("package.json", manifest)
        await it.diagnostics(uri, until=lambda found: len(found) == 1)
        titles = await it.actions(uri, '">=|2"')
        assert not any(each.startswith(("Update vite", "Widen")) for each in titles)
        assert any(each.startswith("Use vite 2.4.4, which runs on Node.js >=12") for each in titles)
        assert "Pin vite to 8.4.0" in titles
