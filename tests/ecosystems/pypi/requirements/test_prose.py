"""Which texts are requirements files, and which are only called so."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_lsp.ecosystems.pypi.requirements.requirements_txt import CONSTRAINTS, REQUIREMENTS
from support.corpus import files

DOCUMENT = """\
=====================
Constraints reference
=====================

.. currentmodule:: acme.models

The classes that this module has create constraints of the
database. They are added in the options of a model:

* one of them checks what a row says,
* another that no two rows say the same.

``CheckConstraint``
-------------------

.. class:: CheckConstraint(*, condition, name)

    Creates a constraint in the database, which
    holds for each row of the table.
"""
TASKS = """\
# What is needed on the machine before anything is installed
- a compiler
- the headers of the database
- a lot of patience

Install the packages with the manager of your system.
Then run the script beside this file.
"""
BROKEN = """\
requests 2.31.0
Django = 4.2
acme ==
=1.0
- other
>=2
third-
"""


@pytest.mark.parametrize("form", [REQUIREMENTS, CONSTRAINTS])
@pytest.mark.parametrize("text", [DOCUMENT, TASKS, DOCUMENT.replace("\n", "\r\n")])
def test_documents_are_none(form, text):
    assert not form.holds(text)


@pytest.mark.parametrize("form", [REQUIREMENTS, CONSTRAINTS])
@pytest.mark.parametrize(
    "text",
    [
        *("", "\n\n", "# nothing yet\n", "the first line of five\n"),
        *("acme\nother\n", "-r base.txt\n-e .\n", "./a\n../b\nc\\d\nsub/e ; os_name == 'nt'\n"),
        *("https://registry.example/a.zip\n" * 9, "git+https://registry.example/a\n" * 9),
        *("${NAME}\n" * 9, "acme-${NAME}==1\n" * 9, "file:a.zip\n" * 9, ".\n" * 9),
        *("acme==1 --hash=md5:00\n" * 9, "acme==1 \\\n    --hash=sha256:00\n" * 9),
        *("acme @ https://registry.example/a\n" * 9, "acme (>=1)\n" * 9, "acme -C a=b\n" * 9),
        *("acme=1.0=py_0\n" * 9, "acme 1.0\n" * 9, "--no-such-option\n" * 9),
        BROKEN,
    ],
)
def test_lists_of_requirements_are_if_they_are_empty_or_broken(form, text):
    assert form.holds(text)


LISTS = [each for each in files() if REQUIREMENTS.matches(each)]


@pytest.mark.parametrize("path", LISTS, ids=lambda path: "-".join(path.parts[-2:]))
def test_what_projects_have_is_a_list_of_requirements(path):
    assert REQUIREMENTS.holds(REQUIREMENTS.decode(path.read_bytes()))


@pytest.mark.parametrize("at", range(0, 40, 3))
def test_a_few_broken_lines_take_nothing_away(at):
    lines = [f"acme{at}>={at}" for at in range(9)]
    lines[at % 9 : at % 9] = DOCUMENT.splitlines()[at % 20 :][:4]
    assert REQUIREMENTS.holds("\n".join(lines))


@pytest.mark.parametrize(
    "text",
    [
        *("x" * 10**7, "/" * 10**7, "/ " * 10**6, "a/" * 10**6 + " !", "\\\n" * 10**6),
        *("\x00" * 10**6, "\ud800 a\n" * 9, "a " * 10**6, " " * 10**7, "${" * 10**6),
    ],
)
def test_hostile_texts_are_judged_in_proportion_to_their_length(text):
    assert REQUIREMENTS.holds(text) in (True, False)


@given(st.text() | st.text(alphabet="aA1 .-/\\[({$;=\n", max_size=80))
def test_any_text_is_judged(text):
    assert REQUIREMENTS.holds(text) in (True, False)
