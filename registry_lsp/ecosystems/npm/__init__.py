"""npm: ``package.json`` and registries that speak npm's protocol."""

from __future__ import annotations

from types import MappingProxyType
from urllib.parse import quote

from registry_lsp.core.packages import PackageId
from registry_lsp.core.ports.ecosystem import Ecosystem
from registry_lsp.ecosystems.npm.config.routes import routes
from registry_lsp.ecosystems.npm.manifests.nameless import nameless
from registry_lsp.ecosystems.npm.manifests.package_json import PackageJson
from registry_lsp.ecosystems.npm.manifests.package_manager import EXACT_DIALECT, ExactScheme
from registry_lsp.ecosystems.npm.manifests.pnpm_workspace import PnpmWorkspace
from registry_lsp.ecosystems.npm.manifests.slots import slot
from registry_lsp.ecosystems.npm.manifests.specifier import normalise
from registry_lsp.ecosystems.npm.manifests.yarn_settings import YarnSettings
from registry_lsp.ecosystems.npm.project.survey import survey
from registry_lsp.ecosystems.npm.registry.adapter import NpmRegistry
from registry_lsp.ecosystems.npm.samples import SAMPLES
from registry_lsp.ecosystems.npm.versions.scheme import NpmScheme
from registry_lsp.endpoints import NPM_REGISTRY, NPM_WEBSITE, YARN_REGISTRY


def package_page(id: PackageId, version: str | None) -> str | None:
    """The public registry's page on a package; nobody knows the pages of any other registry."""
    if id.registry.url not in (NPM_REGISTRY, YARN_REGISTRY):
        return None
    page = f"{NPM_WEBSITE}package/{quote(id.name, safe='@/', errors='replace')}"
    return page if version is None else f"{page}/v/{quote(version, safe='+', errors='replace')}"


ECOSYSTEM = Ecosystem(
    name="npm",
    runtime_name="Node.js",
    aliases=("node", "nodejs"),
    formats=(PackageJson(), PnpmWorkspace(), YarnSettings()),
    nameless=nameless,
    schemes=MappingProxyType({"npm": NpmScheme(), EXACT_DIALECT: ExactScheme()}),
    normalise=normalise,
    routes=routes,
    survey=survey,
    registry=NpmRegistry,
    slot=slot,
    dependency_kinds=("runtime", "development", "peer", "optional"),
    services=frozenset({"npmDownloads"}),
    package_page=package_page,
    osv_name="npm",
    beside=(
        "**/{package.json,pnpm-workspace.yaml,.npmrc,.yarnrc,.yarnrc.yml,bunfig.toml}",
        "**/{package-lock.json,npm-shrinkwrap.json,yarn.lock,pnpm-lock.yaml,bun.lock,bun.lockb}",
    ),
    samples=SAMPLES,
)
