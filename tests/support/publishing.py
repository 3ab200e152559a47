"""Publishing to an npm registry over its own protocol, as the npm client does it."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass
from typing import Any

from support.servers import fetch


@dataclass(frozen=True)
class Publisher:
    """Somebody with an account at the registry at *url*, by the token that it gave."""

    url: str
    token: str

    def publish(self, name: str, version: str, *, tag: str = "latest", **manifest: Any) -> None:
        """Publish one version, its archive a few bytes."""
        archive = f"{name}@{version}".encode()
        file = f"{name}-{version}.tgz"
        self._put(
            _path(name),
            {
                "_id": name,
                "name": name,
                "dist-tags": {tag: version},
                "versions": {
                    version: {
                        "_id": f"{name}@{version}",
                        "name": name,
                        "version": version,
                        "dist": {
                            "shasum": hashlib.sha1(archive).hexdigest(),
                            "tarball": f"{self.url}{name}/-/{file}",
                        },
                        **manifest,
                    }
                },
                "_attachments": {
                    file: {
                        "content_type": "application/octet-stream",
                        "data": base64.b64encode(archive).decode(),
                        "length": len(archive),
                    }
                },
            },
        )

    def deprecate(self, name: str, version: str, reason: str) -> None:
        """Mark a version, by sending the whole document back changed."""
        document = json.loads(self._ask(f"{_path(name)}?write=true"))
        document["versions"][version]["deprecated"] = reason
        self._put(_path(name), document)

    def tag(self, name: str, tag: str, version: str) -> None:
        """Set a dist-tag."""
        self._put(f"-/package/{_path(name)}/dist-tags/{tag}", version)

    def unpublish(self, name: str) -> None:
        """Take the whole package away."""
        self._ask(f"{_path(name)}/-rev/1", method="DELETE")

    def _put(self, path: str, document: Any) -> None:
        self._ask(path, method="PUT", body=json.dumps(document).encode())

    def _ask(self, path: str, **request: Any) -> bytes:
        headers = {"authorization": f"Bearer {self.token}", "content_type": "application/json"}
        return fetch(self.url + path, **request, **headers)


def account(url: str, name: str, password: str) -> Publisher:
    """A new account."""
    body = json.dumps({"name": name, "password": password}).encode()
    answer = fetch(
        f"{url}-/user/org.couchdb.user:{name}",
        method="PUT",
        body=body,
        content_type="application/json",
    )
    return Publisher(url, json.loads(answer)["token"])


def _path(name: str) -> str:
    return name.replace("/", "%2f")
