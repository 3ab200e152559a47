"""A small valid manifest of each format: what the contract tests read."""

from __future__ import annotations

from types import MappingProxyType

_REQUIREMENTS = """\
# what the sample needs
--index-url https://registry.example/simple/
-r base.txt
requests[socks, security] >= 2.28, < 3 ; python_version >= "3.9"
Django~=4.2  # the LTS
pinned==1.2.3 \\
    --hash=sha256:0000000000000000000000000000000000000000000000000000000000000000
bare
direct @ https://files.example/direct-1.0.tar.gz
./local/package
-e git+https://code.example/editable.git#egg=editable
"""

_SOURCES = """\
-c constraints.txt
-r base.in
pytest>=8
ruff
"""

_CONSTRAINTS = """\
# what else must not move
urllib3<3
Django==4.2.1 ; python_version >= "3.9"
"""

_PYPROJECT = """\
[build-system]
requires = ["hatchling>=1.27"]

[project]
name = "sample"
requires-python = ">=3.10"
dependencies = [
    "requests[socks]>=2.28,<3",
    'tomli>=2; python_version < "3.11"',  # the standard library's twin
    "bare",
]

[project.optional-dependencies]
fast = ["orjson~=3.9"]

[dependency-groups]
test = ["pytest==8.*", { include-group = "lint" }]
lint = ["ruff"]

[tool.poetry.dependencies]
python = "^3.10"
caret = "^1.4"
tilde = { version = "~2.0", extras = ["more"], optional = true }
from-git = { git = "https://code.example/repository.git", tag = "v1" }

[tool.poetry.group.dev.dependencies]
black = "*"

[tool.uv]
constraint-dependencies = ["urllib3<3"]

[tool.uv.sources]
bare = { workspace = true }

[tool.pdm.dev-dependencies]
doc = ["sphinx>=7", "-e file:///${PROJECT_ROOT}/theme#egg=theme"]

[tool.hatch.envs.lint]
dependencies = ["mypy~=1.18"]
"""

_PIPFILE = """\
[[source]]
name = "public"
url = "https://registry.example/simple"
verify_ssl = true

[packages]
requests = { version = ">=2.28,<3", extras = ["socks"] }
Django = "~=4.2"  # the LTS
pinned = "1.2.3"
anything = "*"
from-git = { git = "https://code.example/repository.git", ref = "v1" }
here = { path = ".", editable = true }

[dev-packages]
pytest = "==8.*"

[requires]
python_version = "3.11"
"""

_HATCH_TOML = """\
[envs.test]
dependencies = ["pytest>=8", "sibling @ {root:parent:uri}/sibling"]
extra-dependencies = ["coverage[toml]~=7.6"]

[envs.test.overrides]
matrix.version.dependencies = [{ value = "django==4.2.*", if = ["4"] }]

[build.targets.wheel.hooks.custom]
dependencies = ["hatch-build-scripts"]
"""

_SCRIPT = """\
#!/usr/bin/env python3
# A script that says itself what it needs.

# /// script
# requires-python = ">=3.11"
# dependencies = [
#     "requests[socks]>=2.28,<3",  # for the proxy
#
#     "rich",
# ]
#
# [tool.uv.sources]
# rich = { git = "https://code.example/rich.git", rev = "main" }
# ///

import requests
"""

SAMPLES = MappingProxyType(
    {
        "requirements.txt": _REQUIREMENTS,
        "constraints.txt": _CONSTRAINTS,
        "dev.in": _SOURCES,
        "Pipfile": _PIPFILE,
        "hatch.toml": _HATCH_TOML,
        "script.py": _SCRIPT,
        "pyproject.toml": _PYPROJECT,
    }
)
"""By file name."""
