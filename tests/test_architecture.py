"""Rules of the house that no linter knows."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import tomli

from registry_lsp import endpoints

ROOT = Path(__file__).parent.parent
ENDPOINTS = Path(endpoints.__file__).relative_to(ROOT)


def public_hosts() -> set[str]:
    """The hosts of the public services, each without a leading ``www.`` too."""
    addresses = [
        value
        for name, value in vars(endpoints).items()
        if name.isupper() and isinstance(value, str)
    ]
    hosts = {urlsplit(address).hostname or "" for address in addresses}
    return {host.removeprefix("www.") for host in hosts}


def tracked_files() -> list[Path]:
    try:
        listed = subprocess.run(
            ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("not a checkout")
    names = listed.stdout.decode().split("\0")
    return [Path(name) for name in names if name and (ROOT / name).is_file()]


def test_the_source_distribution_holds_all_that_the_tests_read():
    project = tomli.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    included = project["tool"]["hatch"]["build"]["targets"]["sdist"]["include"]
    by_itself = {".gitignore", "pyproject.toml"}
    tracked = {path.parts[0] for path in tracked_files()} - by_itself
    assert {each.removeprefix("/") for each in included} == tracked


def test_there_are_public_hosts():
    assert len(public_hosts()) >= 3
    assert all("." in host for host in public_hosts())


def test_public_hosts_are_named_in_one_place_only():
    hosts = [host.encode() for host in public_hosts()]
    named = [
        f"{path}: {host.decode()}"
        for path in tracked_files()
        if path != ENDPOINTS
        for host in hosts
        if host in (ROOT / path).read_bytes().lower()
    ]
    assert named == []


@pytest.mark.parametrize("module", ["registry_lsp.cli", "registry_lsp.__main__"])
def test_the_command_line_imports_nothing_heavy(module: str):
    program = f"import sys, {module}; print(*sys.modules)"
    result = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, encoding="utf-8", check=True
    )
    heavy = {"lsprotocol", "pygls", "httpx", "rich", "msgspec", "packaging", "asyncio"}
    assert heavy & set(result.stdout.split()) == set()
