"""Which registry npm would ask: files and variables in order, scopes, credentials, trust."""

from __future__ import annotations

import json
import os
import shutil
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_lsp.core.manifests import Dependency, Manifest
from registry_lsp.core.packages import RegistryRef
from registry_lsp.core.ports.routes import Surroundings
from registry_lsp.core.text import Span
from registry_lsp.ecosystems.npm.config.npmrc import expand, has_variable, parse
from registry_lsp.ecosystems.npm.config.project_root import project_root
from registry_lsp.ecosystems.npm.config.routes import routes
from registry_lsp.endpoints import NPM_REGISTRY
from support.npm_configs import Place

PRIVATE = "https://registry.example/npm/"
OTHER = "https://other.example/"
TOKEN = "//registry.example/npm/:_authToken"
PLACE = Span(0, 0)


def dependency(name):
    return Dependency(
        name=name,
        display_name=name,
        name_span=PLACE,
        specifier="*",
        specifier_span=PLACE,
        span=PLACE,
        section="dependencies",
        dialect="npm",
    )


@pytest.fixture
def project(tmp_path):
    folder = tmp_path / "work" / "project"
    folder.mkdir(parents=True)
    (folder / "package.json").write_text('{"packageManager": "npm@11.0.0"}')
    return folder


@pytest.fixture
def home(tmp_path):
    folder = tmp_path / "home"
    folder.mkdir()
    return folder


@pytest.fixture
def route(project, home):
    """Where a name goes from the project: its registry's address and its credential."""

    def ask(name="left", *, environ=None, folder=project, **fields):
        around = Surroundings(folder=folder, home=home, environ=environ or {}, **fields)
        return routes(around).registry_for(dependency(name), Manifest())

    return ask


def url(ref):
    return None if ref is None else ref.url


def sent(ref):
    return ref.authorization.value if ref.authorization else None


# --- the order --------------------------------------------------------------------------------


def test_without_any_word_the_public_registry_is_asked(route):
    assert route() == RegistryRef(url=NPM_REGISTRY)
    assert route(folder=None) == RegistryRef(url=NPM_REGISTRY)


def test_every_source_stands_over_those_below_it(route, project, home, tmp_path):
    environ = {"NPM_CONFIG_GLOBALCONFIG": str(tmp_path / "global")}
    steps = [
        lambda: (tmp_path / "global").write_text("registry=https://global.example"),
        lambda: (home / ".npmrc").write_text("registry=https://user.example"),
        lambda: (project / ".npmrc").write_text("registry = https://project.example"),
        lambda: environ.update({"NPM_Config_Registry": "https://environ.example"}),
    ]
    found = []
    for step in steps:
        step()
        found.append(url(route(environ=environ)))
    assert found == [
        "https://global.example/",
        "https://user.example/",
        "https://project.example/",
        "https://environ.example/",
    ]
    assert (
        url(route(environ=environ, registry_url="http://set.example:80/x"))
        == "http://set.example/x/"
    )


def test_an_empty_word_is_none(route, project, home):
    (home / ".npmrc").write_text(f"registry={OTHER}")
    (project / ".npmrc").write_text("registry=\nregistry")
    assert url(route(environ={"npm_config_registry": ""})) == OTHER


@pytest.mark.parametrize(
    "names",
    [
        ("npm_config_registry", "NPM_CONFIG_REGISTRY"),
        ("NPM_CONFIG_REGISTRY", "npm_config_registry"),
    ],
)
def test_an_empty_variable_does_not_hide_its_namesake(route, names):
    environ = dict(zip(names, (PRIVATE, ""), strict=True))
    assert url(route(environ=environ)) == PRIVATE
    assert url(route(environ=dict(reversed(environ.items())))) == PRIVATE


@pytest.mark.parametrize("variable", ["npm_config_userconfig", "NPM_CONFIG_USERCONFIG"])
def test_the_users_file_may_be_elsewhere(route, home, variable):
    (home / "elsewhere").write_text(f"registry={OTHER}")
    assert url(route(environ={variable: "~/elsewhere"})) == OTHER
    assert url(route(environ={variable: str(home / "elsewhere")})) == OTHER
    assert url(route(environ={variable: "${X}/elsewhere", "X": str(home)})) == OTHER


@pytest.mark.parametrize("variable", ["PREFIX", "npm_config_prefix"])
def test_the_global_file_lies_below_the_prefix(route, tmp_path, variable):
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc" / "npmrc").write_text(f"registry={OTHER}")
    assert url(route(environ={variable: str(tmp_path)})) == OTHER


def test_a_file_that_is_none_is_passed_over(route, project, home):
    (project / ".npmrc").mkdir()
    (home / ".npmrc").write_bytes(b"\xff\xfe\x00\n\xef\xbb\xbfregistry")
    assert url(route()) == NPM_REGISTRY
    assert url(route(environ={"npm_config_userconfig": "\0"})) == NPM_REGISTRY


def test_a_byte_order_mark_is_no_part_of_a_name(route, project):
    (project / ".npmrc").write_bytes(b"\xef\xbb\xbfregistry=" + OTHER.encode())
    assert url(route()) == OTHER


@pytest.mark.parametrize(
    "address", ["ftp://x.example", "registry.example", "http://", "https://[", "x"]
)
def test_what_is_no_address_is_never_replaced_by_the_public_registry(route, project, address):
    (project / ".npmrc").write_text(f"registry={address}\n@team:registry={address}")
    assert route() is None
    assert route("@team/left") is None


# --- scopes -----------------------------------------------------------------------------------


def test_a_scope_is_bound_whatever_else_is_set(route, home):
    (home / ".npmrc").write_text(f"@team:registry={PRIVATE}\nregistry={OTHER}")
    environ = {"npm_config_registry": "https://environ.example"}
    assert url(route("@team/left", environ=environ, registry_url="https://set.example")) == PRIVATE
    assert url(route("@teams/left")) == OTHER
    assert url(route("team")) == OTHER


def test_a_scope_may_be_bound_by_the_environment(route):
    assert url(route("@team/left", environ={"npm_config_@team:registry": PRIVATE})) == PRIVATE


# --- trust ------------------------------------------------------------------------------------

HIDDEN = """\
registry=https://${HOST}/
@team:registry=https://${HOST}/team
//registry.example/:_authToken=${TOKEN}
"""
ENVIRON = {"HOST": "registry.example", "TOKEN": "t0ken"}


def test_a_strangers_variables_are_not_expanded(route, project):
    (project / ".npmrc").write_text(HIDDEN)
    assert route(environ=ENVIRON) is None
    assert route("@team/left", environ=ENVIRON) is None
    assert url(route("@other/left", environ=ENVIRON, registry_url=OTHER)) == OTHER


def test_a_strangers_credential_with_a_variable_is_not_sent(route, project):
    (project / ".npmrc").write_text("registry=https://registry.example\n" + HIDDEN.splitlines()[2])
    assert sent(route(environ=ENVIRON)) is None
    assert route(environ=ENVIRON).is_withheld
    assert sent(route(environ=ENVIRON, trusted=True)) == "Bearer t0ken"
    assert not route(environ=ENVIRON, trusted=True).is_withheld


def test_nothing_that_a_project_names_is_looked_at_to_know_what_is_withheld(route, project):
    (project / "ca.pem").write_text("x")
    (project / ".npmrc").write_text(f"registry={PRIVATE}\ncafile=ca.pem\n{TOKEN}=${{TOKEN}}")
    assert route(environ=ENVIRON, trusted=True).transport.authorities
    supposed = route(environ=ENVIRON, trusted=True, is_supposed=True)
    assert sent(supposed) == "Bearer t0ken"
    assert supposed.transport is None


def test_a_credential_for_another_place_is_not_withheld(route, project):
    (project / ".npmrc").write_text("registry=https://other.example\n" + HIDDEN.splitlines()[2])
    assert not route(environ=ENVIRON).is_withheld


def test_a_strangers_credential_does_not_hide_the_users(route, project, home):
    (project / ".npmrc").write_text(f"registry={PRIVATE}\n{TOKEN}=${{TOKEN}}")
    (home / ".npmrc").write_text(f"{TOKEN}=mine")
    assert sent(route(environ=ENVIRON)) == "Bearer mine"
    assert not route(environ=ENVIRON).is_withheld


def test_a_scope_that_only_the_environment_names_keeps_all_scopes_at_home(route, project):
    (project / ".npmrc").write_text(f"@${{SCOPE}}:registry={PRIVATE}")
    environ = {"SCOPE": "team"}
    assert route("@team/left", environ=environ) is None
    assert url(route("left", environ=environ)) == NPM_REGISTRY
    assert url(route("@team/left", environ=environ, trusted=True)) == PRIVATE
    assert url(route("@other/left", environ=environ, trusted=True)) == NPM_REGISTRY


def test_the_users_own_variables_are_expanded(route, home):
    (home / ".npmrc").write_text(HIDDEN)
    assert url(route(environ=ENVIRON)) == "https://registry.example/"
    assert sent(route("@team/left", environ=ENVIRON)) == "Bearer t0ken"
    assert route(environ={}) is None


def test_the_users_own_file_is_no_strangers(route, home):
    (home / "package.json").write_text("{}")
    (home / ".npmrc").write_text(HIDDEN)
    assert url(route(environ=ENVIRON, folder=home)) == "https://registry.example/"


def test_a_variable_of_a_credential_that_is_not_set_is_named(route, project):
    (project / ".npmrc").write_text(f"registry={PRIVATE}\n{TOKEN}=${{NOBODY}}${{TOKEN}}\n")
    assert route(trusted=True, environ={"TOKEN": "t"}).unset_variable == "NOBODY"
    whole = route(trusted=True, environ={"TOKEN": "t", "NOBODY": "n"})
    assert (sent(whole), whole.unset_variable) == ("Bearer nt", None)
    assert route(environ={"TOKEN": "t"}).unset_variable is None


# --- credentials ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "credential"),
    [
        ("//registry.example/npm/:_authToken=t", "Bearer t"),
        ("//registry.example/npm:_authToken=t", "Bearer t"),
        ("//registry.example/:_authToken=t", "Bearer t"),
        ("//registry.example:_authToken=t", "Bearer t"),
        ("//registry.example/npm/:_auth=dTpw", "Basic dTpw"),
        ("//registry.example/:username=u\n//registry.example/:_password=cA==", "Basic dTpw"),
        ("//registry.example/:username=u\n//registry.example/:_password=cA", None),
        ("//registry.example/:username=u", None),
        ("//registry.example/npm/more/:_authToken=t", None),
        ("//registry.example/np/:_authToken=t", None),
        ("//registry.example:8443/:_authToken=t", None),
        ("//other.example/:_authToken=t", None),
        ("//example/:_authToken=t", None),
        ("_authToken=t", None),
        ("_auth=dTpw", None),
    ],
)
def test_a_credential_goes_to_the_place_that_it_was_written_for(route, project, line, credential):
    (project / ".npmrc").write_text(f"registry={PRIVATE}\n{line}\n")
    assert sent(route()) == credential


def test_a_line_break_behind_a_token_is_not_sent(route, project):
    (project / ".npmrc").write_text("registry=https://registry.example\n" + HIDDEN.splitlines()[2])
    environ = {**ENVIRON, "TOKEN": "t0ken\n"}
    assert sent(route(environ=environ, trusted=True)) == "Bearer t0ken"


def test_the_nearest_place_wins(route, home):
    (home / ".npmrc").write_text(
        f"registry={PRIVATE}\n//registry.example/:_authToken=far\n{TOKEN}=near"
    )
    assert sent(route()) == "Bearer near"


def test_the_setting_gets_the_credential_that_is_written_for_it(route, home):
    (home / ".npmrc").write_text(f"{TOKEN}=t")
    assert sent(route(registry_url=PRIVATE)) == "Bearer t"
    assert sent(route(registry_url=OTHER)) is None


def test_an_environment_may_hold_a_credential(route):
    environ = {"npm_config_registry": PRIVATE, f"npm_config_{TOKEN}": "t"}
    assert sent(route(environ=environ)) == "Bearer t"


def test_user_information_becomes_a_credential_and_no_part_of_the_address(route, project):
    (project / ".npmrc").write_text("registry=https://us%40er:p%3Ass@registry.example/npm")
    found = route()
    assert found.url == PRIVATE
    assert sent(found) == "Basic dXNAZXI6cDpzcw=="
    assert "p%3Ass" not in repr(found)


# --- the file ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("key=value", "value"),
        ("  key  =  value  ", "value"),
        ("key = a=b", "a=b"),
        ("key = value ; why", "value"),
        ("key = value # why", "value"),
        (r"key = a\;b\#c\\d\e", r"a;b#c\d\e"),
        ('key = "a;b # c"', "a;b # c"),
        ("key = 'a;b # c'", "a;b # c"),
        (r'key = "a\tb"', "a\tb"),
        ('key = "broken', '"broken'),
        ("'key'=value", "value"),
        ("key=old\nkey=new", "new"),
        ("key=old\r\nother=new\rkey=newer", "newer"),
        ("key", ""),
        ("key=", ""),
        ("; key=value", None),
        ("# key=value", None),
        ("key[] = value", "value"),
        ("key[] = value\nkey[] = other", "value\n\nother"),
        ("[] = value", None),
        ("[section]\nkey=value", None),
        ("=value", None),
        ("", None),
    ],
)
def test_lines_of_every_shape(line, value):
    assert parse(line).get("key") == value


@given(st.text(alphabet="ab=;#'\"\\[]${} \n\r?", max_size=40))
def test_no_file_makes_it_raise(text):
    for key, value in parse(text).items():
        expand(key + value, {"a": "b"})
        has_variable(value)


def test_a_hostile_file_takes_linear_time():
    for piece in ("\\", "${", "[", "'", '"[', "a=", "\\${a}"):
        expand(parse(f"key={piece * 200_000}").get("key", ""), {"a": "b"})
        has_variable(piece * 200_000)


@pytest.mark.parametrize(
    ("text", "expanded"),
    [
        ("${A}", "a"),
        ("x${A}y${B}", "xay${B}"),
        ("${B?}", ""),
        ("${A?}", "a"),
        (r"\${A}", "${A}"),
        (r"\\${A}", r"\a"),
        ("$A", "$A"),
        ("${}", "${}"),
    ],
)
def test_variables_expand_as_npms(text, expanded):
    assert expand(text, {"A": "a"}) == expanded


def test_what_has_a_variable_is_known():
    assert has_variable("a${B}")
    assert not has_variable(r"a\${B}")
    assert not has_variable("a$B")


# --- the project's root -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("workspaces", "is_inside"),
    [
        (["packages/*"], True),
        (["./packages/*"], True),
        (["/packages/*/"], True),
        (["packages/a"], True),
        (["**"], True),
        (["packages/**"], True),
        (["packages/{a,b}"], True),
        ({"packages": ["packages/*"]}, True),
        (["packages/*", "!packages/a"], False),
        (["!packages/a", "packages/a"], True),
        (["packages"], False),
        (["*"], False),
        (["other/*"], False),
        ([3, None], False),
        ("packages/*", False),
        (None, False),
    ],
)
def test_a_workspaces_root_is_the_projects(tmp_path, workspaces, is_inside):
    inner = tmp_path / "packages" / "a"
    (inner / "src").mkdir(parents=True)
    (inner / "package.json").write_text("{}")
    (tmp_path / "package.json").write_text(json.dumps({"workspaces": workspaces}))
    assert project_root(inner / "src") == (tmp_path if is_inside else inner)


def test_a_folder_of_modules_makes_a_project(tmp_path):
    (tmp_path / "node_modules").mkdir()
    (tmp_path / "deep" / "er").mkdir(parents=True)
    assert project_root(tmp_path / "deep" / "er") == tmp_path


def test_pnpms_root_is_the_projects(tmp_path):
    inner = tmp_path / "a"
    inner.mkdir()
    (inner / "package.json").write_text("{}")
    (tmp_path / "pnpm-workspace.yaml").write_text("packages: ['a']")
    assert project_root(inner) == tmp_path


def test_a_folder_in_which_nothing_can_be_looked_for_is_its_own_root(tmp_path):
    folder = tmp_path / ("x" * 300)  # no system takes such a name
    assert project_root(folder) == folder


def test_a_broken_manifest_above_is_no_root(tmp_path):
    inner = tmp_path / "a"
    inner.mkdir()
    (inner / "package.json").write_text("{}")
    (tmp_path / "package.json").write_bytes(b"\xff{" + b"[" * 100_000)
    assert project_root(inner) == inner


def test_a_workspaces_own_file_is_not_read(route, project):
    (project / ".npmrc").write_text(f"registry={OTHER}")
    (project.parent / "package.json").write_text('{"workspaces": ["project"]}')
    (project.parent / ".npmrc").write_text(f"registry={PRIVATE}")
    assert url(route()) == PRIVATE


# --- the original -----------------------------------------------------------------------------

NPM = shutil.which("npm")


@pytest.mark.node
@pytest.mark.skipif(NPM is None, reason="npm is not on the path")
@pytest.mark.parametrize(
    "lines",
    [
        "registry=https://registry.example/npm/",
        'registry = "https://registry.example/a;b/"',
        "registry='https://registry.example/'",
        "registry=https://${HOST}/\n@team:registry=https://${HOST}/${NOT_SET?}team/",
        "registry=https://registry.example/#x\nregistry=https://other.example/",
        "[section]\nregistry=https://registry.example/\n",
        "@team:registry=https://registry.example/ # why\n\n;registry=https://other.example/",
    ],
)
def test_npm_reads_the_same(route, project, home, lines):
    (project / ".npmrc").write_text(lines)
    environ = {"HOST": "registry.example"}
    own = {key: value for key, value in os.environ.items() if "npm" not in key.lower()}
    command = [NPM, "config", "get", "registry", "@team:registry", "--no-update-notifier"]
    said = subprocess.run(
        command,
        cwd=project,
        env={**own, **environ, "HOME": str(home), "USERPROFILE": str(home)},
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    answers = dict(line.split("=", 1) for line in said.stdout.split() if "=" in line)
    ours = route(environ=environ, trusted=True)
    assert url(ours) == answers["registry"].partition("#")[0]
    bound = answers["@team:registry"]
    team = route("@team/left", environ=environ, trusted=True)
    assert url(team) == (bound if bound != "undefined" else answers["registry"])


@pytest.mark.parametrize(
    ("manager", "file", "text", "name", "said"),
    [
        ("npm@11.0.0", ".npmrc", "@acme:registry=${NO}", "@acme/one", "of @acme's registry, as"),
        ("npm@11.0.0", ".npmrc", "registry=${NO}", "one", "address of the default registry, as"),
        ("npm@11.0.0", ".npmrc", "@${NO}:registry=https://a.example/", "@b/c", "might be this one"),
        ("bun@1.3.0", "bunfig.toml", "[install\n", "one", "bunfig.toml cannot be read"),
    ],
)
def test_why_nobody_is_asked(tmp_path, manager, file, text, name, said):
    place = Place.below(tmp_path, manager)
    place.write(file, text)
    found = place.routes()
    assert found.registry_for(dependency(name), Manifest()) is None
    assert said in found.why_unknown(dependency(name), Manifest())


def test_managers_that_differ_are_why_nobody_is_asked(tmp_path):
    place = Place.below(tmp_path)
    place.write(".npmrc", "registry=https://a.example/\n")
    place.write("~/.bunfig.toml", '[install]\nregistry = "https://b.example/"\n')
    found = place.routes()
    assert found.registry_for(dependency("one"), Manifest()) is None
    why = found.why_unknown(dependency("one"), Manifest())
    assert why.startswith("package managers that may install it would ask different ones (")
    assert "a.example" in why
    assert "b.example" in why
