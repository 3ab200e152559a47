"""docs/manifests.md says of every format what the code does."""

from __future__ import annotations

from pathlib import Path

import pytest

from registry_lsp.core.manifests import Role, Source
from registry_lsp.ecosystems import discover
from support.forms import Form, forms
from support.manifest_tables import document_of, kind_of, named, renewed, subject_of, tables

DOCUMENT = Path(__file__).parent.parent / "docs" / "manifests.md"
FORMS = [pytest.param(form, id=f"{form.file}-{form.section}-{form.written}") for form in forms()]


def test_the_tables_are_as_the_code_works_them_out():
    text = DOCUMENT.read_text(encoding="utf-8")
    assert text == renewed(text), "PYTHONPATH=tests python scripts/manifests.py --write renews them"
    assert sorted(named(text)) == sorted(tables())


def test_every_format_has_its_examples():
    shown = {kind_of(form.file)[1].name for form in forms()}
    assert shown == {each.name for ecosystem in discover() for each in ecosystem.formats}


def test_every_dialect_source_and_role_has_an_example():
    documents = [(form, document_of(form)) for form in forms()]
    shown = [each for each in (subject_of(*pair) for pair in documents) if each is not None]
    written = [each for _, document in documents for each in document.written.dependencies]
    dialects = {dialect for ecosystem in discover() for dialect in ecosystem.schemes}
    assert {each.dialect for each in shown} == dialects
    assert {each.source for each in (*shown, *written)} == set(Source)
    roles = {link.role for _, document in documents for link in document.manifest.links}
    assert roles == set(Role)


@pytest.mark.parametrize("form", FORMS)
def test_an_example_is_valid_and_stands_in_its_section(form: Form):
    document = document_of(form)
    assert document.format.fault(form.text) is None
    assert document.manifest.problems == ()
    dependency = subject_of(form, document)
    if dependency is not None and form.section and not form.subject:
        assert dependency.section.startswith(form.section.split(".")[0])
