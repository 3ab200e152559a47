"""A small valid manifest of each format: what the contract tests read."""

from __future__ import annotations

from types import MappingProxyType

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

SAMPLES = MappingProxyType(
    {
        "pnpm-workspace.yaml": _PNPM_SAMPLE,
        ".yarnrc.yml": _YARN_SAMPLE,
        "package.json": _SAMPLE,
    }
)
"""By file name."""
