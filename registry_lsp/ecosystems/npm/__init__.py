"""npm: ``package.json`` and registries that speak npm's protocol."""

from __future__ import annotations

from types import MappingProxyType
from urllib.parse import quote

from registry_lsp.core.packages import PackageId
from registry_lsp.core.ports import Ecosystem
from registry_lsp.ecosystems.npm.config.routes import routes
from registry_lsp.ecosystems.npm.manifests.package_json import PackageJson
from registry_lsp.ecosystems.npm.manifests.package_manager import EXACT_DIALECT, ExactScheme
from registry_lsp.ecosystems.npm.manifests.pnpm_workspace import PnpmWorkspace
from registry_lsp.ecosystems.npm.manifests.specifier import normalise
from registry_lsp.ecosystems.npm.manifests.yarn_settings import YarnSettings
from registry_lsp.ecosystems.npm.project.catalogs import PNPM_WORKSPACE, YARN_SETTINGS
from registry_lsp.ecosystems.npm.project.survey import survey
from registry_lsp.ecosystems.npm.registry.adapter import NpmRegistry
from registry_lsp.ecosystems.npm.versions.scheme import NpmScheme
from registry_lsp.endpoints import NPM_REGISTRY, NPM_WEBSITE

_SAMPLE = """\
{
  "name": "sample",
  "version": "1.0.0",
  "engines": { "node": ">=18" },
  "packageManager": "npm@11.0.0+sha512.0a1b2c",
  "devEngines": { "packageManager": { "name": "npm", "version": ">=11" } },
  "workspaces": {
    "packages": ["packages/*", "tools/build"],
    "catalog": { "shared": "^2.0.0" },
    "catalogs": { "old": { "shared": "~1.4" } }
  },
  "dependencies": {
    "left-pad": "^1.3.0",
    "@scope/tool": "~2.1.0 || >=3",
    "aliased": "npm:@scope/real@^4.0.0",
    "tagged": "next",
    "anything": "*",
    "from-git": "github:user/repository#v1",
    "from-disk": "file:../beside",
    "from-archive": "https://registry.example/archive-1.0.0.tgz",
    "from-workspace": "workspace:^",
    "from-catalog": "catalog:old",
    "from-elsewhere": "jsr:@scope/name@^1.0.0",
    "patched": "patch:patched@npm%3A1.0.0#./patches/patched.patch"
  },
  "devDependencies": { "escaped\\u002dname": "1.0.0" },
  "peerDependencies": { "peer": ">=16 <20" },
  "peerDependenciesMeta": { "peer": { "optional": true } },
  "optionalDependencies": { "maybe": "1.x" },
  "bundleDependencies": ["left-pad"],
  "overrides": {
    "left-pad": "$left-pad",
    "inner@^1": "1.2.3",
    "@scope/outer": { ".": "^3.0.0", "inner": ">=2 <3" }
  },
  "resolutions": { "parent/@scope/child": "~1.0.0", "**/inner": "npm:^1.1.0" },
  "pnpm": {
    "overrides": { "parent@1>child": "^2.0.0", "inner@<2": "npm:@scope/inner@^2.0.0", "gone": "-" },
    "packageExtensions": { "parent@1": { "peerDependencies": { "peer": "*" } } }
  }
}
"""

_PNPM_SAMPLE = """\
packages:
  - packages/*
  - "tools/build"

catalog:
  left-pad: ^1.3.0
  "@scope/tool": '~2.1.0 || >=3' # in quotes
  aliased: npm:@scope/real@^4.0.0
catalogs:
  old: {left-pad: ~1.2.0, "@scope/tool": "1.x"}
  empty:
overrides:
  parent@1>child: ^2.0.0
  inner@<2: 'catalog:'
  left-pad: $left-pad
  gone: '-'
packageExtensions:
  parent@1:
    peerDependencies:
      peer: '*'
    peerDependenciesMeta:
      peer:
        optional: true
configDependencies:
  settings: 1.0.0+sha512-0a1b2c==
"""
_YARN_SAMPLE = """\
nodeLinker: node-modules
catalog:
  left-pad: ^1.3.0
  "@scope/tool": "npm:^2.1.0"
catalogs:
  old:
    left-pad: 1.2
"""


def package_page(id: PackageId, version: str | None) -> str | None:
    """The public registry's page on a package; nobody knows the pages of any other registry."""
    if id.registry.url != NPM_REGISTRY:
        return None
    page = f"{NPM_WEBSITE}package/{quote(id.name, safe='@/', errors='replace')}"
    return page if version is None else f"{page}/v/{quote(version, safe='+', errors='replace')}"


ECOSYSTEM = Ecosystem(
    name="npm",
    runtime_name="Node.js",
    aliases=("node", "nodejs"),
    formats=(PackageJson(), PnpmWorkspace(), YarnSettings()),
    schemes=MappingProxyType({"npm": NpmScheme(), EXACT_DIALECT: ExactScheme()}),
    normalise=normalise,
    routes=routes,
    survey=survey,
    registry=NpmRegistry,
    package_page=package_page,
    samples=MappingProxyType(
        {
            PNPM_WORKSPACE: _PNPM_SAMPLE,
            YARN_SETTINGS: _YARN_SAMPLE,
            "package.json": _SAMPLE,
        }
    ),
)
