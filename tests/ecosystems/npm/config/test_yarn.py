"""Yarn's files: those of 2 and newer, and those of 1."""

import pytest

from registry_lsp.core.packages import Secret, Transport
from registry_lsp.ecosystems.npm.config.yarn_variables import expand, is_open
from registry_lsp.endpoints import JSR_REGISTRY, NPM_REGISTRY, YARN_REGISTRY
from support.npm_configs import Place

PRIVATE = "https://registry.example/npm/"
TEAM = "https://team.example/"


@pytest.fixture
def place(tmp_path):
    return Place.below(tmp_path, "yarn@4.18.1")


@pytest.fixture
def classic(tmp_path):
    return Place.below(tmp_path, "yarn@1.22.22")


def test_every_source_stands_over_those_below_it(place):
    steps = [
        lambda: place.write("~/.yarnrc.yml", "npmRegistryServer: https://a.example"),
        lambda: place.write("../.yarnrc.yml", "npmRegistryServer: https://b.example"),
        lambda: place.write(".yarnrc.yml", "npmRegistryServer: https://c.example"),
        lambda: place.environ.update({"YARN_NPM_REGISTRY_SERVER": "https://d.example"}),
    ]
    found = []
    for step in steps:
        step()
        found.append(place.ref().url)
    assert found == [f"https://{letter}.example/" for letter in "abcd"]


def test_npms_files_and_variables_are_not_read(place):
    place.write("~/.npmrc", f"registry={PRIVATE}\n@team:registry={PRIVATE}")
    place.write(".npmrc", f"registry={PRIVATE}")
    place.environ["npm_config_registry"] = PRIVATE
    assert place.goes() == place.goes("@team/a") == (NPM_REGISTRY, None)


def test_scopes_of_all_files_are_taken_together(place):
    place.write("~/.yarnrc.yml", f"npmScopes:\n  team: {{npmRegistryServer: '{TEAM}'}}\n")
    place.write(".yarnrc.yml", f"npmScopes:\n  other: {{npmRegistryServer: '{PRIVATE}'}}\n")
    assert place.goes("@team/a") == (TEAM, None)
    assert place.goes("@other/a") == (PRIVATE, None)
    assert place.goes("@none/a") == (NPM_REGISTRY, None)
    assert place.ref("@team/a").is_bound
    assert place.goes("@jsr/std__path") == (JSR_REGISTRY, None)


def test_another_name_of_the_files(place):
    place.environ["YARN_RC_FILENAME"] = ".other.yml"
    place.write(".other.yml", f"npmRegistryServer: {PRIVATE}")
    place.write(".yarnrc.yml", f"npmRegistryServer: {TEAM}")
    assert place.goes() == (PRIVATE, None)


def test_a_broken_file_says_nobody_knows_what(place):
    place.write(".yarnrc.yml", "npmScopes: {team: {npmRegistryServer: 'https://x.example'")
    assert place.ref() is None
    assert place.ref("@team/a") is None


# --- credentials ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "general", "scoped"),
    [
        ("npmAuthToken: t", None, "Bearer t"),
        ("npmAuthToken: t\nnpmAlwaysAuth: true", "Bearer t", "Bearer t"),
        ("npmAuthIdent: 'u:p'\nnpmAlwaysAuth: true", "Basic dTpw", "Basic dTpw"),
        ("npmAuthIdent: dTpw\nnpmAlwaysAuth: true", "Basic dTpw", "Basic dTpw"),
        ("npmAlwaysAuth: true", None, None),
        (
            "npmRegistries: {'//registry.example/npm': {npmAuthToken: t, npmAlwaysAuth: true}}",
            "Bearer t",
            "Bearer t",
        ),
        (
            "npmRegistries: {'https://registry.example/npm/': {npmAuthToken: t}}",
            None,
            "Bearer t",
        ),
        ("npmRegistries: {'//registry.example': {npmAuthToken: t}}", None, None),
        ("npmRegistries: {'//other.example/npm': {npmAuthToken: t}}", None, None),
        ("npmAuthToken: '${T}'\nnpmAlwaysAuth: true", "Bearer set", "Bearer set"),
        ("npmAuthToken: '${U}'\nnpmAlwaysAuth: true", None, None),
    ],
)
def test_the_users_credentials(place, said, general, scoped):
    place.environ["T"] = "set"
    place.write("~/.yarnrc.yml", f"npmRegistryServer: {PRIVATE}\n{said}\n")
    assert place.goes() == (PRIVATE, general)
    assert place.goes("@team/a") == (PRIVATE, scoped)


def test_a_scopes_own_credential(place):
    place.write(
        "~/.yarnrc.yml",
        "npmAuthToken: general\n"
        f"npmScopes: {{team: {{npmRegistryServer: '{TEAM}', npmAuthToken: t}}}}",
    )
    assert place.goes("@team/a") == (TEAM, "Bearer t")
    assert place.goes("@other/a") == (NPM_REGISTRY, "Bearer general")


def test_variables_of_the_environment(place):
    place.environ.update(
        YARN_NPM_REGISTRY_SERVER=PRIVATE, YARN_NPM_AUTH_TOKEN="t", YARN_NPM_ALWAYS_AUTH="1"
    )
    assert place.goes() == (PRIVATE, "Bearer t")


def test_a_strangers_address_gets_none_of_the_users_credentials(place):
    place.write(
        "~/.yarnrc.yml",
        f"npmRegistryServer: {PRIVATE}\nnpmAuthToken: mine\nnpmAlwaysAuth: true\n"
        f"npmScopes: {{team: {{npmRegistryServer: '{TEAM}', npmAuthToken: teams}}}}\n",
    )
    place.write(
        ".yarnrc.yml",
        "npmRegistryServer: https://eve.example\n"
        "npmScopes: {team: {npmRegistryServer: 'https://eve.example'}}\n",
    )
    assert place.goes() == ("https://eve.example/", None)
    assert place.goes("@team/a") == ("https://eve.example/", None)
    assert place.goes("@other/a") == ("https://eve.example/", None)


def test_a_credential_that_is_written_for_an_address_goes_there(place):
    place.write(
        "~/.yarnrc.yml", "npmRegistries: {'//registry.example/npm': {npmAuthToken: mine}}\n"
    )
    place.write(".yarnrc.yml", f"npmScopes: {{team: {{npmRegistryServer: '{PRIVATE}'}}}}")
    assert place.goes("@team/a") == (PRIVATE, "Bearer mine")
    plain = PRIVATE.replace("https", "http")
    place.write(
        ".yarnrc.yml",
        f"npmScopes: {{team: {{npmRegistryServer: '{plain}'}}}}\nunsafeHttpWhitelist: ['*']",
    )
    assert place.goes("@team/a") == (plain, None)


def test_a_strangers_variables_are_not_expanded(place):
    place.environ.update(HOST="registry.example", T="mine")
    place.write(
        ".yarnrc.yml",
        "npmRegistryServer: 'https://${HOST}/'\nnpmAuthToken: '${T-x}'\nnpmAlwaysAuth: true",
    )
    assert place.ref() is None
    assert place.goes(trusted=True) == ("https://registry.example/", "Bearer mine")
    place.write(
        ".yarnrc.yml",
        f"npmRegistryServer: {PRIVATE}\nnpmAuthToken: '${{T-x}}'\nnpmAlwaysAuth: true",
    )
    assert place.goes() == (PRIVATE, None)
    place.write(
        ".yarnrc.yml", f"npmRegistryServer: {PRIVATE}\nnpmAuthToken: theirs\nnpmAlwaysAuth: true"
    )
    assert place.goes() == (PRIVATE, "Bearer theirs")


def test_the_setting_gets_what_is_written_for_its_address_alone(place):
    place.write("~/.yarnrc.yml", "npmAuthToken: t\nnpmAlwaysAuth: true")
    assert place.ref(url=PRIVATE).authorization is None
    place.write(
        "~/.yarnrc.yml",
        "npmRegistries: {'//registry.example/npm': {npmAuthToken: t, npmAlwaysAuth: true}}",
    )
    assert place.ref(url=PRIVATE).authorization == Secret("Bearer t")


@pytest.mark.parametrize(
    "said",
    [
        "npmAuthToken: '${T}'\nnpmAlwaysAuth: true",
        "npmAuthIdent: 'me:${T}'\nnpmAlwaysAuth: true",
        "npmRegistries: {'//registry.example/npm': {npmAuthToken: '${T}', npmAlwaysAuth: true}}",
    ],
)
def test_a_credential_that_trust_would_send_is_told_of(place, said):
    place.write(".yarnrc.yml", f"npmRegistryServer: {PRIVATE}\n{said}\n")
    assert not place.ref().is_withheld  # nobody has it
    place.environ["T"] = "mine"
    assert place.ref().is_withheld
    assert place.ref("@other/a").is_withheld
    assert not place.ref(trusted=True).is_withheld


def test_a_scopes_credential_that_is_for_another_address_is_told_of(place):
    place.write(
        "~/.yarnrc.yml",
        f"npmScopes: {{team: {{npmRegistryServer: '{TEAM}', npmAuthToken: mine}}}}\n",
    )
    place.write(".yarnrc.yml", f"npmScopes: {{team: {{npmRegistryServer: '{PRIVATE}'}}}}")
    assert place.goes("@team/a") == (PRIVATE, None)
    assert place.ref("@team/a").is_withheld
    assert place.goes("@team/a", trusted=True) == (PRIVATE, "Bearer mine")


# --- how it is reached ----------------------------------------------------------------------------


def test_how_registries_are_reached(place):
    place.write(
        "~/.yarnrc.yml",
        f"npmRegistryServer: {PRIVATE}\nenableStrictSsl: false\nhttpsCaFilePath: ./ca.pem\n"
        "httpsProxy: 'http://me:${PW}@proxy.example'\nhttpProxy: http://other.example\n"
        "networkSettings: {'*.example': {httpsCertFilePath: me.pem, httpsKeyFilePath: /me.key}}\n",
    )
    place.environ["PW"] = "s3cret"
    found = place.ref()
    assert found.transport == Transport(
        verify=False,
        authorities=(str(place.home / "ca.pem"),),
        certificate=str(place.home / "me.pem"),
        key=Secret("/me.key"),
        proxy=Secret("http://me:s3cret@proxy.example"),
    )
    assert "s3cret" not in repr(place.routes())
    assert place.ref(url="https://elsewhere.org").transport.certificate is None


def test_a_stranger_says_nothing_of_it(place):
    place.write(
        ".yarnrc.yml",
        f"npmRegistryServer: {PRIVATE}\nenableStrictSsl: false\nhttpsCaFilePath: ./ca.pem\n"
        "httpsProxy: http://eve.example\nnetworkSettings: {'*': {httpsCaFilePath: ca.pem}}\n",
    )
    assert place.ref().transport is None
    assert not place.ref(trusted=True).transport.verify


def test_plain_http_goes_only_where_yarn_would_go(place):
    plain = "http://registry.example:8080/npm/"
    place.write(".yarnrc.yml", f"npmRegistryServer: {plain}\n")
    assert place.ref() is None
    assert "unsafeHttpWhitelist" in place.why()
    assert place.ref(url=plain).url == plain
    place.write(".yarnrc.yml", f"npmRegistryServer: {plain}\nunsafeHttpWhitelist: ['*.example']\n")
    assert place.goes() == (plain, None)
    place.environ["YARN_UNSAFE_HTTP_WHITELIST"] = "other.example, registry.example"
    assert place.goes() == (plain, None)
    place.environ["YARN_UNSAFE_HTTP_WHITELIST"] = "other.example"
    assert place.ref() is None
    place.write(".yarnrc.yml", f"npmScopes: {{team: {{npmRegistryServer: '{plain}'}}}}\n")
    assert place.ref("@team/a") is None
    assert "unsafeHttpWhitelist" in place.why("@team/a")
    assert place.goes() == (NPM_REGISTRY, None)


# --- variables ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expanded"),
    [
        ("${A}", "a"),
        ("x${A}y${A-z}", "xaya"),
        ("${NONE}", "${NONE}"),
        ("${NONE-x}", "x"),
        ("${NONE:-x}", "x"),
        ("${EMPTY}", ""),
        ("${EMPTY-x}", ""),
        ("${EMPTY:-x}", "x"),
        ("${NONE-}", ""),
        (r"\${A}", "${A}"),
        ("$A", "$A"),
        ("${A", "${A"),
        ("${NONE-${A}}", "${NONE-a}"),
    ],
)
def test_variables_expand_as_yarns(text, expanded):
    assert expand(text, {"A": "a", "EMPTY": ""}) == expanded


def test_what_is_open():
    assert is_open("https://${A}/")
    assert not is_open("https://$A/")
    assert not is_open(r"\${A}")


# --- Yarn 1 ---------------------------------------------------------------------------------------


def test_the_first_yarns_files(classic):
    classic.write(
        "~/.yarnrc",
        f'# mine\n"@team:registry" "{TEAM}"\nregistry "https://home.example"\nlastUpdateCheck 1\n',
    )
    assert classic.goes() == ("https://home.example/", None)
    assert classic.goes("@team/a") == (TEAM, None)
    classic.write(".yarnrc", f"registry {YARN_REGISTRY}\n")
    assert classic.goes() == (YARN_REGISTRY, None)
    classic.write("~/.npmrc", f"registry={PRIVATE}\n//registry.example/:_authToken=t")
    assert classic.goes() == (PRIVATE, "Bearer t")


def test_the_first_yarns_variable(classic):
    classic.environ["YARN_REGISTRY"] = PRIVATE
    assert classic.goes() == (PRIVATE, None)


def test_a_stranger_to_the_first_yarn(classic):
    classic.environ["HOST"] = "registry.example"
    classic.write(".yarnrc", 'registry "https://${HOST}/"\nstrict-ssl false\ncafile "/x"\n')
    assert classic.ref() is None
    assert classic.ref(trusted=True).url == "https://registry.example/"


def test_the_first_yarn_reads_npms_files_of_the_folders_above(classic):
    classic.write("../.npmrc", f"registry={TEAM}\n//team.example/:_authToken=theirs")
    assert classic.goes() == (TEAM, "Bearer theirs")
    classic.write("../../.npmrc", f"registry={PRIVATE}\n@far:registry={PRIVATE}")
    assert classic.goes() == (TEAM, "Bearer theirs")
    assert classic.goes("@far/a") == (PRIVATE, None)
    classic.write("../.npmrc", f"registry={TEAM}\n//team.example/:_authToken=${{T}}")
    classic.environ["T"] = "mine"
    assert classic.goes() == (TEAM, None)
    assert classic.ref().is_withheld
    classic.write("~/.npmrc", "registry=https://home.example")
    assert classic.goes() == ("https://home.example/", None)


def test_later_yarns_do_not(place):
    place.write("../.npmrc", f"registry={TEAM}")
    assert place.goes() == (NPM_REGISTRY, None)


@pytest.mark.parametrize(
    "text",
    [
        "npmScopes: {corp: npmRegistrySer}\n",
        "npmScopes:\n  corp: npmReg\n",
        "npmScopes: corp\n",
        "npmRegistries: [a]\n",
    ],
)
def test_half_a_key_unbinds_no_scope(place, text):
    place.write(".yarnrc.yml", text)
    assert place.ref("@corp/tool") is None


def test_an_empty_scope_is_none(place):
    place.write(".yarnrc.yml", "npmScopes:\n  corp:\n")
    assert place.ref("@corp/tool") is not None
