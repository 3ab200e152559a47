"""Specifiers and names, held against npm's own ``npm-package-arg``.

Disagreements that are meant are written down in ``_meant``: protocols that npm does not know, and
what it decides by a list of Git services' hosts. White space around a specifier counts for
nothing here, while npm takes it for a part of a path or a name.
"""

from __future__ import annotations

import re
from itertools import product
from random import Random

import pytest

from registry_lsp.core.manifests import Source
from registry_lsp.core.ports import InvalidRequirementError
from registry_lsp.ecosystems.npm.semver import SPACES
from registry_lsp.ecosystems.npm.specifier import classify, is_valid_name
from registry_lsp.ecosystems.npm.versions import NpmScheme
from support import npm_texts
from support.node import Answer, Question, ask_npm

pytestmark = pytest.mark.node

_PREFIXES = (
    *("", "", "npm:", "NPM:", "npm:npm:", "file:", "FILE:", "git+ssh://", "git+https://", "git://"),
    *("git+file:///", "https://", "http://", "github:", "gitlab:", "bitbucket:", "gist:", "ssh://"),
    *("workspace:", "catalog:", "link:", "portal:", "patch:", "jsr:", "exec:", "./", "../", "~/"),
    *("/", "@s/", "C:/", " ", "git@", "v", "a/"),
)
_BODIES = (
    *("foo", "u/r", "git@git.example:u/r.git", "git.example/u/r.git", "git.example:22/u/r"),
    *("foo@^1", "@s/foo@~2", "@s/foo", "foo@", "foo@latest", "foo@ 1 || 2", "@s/foo@1.2.3"),
    *("registry.example/foo.tgz", "^1.2.3", "1.2.3", "=1.2.3", "v1", "*", "x", "", "latest"),
    *("next-1", "foo bar", "foo+bar", "a/b/c", "Foo", "foo.tar", ".foo", "foo,bar", ">=1 <2", "é"),
)
_SUFFIXES = ("", "", "#main", "#semver:^1", "#a/b", ".tgz", ".git", " ", "@1", "/", "\t")

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
        if (ours := _classified(text)) != (theirs := _theirs(answer))
        and not _meant(text, ours, theirs)
    ]
    assert not differ


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


def _meant(text: str, ours: tuple[object, ...], theirs: tuple[object, ...]) -> bool:
    if ours[-1] == "refused" or ours[:2] == (Source.ALIAS, ""):
        return isinstance(theirs[0], str)  # npm refuses it too, in words of its own
    if theirs in {("EUNSUPPORTEDPROTOCOL",), ("ERR_INVALID_URL",)}:
        return not ours[0].is_looked_up  # pnpm, Yarn or one of their plugins may know it
    if ours == (Source.GIT,):
        is_page = re.match(r"https?://.*\.git/?(#|$)", text) is not None
        is_scp = re.match(r"[^/:@]*@[^/:]*:", text) is not None
        return (is_page and theirs == (Source.URL,)) or is_scp
    if text.lower().startswith("npm:") and ours[0] is Source.REGISTRY:
        return re.match(r"npm:[0-9^~<>=*]", text, re.IGNORECASE) is not None  # Yarn's npm:range
    return False
