"""Which services are asked about whose packages."""

from dataclasses import replace

import pytest

from registry_lsp.core.ports.services import Companions
from registry_lsp.core.settings import Service, Services, leaves
from registry_lsp.ecosystems import discover
from registry_lsp.services.companions import companions
from support.answers import Answers

OFF = Service(enabled=False)


@pytest.mark.parametrize("ecosystem", discover(), ids=lambda each: each.name)
def test_every_ecosystem_names_its_services_as_their_settings_are_called(ecosystem):
    settings = {leaf.name for leaf in leaves([]) if leaf.name.startswith("services.")}
    for name in ecosystem.services:
        assert f"services.{name}.url" in settings
    found = companions(ecosystem.services, Services(), Answers({}), ecosystem.normalise)
    assert len([each for each in (found.downloads, found.directory) if each is not None]) == len(
        ecosystem.services
    )


def test_what_is_switched_off_or_not_named_is_not_there():
    names = {"npmDownloads", "pypiDownloads", "djangoPackages"}
    settings = Services(npm_downloads=OFF, pypi_downloads=OFF, django_packages=OFF)
    assert companions(names, settings, Answers({}), str.lower) == Companions()
    assert companions((), Services(), Answers({}), str.lower) == Companions()


def test_a_service_is_where_its_setting_says():
    own = replace(Services(), npm_downloads=Service(url="https://counts.example/own"))
    found = companions({"npmDownloads"}, own, Answers({}), str.lower)
    assert found.downloads.url == "https://counts.example/own/"
    assert found.downloads.is_own
