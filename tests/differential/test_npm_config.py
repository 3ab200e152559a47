"""Where npm sends a name and with which credential, held against npm's own ``@npmcli/config`` and
``npm-registry-fetch``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import pytest

from registry_lsp.core.manifests import Manifest
from registry_lsp.core.packages import RegistryRef, Transport
from registry_lsp.core.ports.routes import Surroundings
from registry_lsp.ecosystems.npm.config.routes import routes
from support.node import Question, ask_npm
from support.npm_configs import dependency

pytestmark = pytest.mark.node

NAMES = ("left", "@team/a", "@other/b")
_HOSTS = ("registry.example", "team.example:8443", "npm.example")
_PATHS = ("", "/", "/npm", "/npm/", "/npm/team/", "/np/")
_VALUES = ("t0ken", "dTpw", "${TOKEN}", "${NONE}", "${NONE?}", '"quoted"', "a;b", r"a\;b", "")
_ENVIRON = {"TOKEN": "from-environ", "HOST": "registry.example", "SCOPE": "team"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What every source says; ``environ`` is the environment."""

    number: int
    files: dict[str, str]
    environ: dict[str, str] = field(default_factory=dict)


def test_a_name_goes_where_npm_sends_it_and_as_npm_sends_it(tmp_path: Path):
    random = Random(20)
    cases = [_case(number, random) for number in range(400)]
    for case in cases:
        _write(case, tmp_path)
    answers = ask_npm(
        Question(
            "routes",
            (str(_project(case, tmp_path)), str(_home(case, tmp_path)), case.environ, NAMES),
        )
        for case in cases
    )
    differ = []
    for case, answer in zip(cases, answers, strict=True):
        ours = _ours(case, tmp_path)
        if answer.error is not None or [_plain(each) for each in answer.value] != ours:
            differ.append((case, answer, ours))
    assert not differ, differ[0]
    said = [each for answer in answers for each in answer.value]
    assert sum(each["credential"] is not None for each in said) > 100
    assert sum(each["verify"] is False for each in said) > 50
    assert sum(each["certificate"] is not None for each in said) > 20
    assert sum(each["proxy"] is not None for each in said) > 50


def _case(number: int, random: Random) -> Case:
    files = {
        name: _lines(random) for name in ("project", "user", "global") if random.random() < 0.8
    }
    environ = dict(_ENVIRON)
    if random.random() < 0.3:
        environ[random.choice(("npm_config_registry", "NPM_CONFIG_REGISTRY"))] = _address(random)
    if random.random() < 0.2:
        environ[f"npm_config_//{random.choice(_HOSTS)}/:_authToken"] = "variable"
    if random.random() < 0.1:
        environ["npm_config_strict_ssl"] = random.choice(("false", "true", ""))
    return Case(number=number, files=files, environ=environ)


def _lines(random: Random) -> str:
    return "".join(f"{_line(random)}\n" for _ in range(random.randrange(1, 7)))


def _line(random: Random) -> str:
    host, path = random.choice(_HOSTS), random.choice(_PATHS)
    place, value = f"//{host}{path}", random.choice(_VALUES)
    user = "//${HOST}/" if random.random() < 0.1 else place
    return random.choice(
        (
            f"registry={_address(random)}",
            f"@team:registry = {_address(random)}",
            f"@${{SCOPE}}:registry={_address(random)}",
            f"{place}:_authToken={value}",
            f"{user}:_authToken={value}",
            f"{place}:_auth={value}",
            f"{place}:username=me\n{place}:_password=cGFzcw==",
            f"{place}:username=me",
            f"{place}:certfile=${{KEYS}}/me.pem\n{place}:keyfile=${{KEYS}}/me.key",
            f"strict-ssl={random.choice(('false', 'true', 'null'))}",
            f"proxy={random.choice(('http://proxy.example:8080', 'false', 'null'))}",
            f"https-proxy={random.choice(('http://secure.example:8080/', 'null'))}",
            f"noproxy={random.choice(('a.example', 'a.example,.b.example'))}",
            'ca="one\\ntwo"',
            'ca[]="one"\nca[]="two"',
            "# registry=https://commented.example/",
        )
    )


def _address(random: Random) -> str:
    if random.random() < 0.1:
        return "https://${HOST}/npm/"
    return f"https://{random.choice(_HOSTS)}{random.choice(('/', '/npm/', '/npm/team/'))}"


def _project(case: Case, folder: Path) -> Path:
    return folder / str(case.number) / "project"


def _home(case: Case, folder: Path) -> Path:
    return folder / str(case.number) / "home"


def _write(case: Case, folder: Path) -> None:
    project, home = _project(case, folder), _home(case, folder)
    prefix = home / "prefix"
    for each in (project, prefix / "etc"):
        each.mkdir(parents=True)
    case.environ.update(PREFIX=str(prefix), KEYS=str(home))
    for name in ("me.pem", "me.key"):
        (home / name).write_text(name)
    (project / "package.json").write_text('{"packageManager": "npm@11.0.0"}')
    places = {
        "project": project / ".npmrc",
        "user": home / ".npmrc",
        "global": prefix / "etc" / "npmrc",
    }
    for name, text in case.files.items():
        places[name].write_text(text)


def _ours(case: Case, folder: Path) -> list[dict[str, Any]]:
    around = Surroundings(
        folder=_project(case, folder),
        home=_home(case, folder),
        environ=case.environ,
        trusted=True,
        platform="linux",
    )
    found = routes(around)
    return [_record(found.registry_for(dependency(name), Manifest())) for name in NAMES]


def _plain(said: dict[str, Any]) -> dict[str, Any]:
    """npm's answer as its network library understands it: whatever is not false is strict, and the
    exceptions are those of a proxy that there is.
    """
    hosts = (said["unproxied"] or "").replace(",.", ",") if said["proxy"] else ""
    return {**said, "verify": said["verify"] is not False, "unproxied": hosts or None}


def _record(ref: RegistryRef | None) -> dict[str, Any]:
    assert ref is not None
    way = ref.transport or Transport()
    return {
        "registry": ref.url,
        "credential": ref.authorization.value if ref.authorization else None,
        "certificate": [Path(way.certificate).name, "me.key"] if way.certificate else None,
        "verify": way.verify,
        "authorities": list(way.authorities) or None,
        "proxy": way.proxy.value if way.proxy else None,
        "unproxied": ",".join(way.unproxied) or None,
    }
