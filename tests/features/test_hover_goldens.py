"""The hovers of ten real packages, as they are read: a picture of each is kept, and looked at.

The registries' answers are recorded (``tests/goldens/record.py``); what services say beside them is
scripted, for four of the packages a second time. Where a hover is meant to look another way,
``REGISTRY_LSP_GOLDENS=write`` writes the pictures anew.
"""

from __future__ import annotations

import os
import re
from copy import deepcopy

import pytest

from registry_lsp.endpoints import CODE_HOSTS
from support.osv import Osv, record
from support.pictures import FOLDER, ROOT, SERVICES, Stubs, picture, recorded
from support.services import Services, attestations, entry, provenance

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

GRIDS = {str(each): {"title": f"Grid {each}", "slug": f"grid-{each}"} for each in range(11, 16)}
LISTED = entry(
    "django-filter",
    "django-filter",
    SERVICES,
    title="django-filter",
    repo_watchers=4_560,
    repo_forks=781,
    grids=[f"{SERVICES}api/v4/grids/{each}/" for each in GRIDS],
    commits_over_52=[0, 3, 1, 0] * 10 + [2, 0, 9, 12, 1, 0, 0, 0, 0, 1, 5, 2],
    participants=[f"person-{each}" for each in range(190)],
)


def graded(word, vector=None):
    """The fields that say how grave a record is: a vector, and the database's own word."""
    vectors = [{"type": "CVSS_V3", "score": vector}] if vector else []
    return {"severity": vectors, "database_specific": {"severity": word}}


FORGERY = record(
    "GHSA-aaaa-1111-2222",
    "npm",
    "request",
    aliases=["CVE-2023-0001"],
    summary="Server-side request forgery by way of a redirect to another <protocol>",
    **graded("MODERATE", "CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N"),
)
LEAKS = [
    record(
        "GHSA-bbbb-1111-2222",
        "PyPI",
        "requests",
        fixed="2.32.1",
        aliases=["CVE-2024-0002", "PYSEC-2024-2"],
        summary="A session goes on with an unverified certificate",
        **graded("MODERATE", "CVSS:3.1/AV:L/AC:H/PR:H/UI:R/S:U/C:H/I:H/A:N"),
    ),
    record(
        "PYSEC-2024-2", "PyPI", "requests", fixed="2.32.1", aliases=["CVE-2024-0002"], details="x"
    ),
    record(
        "GHSA-cccc-1111-2222",
        "PyPI",
        "requests",
        fixed="2.34.0",
        summary="Credentials from the netrc are sent to another host",
        **graded("CRITICAL"),
    ),
]
WHOLE = {
    "npm-react": Stubs(
        services=Services(npm={"react": 48_123_456}),
        beside={
            "npm/signed/17.0.2": attestations(f"{CODE_HOSTS['github']}react/react", "publish.yml")
        },
        told=("downloads", "provenance"),
    ),
    "npm-request": Stubs(
        services=Services(npm={"request": 15_400_000}),
        osv=Osv(
            records={FORGERY["id"]: FORGERY},
            about={("npm", "request", "2.88.0"): [FORGERY["id"]]},
        ),
        told=("downloads",),
    ),
    "pypi-requests": Stubs(
        services=Services(pypi={"requests": 312_000_000}),
        osv=Osv(
            records={each["id"]: each for each in LEAKS},
            about={("PyPI", "requests", "2.32.0"): [each["id"] for each in LEAKS]},
        ),
        told=("downloads",),
    ),
    "pypi-django-filter": Stubs(
        services=Services(
            pypi={"django-filter": 3_210_000},
            packages={"django-filter": LISTED},
            grids=GRIDS,
            categories={"1": {"title": "App", "title_plural": "Apps", "slug": "apps"}},
        ),
        beside={
            "signed/django_filter-26.2-py3-none-any.whl/provenance": provenance(
                "carltongibson/django-filter", "pypi.yml"
            )
        },
        told=("downloads", "listing", "provenance"),
    ),
}
"""What is told beside the documents of some of them: the words are made up."""

NAMES = (*CASES, *(f"{name}-whole" for name in WHOLE))


def signed(answers):
    """*answers* of a registry that tells, for each release, where its attestations are."""
    answers = deepcopy(answers)
    for document in answers.values():
        if "dist-tags" in document:
            for version, manifest in document["versions"].items():
                manifest["dist"] = {"attestations": {"url": f"{ROOT}npm/signed/{version}"}}
        for file in document.get("files", ()):
            file["provenance"] = f"{ROOT}signed/{file['filename']}/provenance"
    return answers


@pytest.mark.parametrize("name", NAMES)
async def test_the_hover_of_a_real_package(name):
    golden = FOLDER / "hovers" / f"{name}.md"
    case = name.removesuffix("-whole")
    if case == name:
        text = await picture(*CASES[name], recorded(name))
    else:
        text = await picture(*CASES[case], signed(recorded(case)), WHOLE[case])
    if os.environ.get("REGISTRY_LSP_GOLDENS") == "write":
        golden.write_text(text, encoding="utf-8", newline="\n")
    assert text == golden.read_text("utf-8")


@pytest.mark.parametrize("name", NAMES)
def test_a_hover_is_short_and_says_nothing_twice(name):
    text = (FOLDER / "hovers" / f"{name}.md").read_text("utf-8")
    blocks = text.strip().split("\n\n")
    assert len(text) < 2_500
    assert len(blocks) == len(set(blocks)) < 12
    assert "<" not in re.sub(r"`[^`]*`|\\<", "", text)  # no HTML
    links = [part.partition(")")[0] for part in text.split("](")[1:]]
    assert all(link.startswith(("https://", "http://")) for link in links)
    assert len({link.rstrip("/") for link in links}) == len(links)
