"""pip's own reading of a requirements file."""

from __future__ import annotations

from pathlib import Path

from pip._internal.exceptions import PipError
from pip._internal.models.link import InvalidEggFragment
from pip._internal.req.constructors import install_req_from_parsed_requirement
from pip._internal.req.req_file import parse_requirements
from pip._internal.req.req_install import InstallRequirement
from pip._vendor.packaging.requirements import InvalidRequirement


def read_by_pip(text: str, folder: Path) -> list[InstallRequirement] | None:
    """The requirements of a file that lies in *folder*, None where pip refuses any of it."""
    path = folder / "requirements.txt"
    path.write_bytes(text.encode())
    (folder / "other.txt").touch()
    try:
        return [
            install_req_from_parsed_requirement(each)
            for each in parse_requirements(str(path), session=None)
        ]
    except (PipError, InvalidEggFragment, InvalidRequirement):
        return None
