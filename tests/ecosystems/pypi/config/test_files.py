"""Where the tools' files are, and what they say."""

from __future__ import annotations

import os

import pytest

from registry_lsp.core.packages import Secret, Transport
from registry_lsp.endpoints import PYPI_INDEX
from support.pypi_configs import addresses, arrange, index, machine, referred

A, B, C = (f"https://{each}.example/simple/" for each in "abc")
BROKEN = "[[[[ x"


def asked(*indexes, tool, **fields):
    return addresses(referred(*indexes, tools=(tool,), around=machine(**fields)))


# --- pip --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("platform", "file", "environ"),
    [
        ("linux", "home/.config/pip/pip.conf", {}),
        ("linux", "home/.pip/pip.conf", {}),
        ("linux", "etc/pip.conf", {}),
        ("linux", "etc/xdg/pip/pip.conf", {}),
        ("linux", "x/pip/pip.conf", {"XDG_CONFIG_HOME": "{}/x"}),
        ("darwin", "home/Library/Application Support/pip/pip.conf", {}),
        ("darwin", "home/.config/pip/pip.conf", {}),
        ("darwin", "Library/Application Support/pip/pip.conf", {}),
        ("win32", "home/AppData/Roaming/pip/pip.ini", {}),
        ("win32", "roaming/pip/pip.ini", {"APPDATA": "{}/roaming"}),
        ("win32", "home/pip/pip.ini", {}),
        ("win32", "data/pip/pip.ini", {"PROGRAMDATA": "{}/data"}),
    ],
)
def test_pips_file_is_where_the_system_keeps_such(platform, file, environ, tmp_path):
    path = tmp_path / file
    path.parent.mkdir(parents=True)
    path.write_text(f"[global]\nindex-url = {A}\n")
    environ = {name: value.format(tmp_path) for name, value in environ.items()}
    fields = {"home": tmp_path / "home", "root": tmp_path, "platform": platform}
    assert asked(tool="pip", environ=environ, **fields) == [[A]]


def test_the_file_of_the_projects_virtual_environment_stands_over_the_users(tmp_path):
    arrange(tmp_path, home___DOT_config__pip__pip_DOT_conf=f"[global]\nindex-url={A}\n")
    arrange(
        tmp_path / "project/.venv", pyvenv_DOT_cfg="", pip_DOT_conf=f"[global]\nindex-url={B}\n"
    )
    fields = {"home": tmp_path / "home", "folder": tmp_path / "project" / "deep"}
    assert asked(tool="pip", **fields) == [[B]]
    (tmp_path / "project" / "deep" / ".git").mkdir(parents=True)
    assert asked(tool="pip", **fields) == [[A]]  # another repository's


def test_a_file_that_pip_could_not_read_keeps_every_name_at_home(tmp_path):
    arrange(tmp_path, _DOT_config__pip__pip_DOT_conf="index-url = x\n")
    assert asked(index(A), tool="pip", home=tmp_path) is None
    assert asked(tool="uv", home=tmp_path) == [[PYPI_INDEX]]


def test_how_a_server_is_reached(tmp_path):
    text = (
        "[global]\ntrusted-host = a.example\n  b.example:8443\ncert = /srv/ca.pem\n"
        "client-cert = ~/me.pem\nproxy = http://u:p@proxy.example\n"
    )
    arrange(tmp_path, _DOT_config__pip__pip_DOT_conf=text)
    extra = index(B, role="extra")
    found = referred(index(A), extra, tools=("pip",), around=machine(home=tmp_path))
    assert found.transport == Transport(
        verify=False,
        authorities=("/srv/ca.pem",),
        certificate=str(tmp_path / "me.pem"),
        proxy=Secret("http://u:p@proxy.example"),
    )
    assert found.otherwise.transport.verify  # another port is another server
    assert "u:p" not in repr(found)


# --- uv ---------------------------------------------------------------------------------------

UV = '[[index]]\nname = "{0}"\nurl = "https://{0}.example/simple"\n'


@pytest.mark.parametrize(
    ("platform", "file", "environ"),
    [
        ("linux", "home/.config/uv/uv.toml", {}),
        ("darwin", "home/.config/uv/uv.toml", {}),
        ("linux", "etc/xdg/uv/uv.toml", {}),
        ("linux", "etc/uv/uv.toml", {}),
        ("win32", "home/AppData/Roaming/uv/uv.toml", {}),
        ("win32", "data/uv/uv.toml", {"PROGRAMDATA": "{}/data"}),
        ("linux", "named.toml", {"UV_CONFIG_FILE": "{}/named.toml"}),
        ("linux", "project/uv.toml", {}),
        ("linux", "uv.toml", {}),
    ],
)
def test_uvs_file_is_where_uv_looks_for_it(platform, file, environ, tmp_path):
    path = tmp_path / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(UV.format("a"))
    environ = {name: value.format(tmp_path) for name, value in environ.items()}
    fields = {"home": tmp_path / "home", "root": tmp_path, "folder": tmp_path / "project"}
    fields |= {"platform": platform}
    assert asked(tool="uv", environ=environ, **fields) == [[A], [PYPI_INDEX]]
    environ = {"UV_NO_CONFIG": "1"}
    assert asked(tool="uv", environ=environ, **fields) == [[PYPI_INDEX]]


def test_a_file_of_uvs_hides_the_tables_beside_it_and_comes_before_the_users(tmp_path):
    arrange(tmp_path, home___DOT_config__uv__uv_DOT_toml=UV.format("b"))
    fields = {"home": tmp_path / "home", "folder": tmp_path / "project"}
    own = index(C, role="extra", name="c")
    assert asked(own, tool="uv", **fields) == [[C], [B], [PYPI_INDEX]]
    arrange(tmp_path, project__uv_DOT_toml=UV.format("a") + "default = true\n")
    assert asked(own, tool="uv", **fields) == [[B], [A]]
    # what is bound by name goes to the manifest's own all the same
    around = machine(**fields)
    assert referred(own, tools=("uv",), around=around, to="c").url == C


def test_of_a_member_of_a_workspace_the_roots_file_counts(tmp_path):
    arrange(
        tmp_path,
        pyproject_DOT_toml="[tool.uv.workspace]\nmembers = ['*']\n",
        uv_DOT_toml=UV.format("a"),
        member__pyproject_DOT_toml="[tool.uv]\npackage = true\n",
    )
    assert asked(tool="uv", folder=tmp_path / "member") == [[A], [PYPI_INDEX]]


def test_of_several_indexes_of_one_name_the_first_counts(tmp_path):
    arrange(tmp_path, _DOT_config__uv__uv_DOT_toml=UV.format("a").replace("a.", "c."))
    own = index(B, role="extra", name="a")
    assert asked(own, tool="uv", home=tmp_path) == [[B], [PYPI_INDEX]]


def test_what_uvs_file_says_of_an_index_and_of_all(tmp_path):
    text = 'index-strategy = "unsafe-best-match"\n' + UV.format("a") + "ignore-error-codes=[401]\n"
    arrange(tmp_path, _DOT_config__uv__uv_DOT_toml=text)
    found = referred(tools=("uv",), around=machine(home=tmp_path))
    assert addresses(found) == [[A, PYPI_INDEX]]
    assert (found.overlooked, found.otherwise.overlooked) == ((401,), ())


@pytest.mark.parametrize("file", ["uv.toml", ".config/uv/uv.toml"])
def test_what_installs_from_requirements_files_has_a_section_of_its_own_in_uvs_file(file, tmp_path):
    path = tmp_path / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f'index-url = "{A}"\n[pip]\nindex-url = "{B}"\nextra-index-url = ["{C}"]\n')
    around = machine(folder=tmp_path, home=tmp_path)
    assert addresses(referred(tools=("uv",), around=around)) == [[A]]
    assert addresses(referred(tools=("pip",), around=around)) == [[C], [B]]


def test_whose_certificates_uv_does_not_look_at(tmp_path):
    arrange(tmp_path, _DOT_config__uv__uv_DOT_toml='allow-insecure-host = ["a.example"]\n')
    around = machine({"UV_INSECURE_HOST": "b.example"}, home=tmp_path)
    for url, verify in ((A, False), (B, False), (C, True)):
        found = referred(index(url), tools=("uv",), around=around)
        assert (found.transport is None) == verify


# --- Poetry -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("platform", "folder", "environ"),
    [
        ("linux", ".config/pypoetry", {}),
        ("darwin", "Library/Application Support/pypoetry", {}),
        ("win32", "AppData/Roaming/pypoetry", {}),
        ("linux", "named", {"POETRY_CONFIG_DIR": "{}/named"}),
    ],
)
def test_poetrys_credentials_and_certificates_are_by_the_sources_name(
    platform, folder, environ, tmp_path
):
    arrange(
        tmp_path / folder,
        auth_DOT_toml='[http-basic.corp]\nusername = "u"\npassword = "p"\n',
        config_DOT_toml='[certificates.corp]\ncert = "/ca.pem"\nclient-cert = "/me.pem"\n'
        "[certificates.off]\ncert = false\n",
    )
    environ = {name: value.format(tmp_path) for name, value in environ.items()}
    around = machine(environ, home=tmp_path, platform=platform, trusted=True)
    found = referred(index(A, name="corp"), tools=("poetry",), around=around)
    assert found.authorization.value == "Basic dTpw"
    assert found.transport == Transport(authorities=("/ca.pem",), certificate="/me.pem")
    found = referred(index(A, name="off"), tools=("poetry",), around=around)
    assert (found.authorization, found.transport) == (None, Transport(verify=False))


def test_poetrys_variables_stand_over_its_files_and_the_address_over_both(tmp_path):
    arrange(
        tmp_path,
        _DOT_config__pypoetry__auth_DOT_toml='[http-basic.my-corp]\nusername="u"\npassword="x"\n',
    )
    environ = {"POETRY_HTTP_BASIC_MY_CORP_PASSWORD": "p"}
    around = machine(environ, home=tmp_path, trusted=True)
    found = referred(index(A, name="my-corp"), tools=("poetry",), around=around)
    assert found.authorization.value == "Basic dTpw"
    written = index(A.replace("//", "//a:b@"), name="my-corp")
    found = referred(written, tools=("poetry",), around=around)
    assert found.authorization.value == "Basic YTpi"


# --- PDM --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("platform", "file", "environ"),
    [
        ("linux", "home/.config/pdm/config.toml", {}),
        ("darwin", "home/Library/Application Support/pdm/config.toml", {}),
        ("linux", "etc/xdg/pdm/config.toml", {}),
        ("linux", "named.toml", {"PDM_CONFIG_FILE": "{}/named.toml"}),
        ("linux", "project/pdm.toml", {}),
    ],
)
def test_pdms_file_names_indexes(platform, file, environ, tmp_path):
    path = tmp_path / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f'[pypi]\nurl = "{A}"\n[pypi.own]\nurl = "{B}"\nusername="u"\npassword="p"\n')
    (tmp_path / "project").mkdir(exist_ok=True)
    (tmp_path / "project" / "pyproject.toml").touch()
    environ = {name: value.format(tmp_path) for name, value in environ.items()}
    fields = {"home": tmp_path / "home", "root": tmp_path, "folder": tmp_path / "project"}
    around = machine(environ, platform=platform, **fields)
    found = referred(index(C, name="c", role="extra"), tools=("pdm",), around=around)
    assert addresses(found) == [[A, C, B]]
    *_, last = found.in_turn()
    assert last.authorization.value == "Basic dTpw"


def test_where_pdm_heeds_the_order_of_its_sources_they_are_asked_in_turn(tmp_path):
    text = "[tool.pdm.resolution]\nrespect-source-order = true\n"
    arrange(tmp_path, pyproject_DOT_toml=text)
    own = index(A, name="own", role="extra")
    assert asked(own, tool="pdm", folder=tmp_path) == [[PYPI_INDEX], [A]]


@pytest.mark.parametrize(
    ("tool", "file"),
    [
        ("poetry", ".config/pypoetry/config.toml"),
        ("pdm", ".config/pdm/config.toml"),
    ],
)
def test_a_file_that_its_tool_could_not_read_keeps_every_name_at_home(tool, file, tmp_path):
    path = tmp_path / file
    path.parent.mkdir(parents=True)
    path.write_text(BROKEN)
    assert asked(tool=tool, home=tmp_path) is None
    assert asked(tool="pip", home=tmp_path) == [[PYPI_INDEX]]
    around = machine(home=tmp_path)
    assert referred(index(A, name="a"), tools=(tool,), around=around, to="a") is None


@pytest.mark.parametrize(
    "text",
    [
        f'[[inde\nname = "own"\nurl = "{A}"\ndefault = true\n',
        '[[index]]\nname = "own"\nurl = "https://a.exam\n',
        f'[[index]]\nname = "own"\nur\n[[index]]\nurl = "{B}"\ndefault = true\n',
    ],
)
@pytest.mark.parametrize("file", ["uv.toml", ".config/uv/uv.toml"])
def test_a_half_typed_file_of_uvs_tells_no_name_to_whom_the_rest_of_it_names(file, text, tmp_path):
    path = tmp_path / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    (tmp_path / "uv.lock").touch()
    for tools in ((), ("uv",)):
        assert referred(tools=tools, around=machine(folder=tmp_path, home=tmp_path)) is None


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes in folders")
def test_a_pipe_is_no_file_and_is_not_waited_for(tmp_path):
    for name in ("uv.toml", "pdm.toml", "poetry.toml", "pyproject.toml", ".netrc"):
        os.mkfifo(tmp_path / name)
    assert asked(tool="uv", folder=tmp_path, home=tmp_path) == [[PYPI_INDEX]]


@pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() == 0, reason="root may read all")
def test_a_folder_that_one_may_not_look_into_has_no_files(tmp_path):
    inner = tmp_path / "shut" / "project"
    inner.mkdir(parents=True)
    inner.parent.chmod(0)
    assert asked(tool="uv", folder=inner) == [[PYPI_INDEX]]
    inner.parent.chmod(0o700)
