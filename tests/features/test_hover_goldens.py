"""The hovers of ten real packages, as they are read: a picture of each is kept, and looked at.

The registries' answers are recorded (``tests/goldens/record.py``). Where a hover is meant to look
another way, ``REGISTRY_LSP_GOLDENS=write`` writes the pictures anew.
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from registry_lsp.core.packages import Found
from registry_lsp.core.ports import Alone, Surroundings
from registry_lsp.core.text import Snapshot
from registry_lsp.ecosystems import discover
from registry_lsp.endpoints import CODE_HOSTS
from registry_lsp.features.hovers.build import build
from registry_lsp.features.markup import Markdown
from registry_lsp.net.cache import DiskCache
from registry_lsp.session.advisories import AdvisoryIndex
from registry_lsp.session.documents import Document, recogniser
from registry_lsp.session.packages import PackageIndex
from registry_lsp.session.verdicts import Judge
from support.answers import Answers, says

FOLDER = Path(__file__).parents[1] / "goldens"
ROOT = "https://registry.example/"
NOW = 1_796_000_000.0

CASES = {
    "npm-react": ("package.json", '{"dependencies": {"react": "^17.0.2"}}'),
    "npm-express": ("package.json", '{"dependencies": {"express": "~4.18.2"}}'),
    "npm-request": ("package.json", '{"dependencies": {"request": "2.88.0"}}'),
    "npm-@babel-core": ("package.json", '{"devDependencies": {"@babel/core": "^7.26.0"}}'),
    "npm-typescript": ("package.json", '{"devDependencies": {"typescript": "*"}}'),
    "pypi-requests": ("requirements.txt", "requests==2.32.0\n"),
    "pypi-django": ("requirements.txt", "django>=4.2,<5\n"),
    "pypi-attrs": ("pyproject.toml", '[project]\ndependencies = ["attrs==21.1.0"]\n'),
    "pypi-numpy": (
        "pyproject.toml",
        '[project]\nrequires-python = ">=3.9"\ndependencies = ["numpy~=1.26"]\n',
    ),
    "pypi-django-filter": ("pyproject.toml", '[tool.poetry.dependencies]\ndjango-filter = "*"\n'),
}


HOSTS = {f"{name}.example": urlsplit(url).netloc for name, url in CODE_HOSTS.items()}
"""What stands for the code hosts in what is recorded: the adapter knows them by name."""


def real(text: str) -> str:
    """What was recorded, with the code hosts as they are called."""
    for name, host in HOSTS.items():
        text = text.replace(name, host)
    return text


def as_told(text: str) -> str:
    """The other way round: no test names them."""
    for name, host in HOSTS.items():
        text = text.replace(host, name)
    return text


async def hover(name: str) -> str:
    """The hover over the one dependency of a case, as Markdown."""
    path, text = CASES[name]
    recorded = json.loads(real((FOLDER / "documents" / f"{name}.json").read_text("utf-8")))
    http = Answers({ROOT + place: says(answer) for place, answer in recorded.items()})
    ecosystems = discover()
    ecosystem, format = recogniser(ecosystems)(Path(path))
    place = {"npm": "npm/", "pypi": "simple/"}[ecosystem.name]
    surroundings = Surroundings(
        folder=None, home=Path("nowhere"), environ={}, registry_url=ROOT + place
    )
    document = Document(
        snapshot=Snapshot(uri=f"untitled:{path}", version=1, text=text),
        path=Path(path),
        ecosystem=ecosystem,
        format=format,
        routes=ecosystem.routes(surroundings),
        project=Alone(),
    )
    (dependency,) = document.manifest.dependencies
    cache = DiskCache(None)
    packages = PackageIndex({ecosystem.name: ecosystem.registry(http)}, cache, clock=lambda: NOW)
    try:
        found = await packages.fetch(document.id_of(dependency), full=True)
        assert isinstance(found, Found)
        assessment = Judge(packages, AdvisoryIndex.nobody()).judge_one(document, dependency)
        wanted = await packages.metadata(found.package.id, assessment.verdict.wanted.version)
        text = build(document, assessment, Markdown(), wanted=wanted, now=NOW) + "\n"
    finally:
        await packages.aclose()
        await cache.close()
    return as_told(text)


@pytest.mark.parametrize("name", CASES)
async def test_the_hover_of_a_real_package(name):
    golden = FOLDER / "hovers" / f"{name}.md"
    text = await hover(name)
    if os.environ.get("REGISTRY_LSP_GOLDENS") == "write":
        golden.write_text(text, encoding="utf-8", newline="\n")
    assert text == golden.read_text("utf-8")


@pytest.mark.parametrize("name", CASES)
def test_a_hover_is_short_and_says_nothing_twice(name):
    text = (FOLDER / "hovers" / f"{name}.md").read_text("utf-8")
    blocks = text.strip().split("\n\n")
    assert len(text) < 2_500
    assert len(blocks) == len(set(blocks)) < 12
    assert "<" not in re.sub(r"`[^`]*`|\\<", "", text)  # no HTML
    links = [part.partition(")")[0] for part in text.split("](")[1:]]
    assert all(link.startswith(("https://", "http://")) for link in links)
    assert len({link.rstrip("/") for link in links}) == len(links)
