"""pnpm's own files, variables and tokens."""

import json

import pytest

from registry_lsp.core.packages import Secret, Transport
from registry_lsp.endpoints import JSR_REGISTRY, NPM_REGISTRY
from support.npm_configs import Place

PRIVATE = "https://registry.example/npm/"
TEAM = "https://team.example/"


@pytest.fixture
def place(tmp_path):
    return Place.below(tmp_path, "pnpm@11.20.0")


@pytest.fixture
def older(tmp_path):
    return Place.below(tmp_path / "older", "pnpm@10.4.0")


def test_every_source_stands_over_those_below_it(place):
    steps = [
        lambda: place.write("~/.npmrc", "registry=https://a.example"),
        lambda: place.write("~/.config/pnpm/auth.ini", "registry=https://b.example"),
        lambda: place.write(".npmrc", "registry=https://c.example"),
        lambda: place.write(
            "~/.config/pnpm/config.yaml", "registries: {default: https://d.example}"
        ),
        lambda: place.write("pnpm-workspace.yaml", "registry: https://e.example"),
        lambda: place.write("pnpm-workspace.yaml", "registries: {default: https://f.example}"),
        lambda: place.environ.update({"PNPM_CONFIG_REGISTRY": "https://g.example"}),
    ]
    found = []
    for step in steps:
        step()
        found.append(place.ref().url)
    assert found == [f"https://{letter}.example/" for letter in "abcdefg"]


def test_npms_variables_do_not_count_any_more(place, older):
    for each in (place, older):
        each.environ["npm_config_registry"] = PRIVATE
    assert place.ref().url == NPM_REGISTRY
    assert older.ref().url == PRIVATE


def test_but_those_that_name_an_address_do(place):
    place.write("pnpm-workspace.yaml", f"registry: {PRIVATE}")
    place.environ["npm_config_//registry.example/:_authToken"] = "npms"
    assert place.goes() == (PRIVATE, "Bearer npms")
    place.environ["PNPM_CONFIG_//registry.example/:_authToken"] = "own"
    assert place.goes() == (PRIVATE, "Bearer own")
    place.write(".npmrc", "//registry.example/:_authToken=file")
    assert place.goes() == (PRIVATE, "Bearer own")


def test_scopes_in_the_workspaces_file(place):
    place.write(
        "pnpm-workspace.yaml",
        f"packages: ['a']\nregistries:\n  default: {PRIVATE}\n  '@team': {TEAM}\n",
    )
    assert place.goes() == (PRIVATE, None)
    assert place.goes("@team/a") == (TEAM, None)
    assert place.ref("@team/a").is_bound


def test_scopes_by_their_registries(place):
    place.write(
        "pnpm-workspace.yaml",
        f"registries:\n  {PRIVATE}: {{scopes: ['@', 3]}}\n"
        f"  {TEAM}: {{scopes: ['@team'], prefix: t}}\n",
    )
    assert place.goes() == (PRIVATE, None)
    assert place.goes("@team/a") == (TEAM, None)


def test_what_is_no_registry_in_the_workspaces_file(place):
    place.write("pnpm-workspace.yaml", "registries: [a]\nregistry: {a: b}\ncatalog: {left: ^1.0.0}")
    assert place.goes() == (NPM_REGISTRY, None)


def test_a_broken_file_says_nobody_knows_what(place):
    place.write("pnpm-workspace.yaml", "registries: {default: 'https://registry.example'")
    assert place.ref() is None
    assert place.ref("@team/a") is None


def test_a_strangers_variables_are_not_expanded(place):
    place.environ["HOST"] = "registry.example"
    place.write("pnpm-workspace.yaml", "registries: {'@team': 'https://${HOST}/'}")
    assert place.ref("@team/a") is None
    assert place.ref("@team/a", trusted=True).url == "https://registry.example/"


def test_a_strangers_workspace_says_nothing_of_certificates_and_proxies(place):
    place.write("pnpm-workspace.yaml", "strictSsl: false\nhttpsProxy: http://eve.example\n")
    assert place.ref().transport is None
    assert place.ref(trusted=True).transport.proxy == Secret("http://eve.example")


def test_the_users_file_says_how_registries_are_reached(place):
    place.write(
        "~/.config/pnpm/config.yaml", "strictSsl: false\nhttpsProxy: 'http://proxy.example'\n"
    )
    wanted = Transport(verify=False, proxy=Secret("http://proxy.example"))
    assert place.ref().transport == wanted


def test_the_workspaces_root_counts_for_its_members(place):
    place.write("pnpm-workspace.yaml", f"packages: ['packages/*']\nregistry: {PRIVATE}")
    place.write("packages/a/package.json", "{}")
    place.write("packages/a/.npmrc", "registry=https://eve.example")
    place.project = place.project / "packages" / "a"
    assert place.goes() == (PRIVATE, None)


def test_jsrs_scope_is_bound_by_itself(place, older):
    for each in (place, older):
        assert each.goes("@jsr/std__path") == (JSR_REGISTRY, None)
        each.write(".npmrc", f"@jsr:registry={TEAM}")
        assert each.goes("@jsr/std__path") == (TEAM, None)


@pytest.mark.parametrize(
    "variable", ["pnpm_config_npmrc_auth_file", "pnpm_config_userconfig", "npm_config_userconfig"]
)
def test_the_users_file_may_be_elsewhere(place, variable):
    place.write("~/elsewhere", f"registry={PRIVATE}")
    place.environ[variable] = "~/elsewhere"
    assert place.goes() == (PRIVATE, None)


@pytest.mark.parametrize(
    ("platform", "environ", "folder"),
    [
        ("linux", {}, ".config/pnpm"),
        ("linux", {"XDG_CONFIG_HOME": "{home}/xdg"}, "xdg/pnpm"),
        ("darwin", {}, "Library/Preferences/pnpm"),
        ("win32", {"LOCALAPPDATA": "{home}/Local"}, "Local/pnpm/config"),
        ("win32", {}, ".config/pnpm"),
    ],
)
def test_where_the_users_configuration_lies(place, platform, environ, folder):
    place.platform = platform
    place.environ.update({name: value.format(home=place.home) for name, value in environ.items()})
    place.write(f"~/{folder}/auth.ini", f"registry={PRIVATE}\n//registry.example/:_authToken=t")
    assert place.goes() == (PRIVATE, "Bearer t")


def test_older_ones_have_a_global_file_of_their_own(older):
    older.write("~/.config/pnpm/rc", f"registry={PRIVATE}\n//registry.example/:_authToken=t")
    assert older.goes() == (PRIVATE, "Bearer t")
    older.write("~/.npmrc", f"registry={TEAM}")
    assert older.goes() == (TEAM, None)


# --- tokens ---------------------------------------------------------------------------------------


def test_tokens_that_a_login_has_stored(place):
    place.write(
        "~/.config/pnpm/config.yaml",
        f"_auth:\n  {PRIVATE}:\n    '@': {{authToken: all}}\n    '@team': {{authToken: teams}}\n",
    )
    assert place.goes() == (PRIVATE, "Bearer all")
    assert place.goes("@team/a") == (PRIVATE, "Bearer teams")
    place.write("pnpm-workspace.yaml", f"registry: {TEAM}")
    assert place.goes() == (TEAM, None)
    assert place.goes("@team/a") == (PRIVATE, "Bearer teams")


def test_tokens_of_the_environment(place):
    place.write("pnpm-workspace.yaml", "registry: https://elsewhere.example")
    place.environ["pnpm_config__auth"] = json.dumps(
        {PRIVATE: {"@": {"authToken": "t"}, "later": 1}}
    )
    assert place.goes() == (PRIVATE, "Bearer t")


@pytest.mark.parametrize(
    "said", ["{", "[]", '{"x": 1}', '{"https://a.example": {"@": 3}}', "[" * 100_000]
)
def test_what_is_no_token(place, said):
    place.environ["pnpm_config__auth"] = said
    assert place.goes() == (NPM_REGISTRY, None)


def test_a_token_for_a_scope_goes_to_its_packages_alone(place):
    place.write(
        "~/.npmrc",
        f"registry={PRIVATE}\n@team:registry={PRIVATE}\n//registry.example/npm/:@team:_authToken=teams\n"
        "//registry.example/npm/:_authToken=general",
    )
    assert place.goes("@team/a") == (PRIVATE, "Bearer teams")
    assert place.goes() == (PRIVATE, "Bearer general")


def test_settings_that_pnpm_does_not_read_from_npmrc(place, older):
    for each in (place, older):
        each.write("~/.npmrc", "prefix=/x\nglobalconfig=/y\nregistry=https://registry.example/npm/")
        assert each.goes() == (PRIVATE, None)


@pytest.mark.parametrize(
    ("said", "credential"),
    [
        ("_authToken=t", "Bearer t"),
        ("_auth=dTpw", "Basic dTpw"),
        ("username=u\n_password=cA==", "Basic dTpw"),
        ("_authToken=t\n//registry.example/npm/:_authToken=bound", "Bearer bound"),
        ("username=u", None),
    ],
)
def test_a_credential_for_no_address_is_for_the_registry_of_its_file(
    place, older, said, credential
):
    for each in (place, older):
        each.write("~/.npmrc", f"registry={PRIVATE}\n{said}\n")
        assert each.goes() == (PRIVATE, credential)
        each.write(".npmrc", f"registry={TEAM}\n@team:registry={TEAM}")
        assert each.goes() == each.goes("@team/a") == (TEAM, None)


def test_without_a_registry_it_is_for_the_public_one(place, older):
    for each in (place, older):
        each.write("~/.npmrc", "_authToken=t")
        assert each.goes() == (NPM_REGISTRY, "Bearer t")
        each.write(".npmrc", f"registry={PRIVATE}")
        assert each.goes() == (PRIVATE, None)


def test_it_is_for_nobody_where_its_registry_is_unknown(place):
    place.write("~/.npmrc", "registry=https://${HOST}\n_authToken=t")
    place.write(".npmrc", f"registry={PRIVATE}")
    assert place.goes() == (PRIVATE, None)
    place.environ["HOST"] = "registry.example/npm"
    assert place.goes() == (PRIVATE, "Bearer t")


def test_that_of_a_project_may_be_held_back(place, older):
    for each in (place, older):
        each.environ["T"] = "mine"
        each.write(".npmrc", f"registry={PRIVATE}\n_authToken=${{T}}")
        assert each.goes() == (PRIVATE, None)
        assert each.ref().is_withheld
        assert each.goes(trusted=True) == (PRIVATE, "Bearer mine")


def test_a_token_that_trust_would_send_is_told_of(place):
    place.write("~/.config/pnpm/auth.ini", "//registry.example/npm/:_authToken=mine")
    plain = PRIVATE.replace("https", "http")
    place.write("pnpm-workspace.yaml", f"registries: {{default: {plain}}}")
    assert place.goes() == (plain, None)
    assert place.ref().is_withheld
    assert place.goes(trusted=True) == (plain, "Bearer mine")


def test_older_ones_do_not_take_the_default_registry_alone_from_the_workspaces_file(older):
    older.write("pnpm-workspace.yaml", f"registry: {TEAM}")
    assert older.goes() == (NPM_REGISTRY, None)
    older.write("pnpm-workspace.yaml", f"registries: {{default: {TEAM}}}")
    assert older.goes() == (TEAM, None)


def test_a_scope_is_bound_by_what_a_mapping_takes_in(tmp_path):
    """js-yaml, which pnpm reads its files with, has the merge keys of YAML 1.1."""
    place = Place.below(tmp_path, "pnpm@11.0.0")
    corp, other = "https://npm.corp.example/", "https://other.example/"
    place.write(
        "pnpm-workspace.yaml",
        f'a: &a {{"@corp": {corp}, "@own": {corp}}}\nb: &b {{"@corp": {other}, "@last": {other}}}\n'
        f'registries:\n  <<: [*a, *b]\n  "@own": {other}\n',
    )
    goes = {name: place.goes(f"@{name}/x")[0] for name in ("corp", "own", "last")}
    assert goes == {"corp": corp, "own": other, "last": other}
