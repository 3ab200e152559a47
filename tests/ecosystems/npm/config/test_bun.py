"""Bun's files and variables."""

import pytest

from registry_lsp.core.packages import Transport
from registry_lsp.ecosystems.npm.config.env_files import parse_env
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


def test_a_token_that_trust_would_send_is_told_of(place):
    place.write(
        "bunfig.toml",
        f'[install.scopes]\nteam = {{ url = "{TEAM}", token = "$T" }}\n'
        f'other = {{ url = "{PRIVATE}", username = "u", password = "$T" }}\n',
    )
    assert not place.ref("@team/a").is_withheld  # nobody has it
    place.environ["T"] = "mine"
    assert place.ref("@team/a").is_withheld
    assert place.ref("@other/a").is_withheld
    assert not place.ref("@team/a", trusted=True).is_withheld
    assert not place.ref("@none/a").is_withheld


def test_npms_credentials_go_to_what_bunfig_names_too(place):
    place.write("~/.npmrc", "//registry.example/npm/:_authToken=t")
    place.write("bunfig.toml", f'[install]\nregistry = "{PRIVATE}"\n')
    assert place.goes() == (PRIVATE, "Bearer t")
    place.write("bunfig.toml", f'[install]\nregistry = "{TEAM}"\n')
    assert place.goes() == (TEAM, None)


# --- .env -----------------------------------------------------------------------------------------

TOKEN_OF_VARIABLE = f'[install]\nregistry = {{ url = "{PRIVATE}", token = "$T" }}\n'


@pytest.mark.parametrize("trusted", [True, False])
def test_what_a_projects_env_files_say_is_for_its_own_files(place, trusted):
    place.write("bunfig.toml", TOKEN_OF_VARIABLE)
    place.write(".env", "T=theirs")
    assert place.goes(trusted=trusted) == (PRIVATE, "Bearer theirs")
    place.write("bunfig.toml", "")
    place.write(".npmrc", f"registry={PRIVATE}\n//registry.example/npm/:_authToken=${{T}}")
    assert place.goes(trusted=trusted) == (PRIVATE, "Bearer theirs")


def test_the_environment_stands_over_them(place):
    place.write("bunfig.toml", TOKEN_OF_VARIABLE)
    place.write(".env", "T=theirs")
    place.environ["T"] = "mine"
    assert place.goes(trusted=True) == (PRIVATE, "Bearer mine")
    assert place.goes() == (PRIVATE, None)
    assert place.ref().is_withheld


def test_they_do_not_lead_the_users_token_elsewhere(place):
    place.write("~/.bunfig.toml", '[install]\nregistry = { url = "https://$H/", token = "mine" }')
    place.write("~/.npmrc", "registry=https://${H}/\n//${H}/:_authToken=mine")
    place.write(".env", "H=eve.example")
    assert place.ref() is None
    assert place.goes(trusted=True) == ("https://eve.example/", "Bearer mine")


def test_they_may_name_the_registry(place):
    place.write(".npmrc", f"registry={TEAM}")
    place.write(".env", f"BUN_CONFIG_REGISTRY={PRIVATE}\nBUN_CONFIG_TOKEN=theirs\n")
    assert place.goes() == place.goes(trusted=True) == (PRIVATE, "Bearer theirs")
    place.write(".env", f"BUN_CONFIG_REGISTRY={PRIVATE}\n")
    place.environ["BUN_CONFIG_TOKEN"] = "mine"
    assert place.goes() == (PRIVATE, None)
    assert place.ref().is_withheld


def test_an_optional_variable_is_not_emptied_by_them(place):
    place.write(".npmrc", "registry=${HERE?}\n@team:registry=${THERE}")
    place.write(".env", f"THERE={TEAM}\n")
    assert place.ref() is None
    assert place.goes("@team/a") == (TEAM, None)


@pytest.mark.parametrize(
    ("mode", "names"),
    [
        ("", [".env", ".env.production", ".env.local", ".env.production.local"]),
        ("production", [".env", ".env.production", ".env.local", ".env.production.local"]),
        ("development", [".env", ".env.development", ".env.local", ".env.development.local"]),
        ("test", [".env", ".env.test", ".env.test.local"]),
    ],
)
def test_which_of_them_counts(place, mode, names):
    """As Bun 1.4.5 itself reads them."""
    place.environ["NODE_ENV"] = mode
    place.write("bunfig.toml", TOKEN_OF_VARIABLE)
    for name in (".env.development.local", ".env.production", ".env.test.local", ".env.local"):
        if name not in names:
            place.write(name, "T=other")
    for name in names:
        place.write(name, f"T={name}")
        assert place.goes() == (PRIVATE, f"Bearer {name}")


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("T=a", "a"),
        (" export  T = a b  # c", "a b"),
        ("T=a#b", "a"),
        ('T="a#b" x', "a#b"),
        ("T='a'", "a"),
        ("T=`a`", "a"),
        ("T: a", "a"),
        ("T=one\nT=two", "two"),
        ("A=x\r\nT=a\r\n", "a"),
        ("T=", ""),
        ("#T=a", None),
        ("T", None),
        ("T=${A}", None),
        (r'T="a\nb"', None),
    ],
)
def test_lines_of_them(written, value):
    assert parse_env(written).get("T") == value


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
