"""Which Python a project is installed on, by what files say: its virtual environment, or the file
that pins one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from registry_lsp.core.ports.project import Files

MARK = "pyvenv.cfg"
"""The file that makes a folder a virtual environment (PEP 405)."""
PIN = ".python-version"
_MOST_TEXT = 65_536
_VERSION = re.compile(r"(3\.[0-9]{1,4}(?:\.[0-9]{1,4})?)(?![0-9])")
_KEYS = ("version_info", "version")
"""uv and virtualenv write the former, :mod:`venv` the latter."""
_REQUEST = re.compile(
    r"(?:(?:c?python|pypy|graalpy)[@-]?)?(3\.[0-9]{1,4}(?:\.[0-9]{1,4})?)(?![0-9.])[^\s,]*"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Python:
    """A Python's ``version``, of two numbers where its patch is not told. ``by`` is who says so,
    for people: the environment's folder, or the file.
    """

    version: str
    by: str

    @property
    def requirement(self) -> str:
        """It alone, as ``requires-python`` would say it."""
        return f"=={self.version}" if self.version.count(".") > 1 else f"=={self.version}.*"

    @property
    def marker(self) -> str:
        """What a marker says that is for its minor version alone."""
        return f"python_version == '{'.'.join(self.version.split('.')[:2])}'"


def python_of(environment: Path, files: Files) -> Python | None:
    """The Python of a virtual environment; None where its file does not say."""
    version = files.read(environment / MARK, _read_environment)
    return Python(version=version, by=environment.name) if version else None


def pinned_python(folders: Iterable[Path], files: Files) -> Python | None:
    """The Python that pyenv and uv take in the first of *folders*: the nearest ``.python-version``
    counts. None where there is none, or where it names none that can be told (``system``).
    """
    for folder in folders:
        version = files.read(folder / PIN, _read_pin)
        if version is not None:
            return Python(version=version, by=PIN) if version else None
    return None


def _read_environment(raw: bytes) -> str:
    """The Python's version by a ``pyvenv.cfg``, empty where that has none."""
    said = {}
    for line in raw[:_MOST_TEXT].decode("utf-8", "replace").splitlines():
        key, _, value = line.partition("=")
        said[key.strip().lower()] = value.strip()
    found = (_VERSION.match(said.get(key, "")) for key in _KEYS)
    return next((each[1] for each in found if each is not None), "")


def _read_pin(raw: bytes) -> str:
    """The first version that a ``.python-version`` names, empty where that is none."""
    for line in raw[:_MOST_TEXT].decode("utf-8", "replace").splitlines():
        words = line.partition("#")[0].split()
        if words:
            found = _REQUEST.fullmatch(words[0])
            return found[1] if found is not None else ""
    return ""
