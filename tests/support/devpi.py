"""Puts packages on devpi: what its own client and twine would send, by hand."""

from __future__ import annotations

import base64
import json
import secrets
from dataclasses import dataclass
from pathlib import Path

from support.dists import Dist
from support.servers import fetch


@dataclass(frozen=True, kw_only=True)
class Team:
    """A user of the server at ``url``, with an index of its own called ``dev``."""

    url: str
    name: str
    password: str

    @property
    def authorization(self) -> str:
        pair = f"{self.name}:{self.password}".encode()
        return f"Basic {base64.b64encode(pair).decode()}"

    @property
    def index(self) -> str:
        """Where an installer finds the packages."""
        return f"{self.url}{self.name}/dev/+simple/"

    def found(self) -> None:
        """Sign up, and make the index."""
        self._put(f"{self.url}{self.name}", {"password": self.password})
        allowed = {"Authorization": self.authorization}
        self._put(f"{self.url}{self.name}/dev", {"volatile": True}, **allowed)

    def upload(self, dist: Dist, file: Path) -> None:
        """Upload one file of a release."""
        fields = {
            ":action": "file_upload",
            "protocol_version": "1",
            "metadata_version": "2.4",
            "name": dist.name,
            "version": dist.version,
            "filetype": "bdist_wheel" if file.suffix == ".whl" else "sdist",
            "requires_python": dist.python or "",
        }
        boundary = secrets.token_hex(16)
        fetch(
            f"{self.url}{self.name}/dev/",
            method="POST",
            body=_form(boundary, fields, file),
            Content_Type=f"multipart/form-data; boundary={boundary}",
            Authorization=self.authorization,
        )

    @staticmethod
    def _put(url: str, document: object, **headers: str) -> None:
        body = json.dumps(document).encode()
        fetch(url, method="PUT", body=body, Content_Type="application/json", **headers)


def _form(boundary: str, fields: dict[str, str], file: Path) -> bytes:
    heads = [(f'name="{name}"', value.encode()) for name, value in fields.items()]
    heads.append((f'name="content"; filename="{file.name}"', file.read_bytes()))
    parts = [
        f"--{boundary}\r\nContent-Disposition: form-data; {head}\r\n\r\n".encode() + data + b"\r\n"
        for head, data in heads
    ]
    return b"".join(parts) + f"--{boundary}--\r\n".encode()
