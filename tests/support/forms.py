"""Every way to write a dependency, one small example each: what docs/manifests.md shows.

A ``place`` is the text around what is written, which stands in it as ``<>``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class Form:
    """Something ``written`` in a ``section`` of a ``file``. ``around`` are files beside it;
    ``subject`` is what it speaks of, where that stands elsewhere.
    """

    file: str
    section: str
    written: str
    place: str
    around: Mapping[str, str] = field(default_factory=dict)
    subject: str = ""

    @property
    def text(self) -> str:
        return self.place.replace("<>", self.written)

    @property
    def extent(self) -> tuple[int, int]:
        """From where to where the dependency stands in the text."""
        subject = self.subject or self.written
        start = self.text.index(subject) if self.subject else self.place.index("<>")
        return start, start + len(subject)


_CATALOG = {"pnpm-workspace.yaml": "packages: ['*']\ncatalog:\n  react: ^1.0.0\n"}
_MEMBER = {
    "pnpm-workspace.yaml": "packages: ['packages/*']\n",
    "packages/react/package.json": '{"name": "react", "version": "1.2.3"}',
}


def forms() -> Iterator[Form]:
    """All examples, file by file."""
    yield from _package_json()
    yield from _yaml()
    yield from _requirements()
    yield from _pyproject()
    yield from _other_toml()


def _package_json() -> Iterator[Form]:
    def inside(section: str, written: str, **around: Mapping[str, str]) -> Form:
        *outer, last = section.split(".")
        opened = "".join(f'{{"{each}": ' for each in (*outer, last))
        place = f"{opened}{{ <> }}{'}' * (len(outer) + 1)}"
        return Form(file="package.json", section=section, written=written, place=place, **around)

    for value in (
        *("^1.2.3", "~1.2", ">=1 <2", "1.0 - 1.4", "^1 || ^2", "1.2.3", "1.x", "*", "", "next"),
        *("npm:preact@^1.0.0", "npm:@scope/react@~1.2"),
        *("owner/react", "github:owner/react#semver:^1", "gitlab:owner/react", "gist:0a1b2c"),
        *("git+ssh://git@code.example/react.git#v1", "https://files.example/react-1.0.0.tgz"),
        *("file:../react", "link:../react", "portal:../react"),
        *("patch:react@npm%3A1.0.0#./react.patch", "jsr:@scope/react@^1"),
    ):
        yield inside("dependencies", f'"react": "{value}"')
    yield inside("dependencies", '"react": "workspace:^"', around=_MEMBER)
    yield inside("dependencies", '"react": "catalog:"', around=_CATALOG)
    for section in ("devDependencies", "peerDependencies", "optionalDependencies"):
        yield inside(section, '"react": "^1.2.3"')
    yield Form(
        file="package.json",
        section="bundleDependencies",
        written='"react"',
        place='{"dependencies": {"react": "^1"}, "bundleDependencies": [<>]}',
    )
    for written in (
        *('"react": "^1.2.3"', '"react@^1": "1.2.3"', '"parent": { "react": "^1.2.3" }'),
    ):
        yield inside("overrides", written)
    yield Form(
        file="package.json",
        section="overrides",
        written='"react": "$react"',
        place='{"dependencies": {"react": "^1"}, "overrides": { <> }}',
    )
    for written in ('"react": "^1.2.3"', '"**/react": "^1.2.3"', '"parent/react": "^1.2.3"'):
        yield inside("resolutions", written)
    for written in ('"react@1": "^1.2.3"', '"parent>react": "1.2.3"', '"react": "-"'):
        yield inside("pnpm.overrides", written)
    extension = '"parent@1": { "dependencies": { "react": "^1.2.3" } }'
    yield inside("pnpm.packageExtensions", extension)
    yield inside("workspaces.catalog", '"react": "^1.2.3"')
    yield inside("workspaces.catalogs", '"old": { "react": "^1.2.3" }')
    for section, written in (
        ("workspaces", '"workspaces": ["packages/react"]'),
        ("packageManager", '"packageManager": "pnpm@1.2.3"'),
        ("packageManager", '"packageManager": "yarn@1.2.3+sha1.0a1b2c"'),
    ):
        yield Form(file="package.json", section=section, written=written, place="{ <> }")


def _yaml() -> Iterator[Form]:
    for file, places in {
        "pnpm-workspace.yaml": {
            "catalog": ("react: ^1.2.3", "react: npm:preact@^1.0.0"),
            "catalogs.old": ("react: 1.2.3",),
            "overrides": ("react@1: ^1.2.3", "parent>react: 1.2.3"),
        },
        ".yarnrc.yml": {"catalog": ("react: ^1.2.3",), "catalogs.old": ("react: npm:~1.2",)},
    }.items():
        for section, every in places.items():
            names = section.split(".")
            opened = "".join(f"{'  ' * depth}{name}:\n" for depth, name in enumerate(names))
            for written in every:
                place = f"{opened}{'  ' * len(names)}<>\n"
                yield Form(file=file, section=section, written=written, place=place)


def _requirements() -> Iterator[Form]:
    for written in (
        *(
            "django",
            "django==1.2.3",
            "django~=1.2",
            "django>=1,<2",
            "django==1.*",
            "django===1.2.3",
        ),
        "django[argon2]>=1 ; python_version >= '3.10'",
        "django==1.2.3 --hash=sha256:" + "0" * 64,
        *("django @ https://files.example/django-1.0.zip", "django @ file:///srv/django"),
        *("https://files.example/django-1.0.zip", "./django", "-e ./django"),
        *("-e git+https://code.example/django.git#egg=django", "-r base.txt", "-c limits.txt"),
        "--index-url https://registry.example/simple/",
    ):
        around = {"base.txt": "", "limits.txt": ""}
        yield Form(
            file="requirements.txt", section="", written=written, place="<>\n", around=around
        )
    yield Form(file="constraints.txt", section="", written="django<2", place="<>\n")
    for file in ("requirements.in", "dev.in"):
        yield Form(file=file, section="", written="django<2", place="<>\n")


def _pyproject() -> Iterator[Form]:
    def inside(section: str, written: str, place: str = "") -> Form:
        table, _, key = section.rpartition(".")
        place = place or f"[{table}]\n{key} = [<>]\n"
        return Form(file="pyproject.toml", section=section, written=written, place=place)

    def keyed(section: str, written: str) -> Form:
        return inside(section, written, f"[{section}]\n<>\n")

    for written in (
        *('"django"', '"django>=1,<2"', "\"django[argon2]~=1.2 ; python_version < '3.12'\""),
        '"django @ https://files.example/django-1.0.zip"',
    ):
        yield inside("project.dependencies", written)
    yield inside("project.optional-dependencies.web", '"django>=1"')
    yield inside("dependency-groups.test", '"django>=1"')
    yield inside(
        "dependency-groups.test",
        '{ include-group = "web" }',
        '[dependency-groups]\nweb = ["django>=1"]\ntest = [<>]\n',
    )
    yield inside("build-system.requires", '"django>=1"')
    for written in (
        *('django = "^1.2"', 'django = "~1.2"', 'django = "*"', 'django = "1.2.3"'),
        'django = { version = "^1.2", extras = ["argon2"], optional = true }',
        'django = [{ version = "^1.2", python = "<3.12" }, { version = "^2", python = ">=3.12" }]',
        'django = { git = "https://code.example/django.git", tag = "v1" }',
        'django = { path = "../django", develop = true }',
        'django = { url = "https://files.example/django-1.0.zip" }',
    ):
        yield keyed("tool.poetry.dependencies", written)
    yield inside(
        "tool.poetry.dependencies",
        'django = { version = "^1.2", source = "private" }',
        "[tool.poetry.dependencies]\n<>\n"
        '[[tool.poetry.source]]\nname = "private"\nurl = "https://registry.example/simple/"\n',
    )
    yield keyed("tool.poetry.group.test.dependencies", 'django = "^1.2"')
    yield keyed("tool.poetry.dev-dependencies", 'django = "^1.2"')
    yield keyed("tool.poetry.requires-plugins", 'django = "^1.2"')
    for name in ("dev", "constraint", "override", "build-constraint"):
        yield inside(f"tool.uv.{name}-dependencies", '"django>=1"')
    for source in (
        *('{ git = "https://code.example/django.git", branch = "main" }', '{ path = "../django" }'),
        *('{ url = "https://files.example/django-1.0.zip" }', '{ index = "private" }'),
        "{ workspace = true }",
    ):
        member = '[tool.uv.workspace]\nmembers = ["packages/django"]\n' * ("workspace" in source)
        place = (
            '[project]\ndependencies = ["django"]\n[tool.uv.sources]\n<>\n[[tool.uv.index]]\n'
            f'name = "private"\nurl = "https://registry.example/simple/"\n{member}'
        )
        yield Form(
            file="pyproject.toml",
            section="tool.uv.sources",
            written=f"django = {source}",
            place=place,
            subject='"django"',
            around={
                "pyproject.toml": place.replace("<>", f"django = {source}"),
                "packages/django/pyproject.toml": '[project]\nname = "django"\n',
            },
        )
    for written in ('"django>=1"', '"-e file:///${PROJECT_ROOT}/django#egg=django"'):
        yield inside("tool.pdm.dev-dependencies.test", written)
    for section in ("envs.test.dependencies", "envs.test.extra-dependencies", "build.dependencies"):
        yield inside(f"tool.hatch.{section}", '"django>=1"')
    yield inside("tool.hatch.envs.test.dependencies", '"django @ {root:uri}/django"')


def _other_toml() -> Iterator[Form]:
    for written in (
        *('django = "*"', 'django = "~=1.2"', 'django = "==1.2.3"'),
        '"django[argon2]" = ">=1"',
        "django = \"<2 ; python_version < '3.12'\"",
        'django = { version = ">=1", extras = ["argon2"], index = "private" }',
        'django = { git = "https://code.example/django.git", ref = "main" }',
        'django = { path = "./django", editable = true }',
    ):
        yield Form(file="Pipfile", section="packages", written=written, place="[packages]\n<>\n")
    place = "[dev-packages]\n<>\n"
    yield Form(file="Pipfile", section="dev-packages", written='django = "*"', place=place)
    place = "[envs.test]\ndependencies = [<>]\n"
    section = "envs.test.dependencies"
    yield Form(file="hatch.toml", section=section, written='"django>=1"', place=place)
    place = "# /// script\n# dependencies = [<>]\n# ///\n"
    yield Form(file="script.py", section="dependencies", written='"django>=1"', place=place)


FLOORS = (
    ("package.json", '{ "engines": { "node": ">=18" } }'),
    ("pyproject.toml", '[project]\nrequires-python = ">=3.10"\n'),
    ("pyproject.toml", '[tool.poetry.dependencies]\npython = "^3.10"\n'),
    ("Pipfile", '[requires]\npython_version = "3.10"\n'),
    ("script.py", '# /// script\n# requires-python = ">=3.10"\n# ///\n'),
)
"""What says on which runtime a project runs: a file, and what is written in it."""
