"""Who can be reached now: the hosts that are asked, and the services beside the registries."""

from __future__ import annotations

from collections.abc import Sequence

from registry_lsp.core.ports.http import Hosts, Pause
from registry_lsp.core.ports.services import AskedService
from registry_lsp.session.advisories import AdvisoryIndex
from registry_lsp.session.services import Services


class Reach:
    """All whom a session asks."""

    def __init__(
        self, hosts: Sequence[Hosts], advisories: AdvisoryIndex, services: Services
    ) -> None:
        self._hosts = tuple(hosts)
        self._advisories = advisories
        self._services = services

    def reopen(self) -> None:
        """Ask those again who are left alone because they did not answer."""
        for each in self._hosts:
            each.reopen()

    @property
    def paused(self) -> tuple[Pause, ...]:
        """The hosts that are left alone now."""
        of_hosts = (pause for each in self._hosts for pause in each.paused)
        return (*of_hosts, *self._services.paused)

    @property
    def beside(self) -> tuple[AskedService, ...]:
        """Who is asked beside the registries."""
        service = self._advisories.service
        return (*(() if service is None else (service,)), *self._services.asked)
