"""A project's folder and a loopback registry, for tests that start the server or an editor."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from support.loopback import LoopbackServer, serve_in_thread
from support.registries import NpmPackage, PypiProject, PypiRelease, Registries

NPM = {
    "react": NpmPackage(
        versions={
            "17.0.1": {},
            "17.0.2": {"dependencies": {"loose-envify": "^1.1.0"}},
            "18.0.0-rc.1": {},
            "18.2.0": {"engines": {"node": ">=14"}},
        },
        tags={"latest": "18.2.0", "next": "18.0.0-rc.1"},
        times={"17.0.2": "2021-03-22T21:56:19.536Z"},
        document={
            "description": "The library for *web* and <native> interfaces",
            "license": "MIT",
            "homepage": "https://react.example/",
            "repository": {"type": "git", "url": "git+https://code.example/react.git"},
            "maintainers": [{"name": "ada", "email": "ada@people.example"}],
        },
    ),
    "@scope/tool": NpmPackage(versions={"1.0.0": {}, "1.0.1": {}}),
    "request": NpmPackage(versions={"2.88.2": {"deprecated": "request has been deprecated"}}),
}
PYPI = {
    "requests": PypiProject(
        releases={
            "2.30.0": PypiRelease(),
            "2.32.0": PypiRelease(yanked="Yanked for a conflict"),
            "2.32.3": PypiRelease(requires_python=">=3.8", requires=("idna<4,>=2.5",)),
            "3.0.0rc1": PypiRelease(),
        },
        info={"summary": "Python HTTP for Humans."},
    ),
    "idna": PypiProject(releases={"3.6": PypiRelease(), "3.7": PypiRelease()}),
    "uvicorn": PypiProject(releases={"0.29.0": PypiRelease(), "0.30.0": PypiRelease()}),
}


@dataclass
class Stage:
    """A project's folder, and the registries that it is pointed to."""

    folder: Path
    registries: Registries
    server: LoopbackServer

    @property
    def options(self) -> dict[str, object]:
        """``initializationOptions`` that name the loopback registries."""
        return {
            "registries": {
                "npm": {"url": self.server.url + "npm/"},
                "pypi": {"url": self.server.url + "simple/"},
            },
            "network": {"timeoutSeconds": 2},
        }

    @property
    def environ(self) -> dict[str, str]:
        """An environment that names the loopback registries, as the tools' own defaults."""
        return {
            "npm_config_registry": self.server.url + "npm/",
            "PIP_INDEX_URL": self.server.url + "simple/",
        }


@contextmanager
def staged(folder: Path) -> Iterator[Stage]:
    """The usual packages, with no latency and no faults, and an empty project below *folder*."""
    registries = Registries(npm=dict(NPM), pypi=dict(PYPI))
    project = folder / "a project"
    project.mkdir()
    with serve_in_thread(registries) as server:
        yield Stage(folder=project, registries=registries, server=server)
