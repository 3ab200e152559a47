"""What a specifier names, and where that can be looked at."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_lsp.ecosystems.npm.manifests.hosted import repository_page
from registry_lsp.ecosystems.npm.manifests.links import link
from registry_lsp.ecosystems.npm.manifests.specifier import classify
from registry_lsp.endpoints import CODE_HOSTS, JSR_WEBSITE

GITHUB = CODE_HOSTS["github"]


def linked(text, name="foo"):
    means = classify(text)
    return link(means.source, means.target, name)


@pytest.mark.parametrize(
    ("text", "page"),
    [
        ("owner/name", GITHUB + "owner/name"),
        ("owner/name#semver:^1", GITHUB + "owner/name"),
        ("github:owner/name.git#v1", GITHUB + "owner/name"),
        ("gitlab:group/sub/name", CODE_HOSTS["gitlab"] + "group/sub/name"),
        ("bitbucket:owner/name#main::path:x", CODE_HOSTS["bitbucket"] + "owner/name"),
        ("gist:1a2b3c", CODE_HOSTS["gist"] + "1a2b3c"),
        ("gist:owner/1a2b3c", CODE_HOSTS["gist"] + "1a2b3c"),
        ("sourcehut:~owner/name", CODE_HOSTS["sourcehut"] + "~owner/name"),
        (GITHUB + "owner/name.git", GITHUB + "owner/name"),
        (GITHUB + "owner/name/tree/main", GITHUB + "owner/name"),
        (f"git+ssh://git@{GITHUB[8:]}owner/name#v1", GITHUB + "owner/name"),
        (GITHUB + "owner/name/archive/v1.tar.gz", GITHUB + "owner/name/archive/v1.tar.gz"),
        ("git+https://user:secret@code.example/o/r.git#v1", "https://code.example/o/r"),
        ("git@code.example:o/r.git", "https://code.example/o/r"),
        ("https://code.example/o/r.git", "https://code.example/o/r.git"),
        ("https://user:secret@code.example/a.tgz", "https://code.example/a.tgz"),
        ("git+file:///srv/r.git", ""),
        ("github:", ""),
        ("github:name", ""),
        ("gist:", ""),
        ("https://", ""),
    ],
)
def test_repositories_and_archives_lead_to_their_pages(text, page):
    assert linked(text) == page


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("file:../beside", "../beside/package.json"),
        ("FILE:beside/", "beside/package.json"),
        ("file:./archive.tgz", "./archive.tgz"),
        ("file:archive.TAR.GZ", "archive.TAR.GZ"),
        ("archive.tar", "archive.tar"),
        ("link:../beside", "../beside/package.json"),
        ("portal:../beside", "../beside/package.json"),
        ("./beside", "./beside/package.json"),
        ("..\\beside", "../beside/package.json"),
        ("file:/srv/beside", "/srv/beside/package.json"),
        ("file:///srv/beside", "/srv/beside/package.json"),
        ("file:/../beside", "../beside/package.json"),
        ("file://../beside", "../beside/package.json"),
        ("C:\\beside", "C:/beside/package.json"),
        ("exec:./build.js", "./build.js"),
        ("workspace:../beside", "../beside/package.json"),
        ("workspace:packages/beside", "packages/beside/package.json"),
        ("patch:foo@npm%3A1.0.0#./foo.patch", "./foo.patch"),
        ("patch:foo@npm%3A1.0.0#~/.yarn/patches/foo.patch", ".yarn/patches/foo.patch"),
        ("patch:foo@1#optional!./a.patch&./b.patch::version=1.0.0", "./a.patch"),
        ("patch:foo@npm%3A1.0.0#~builtin<compat/foo>", ""),
        ("patch:foo@1#optional!builtin<compat/foo>", ""),
        ("patch:foo@npm%3A1.0.0", ""),
        ("~/beside", ""),
        ("file:~/beside", ""),
        ("file:", ""),
        ("workspace:*", ""),
        ("workspace:^1.2.3", ""),
        ("workspace:other@*", ""),
        ("workspace:@scope/other@^", ""),
        ("catalog:", ""),
        ("catalog:old", ""),
        ("^1.2.3", ""),
        ("npm:other@^1", ""),
    ],
)
def test_paths_lead_to_the_file_that_they_name_or_to_the_packages_manifest(text, path):
    assert linked(text) == path


@pytest.mark.parametrize(
    ("text", "name", "page"),
    [
        ("jsr:@scope/name@^1", "foo", JSR_WEBSITE + "@scope/name"),
        ("jsr:@scope/name", "foo", JSR_WEBSITE + "@scope/name"),
        ("JSR:^1.0.0", "@own/name", JSR_WEBSITE + "@own/name"),
        ("jsr:^1.0.0", "foo", ""),
        ("jsr:name@1", "@own/name", ""),
        ("jsr:", "foo", ""),
        ("work:^2", "@own/name", ""),
    ],
)
def test_a_package_of_jsr_has_a_page_there(text, name, page):
    assert linked(text, name) == page


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("u/r#a::b", "More than one revision is named behind '#'."),
        ("u/r#semver:^1::main", "More than one revision is named behind '#'."),
        ("git+https://code.example/r#path:a::path:b", "More than one path is named behind '#'."),
        ("u/r#semver:^1::path:packages/a", ""),
        ("u/r#main&path:/packages/a", ""),
        ("u/r#a::x:y", ""),
        ("git@code.example:u/r.git#a::b", ""),
    ],
)
def test_npm_refuses_two_revisions(text, refusal):
    assert classify(text).refusal == refusal


@given(st.text() | st.text(alphabet="abgit:/@#.~%\\?!patchjsr\x00\ud800", max_size=40))
def test_a_link_is_an_address_of_the_web_or_a_path(text):
    found = linked(text, text)
    if ":" in found and "://" in found:
        assert found.lower().startswith(("http://", "https://"))
        assert "@" not in found.split("/")[2]
    assert not found.startswith("~")
    assert "\\" not in found


@pytest.mark.parametrize("piece", ["a/", "a", "/", "../", "a@", "#", "%", "~/", ".git", "tree/"])
@pytest.mark.parametrize(
    "start", ["", "github:", "gist:", "https://x/", "file:", "patch:a#", "jsr:"]
)
def test_hostile_text_leads_somewhere_in_time(start, piece):
    text = start + piece * (1_000_000 // len(piece))
    assert linked(text).count("://") <= 1
    assert len(repository_page(text)) <= 2048


@pytest.mark.parametrize("address", sorted(CODE_HOSTS.values()))
@pytest.mark.parametrize("piece", ["a/", "a", "/", "-/", "tree/", "raw/"])
def test_hostile_addresses_of_known_services_are_read_in_time(address, piece):
    assert len(repository_page(address + piece * (1_000_000 // len(piece)))) <= 2048
