"""registry-lsp.el in Emacs itself, in batch, with loopback registries."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from support.editor import server_environ
from support.installed import installed
from support.stages import staged

pytestmark = pytest.mark.editors

ROOT = Path(__file__).parents[3]
PACKAGE = ROOT / "editors" / "emacs"
TESTS = Path(__file__).with_name("registry-lsp-test.el")
SOURCES = sorted(PACKAGE.glob("*.el"))
SECONDS = 120
INSTALL = "scripts/editors-install"
NEEDED = ("eglot", "lsp-mode")
_PINS = Path(__file__).with_name("debian.txt").read_text("utf-8")
(NEWER,) = re.findall(r"(?m)^emacs-nox=1:(.*)\.\*$", _PINS)


@pytest.fixture(params=["packaged", NEWER])
def program(request: pytest.FixtureRequest) -> str:
    """Each Emacs that there is, one after the other."""
    newer = installed(f"emacs-{NEWER}") / "bin" / "emacs-nox"
    found = shutil.which("emacs" if request.param == "packaged" else newer)
    if found is None:
        pytest.skip(f"Emacs ({request.param}) is not installed: {INSTALL} installs it")
    return found


def emacs(
    program: str, folder: Path, *arguments: str, environ: dict[str, str] | None = None
) -> str:
    """What Emacs says in batch."""
    done = subprocess.run(
        [program, "--batch", "-L", str(PACKAGE), *arguments],
        env={**server_environ(folder), **(environ or {})},
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        timeout=SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


def require(program: str, folder: Path, library: str) -> None:
    """Skip the test without this library of Emacs."""
    if library in NEEDED and "yes" not in emacs(
        program, folder, "--eval", f'(princ (if (require \'{library} nil t) "yes" "no"))'
    ):
        pytest.skip(f"{library} is not installed: {INSTALL} installs it")


@pytest.mark.parametrize(
    "name",
    ["unit", *re.findall(r"\(ert-deftest ((?:eglot|lsp-mode)-\S+)", TESTS.read_text("utf-8"))],
)
def test_in_emacs(program: str, tmp_path: Path, name: str):
    library = "lsp-mode" if name.startswith("lsp-mode") else name.partition("-")[0]
    require(program, tmp_path, library)
    with staged(tmp_path) as stage:
        said = emacs(
            program,
            tmp_path,
            *("-l", str(TESTS)),
            *("--eval", f'(ert-run-tests-batch-and-exit "\\\\`{name}")'),
            environ={
                "TEST_PROJECT": str(stage.folder),
                "TEST_SERVER": json.dumps([sys.executable, "-W", "error", "-m", "registry_lsp"]),
                "TEST_SETTINGS": json.dumps(stage.options),
            },
        )
    assert re.search(r"Ran (?P<count>\d+) tests, (?P=count) results as expected", said), said


@pytest.mark.parametrize("source", SOURCES, ids=lambda each: each.name)
def test_it_compiles_without_a_warning(program: str, tmp_path: Path, source: Path):
    require(program, tmp_path, "eglot" if "eglot" in source.name else "")
    aside = f'(lambda (_) "{tmp_path / "out.elc"}")'
    strict = f"(setq byte-compile-error-on-warn t byte-compile-dest-file-function {aside})"
    emacs(program, tmp_path, "--eval", strict, "-f", "batch-byte-compile", str(source))


@pytest.mark.parametrize("source", SOURCES, ids=lambda each: each.name)
def test_checkdoc_has_nothing_to_say(program: str, tmp_path: Path, source: Path):
    assert not emacs(program, tmp_path, "-Q", "--eval", f'(checkdoc-file "{source}")')


def test_the_readme_s_lisp_is_lisp(program: str, tmp_path: Path):
    readme = (PACKAGE / "README.md").read_text("utf-8")
    blocks = re.findall(r"```elisp\n(.*?)```", readme, re.S)
    assert blocks
    for each in blocks:
        (tmp_path / "block.el").write_text(each, "utf-8")
        emacs(
            program,
            tmp_path,
            "--eval",
            '(with-temp-buffer (insert-file "block.el") (check-parens))',
        )
