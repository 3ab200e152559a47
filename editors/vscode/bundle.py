"""Puts a copy of the server into bundled/, for the .vsix: its wheel and those that it needs,
unpacked. Run it with the Python of the project's environment:

    python editors/vscode/bundle.py                  for this system
    python editors/vscode/bundle.py --every-system   for all that are in SYSTEMS, to be published
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile

import tomli
from packaging.metadata import Metadata
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from start import this_system

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
BUNDLED = HERE / "bundled"
COMPILED = ("msgspec",)
"""What has no wheel in pure Python; it is there for each system and each Python."""
OLDEST, PYTHONS = "3.10", ("3.10", "3.11", "3.12", "3.13", "3.14")
SYSTEMS = {
    "linux-x86_64": ("manylinux2014_x86_64", "manylinux_2_17_x86_64", "manylinux_2_28_x86_64"),
    "linux-arm64": ("manylinux2014_aarch64", "manylinux_2_17_aarch64", "manylinux_2_28_aarch64"),
    "linux-x86_64-musl": ("musllinux_1_2_x86_64",),
    "linux-arm64-musl": ("musllinux_1_2_aarch64",),
    "darwin-x86_64": ("macosx_10_9_x86_64", "macosx_10_12_x86_64", "macosx_10_15_x86_64"),
    "darwin-arm64": ("macosx_11_0_arm64",),
    "win32-x86_64": ("win_amd64",),
    "win32-arm64": ("win_arm64",),
}
"""By the names that start.py gives them, with pip's names."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--every-system", action="store_true", help="for all systems, not only this"
    )
    options = parser.parse_args()
    here = this_system()
    shutil.rmtree(BUNDLED, ignore_errors=True)
    if not options.every_system and here not in SYSTEMS:
        print(f"There are no wheels for {here}: the extension will need a server of its own.")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        pure(Path(folder), BUNDLED / "pure")
        for system in SYSTEMS if options.every_system else [here]:
            compiled(Path(folder), system, BUNDLED / "compiled" / system)
    shutil.copy(HERE / "start.py", BUNDLED / "start.py")
    size = sum(each.stat().st_size for each in BUNDLED.rglob("*") if each.is_file())
    print(f"bundled/ has {size / 2**20:.1f} MiB.")
    return 0


def pure(wheels: Path, target: Path) -> None:
    """The server, and all that it needs and is the same on every system."""
    folder = wheels / "pure"
    pip("wheel", "--no-deps", "--wheel-dir", str(folder), str(ROOT))
    project = tomli.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    needed = [each for each in project["dependencies"] if name_of(each) not in COMPILED]
    tags = ("--platform", "any", "--implementation", "py", "--abi", "none")
    # pip goes by the markers of the Python that it runs on: what others need is named here.
    while needed:
        pip("download", "--dest", str(folder), *binary(OLDEST), *tags, *needed)
        needed = sorted(missing(folder))
    unpack(folder, target)


def missing(wheels: Path) -> set[str]:
    """What the *wheels* need on any of the Pythons and systems, and is not among them."""
    there = {canonicalize_name(each.name.split("-")[0]) for each in wheels.glob("*.whl")}
    found = set()
    for each in wheels.glob("*.whl"):
        with ZipFile(each) as archive:
            (path,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
            needed = Metadata.from_email(archive.read(path), validate=False).requires_dist or []
        for one in needed:
            if canonicalize_name(one.name) not in there | set(COMPILED) and may_hold(one):
                found.add(f"{one.name}{one.specifier}")
    return found


def may_hold(requirement: Requirement) -> bool:
    return requirement.marker is None or any(
        requirement.marker.evaluate(
            {"python_version": python, "python_full_version": f"{python}.0", "sys_platform": system}
        )
        for python in PYTHONS
        for system in {each.split("-")[0] for each in SYSTEMS}
    )


def compiled(wheels: Path, system: str, target: Path) -> None:
    """What differs from system to system: one version for all Pythons, whose files lie side by
    side, since each has the Python in its name.
    """
    project = tomli.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    tags = [word for each in SYSTEMS[system] for word in ("--platform", each)]
    for requirement in project["dependencies"]:
        if name_of(requirement) not in COMPILED:
            continue
        folder, wanted = wheels / system, requirement
        for python in PYTHONS:
            options = (*binary(python), "--implementation", "cp", *tags)
            pip("download", "--no-deps", "--dest", str(folder), *options, wanted)
            version = next(folder.glob("*.whl")).name.split("-")[1]
            wanted = f"{name_of(requirement)}=={version}"
        unpack(folder, target)


def binary(python: str) -> Iterator[str]:
    yield from ("--only-binary", ":all:", "--python-version", python)


def name_of(requirement: str) -> str:
    return re.split(r"[^\w.-]", requirement, maxsplit=1)[0]


def pip(*arguments: str) -> None:
    quiet = ("--quiet", "--disable-pip-version-check", "--no-input")
    subprocess.run([sys.executable, "-m", "pip", arguments[0], *quiet, *arguments[1:]], check=True)


def unpack(wheels: Path, target: Path) -> None:
    target.mkdir(parents=True, exist_ok=True)
    for each in sorted(wheels.glob("*.whl")):
        with ZipFile(each) as archive:
            archive.extractall(target)


if __name__ == "__main__":
    sys.exit(main())
