"""docs/settings.md and the schema of the settings say what the code reads."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from registry_lsp.core.setting_sources import load
from support.setting_pages import entries, page, schema

ROOT = Path(__file__).parent.parent
RENEW = "PYTHONPATH=tests python scripts/settings.py --write renews it"
SCHEMA: dict[str, Any] = json.loads(schema())


def at(name: str) -> dict[str, Any]:
    found = SCHEMA
    for part in name.split("."):
        found = found["properties"][part]
    return found


def test_the_page_is_fresh():
    assert (ROOT / "docs" / "settings.md").read_text(encoding="utf-8") == page(), RENEW


def test_the_schema_is_fresh():
    written = (ROOT / "editors" / "settings.schema.json").read_text(encoding="utf-8")
    assert written == schema(), RENEW


@pytest.mark.parametrize("entry", entries(), ids=lambda entry: entry.leaf.name)
def test_every_setting_has_words_and_a_default_that_is_taken(entry):
    assert len(entry.about.split()) > 3
    assert entry.about.endswith(".")
    assert at(entry.leaf.name)["description"] == entry.about
    if entry.default is not None:
        settings, complaints = load({entry.leaf.name: entry.default}, {})
        assert complaints == ()
        assert settings == load({}, {})[0] or entry.leaf.name.startswith("diagnostics.severity.")


@pytest.mark.parametrize("entry", entries(), ids=lambda entry: entry.leaf.name)
def test_what_the_schema_refuses_is_refused(entry):
    schema = at(entry.leaf.name)
    wrong = {"boolean": "yes", "string": 3, "number": "x", "integer": "x", "array": {"a": 1}}
    outside = [wrong[schema["type"]]]
    if "enum" in schema:
        outside.append("no-such-word")
    if "maximum" in schema:
        outside += [schema["maximum"] + 1, schema["minimum"] - 1]
    for value in outside:
        assert load({entry.leaf.name: value}, {}, ecosystems=["npm", "pypi"])[1]
