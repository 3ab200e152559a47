"""Rewritten ranges, held against npm's own ``semver``: each is read, and admits its version."""

from __future__ import annotations

from random import Random

import pytest

from registry_lsp.ecosystems.npm.versions.rewriting import rewrite
from support import npm_texts
from support.node import Question, ask_npm

pytestmark = pytest.mark.node


def test_a_rewritten_range_admits_its_version():
    random = Random(7)
    cases = [
        (npm_texts.range_text(random), npm_texts.version(random, plain=True)) for _ in range(8000)
    ]
    rewritten = [rewrite(specifier, version) for specifier, version in cases]

    answers = ask_npm(
        Question("range", (text, {"loose": True}, [version]))
        for text, (_, version) in zip(rewritten, cases, strict=True)
    )

    refused = [
        (*case, text, answer.value)
        for case, text, answer in zip(cases, rewritten, answers, strict=True)
        if answer.value["admits"] != [case[1]]
    ]
    assert not refused
    assert sum(text != f"^{version}" for text, (_, version) in zip(rewritten, cases, strict=True))
