"""A project, a home and a machine for tests of npm's configuration."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from registry_lsp.core.manifests import Dependency, Manifest
from registry_lsp.core.packages import RegistryRef
from registry_lsp.core.ports.routes import Surroundings
from registry_lsp.core.text import Span
from registry_lsp.ecosystems.npm.config.routes import NpmRoutes, routes

_PLACE = Span(0, 0)
MANIFEST = "package.json"


def dependency(name: str) -> Dependency:
    return Dependency(
        name=name,
        display_name=name,
        name_span=_PLACE,
        specifier="*",
        specifier_span=_PLACE,
        span=_PLACE,
        section="dependencies",
        dialect="npm",
    )


@dataclass(kw_only=True)
class Place:
    """A machine with a home and a project; ``environ`` is its environment."""

    home: Path
    project: Path
    environ: dict[str, str] = field(default_factory=dict)
    platform: str = "linux"

    @classmethod
    def below(cls, folder: Path, manager: str = "") -> Place:
        """A place below *folder*, whose project asks for a *manager* such as ``pnpm@11.0.0``."""
        place = cls(home=folder / "home", project=folder / "work" / "project")
        place.home.mkdir(parents=True)
        wanted = f'{{"packageManager": "{manager}"}}' if manager else "{}"
        place.write(MANIFEST, wanted)
        return place

    def write(self, path: str, text: str) -> Path:
        """Write a file of the project; ``~/`` begins those at home."""
        at_home = path.startswith("~/")
        file = self.home / path[2:] if at_home else self.project / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        return file

    def routes(self, *, trusted: bool = False, url: str | None = None) -> NpmRoutes:
        return routes(
            Surroundings(
                folder=self.project,
                home=self.home,
                environ=self.environ,
                registry_url=url,
                trusted=trusted,
                platform=self.platform,
            )
        )

    def ref(
        self, name: str = "left", *, trusted: bool = False, url: str | None = None
    ) -> RegistryRef | None:
        """The registry that a package is asked of."""
        found = self.routes(trusted=trusted, url=url)
        return found.registry_for(dependency(name), Manifest())

    def why(self, name: str = "left", *, trusted: bool = False) -> str:
        """Why nobody is asked for a package."""
        return self.routes(trusted=trusted).why_unknown(dependency(name), Manifest()) or ""

    def goes(self, name: str = "left", *, trusted: bool = False) -> tuple[str, str | None] | None:
        """Where a package is asked for, and with which credential."""
        ref = self.ref(name, trusted=trusted)
        if ref is None:
            return None
        return ref.url, ref.authorization.value if ref.authorization else None
