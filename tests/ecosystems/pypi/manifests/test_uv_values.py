"""What uv refuses of the values of its tables, and of the tables that it reads with them. All of it
was seen of uv 0.13.
"""

from __future__ import annotations

import pytest

from registry_lsp.ecosystems.pypi.manifests.pyproject import PYPROJECT


def refused(text):
    return [(each.span.slice(text), each.reason) for each in PYPROJECT.parse(text).problems]


NO_ADDRESS = "uv needs a whole address here, such as 'https://…' or 'ssh://…'."
NO_ARCHIVE = "uv takes only the address of an archive here, which ends in '.whl', '.zip' or alike."


@pytest.mark.parametrize(
    ("source", "where", "reason"),
    [
        ("git = 'git@code.example:x/y.git'", "git@code.example:x/y.git", NO_ADDRESS),
        ("git = '../here'", "../here", NO_ADDRESS),
        ("url = 'x.zip'", "x.zip", NO_ADDRESS),
        ("url = 'https://files.example/x'", "https://files.example/x", NO_ARCHIVE),
        ("url = 'git+https://code.example/x.zip'", "git+https://code.example/x.zip", NO_ARCHIVE),
        ("url = 1", "1", "'url' must be a string."),
        ("path = true", "true", "'path' must be a string."),
        ("index = 1", "1", "'index' must be a string."),
        ("git = 'ssh://x', rev = 1", "1", "'rev' must be a string."),
        ("path = 'x', editable = 'yes'", "'yes'", "'editable' must be true or false."),
        (
            "workspace = false",
            "false",
            "uv does not support 'workspace = false': leave the source out.",
        ),
        ("workspace = 1", "1", "'workspace' must be a string."),
    ],
)
def test_what_uv_refuses_of_the_values_of_a_source(source, where, reason):
    assert refused(f"[tool.uv.sources]\na = {{{source}}}\n") == [(where, reason)]


@pytest.mark.parametrize(
    "source",
    [
        "git = ''",
        "url = ''",
        "git = 'ssh://git@code.example/x.git', lfs = true",
        "git = 'git+https://code.example/x'",
        "url = 'https://files.example/x-1.0.TAR.gz?a=b#subdirectory=x'",
        "url = 'file:///srv/x.whl'",
        "path = 'C:/x', editable = true",
        "workspace = 'other'",
    ],
)
def test_what_uv_takes_of_the_values_of_a_source(source):
    assert refused(f"[tool.uv.sources]\na = {{{source}}}\n") == []


@pytest.mark.parametrize(
    ("text", "where", "reason"),
    [
        ("[tool.uv]\nsources = 1", "1", "'tool.uv.sources' must be a table."),
        ("dependency-groups = ['x']", "['x']", "'dependency-groups' must be a table."),
        (
            "project.optional-dependencies = []",
            "[]",
            "'project.optional-dependencies' must be a table.",
        ),
        (
            "project.optional-dependencies.'we b' = ['a']",
            "we b",
            "An extra cannot have this name.",
        ),
        (
            "dependency-groups.x = []\ntool.uv.dependency-groups.x.requires-python = '3.10'",
            "3.10",
            "'3.10' has no operator: '==3.10' admits only that version, '>=3.10' newer ones too.",
        ),
        (
            "[tool.uv]\ndefault-groups = ['dev', 'nope', '']",
            "'nope'",
            "There is no group called 'nope'.",
        ),
    ],
)
def test_what_uv_refuses_of_tables_and_groups(text, where, reason):
    assert refused(text) == [(where, reason)]


@pytest.mark.parametrize(
    "text",
    [
        "[[project.optional-dependencies]]",
        "[[tool.uv.sources]]",
        "[tool.uv]\ndefault-groups = 'all'",
        "dependency-groups.'A.b' = []\ntool.uv.default-groups = ['a-b']",
    ],
)
def test_what_uv_takes_of_tables_and_groups_or_is_half_a_header(text):
    assert refused(text) == []


@pytest.mark.parametrize("key", ["environments", "required-environments"])
def test_the_markers_of_uvs_environments_are_read(key):
    text = f"[tool.uv]\n{key} = [\"sys_platform == 'linux'\", \"sys_platform = 'x'\", ''{{}}]\n"
    assert [where for where, _ in refused(text.format(""))] == ["sys_platform = 'x'"]
    assert [where for where, _ in refused(f"[tool.uv]\n{key} = 'nope'\n")] == ["nope"]
