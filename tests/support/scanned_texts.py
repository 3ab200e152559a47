"""Manifests as people write them, for the scanners and the formats that read them.

Each has what makes scanning hard: escapes, comments, nesting, several kinds of strings.
"""

from __future__ import annotations

import json

PACKAGE_JSON = r"""{
  "name": "demo",
  "version": "1.0.0",
  "private": true,
  "description": "caf\u00e9 \ud83d\ude80 — 🚀 \"quoted\", C:\\x",
  "scripts": {
    "build": "tsc -p . && echo \"done\"",
    "test": "jest --coverage"
  },
  "engines": { "node": ">=18" },
  "files": ["dist", "src"],
  "dependencies": {
    "@scope/pkg": "npm:other@^1.0.0",
    "react": "^18.2.0",
    "lodash": "~4.17.21"
  },
  "devDependencies": {
    "typescript": "5.x",
    "jest": "^29.0.0 || ^30.0.0"
  },
  "peerDependencies": {"vue": "3"},
  "peerDependenciesMeta": {"vue": {"optional": true}},
  "jest": {"testMatch": [["a", {"b": [1, -2.5e3, null]}]]}
}
"""

PACKAGE_JSON_LAYOUTS = {
    "two spaces": PACKAGE_JSON,
    "tabs and CRLF": json.dumps(json.loads(PACKAGE_JSON), indent="\t").replace("\n", "\r\n"),
    "four spaces": json.dumps(json.loads(PACKAGE_JSON), indent=4, ensure_ascii=False),
    "one line": json.dumps(json.loads(PACKAGE_JSON)),
    "no space at all": json.dumps(json.loads(PACKAGE_JSON), separators=(",", ":")),
    "no indent": json.dumps(json.loads(PACKAGE_JSON), indent=0),
}
"""The same package in the layouts that tools write."""

PYPROJECT = '''# a project with everything

[build-system]
requires = ["hatchling>=1.27", "hatch-vcs"]
build-backend = "hatchling.build"

[project]
name = "demo"
description = """
A demo, caf\\u00e9 🚀 \\
    of [things] = "all".
"""
requires-python = ">=3.9"
dependencies = [
    "httpx[http2]>=0.28,<1",
    # a comment, with "quotes"
    "packaging >= 24 ; python_version < '3.12'",
    'tomli>=2; python_version < "3.11"',
    "django @ https://registry.example/x.whl",
]
urls = { home = "https://registry.example/", docs = "x" }

[project.optional-dependencies]
cli = ["rich>=13", "click"]
dev = [
    "ruff[a]",
    "mypy==1.0",
]

[dependency-groups]
test = ["pytest>=8", {include-group = "lint"}]
lint = [
  "black",
]

[tool.other]
x = [
  [1, 2],
  [3],
]

[tool.poetry.dependencies]
python = "^3.9"
requests = "^2.31" # why
flask = { version = "^3", extras = ["async"], optional = true }
"zope.interface" = "*"
multi = [
    {version = "<=1.9", python = ">=3.6,<3.8"},
    {version = "^2.0", python = ">=3.8"}
]
django = {version = "^5"}

[tool.poetry.group.dev.dependencies]
pytest = "^8"
coverage = {version = "*", extras = ["toml"]}

[[tool.poetry.source]]
name = "private"
url = "https://registry.example/simple"
'''

PYPROJECT_LAYOUTS = {
    "as written": PYPROJECT,
    "CRLF": PYPROJECT.replace("\n", "\r\n"),
    "tabs": PYPROJECT.replace("    ", "\t"),
}
"""The same project with other blanks and line ends."""
