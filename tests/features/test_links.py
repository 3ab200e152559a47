from dataclasses import dataclass, replace
from functools import partial
from pathlib import PurePath, PurePosixPath, PureWindowsPath

import pytest

from registry_lsp.core.manifests import Link, Manifest, Role
from registry_lsp.core.packages import Found, Metadata, Missing
from registry_lsp.core.text import Span
from registry_lsp.features.links import build, known_of
from support import toy
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
    return {each.span.slice(text): each.uri for each in build(subject, lambda _: Missing())}


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


def pages(text, known=lambda _: None, package_page=None):
    """The links of the toy's dependencies as text, URI and tooltip."""
    subject = document(text)
    if package_page is not None:
        subject = replace(subject, ecosystem=replace(subject.ecosystem, package_page=package_page))
    return [(each.span.slice(text), each.uri, each.tooltip) for each in build(subject, known)]


def test_a_package_leads_to_its_page_in_the_registry():
    expected = ("one", "https://registry.example/one", "one at registry.example")
    assert pages("one>=1\nsecret>=1\ntwo !git\n") == [expected]


def test_what_is_not_there_has_no_page():
    assert pages("one>=1\n", lambda _: Missing()) == []


class Brief:
    """An index that was asked for the brief documents alone."""

    def peek(self, id, *, full=False):
        return None if full else Missing()


def test_that_it_is_not_there_a_brief_answer_tells_too():
    assert pages("one>=1\n", partial(known_of, Brief())) == []


def described(homepage):
    metadata = Metadata(version="1", homepage=homepage)
    found = Found(package=replace(toy.package("one", "1"), metadata=metadata), asked_at=0.0)
    return pages("one>=1\n", lambda _: found, package_page=lambda _id, _version: None)


def test_where_nobody_knows_the_page_the_homepage_is_one():
    assert described("https://one.example/") == [("one", "https://one.example/", "homepage of one")]


@pytest.mark.parametrize("homepage", [None, "javascript:x", "https://me@one.example/"])
def test_what_is_no_decent_homepage_is_none(homepage):
    assert described(homepage) == []


def test_of_one_place_only_what_the_dependency_names_is_linked():
    subject = replace(document("one\n"), project=Linked(link="https://code.example/one"))
    (found,) = build(subject)
    assert (found.uri, found.tooltip) == ("https://code.example/one",) * 2


def test_tooltips_say_what_is_there():
    text = "one>=1\nbase\nlimits\n"
    found = (
        Link(span=Span(7, 11), target="base.txt", role=Role.REQUIREMENTS),
        Link(span=Span(12, 18), target="limits.txt", role=Role.CONSTRAINTS),
    )
    subject = replace(document(text), path=HERE, project=Linked(found))
    assert [each.tooltip for each in build(subject, lambda _: Missing())] == [
        "requirements of base.txt",
        "constraints of limits.txt",
    ]
