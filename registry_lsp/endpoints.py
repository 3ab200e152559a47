"""The public services' default addresses: product constants, named here and nowhere else."""

from __future__ import annotations

from types import MappingProxyType

NPM_REGISTRY = "https://registry.npmjs.org/"
"""The public npm registry."""

NPM_WEBSITE = "https://www.npmjs.com/"
"""Where people read about an npm package: ``package/<name>`` below it."""

PYPI_INDEX = "https://pypi.org/simple/"
"""The public Python Package Index, as pip takes it (PEP 503)."""

YARN_REGISTRY = "https://registry.yarnpkg.com/"
"""Yarn's own name for the public npm registry."""

JSR_REGISTRY = "https://npm.jsr.io/"
"""JSR's packages as npm's protocol has them: those of the scope ``@jsr``."""

PUBLIC_REGISTRIES = frozenset({NPM_REGISTRY, YARN_REGISTRY, JSR_REGISTRY, PYPI_INDEX})
"""Registries whose packages are known to everybody."""

PYPI_WEBSITE = "https://pypi.org/"
"""Where people read about a Python project: ``project/<name>/`` below it."""

CODE_HOSTS = MappingProxyType(
    {
        "github": "https://github.com/",
        "gitlab": "https://gitlab.com/",
        "bitbucket": "https://bitbucket.org/",
        "gist": "https://gist.github.com/",
        "sourcehut": "https://git.sr.ht/",
    }
)
"""Where repositories live that npm manifests name in short, such as ``gitlab:owner/name``."""

JSR_WEBSITE = "https://jsr.io/"
"""Where people read about a package of JSR's: ``@<scope>/<name>`` below it."""

OSV = "https://api.osv.dev/"
"""The Open Source Vulnerabilities database: ``v1/querybatch`` and ``v1/vulns/<id>`` below it."""

OSV_WEBSITE = "https://osv.dev/"
"""Where people read about an advisory: ``vulnerability/<id>`` below it."""

NPM_DOWNLOADS = "https://api.npmjs.org/"
"""npm's download counts: ``downloads/point/<period>/<name>`` below it."""

PYPI_DOWNLOADS = "https://pypistats.org/"
"""Download counts of Python packages: ``api/packages/<name>/recent`` below it."""

DJANGO_PACKAGES = "https://djangopackages.org/"
"""Django Packages: ``api/v4/`` below it, and for people ``packages/p/<slug>/``."""
