"""Holds what was built against what people need of it, and installs it as they do: python
scripts/package.py FOLDER

FOLDER has the sdist and the wheel. What is wrong is printed, and how many things that are is
the exit code.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from email.message import Message
from email.parser import Parser
from pathlib import Path

ROOT = Path(__file__).parent.parent
COMMAND = "registry-lsp"
NEEDED = ("Name", "Version", "Summary", "License-Expression", "License-File", "Author", "Keywords")
NEEDED += ("Requires-Python", "Requires-Dist", "Classifier", "Description-Content-Type")
PATIENCE = 300
"""Seconds for one installer: it fetches the dependencies."""


def main(folder: Path) -> int:
    wheel, sdist = one(folder, "*.whl"), one(folder, "*.tar.gz")
    wrong = [*of_wheel(wheel), *of_sdist(sdist), *of_another_build(wheel)]
    for way in (with_pip, with_pipx, with_uvx):
        with tempfile.TemporaryDirectory() as home:
            said = way(wheel, Path(home))
        print(f"{way.__name__.replace('_', ' ')}: {said or 'it is there, and serves'}")
        wrong += [f"{way.__name__}: {said}"] if said else []
    for each in wrong:
        print(each, file=sys.stderr)
    return len(wrong)


def one(folder: Path, pattern: str) -> Path:
    found = list(folder.glob(pattern))
    if len(found) != 1:
        sys.exit(f"{folder} has {len(found)} of {pattern}, and one is wanted")
    return found[0].resolve()


def of_wheel(wheel: Path) -> Iterator[str]:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        [path] = (each for each in names if each.endswith(".dist-info/METADATA"))
        metadata = Parser().parsestr(archive.read(path).decode("utf-8"))
        scripts = archive.read(path.replace("METADATA", "entry_points.txt")).decode("utf-8")
    info = path.split("/", maxsplit=1)[0]
    tops = {each.split("/", maxsplit=1)[0] for each in names}
    if tops != {"registry_lsp", info}:
        yield f"the wheel installs {sorted(tops)}"
    if any("tests" in each.split("/") or each.endswith(".pyc") for each in names):
        yield "the wheel has tests or compiled files"
    own = {each.relative_to(ROOT).as_posix() for each in (ROOT / "registry_lsp").rglob("*.py")}
    if missing := own - set(names):
        yield f"the wheel lacks {sorted(missing)}"
    if "registry_lsp/py.typed" not in names:
        yield "the wheel does not say that it has types"
    if f"{COMMAND} = registry_lsp.cli:main" not in scripts:
        yield f"the wheel has no command {COMMAND}"
    yield from of_metadata(metadata)


def of_metadata(metadata: Message) -> Iterator[str]:
    for field in NEEDED:
        if not metadata.get(field):
            yield f"the metadata has no {field}"
    if not str(metadata.get_payload()).startswith("# registry-lsp"):
        yield "the description is not the README"


def of_sdist(sdist: Path) -> Iterator[str]:
    with tarfile.open(sdist) as archive:
        names = {each.split("/", maxsplit=1)[1] for each in archive.getnames() if "/" in each}
    for wanted in ("pyproject.toml", "README.md", "LICENSE", "tests/conftest.py", ".ci/run"):
        if wanted not in names:
            yield f"the sdist lacks {wanted}"
    if own := of_checkout():
        if surplus := sorted(names - own - {"PKG-INFO"}):
            yield f"the sdist has {len(surplus)} files too many, {surplus[0]} for one"
        if missing := sorted(own - names):
            yield f"the sdist lacks {len(missing)} files, {missing[0]} for one"


def of_checkout() -> set[str]:
    """The paths of all that git would keep here; none where this is no checkout."""
    git = shutil.which("git")
    if git is None or not (ROOT / ".git").exists():
        return set()
    every = [git, "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(every, cwd=ROOT, check=True, capture_output=True)
    names = listed.stdout.decode().split("\0")
    return {each for each in names if each and (ROOT / each).is_file()}


def of_another_build(wheel: Path) -> Iterator[str]:
    """*wheel* was built from the sdist: the folder itself has to give the very same one."""
    with tempfile.TemporaryDirectory() as folder:
        build = [sys.executable, "-m", "build", "--wheel", "--outdir", folder, str(ROOT)]
        if said := ran(build, Path(folder)):
            yield said
        elif one(Path(folder), "*.whl").read_bytes() != wheel.read_bytes():
            yield "the folder and the sdist do not give the same wheel"


def with_pip(wheel: Path, home: Path) -> str:
    folder = home / "environment"
    programs = folder / ("Scripts" if os.name == "nt" else "bin")
    return (
        ran([sys.executable, "-m", "venv", str(folder)], home)
        or ran([str(programs / "python"), "-m", "pip", "install", "--quiet", str(wheel)], home)
        or ran([str(programs / "python"), "-m", "pip", "check"], home)
        or answers([str(programs / COMMAND)], home)
    )


def with_pipx(wheel: Path, home: Path) -> str:
    # pipx takes a path for itself, and what it runs is found in the folder of its commands.
    pipx = [sys.executable, "-m", "pipx"]
    return ran([*pipx, "install", "--quiet", str(wheel)], home) or answers(
        [str(home / "commands" / COMMAND)], home
    )


def with_uvx(wheel: Path, home: Path) -> str:
    return answers([sys.executable, "-m", "uv", "tool", "run", "--from", str(wheel), COMMAND], home)


def environ(home: Path) -> dict[str, str]:
    """The machine's, with all that the installers keep below *home*."""
    own = {"PIPX_HOME": "pipx", "PIPX_BIN_DIR": "commands", "PIPX_MAN_DIR": "man"}
    own |= {"UV_CACHE_DIR": "uv", "UV_TOOL_DIR": "tools"}
    return {
        **{key: value for key, value in os.environ.items() if not key.startswith("PYTHON")},
        **{key: str(home / value) for key, value in own.items()},
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "REGISTRY_LSP_CACHE_ENABLED": "false",
    }


def ran(command: list[str], home: Path) -> str:
    """Run it; what it said where it failed, else nothing."""
    done = called(command, home)
    said = (done.stderr or done.stdout).decode(errors="replace")
    return "" if done.returncode == 0 else f"{' '.join(command[-4:])}: {said}"


def called(command: list[str], home: Path, sent: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        command,
        check=False,
        cwd=home,
        env=environ(home),
        input=sent,
        capture_output=True,
        timeout=PATIENCE,
    )


def answers(command: list[str], home: Path) -> str:
    """Whether the command tells its version and serves an editor; what is wrong, else nothing."""
    if said := ran([*command, "--version"], home):
        return said
    requests = [
        {"id": 1, "method": "initialize", "params": {"processId": None, "capabilities": {}}},
        {"method": "initialized", "params": {}},
        {"id": 2, "method": "shutdown"},
        {"method": "exit"},
    ]
    done = called(command, home, b"".join(map(framed, requests)))
    if done.returncode != 0:
        return f"the server ended with {done.returncode}: {done.stderr.decode()}"
    wanted: list[Callable[[bytes], bool]] = [
        lambda answer: b'"hoverProvider"' in answer,
        lambda answer: b'"registry-lsp"' in answer,
    ]
    return "" if all(each(done.stdout) for each in wanted) else f"it answered {done.stdout!r}"


def framed(message: dict[str, object]) -> bytes:
    body = json.dumps({"jsonrpc": "2.0", **message}).encode()
    return b"Content-Length: %d\r\n\r\n%s" % (len(body), body)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
