from dataclasses import dataclass, replace
from pathlib import PurePath, PurePosixPath, PureWindowsPath

import pytest

from registry_lsp.core.manifests import Link, Manifest, Role
from registry_lsp.core.text import Span
from registry_lsp.features.links import build
from support.documents import document


@dataclass(frozen=True)
class Linked:
    """The project of a manifest with these links, whose one dependency has a link too."""

    links: tuple[Link, ...] = ()
    link: str = ""

    def resolve(self, manifest):
        dependencies = [replace(each, link=self.link) for each in manifest.dependencies]
        return Manifest(dependencies=tuple(dependencies), links=self.links)


HERE = PurePosixPath("/a project/toy.txt")


def links(*, path: PurePath = HERE, link="", **targets):
    """The URIs of the links of a manifest, by the text that they stand on."""
    text = "one>=1\n" + "\n".join(targets)
    found = tuple(
        Link(span=Span(at, at + len(name)), target=target, role=Role[role])
        for name, (role, target) in targets.items()
        for at in (text.index(name, 7),)
    )
    subject = replace(document(text), path=path, project=Linked(found, link))
    return {each.span.slice(text): each.uri for each in build(subject)}


def test_a_path_is_one_from_the_manifests_folder():
    assert links(base=("REQUIREMENTS", "base.txt"), up=("CONSTRAINTS", "../c/./d.txt")) == {
        "base": "file:///a%20project/base.txt",
        "up": "file:///c/d.txt",
    }


def test_a_path_of_windows_is_one_too():
    path = PureWindowsPath("C:/a project/toy.txt")
    assert links(path=path, base=("REQUIREMENTS", "sub/base.txt")) == {
        "base": "file:///C:/a%20project/sub/base.txt"
    }


@pytest.mark.parametrize("target", ["D:", "D:foo"])
def test_a_drive_without_a_path_is_no_link(target):
    assert links(path=PureWindowsPath("C:/a/toy.txt"), base=("REQUIREMENTS", target)) == {}


def test_an_address_is_itself():
    assert links(page=("PAGE", "https://code.example/x")) == {"page": "https://code.example/x"}


@pytest.mark.parametrize(
    "target",
    [
        "javascript://x",
        "./\ud800",
        "https://me:s3cret@code.example/",
        "file:///etc/passwd",
        "a\0b",
        "ssh://x",
    ],
)
def test_what_is_neither_is_no_link(target):
    assert links(page=("PAGE", target)) == {}


def test_a_group_of_the_manifests_own_is_no_document():
    assert links(group=("GROUP", "test")) == {}


def test_a_buffer_without_a_file_has_no_neighbours():
    path = PurePosixPath("toy.txt")
    assert links(path=path, base=("REQUIREMENTS", "base.txt")) == {}


def test_a_dependency_leads_to_what_it_names():
    assert links(link="https://code.example/one") == {"one": "https://code.example/one"}
