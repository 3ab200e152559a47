from pathlib import PurePath

import pytest

from registry_lsp.ecosystems.pypi.requirements.sources import SOURCES


@pytest.mark.parametrize("name", ["dev.in", "test-tools.in", "a/b/base_2.in"])
def test_what_may_be_a_source_of_requirements(name):
    assert SOURCES.matches(PurePath(name))


@pytest.mark.parametrize(
    "name",
    [
        *("MANIFEST.in", "config.h.in", "Config.in", ".in", "dev.ini", "dev"),
        *("requirements.in", "requirements/dev.in", "my-requirements.in", "constraints-dev.in"),
    ],
)
def test_what_is_none_by_its_name_or_says_so_by_its_name(name):
    assert not SOURCES.matches(PurePath(name))


@pytest.mark.parametrize(
    "text",
    [
        "pytest>=8\n",
        "# tools\nruff\nmypy[reports]\n",
        "-r base.in\n",
        "--index-url https://registry.example/simple\nruff\n",
        "-e .\nruff\n",
        "tomli; python_version < '3.11'\n",
    ],
)
def test_what_pip_could_read_and_is_no_list_of_words(text):
    assert SOURCES.holds(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "5\n1\n2\n",
        "3 4\n1 2\n",
        "apple\npear\n",
        "include README.md\nrecursive-include docs *.rst\n",
        "prefix=@prefix@\nName: x\nVersion: @VERSION@\n",
        "AC_INIT([x], [1.0])\n",
        "#define X @X@\n",
        "- a\n- b\n",
        "x>=1\nthis is prose\n",
    ],
)
def test_templates_and_test_inputs_are_none(text):
    assert not SOURCES.holds(text)
