"""What is typed in and asked in :mod:`support.soak`: twenty manifests, and a registry of moods."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from random import Random
from typing import Any

from support.loopback import HANG_UP, Act, Reply, Request, cut_short
from support.registries import NpmPackage, PypiProject, PypiRelease, Registries

_MANY = 40


def packages() -> Registries:
    """Packages of every kind: some with nothing newer, some yanked, deprecated or incompatible."""
    npm, pypi = {}, {}
    for number in range(_MANY):
        versions: dict[str, dict[str, Any]] = {f"1.{minor}.0": {} for minor in range(number % 7)}
        versions["2.0.0"] = {"engines": {"node": ">=18"}} if number % 3 else {}
        if number % 5 == 0:
            versions["1.0.0"] = {"deprecated": "Use another."}
        npm[f"lib-{number}" if number % 4 else f"@scope/lib-{number}"] = NpmPackage(
            versions=versions
        )
        releases = {f"1.{minor}": PypiRelease() for minor in range(1 + number % 7)}
        releases["2.0"] = PypiRelease(
            yanked=number % 5 == 0, requires_python=">=3.11" if number % 3 else None
        )
        pypi[f"lib-{number}"] = PypiProject(releases=releases)
    return Registries(npm=npm, pypi=pypi)


class Moody:
    """A registry that is late or fails now and then, until it ``is_calm``."""

    def __init__(self, registries: Registries, random: Random) -> None:
        self.registries = registries
        self.is_calm = False
        self._random = random

    async def __call__(self, request: Request) -> Act:
        if self.is_calm:
            return await self.registries(request)
        if self._random.random() < 0.2:
            await asyncio.sleep(self._random.uniform(0, 0.2))
        fault = self._random.choices(("", *self._faults), (80, *[3] * len(self._faults)))[0]
        return self._faults[fault] if fault else await self.registries(request)

    _faults: Mapping[str, Act] = {
        "error": Reply(status=500),
        "limit": Reply(status=429, headers={"retry-after": "1"}),
        "garbage": Reply(headers={"content-type": "application/json"}, body=b'{"versions": [7'),
        "page": Reply(headers={"content-type": "text/html"}, body=b"<h1>Sign in</h1>"),
        "reset": HANG_UP,
        "cut": cut_short(b'{"name": "lib', promised=900),
        "login": Reply(status=401),
    }


def texts(random: Random) -> dict[str, str]:
    """Twenty manifests by their paths, of all kinds."""

    def npm() -> str:
        number = random.randrange(_MANY)
        return f"lib-{number}" if number % 4 else f"@scope/lib-{number}"

    def package() -> str:
        lines = ",\n".join(f'    "{npm()}": "^1.{random.randrange(7)}.0"' for _ in range(12))
        more = ",\n".join(f'    "{npm()}": "~1.{random.randrange(7)}.0"' for _ in range(4))
        return (
            '{\n  "name": "x",\n  "engines": {"node": ">=16"},\n'
            f'  "dependencies": {{\n{lines}\n  }},\n'
            f'  "devDependencies": {{\n{more}\n  }}\n}}\n'
        )

    def lines(form: str, count: int = 12) -> str:
        return "".join(
            form.format(number=random.randrange(_MANY), minor=random.randrange(7)) + "\n"
            for _ in range(count)
        )

    project = '[project]\nname = "x"\nrequires-python = ">=3.9"\ndependencies = [\n'
    catalog = "packages:\n  - 'inner'\ncatalog:\n"
    return {
        **{f"{place}package.json": package() for place in ("", "b/", "c/", "d/", "e/")},
        "pnpm-workspace.yaml": catalog + lines("  lib-{number}: ^1.{minor}.0"),
        "b/.yarnrc.yml": "catalog:\n" + lines("  lib-{number}: ^1.{minor}.0"),
        "requirements.txt": lines("lib-{number}==1.{minor}"),
        "requirements-dev.txt": "-r requirements.txt\n" + lines("lib-{number}>=1.{minor},<2"),
        "constraints.txt": lines("lib-{number}<=1.{minor}"),
        "b/requirements.in": lines("lib-{number}~=1.{minor}"),
        "c/requirements.txt": "-c ../constraints.txt\n" + lines("lib-{number}"),
        "pyproject.toml": project + lines('    "lib-{number}>=1.{minor}",') + "]\n",
        "b/pyproject.toml": project + lines('    "lib-{number}==1.{minor}",') + "]\n"
        "[dependency-groups]\ndev = [\n" + lines('  "lib-{number}~=1.{minor}",', 4) + "]\n",
        "c/pyproject.toml": '[tool.poetry.dependencies]\npython = "^3.9"\n'
        + lines('lib-{number} = "^1.{minor}"'),
        "d/pyproject.toml": project
        + "]\n[tool.uv]\ndev-dependencies = [\n"
        + lines('  "lib-{number}>=1.{minor}",')
        + "]\n",
        "d/Pipfile": "[packages]\n" + lines('lib-{number} = "==1.{minor}"'),
        "e/hatch.toml": "[envs.test]\ndependencies = [\n"
        + lines('  "lib-{number}>=1.{minor}",')
        + "]\n",
        "e/script.py": "# /// script\n# dependencies = [\n"
        + lines('#   "lib-{number}>=1.{minor}",', 6)
        + "# ]\n# ///\nprint()\n",
        "e/requirements.txt": lines("lib-{number}==1.{minor}; python_version >= '3.8'"),
    }
