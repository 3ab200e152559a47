"""Bun's files and variables."""

import pytest

from registry_lsp.core.packages import Transport
from registry_lsp.endpoints import NPM_REGISTRY
from support.npm_configs import Place

PRIVATE = "https://registry.example/npm/"
TEAM = "https://team.example/"


@pytest.fixture
def place(tmp_path):
    return Place.below(tmp_path, "bun@1.3.0")


def test_every_source_stands_over_those_below_it(place):
    steps = [
        lambda: place.write("~/.npmrc", "registry=https://a.example"),
        lambda: place.write(".npmrc", "registry=https://b.example"),
        lambda: place.write("~/.bunfig.toml", '[install]\nregistry = "https://c.example"'),
        lambda: place.write("bunfig.toml", '[install]\nregistry = "https://d.example"'),
        lambda: place.environ.update({"NPM_CONFIG_REGISTRY": "https://e.example"}),
        lambda: place.environ.update({"BUN_CONFIG_REGISTRY": "https://f.example"}),
    ]
    found = []
    for step in steps:
        step()
        found.append(place.ref().url)
    assert found == [f"https://{letter}.example/" for letter in "abcdef"]
    assert place.ref(url="https://set.example").url == "https://set.example/"


@pytest.mark.parametrize(
    ("said", "credential"),
    [
        ('"https://u:p@registry.example/npm/"', "Basic dTpw"),
        ('{ url = "https://registry.example/npm/", token = "t" }', "Bearer t"),
        ('{ url = "https://registry.example/npm/", token = "$T" }', "Bearer set"),
        ('{ url = "https://registry.example/npm/", token = "${T}" }', "Bearer set"),
        ('{ url = "https://registry.example/npm/", token = "$NONE" }', None),
        ('{ url = "https://registry.example/npm/", username = "u", password = "p" }', "Basic dTpw"),
        ('{ url = "https://registry.example/npm/", username = "u" }', None),
        ('"https://$HOST/npm/"', None),
    ],
)
def test_registries_and_credentials(place, said, credential):
    place.environ.update(T="set", HOST="registry.example")
    place.write(
        "~/.bunfig.toml", f"[install]\nregistry = {said}\n[install.scopes]\nteam = {said}\n"
    )
    assert place.goes() == (PRIVATE, credential)
    assert place.goes("@team/a") == (PRIVATE, credential)
    assert place.ref("@team/a").is_bound


def test_scopes_with_and_without_their_mark(place):
    place.write("bunfig.toml", f'[install.scopes]\n"@one" = "{TEAM}"\ntwo = "{PRIVATE}"\n')
    place.write("~/.npmrc", "@three:registry=https://three.example")
    assert place.goes("@one/a") == (TEAM, None)
    assert place.goes("@two/a") == (PRIVATE, None)
    assert place.goes("@three/a") == ("https://three.example/", None)
    assert place.goes("@four/a") == (NPM_REGISTRY, None)


def test_npms_credentials_are_for_npms_words(place):
    place.write("~/.npmrc", f"registry={PRIVATE}\n//registry.example/npm/:_authToken=t")
    assert place.goes() == (PRIVATE, "Bearer t")


def test_the_environments_token_goes_to_the_environments_registry(place):
    place.environ.update(BUN_CONFIG_REGISTRY=PRIVATE, BUN_CONFIG_TOKEN="t")
    assert place.goes() == (PRIVATE, "Bearer t")
    del place.environ["BUN_CONFIG_REGISTRY"]
    place.write("bunfig.toml", '[install]\nregistry = "https://eve.example"')
    assert place.goes() == ("https://eve.example/", None)


def test_a_credential_without_an_address_goes_nowhere(place):
    place.write("~/.bunfig.toml", '[install.scopes]\nteam = { token = "mine" }\n')
    place.write("bunfig.toml", '[install]\nregistry = "https://eve.example"')
    assert place.goes("@team/a") == ("https://eve.example/", None)


def test_a_strangers_variables_are_not_expanded(place):
    place.environ.update(T="mine", HOST="registry.example")
    place.write(
        "bunfig.toml",
        '[install]\nregistry = "https://$HOST/"\n'
        f'[install.scopes]\nteam = {{ url = "{TEAM}", token = "$T" }}\n',
    )
    assert place.ref() is None
    assert place.goes("@team/a") == (TEAM, None)
    assert place.goes(trusted=True) == ("https://registry.example/", None)
    assert place.goes("@team/a", trusted=True) == (TEAM, "Bearer mine")


def test_authorities_are_the_users_word(place):
    place.write("bunfig.toml", f'[install]\nregistry = "{PRIVATE}"\ncafile = "ca.pem"\n')
    assert place.ref().transport is None
    assert place.ref(trusted=True).transport == Transport(
        authorities=(str(place.project / "ca.pem"),)
    )
    place.write("~/.bunfig.toml", '[install]\nca = ["one", "two", 3]\n')
    assert place.ref().transport == Transport(authorities=("one", "two"))


def test_a_broken_file_says_nobody_knows_what(place):
    place.write("bunfig.toml", '[install]\nregistry = "https://registry.exa')
    assert place.ref() is None
    assert place.ref("@team/a") is None


@pytest.mark.parametrize("said", ["3", "[]", "{ url = 3 }", "{ token = [] }"])
def test_what_is_no_registry(place, said):
    place.write("bunfig.toml", f"[install]\nregistry = {said}\n")
    assert place.goes() in (None, (NPM_REGISTRY, None))


def test_where_the_users_file_lies(place):
    place.write("~/xdg/.bunfig.toml", f'[install]\nregistry = "{PRIVATE}"')
    place.environ["XDG_CONFIG_HOME"] = str(place.home / "xdg")
    assert place.goes() == (PRIVATE, None)
