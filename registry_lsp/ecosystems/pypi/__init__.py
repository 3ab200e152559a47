"""Python: requirements files and ``pyproject.toml``, and package indexes."""

from __future__ import annotations

from urllib.parse import quote

from registry_lsp.core.manifests import Role
from registry_lsp.core.packages import PackageId
from registry_lsp.core.ports.ecosystem import Ecosystem
from registry_lsp.core.ports.inclusion import Inclusion
from registry_lsp.ecosystems.pypi.config.routes import routes
from registry_lsp.ecosystems.pypi.manifests.hatch import HATCH_TOML
from registry_lsp.ecosystems.pypi.manifests.nameless import SPOKEN, nameless
from registry_lsp.ecosystems.pypi.manifests.pipfile import PIPFILE
from registry_lsp.ecosystems.pypi.manifests.pyproject import PYPROJECT
from registry_lsp.ecosystems.pypi.manifests.scripts import SCRIPT
from registry_lsp.ecosystems.pypi.manifests.slots import slot
from registry_lsp.ecosystems.pypi.names import normalise
from registry_lsp.ecosystems.pypi.project.roles import may_include, role_of
from registry_lsp.ecosystems.pypi.project.survey import survey
from registry_lsp.ecosystems.pypi.registry.adapter import PypiRegistry
from registry_lsp.ecosystems.pypi.requirements.requirements_txt import CONSTRAINTS, REQUIREMENTS
from registry_lsp.ecosystems.pypi.requirements.sources import SOURCES
from registry_lsp.ecosystems.pypi.samples import SAMPLES
from registry_lsp.ecosystems.pypi.versions.dialects import SCHEMES
from registry_lsp.ecosystems.pypi.well_known import WELL_KNOWN
from registry_lsp.endpoints import PYPI_INDEX, PYPI_WEBSITE


def package_page(id: PackageId, version: str | None) -> str | None:
    """The public index's page on a project; nobody knows the pages of any other index."""
    if id.registry.url != PYPI_INDEX:
        return None
    page = f"{PYPI_WEBSITE}project/{quote(id.name, safe='', errors='replace')}/"
    return page if version is None else f"{page}{quote(version, safe='+!', errors='replace')}/"


ECOSYSTEM = Ecosystem(
    name="pypi",
    runtime_name="Python",
    aliases=("python", "pip"),
    formats=(REQUIREMENTS, CONSTRAINTS, SOURCES, PYPROJECT, PIPFILE, HATCH_TOML, SCRIPT),
    nameless=nameless,
    spoken=SPOKEN,
    inclusion=Inclusion(
        by=(REQUIREMENTS, CONSTRAINTS, SOURCES),
        formats={Role.REQUIREMENTS: REQUIREMENTS, Role.CONSTRAINTS: CONSTRAINTS},
        role_of=role_of,
        may_include=may_include,
    ),
    schemes=SCHEMES,
    normalise=normalise,
    routes=routes,
    survey=survey,
    registry=PypiRegistry,
    slot=slot,
    dependency_kinds=("runtime", "optional"),
    services=frozenset({"pypiDownloads", "djangoPackages"}),
    well_known=WELL_KNOWN,
    package_page=package_page,
    osv_name="PyPI",
    beside=(
        "**/{pyproject.toml,Pipfile,Pipfile.lock,uv.lock,poetry.lock,pdm.lock,pylock*.toml,*.py.lock}",
        "**/{uv.toml,poetry.toml,pdm.toml,.pdm.toml,pip.conf,pip.ini,hatch.toml}",
        "**/{.python-version,pyvenv.cfg}",
        "**/*{requirements,constraints}*.{txt,in}",
        "**/requirements/*.{txt,in}",
    ),
    samples=SAMPLES,
)
