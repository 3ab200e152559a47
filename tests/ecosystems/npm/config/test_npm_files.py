"""npm's own files on a machine, and how they have a registry reached."""

import os

import pytest

from registry_lsp.core.packages import Secret, Transport
from registry_lsp.endpoints import NPM_REGISTRY
from support.npm_configs import Place

REGISTRY = "https://registry.example/npm/"
PEM = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----"


@pytest.fixture
def place(tmp_path):
    return Place.below(tmp_path, "npm@11.0.0")


def with_node(place, tmp_path):
    """Node.js and npm installed below *tmp_path*, and on the path."""
    binaries, package = tmp_path / "usr" / "bin", tmp_path / "usr" / "lib" / "npm"
    for folder in (binaries, package / "bin"):
        folder.mkdir(parents=True)
    for file in (binaries / "node", package / "bin" / "npm-cli.js"):
        file.write_text("")
        file.chmod(0o755)
    (binaries / "npm").symlink_to(package / "bin" / "npm-cli.js")
    place.environ["PATH"] = str(binaries)
    return tmp_path / "usr", package


posix = pytest.mark.skipif(os.name == "nt", reason="programs are found by their endings there")


@posix
def test_the_global_file_lies_below_the_prefix_of_node(place, tmp_path):
    prefix, package = with_node(place, tmp_path)
    (prefix / "etc").mkdir()
    (prefix / "etc" / "npmrc").write_text("registry=https://global.example\n")
    assert place.ref().url == "https://global.example/"
    (package / "npmrc").write_text(f"prefix={tmp_path / 'other'}\n@team:registry={REGISTRY}")
    assert place.ref().url == NPM_REGISTRY
    assert place.ref("@team/a").url == REGISTRY
    place.write("~/.npmrc", f"globalconfig={prefix / 'etc' / 'npmrc'}\n")
    assert place.ref().url == "https://global.example/"


@posix
def test_a_link_to_node_is_followed(place, tmp_path):
    prefix, _ = with_node(place, tmp_path)
    (prefix / "etc").mkdir()
    (prefix / "etc" / "npmrc").write_text("registry=https://global.example\n")
    links = tmp_path / "links"
    links.mkdir()
    (links / "node").symlink_to(prefix / "bin" / "node")
    place.environ["PATH"] = str(links)
    assert place.ref().url == "https://global.example/"


def test_on_windows_npms_own_file_says_where_the_global_one_is(place, tmp_path):
    place.platform = "win32"
    node = tmp_path / "nodejs"
    (node / "node_modules" / "npm").mkdir(parents=True)
    for name in ("node.exe", "node"):
        (node / name).write_text("")
        (node / name).chmod(0o755)
    (node / "node_modules" / "npm" / "npmrc").write_text("prefix=${APPDATA}/npm\n")
    roaming = tmp_path / "roaming" / "npm" / "etc"
    roaming.mkdir(parents=True)
    (roaming / "npmrc").write_text("registry=https://global.example\n")
    place.environ.update({"PATH": str(node), "APPDATA": str(tmp_path / "roaming")})
    assert place.ref().url == "https://global.example/"


def test_a_changed_file_is_read_again(place):
    file = place.write("~/.npmrc", "registry=https://one.example\n")
    assert place.ref().url == "https://one.example/"
    file.write_text("registry=https://other.example\n")
    assert place.ref().url == "https://other.example/"
    file.unlink()
    assert place.ref().url == NPM_REGISTRY


# --- how it is reached ----------------------------------------------------------------------------


def reached(place, *, trusted=False):
    return place.ref(trusted=trusted).transport


def test_without_any_word_the_environment_says(place):
    place.write("~/.npmrc", "strict-ssl=true\nproxy=null\nhttps-proxy=false\nca=null\ncafile=\n")
    assert reached(place) is None


@pytest.mark.parametrize(
    ("lines", "transport"),
    [
        ("strict-ssl=false", Transport(verify=False)),
        ("strict-ssl = 0", Transport(verify=False)),
        (f'ca="{PEM}"'.replace("\n", "\\n"), Transport(authorities=(PEM,))),
        (
            f'ca[]="{PEM}"\nca[]="{PEM}2"'.replace("\nMII", "\\nMII").replace("\n---", "\\n---"),
            Transport(authorities=(PEM, f"{PEM}2")),
        ),
        (
            "proxy=http://me:pw@proxy.example:8080",
            Transport(proxy=Secret("http://me:pw@proxy.example:8080")),
        ),
        (
            "proxy=http://other.example\nhttps-proxy=http://proxy.example\nnoproxy=.a.example, b",
            Transport(proxy=Secret("http://proxy.example"), unproxied=("a.example", "b")),
        ),
    ],
)
def test_the_users_words(place, lines, transport):
    place.write("~/.npmrc", lines)
    assert reached(place) == transport


def test_files_of_authorities(place, tmp_path):
    file = place.write("~/ca.pem", PEM)
    for written in (str(file), "~/ca.pem"):
        place.write("~/.npmrc", f"cafile={written}\nca=x")
        assert reached(place) == Transport(authorities=(str(file),))
    own = place.write("certs/ca.pem", PEM)
    place.write("~/.npmrc", "cafile=certs/ca.pem")
    assert reached(place) == Transport(authorities=(str(own),))
    for none in ("none.pem", "x" * 5000):  # which npm passes over
        place.write("~/.npmrc", f"cafile={none}")
        assert reached(place) is None


def test_what_node_trusts_beside_its_own(place):
    file = place.write("~/more.pem", PEM)
    place.environ["NODE_EXTRA_CA_CERTS"] = str(file)
    assert reached(place) == Transport(more_authorities=(str(file),))
    place.write("~/.npmrc", f'ca="{PEM}"'.replace("\n", "\\n"))
    assert reached(place) == Transport(authorities=(PEM,))
    place.environ["NODE_EXTRA_CA_CERTS"] = str(place.home / "none.pem")
    place.write("~/.npmrc", "")
    assert reached(place) is None


def test_exceptions_from_the_environments_proxy(place):
    place.environ.update({"https_proxy": "http://proxy.example", "NO_PROXY": "a.example"})
    assert reached(place) is None
    place.write("~/.npmrc", "noproxy=b.example")
    proxy = Secret("http://proxy.example")
    assert reached(place) == Transport(proxy=proxy, unproxied=("b.example",))
    place.write("~/.npmrc", "proxy=http://own.example")
    own = Secret("http://own.example")
    assert reached(place) == Transport(proxy=own, unproxied=("a.example",))


def test_the_clients_certificate_for_a_registry(place):
    place.write(
        "~/.npmrc",
        f"registry={REGISTRY}\n//registry.example/:certfile=~/me.pem\n"
        "//registry.example/:keyfile=${KEYS}/me.key\n",
    )
    place.environ["KEYS"] = "/keys"
    wanted = Transport(certificate=str(place.home / "me.pem"), key=Secret("/keys/me.key"))
    assert reached(place) == wanted
    assert place.ref(url="https://registry.example/other").transport == wanted
    assert place.ref(url="https://other.example").transport is None


def test_a_certificate_goes_along_with_a_token_of_the_same_place_alone(place):
    place.write(
        "~/.npmrc",
        f"registry={REGISTRY}\n//registry.example/npm/:certfile=/a\n"
        "//registry.example/npm/:keyfile=/b\n//registry.example/:_authToken=far\n",
    )
    ref = place.ref()
    assert ref.authorization is None
    assert ref.transport.certificate == "/a"
    place.write(
        "~/.npmrc", (place.home / ".npmrc").read_text() + "//registry.example/npm/:_authToken=t"
    )
    assert place.ref().authorization == Secret("Bearer t")
    assert place.ref().transport.certificate == "/a"


def test_a_certificate_for_everybody_is_for_the_users_own_registry(place):
    place.write(
        "~/.npmrc",
        f"registry={REGISTRY}\ncert=-----BEGIN x\\ny\nkey=-----BEGIN z\n@team:registry=https://t.example",
    )
    assert reached(place) == Transport(certificate="-----BEGIN x\ny", key=Secret("-----BEGIN z"))
    assert place.ref("@team/a").transport is None
    place.write(".npmrc", "registry=https://elsewhere.example")
    assert reached(place) is None


# --- strangers ------------------------------------------------------------------------------------


def test_a_stranger_says_nothing_of_how_a_registry_is_reached(place):
    place.write("ca.pem", PEM)
    place.write(
        ".npmrc",
        f"registry={REGISTRY}\nstrict-ssl=false\ncafile=ca.pem\nproxy=http://eve.example\n"
        "https-proxy=http://eve.example\nnoproxy=registry.example\nca=x\ncert=x\nkey=y\n"
        "//registry.example/:certfile=/home/me/me.pem\n//registry.example/:keyfile=/home/me/me.key\n"
        "userconfig=/tmp/eve\nglobalconfig=/tmp/eve\nprefix=/tmp/eve",
    )
    assert reached(place) is None
    trusted = reached(place, trusted=True)
    assert not trusted.verify
    assert trusted.authorities == (str(place.project / "ca.pem"),)
    assert trusted.proxy == Secret("http://eve.example")
    assert trusted.certificate == "/home/me/me.pem"


def test_the_users_way_to_a_registry_holds_for_a_strangers_choice_of_it(place):
    place.write("~/.npmrc", "strict-ssl=false")
    place.write(".npmrc", f"registry={REGISTRY}")
    assert reached(place) == Transport(verify=False)


@pytest.mark.parametrize(
    ("address", "credential"),
    [
        ("https://registry.example/npm/", "Bearer mine"),
        ("http://registry.example/npm/", None),
        ("http://registry.example:80/npm/", None),
        ("http://registry.example:8081/npm/", "Bearer ported"),
    ],
)
def test_a_stranger_has_no_credential_sent_in_the_clear(place, address, credential):
    place.write(
        "~/.npmrc",
        "//registry.example/npm/:_authToken=mine\n//registry.example:8081/npm/:_authToken=ported",
    )
    place.write(".npmrc", f"registry={address}")
    assert place.goes()[1] == credential


def test_what_the_user_has_sent_in_the_clear_is_sent(place):
    plain = "http://registry.example/npm/"
    place.write("~/.npmrc", f"registry={plain}\n//registry.example/npm/:_authToken=mine")
    assert place.goes() == (plain, "Bearer mine")
    place.write(".npmrc", f"@team:registry={plain}")
    assert place.goes("@team/a") == (plain, None)
    place.write(".npmrc", f"@team:registry={plain}\n//registry.example/npm/:_authToken=theirs")
    assert place.goes("@team/a") == (plain, "Bearer theirs")


def test_no_helper_is_run_for_a_token(place, tmp_path):
    ran = tmp_path / "ran"
    helper = place.write("helper", f"#!/bin/sh\ntouch {ran}\n")
    helper.chmod(0o755)
    lines = f"registry={REGISTRY}\n//registry.example/:tokenHelper={helper}\n"
    for manager in ("npm@11.0.0", "pnpm@11.0.0", "pnpm@9.0.0"):
        place.write("package.json", f'{{"packageManager": "{manager}"}}')
        for path in ("~/.npmrc", ".npmrc"):
            place.write(path, lines)
            assert place.goes(trusted=True) == (REGISTRY, None)
    assert not ran.exists()


def test_a_scopes_registry_is_bound_and_the_default_is_not(place):
    place.write(
        "~/.npmrc", f"registry={REGISTRY}\n@team:registry={REGISTRY}\n@all:registry={NPM_REGISTRY}"
    )
    assert not place.ref().is_bound
    assert place.ref("@team/a").is_bound
    assert not place.ref("@all/a").is_bound


def test_it_is_known_where_yarn_would_have_a_credential_from(tmp_path):
    place = Place.below(tmp_path, "yarn@4.1.0")
    place.write("~/.yarnrc.yml", f"npmScopes:\n  team:\n    npmRegistryServer: {REGISTRY}\n")
    scoped = "~/.yarnrc.yml (npmScopes, team, npmAuthToken)"
    assert place.ref("@team/a").credential_place == scoped
    place.write("~/.yarnrc.yml", f"npmRegistryServer: {REGISTRY}\n")
    key = "npmRegistries, //registry.example/npm, npmAuthToken"
    assert place.ref("a").credential_place == f"~/.yarnrc.yml ({key})"


def test_it_is_known_where_npm_would_have_a_credential_from(place):
    place.write(".npmrc", f"@team:registry={REGISTRY}\n")
    key = "//registry.example/npm/:_authToken"
    assert place.ref("@team/a").credential_place == f"~/.npmrc ({key})"
