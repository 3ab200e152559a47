"""Small valid wheels and source archives, written without a build backend."""

from __future__ import annotations

import base64
import hashlib
import io
import tarfile
import zipfile
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Dist:
    """One release: a wheel and an sdist (core metadata 2.4)."""

    name: str
    version: str
    requires: tuple[str, ...] = ()
    python: str | None = None

    @property
    def stem(self) -> str:
        name = self.name.replace("-", "_").replace(".", "_").lower()
        return f"{name}-{self.version}"

    @property
    def metadata(self) -> str:
        lines = [
            "Metadata-Version: 2.4",
            f"Name: {self.name}",
            f"Version: {self.version}",
            f"Summary: fixture {self.name}",
            "License-Expression: MIT",
            "Project-URL: Source, https://code.example/source",
        ]
        lines += [f"Requires-Python: {self.python}"] if self.python else []
        lines += [f"Requires-Dist: {each}" for each in self.requires]
        return "\n".join(lines) + f"\n\n# {self.name}\n"

    def write(self, folder: Path) -> None:
        """Write both files into *folder*."""
        self._wheel(folder / f"{self.stem}-py3-none-any.whl")
        self._sdist(folder / f"{self.stem}.tar.gz")

    def _wheel(self, path: Path) -> None:
        info = f"{self.stem}.dist-info"
        tags = "Wheel-Version: 1.0\nGenerator: fixture\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        files = {f"{info}/METADATA": self.metadata.encode(), f"{info}/WHEEL": tags.encode()}
        record = [f"{name},sha256={_digest(data)},{len(data)}" for name, data in files.items()]
        record.append(f"{info}/RECORD,,")
        files[f"{info}/RECORD"] = "\n".join(record).encode()
        with zipfile.ZipFile(path, "w") as archive:
            for name, data in files.items():
                archive.writestr(zipfile.ZipInfo(name, (2024, 1, 1, 0, 0, 0)), data)

    def _sdist(self, path: Path) -> None:
        data = self.metadata.encode()
        entry = tarfile.TarInfo(f"{self.stem}/PKG-INFO")
        entry.size = len(data)
        with tarfile.open(path, "w:gz") as archive:
            archive.addfile(entry, io.BytesIO(data))


def _digest(data: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()


DISTS = (
    Dist(name="demo-plain", version="1.0.0", requires=("demo-dep>=1",), python=">=3.8"),
    Dist(
        name="demo-plain",
        version="1.1.0",
        requires=("demo-dep>=1", 'colorama>=0.4; sys_platform == "win32"'),
        python=">=3.9",
    ),
    Dist(name="demo-plain", version="2.0.0b1", python=">=3.10"),
    Dist(name="Demo_Mixed.Case", version="0.3"),
    Dist(name="demo-dep", version="1.0"),
)
YANKED = "broken on 3.12"
"""Why demo-plain 1.0.0 is yanked, where the index can say so."""
FIRST_UPLOAD = 1_700_000_000
"""Seconds since the epoch at which the first file was uploaded, where the index can say so."""
READER = ("reader", "open-sesame:100%")
"""Who may read the index that wants a password, and the password."""
