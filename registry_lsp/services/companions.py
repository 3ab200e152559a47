"""Which services are asked about the packages of an ecosystem, by the settings."""

from __future__ import annotations

from collections.abc import Callable, Container

from registry_lsp.core.ports.http import Http
from registry_lsp.core.ports.services import Companions, DirectoryService, DownloadService
from registry_lsp.core.settings import Services
from registry_lsp.services.django_packages import DjangoPackages
from registry_lsp.services.downloads import NpmDownloads, PypiDownloads


def companions(
    names: Container[str], settings: Services, http: Http, normalise: Callable[[str], str]
) -> Companions:
    """Those of the services *names* (as their settings are called) that may be asked.

    *normalise* is how names of the ecosystem's packages are compared.
    """
    downloads: DownloadService | None = None
    directory: DirectoryService | None = None
    if NpmDownloads.name in names and settings.npm_downloads.enabled:
        downloads = NpmDownloads(http, settings.npm_downloads.url)
    if PypiDownloads.name in names and settings.pypi_downloads.enabled:
        downloads = PypiDownloads(http, settings.pypi_downloads.url)
    if DjangoPackages.name in names and settings.django_packages.enabled:
        directory = DjangoPackages(http, settings.django_packages.url, normalise=normalise)
    return Companions(downloads=downloads, directory=directory)
