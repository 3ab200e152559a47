"""Specifiers and names, held against npm's own ``npm-package-arg``.

Disagreements that are meant are written down in ``_meant``: protocols that npm does not know,
and repositories that only Yarn takes for such. White space around a specifier counts for nothing
here, while npm takes it for a part of a path or a name.
"""

from __future__ import annotations

import re
from itertools import product
from random import Random
from urllib.parse import urlsplit

import pytest

from registry_lsp.core.manifests import Source
from registry_lsp.core.ports.versions import InvalidRequirementError
from registry_lsp.ecosystems.npm.manifests.links import link
from registry_lsp.ecosystems.npm.manifests.specifier import classify, is_valid_name
from registry_lsp.ecosystems.npm.versions.scheme import NpmScheme
from registry_lsp.ecosystems.npm.versions.semver import SPACES
from registry_lsp.endpoints import CODE_HOSTS
from support import npm_texts
from support.node import Answer, Question, ask_npm

pytestmark = pytest.mark.node

_PREFIXES = (
    *("", "", "npm:", "NPM:", "npm:npm:", "file:", "FILE:", "git+ssh://", "git+https://", "git://"),
    *("git+file:///", "https://", "http://", "github:", "gitlab:", "bitbucket:", "gist:", "ssh://"),
    *("workspace:", "catalog:", "link:", "portal:", "patch:", "jsr:", "exec:", "./", "../", "~/"),
    *("sourcehut:", "git+http://", "git+rsync://", "other://", "JSR:", "HTTPS://u:p@"),
    *("/", "@s/", "C:/", " ", "git@", "v", "a/"),
)
_BODIES = (
    *("foo", "u/r", "git@git.example:u/r.git", "git.example/u/r.git", "git.example:22/u/r"),
    *("foo@^1", "@s/foo@~2", "@s/foo", "foo@", "foo@latest", "foo@ 1 || 2", "@s/foo@1.2.3"),
    *("registry.example/foo.tgz", "^1.2.3", "1.2.3", "=1.2.3", "v1", "*", "x", "", "latest"),
    *("next-1", "foo bar", "foo+bar", "a/b/c", "Foo", "foo.tar", ".foo", "foo,bar", ">=1 <2", "é"),
)
_SUFFIXES = ("", "", "#main", "#semver:^1", "#a::b", "#a/b", ".tgz", ".git", " ", "@1", "/", "\t")

_SERVICES = tuple(urlsplit(address).netloc for address in CODE_HOSTS.values())
_SERVED = (
    *(
        f"{scheme}{host}/"
        for scheme in ("https://", "http://", "HTTPS://u:p@")
        for host in _SERVICES
    ),
    *(f"{scheme}{host}/" for scheme in ("git+ssh://git@", "ssh://git@") for host in _SERVICES),
    *(f"git+https://{host}/" for host in _SERVICES),
    *(f"git@{host}:" for host in _SERVICES),
    *(f"https://www.{host}:443/" for host in _SERVICES),
    *(f"{name}:" for name in CODE_HOSTS),
    *("", "github:/", "github:token@", "gist:u/"),
)
_REPOSITORIES = (
    *("u/r", "u/r.git", "u/r/", "u/r/tree/main", "u/r/tree/a/b", "u/r/trees", "u"),
    *("u/r/archive/x.tar.gz", "u/r/get/x.tar.gz", "u/r/gets", "g/s/r", "g/s/t/r", "u/r/-/x.tgz"),
    *("1a2b3c", "u/1a2b3c/raw/x", "u/1a2b3c/raws", "~u/r", "~u/r/archive/v1.tar.gz", "u-1/r_2.js"),
    *("u/r/tarball/main", "u/r?x=1", ""),
)
_REVISIONS = (
    *(
        "",
        "",
        "#main",
        "#v1.0/x",
        "#semver:^1",
        "#semver:",
        "#a::b",
        "#path:x",
        "#semver:1::path:x",
    ),
    *("#a::semver:^1", "#semver:^1::a", "#path:a::path:b", "#a::x:y", "#a&path:/x", "#", "#::a"),
)

_KINDS = {"git": Source.GIT, "remote": Source.URL, "file": Source.PATH, "directory": Source.PATH}


def test_specifiers_are_classified_alike():
    texts = ["".join(parts) for parts in product(_PREFIXES, _BODIES, _SUFFIXES)]
    random = Random(4)
    texts += [npm_texts.range_text(random) for _ in range(3000)]
    texts = list(dict.fromkeys(text.strip(SPACES) for text in texts))

    answers = ask_npm(Question("classify", ("foo", text)) for text in texts)

    differ = [
        (text, ours, answer)
        for text, answer in zip(texts, answers, strict=True)
        if (ours := _classified(text)) != _theirs(answer) and not _meant(text, ours, answer)
    ]
    assert not differ


def test_repositories_of_known_services_are_found_alike():
    texts = ["".join(parts) for parts in product(_SERVED, _REPOSITORIES, _REVISIONS)]
    texts = list(dict.fromkeys(texts))

    answers = ask_npm(Question("classify", ("foo", text)) for text in texts)

    found = [
        (text, means.source, bool(means.refusal), link(means.source, means.target, "foo"), answer)
        for text, answer in zip(texts, answers, strict=True)
        for means in [classify(text)]
    ]
    differ = [
        each
        for each in found
        if each[-1].value and _kind(each[-1]) != each[1] and not _is_yarns(each[0])
    ]
    assert not differ
    unlike = [each for each in found if _is_revision_refused(each[-1]) != each[2]]
    assert not [each for each in unlike if not _is_revision_passed_over(each[0], each[-1])]
    pages = [each for each in found if _has_page(each[-1])]
    assert len(pages) > 5000
    astray = [each for each in pages if each[3] != each[-1].value["page"]]
    assert not astray


def _kind(answer: Answer) -> Source:
    return _KINDS.get(answer.value["type"], Source.REGISTRY)


def _is_revision_refused(answer: Answer) -> bool:
    return "cannot override existing" in (answer.error or "")


def _is_revision_passed_over(text: str, answer: Answer) -> bool:
    """npm does not look at what stands behind ``#``: it knows no such protocol at that place, or
    takes the branch that stands in the path.
    """
    is_branch = re.match(rf"[^#]*{_SERVICES[0]}(:\d+)?/[^/]+/[^/]+/tree/", text) is not None
    return answer.error == "EUNSUPPORTEDPROTOCOL" or is_branch or _is_yarns(text)


def _has_page(answer: Answer) -> bool:
    """Whether npm finds a repository; without an owner it finds one of ``null``."""
    page = answer.value["page"] if answer.value else None
    return page is not None and re.search(r"/null/|/\Z", page) is None


def _is_yarns(text: str) -> bool:
    """A Git repository for Yarn, a file or a folder for npm: a web address that ends so, or what
    ``scp`` would write.
    """
    is_page = re.match(r"https?://[^?#]*\.git/?(#|$)", text, re.IGNORECASE) is not None
    return is_page or re.match(r"[^/:@]*@[^/:]*:", text) is not None


def test_names_are_judged_alike():
    random = Random(5)
    pieces = ("foo", "Foo", "@", "/", ".", "_", "-", "s", "~", "é", " ", "%", "node_modules", "1")
    names = ["".join(random.choices(pieces, k=random.randrange(6))) for _ in range(3000)]
    names += [
        "favicon.ico",
        "Node_Modules",
        "@s/.x",
        "@.s/x",
        "@s/_x",
        "@/x",
        "@s/",
        "a\n",
        "\ud800",
    ]

    answers = ask_npm(Question("name", (name,)) for name in names)

    differ = [
        name
        for name, answer in zip(names, answers, strict=True)
        if is_valid_name(name) != (answer.value is True)
    ]
    assert not differ


def _classified(text: str) -> tuple[object, ...]:
    read = classify(text)
    if read.offset is not None:
        assert text[read.offset : read.offset + len(read.specifier)] == read.specifier
    if not read.source.is_looked_up:
        return (read.source,)
    return (read.source, read.name, *_requirement(read.specifier))


def _requirement(specifier: str) -> tuple[object, ...]:
    try:
        requirement = NpmScheme().parse(specifier)
    except InvalidRequirementError:
        return ("refused",)
    if requirement.tag is not None:
        return ("tag", requirement.tag)
    return ("version",) if requirement.pinned else ("range",)


def _theirs(answer: Answer) -> tuple[object, ...]:
    if answer.error is not None:
        return (answer.error,)
    value = answer.value
    if value["type"] in _KINDS:
        return (_KINDS[value["type"]],)
    inner = value["inner"]
    kind = inner["type"] if inner else value["type"]
    source = Source.ALIAS if inner else Source.REGISTRY
    rest = ("tag", value["spec"]) if kind == "tag" else (kind,)
    return (source, inner["name"] if inner else None, *rest)


def _meant(text: str, ours: tuple[object, ...], answer: Answer) -> bool:
    theirs = _theirs(answer)
    if ours[-1] == "refused" or ours[:2] == (Source.ALIAS, ""):
        return isinstance(theirs[0], str)  # npm refuses it too, in words of its own
    if theirs in {("EUNSUPPORTEDPROTOCOL",), ("ERR_INVALID_URL",)}:
        return not ours[0].is_looked_up  # pnpm, Yarn or one of their plugins may know it
    if ours == (Source.GIT,):
        return _is_yarns(text) or _is_revision_refused(answer)
    if text.lower().startswith("npm:") and ours[0] is Source.REGISTRY:
        return re.match(r"npm:[0-9^~<>=*]", text, re.IGNORECASE) is not None  # Yarn's npm:range
    return False
