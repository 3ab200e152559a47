from __future__ import annotations

import sys
from pathlib import Path

import pytest

from registry_lsp.cli import main
from registry_lsp.core.home import home
from registry_lsp.ecosystems.pypi.project.survey import survey
from registry_lsp.ecosystems.pypi.requirements.requirements_txt import REQUIREMENTS
from registry_lsp.session.files import FileStore, Sight

if sys.platform != "win32":
    import pwd


@pytest.fixture
def nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """The process runs under a number that is no user's, as in a container it may."""
    if sys.platform == "win32":
        pytest.skip("it is so on POSIX systems only")

    def unknown(number: int) -> None:
        raise KeyError(number)

    for name in ("HOME", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(pwd, "getpwuid", unknown)


def test_it_is_the_users_own():
    assert home() == Path.home()


def test_where_there_is_no_user_nothing_is_in_it(nobody: None):
    assert home().is_absolute()
    assert not home().exists()


def test_a_check_needs_none(
    nobody: None,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "package.json").write_text('{"dependencies": {"react": "^17"}}')
    assert main(["check", "--offline", "--json", str(tmp_path)]) == 2
    said = capsys.readouterr()
    assert '"name": "react"' in said.out
    assert "Traceback" not in said.err
    assert [each.name for each in tmp_path.iterdir()] == ["package.json"]


def test_what_lies_around_a_requirements_file_is_seen_without_one(nobody: None, tmp_path: Path):
    path = tmp_path / "requirements.txt"
    path.write_text("acme\n-c limits.txt\n")
    (tmp_path / "limits.txt").write_text("acme<2\n")
    written = REQUIREMENTS.parse(path.read_text())
    found = survey(path, written, Sight(FileStore(), path)).resolve(written)
    (dependency,) = found.dependencies
    assert dependency.constraint is not None
    assert dependency.constraint.specifier == "<2"
