"""What a text is that has no name yet: what its language or its shape says for sure."""

import pytest

from registry_lsp.ecosystems import discover
from registry_lsp.session.kinds import LONGEST_NAMELESS, guesser

GUESS = guesser(discover())


def guessed(language, text):
    found = GUESS(language, text)
    return found and found[1].file


@pytest.mark.parametrize(
    ("language", "text", "file"),
    [
        # where the language is theirs alone
        ("pip-requirements", "", "requirements.txt"),
        ("requirements", "what reads like prose", "requirements.txt"),
        ("plaintext", "requests==2.30\n", None),
        ("", "requests==2.30\n", None),
        # by the shape
        ("json", '{"dependencies": {"react": "1"}}', "package.json"),
        ("jsonc", '{"devDependencies": {"react": "^', "package.json"),
        ("json", '{"peerDependencies": {"rea"}}', "package.json"),
        ("json", '{"dependencies": {}}', None),
        ("json", '{"dependencies": {"react": {"version": "1"}}}', None),  # a lock file
        ("json", '{"dependencies": ["zlib"]}', None),  # vcpkg
        ("json", '{"x": {"dependencies": {"react": "1"}}}', None),
        ("json", '["dependencies"]', None),
        ("python", '{"dependencies": {"react": "1"}}', None),
        ("toml", '[project]\nname = "x"\n', "pyproject.toml"),
        ("toml", "[project]\ndependencies = [", "pyproject.toml"),
        ("toml", "[tool.poetry.dependencies]\nx", "pyproject.toml"),
        ("toml", "[dependency-groups]\ndev = []\n", "pyproject.toml"),
        ("toml", "[build-system]\nrequires = []\n", "pyproject.toml"),
        ("toml", "[project]\n", None),
        ("toml", '[project]\nname = "x"\n[dependencies]\npython = "*"\n', None),  # pixi
        ("toml", '[package]\nname = "x"\n[dependencies]\nserde = "1"\n', None),  # Cargo
        ("toml", "[tool.ruff]\n", None),
        ("python", "# /// script\n# dependencies = []\n# ///\n", "script.py"),
        ("python", "dependencies = []\n", None),
    ],
)
def test_what_a_text_without_a_name_is(language, text, file):
    assert guessed(language, text) == file


def test_what_nobody_types_is_not_looked_at():
    text = '{"dependencies": {"react": "1"}}'
    assert guessed("json", text.ljust(LONGEST_NAMELESS)) == "package.json"
    assert guessed("json", text.ljust(LONGEST_NAMELESS + 1)) is None


@pytest.mark.parametrize("ecosystem", discover(), ids=lambda each: each.name)
def test_every_such_file_is_one_of_its_format(ecosystem):
    for name, text in ecosystem.samples.items():
        for language in ("json", "toml", "python", "pip-requirements", "yaml"):
            found = ecosystem.nameless(language, text)
            if found is not None:
                assert found.format in ecosystem.formats, name
