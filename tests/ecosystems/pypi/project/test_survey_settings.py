"""What a requirements file has from uv's tables around it, as ``uv pip compile`` 0.13 was seen to
do, and what that means where pip may install it too.
"""

import pytest

from registry_lsp.ecosystems.pypi import ECOSYSTEM
from registry_lsp.ecosystems.pypi.config.routes import routes
from registry_lsp.endpoints import PYPI_INDEX
from registry_lsp.session.files import FileStore, Sight
from support.pypi_configs import machine

PUBLIC = PYPI_INDEX
INDEX = '[[tool.uv.index]]\nurl = "https://{0}"\nname = "{0}"\n'
DEFAULT = INDEX + "default = true\n"
WORKSPACE = '[tool.uv.workspace]\nmembers = ["packages/*"]\n'


def asked(folder, requirements="corp", inner="requirements.txt", **tables):
    """Where the name goes that the file *inner* requires, with the *tables* of the folders."""
    texts = {f"{each.strip('_')}/pyproject.toml": text for each, text in tables.items()}
    for name, text in {**texts, inner: requirements}.items():
        path = folder / name.replace("root/", "").replace("__", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    path = folder / inner
    format = next(each for each in ECOSYSTEM.formats if each.matches(path))
    written = format.parse(requirements)
    manifest = ECOSYSTEM.survey(path, written, Sight(FileStore())).resolve(written)
    ref = routes(machine(folder=path.parent)).registry_for(manifest.dependencies[0], manifest)
    return [each.url for each in ref.in_turn()] if ref is not None else None


@pytest.mark.parametrize(
    "inner", ["requirements.txt", "constraints.txt", "dev.in", "requirements/dev.txt"]
)
def test_a_default_index_of_uv_takes_the_place_of_the_public_one(inner, tmp_path):
    assert asked(tmp_path, inner=inner, root=DEFAULT.format("own")) == ["https://own/"]


def test_an_index_of_uv_is_asked_before_the_public_one(tmp_path):
    assert asked(tmp_path, root=INDEX.format("own")) == ["https://own/", PUBLIC]


def test_an_explicit_index_and_sources_are_nothing_to_requirements_files(tmp_path):
    text = INDEX.format("own") + 'explicit = true\n[tool.uv.sources]\ncorp = { index = "own" }\n'
    assert asked(tmp_path, root=text) == [PUBLIC]


def test_where_the_file_names_an_index_too_neither_name_goes_to_the_public_one(tmp_path):
    text = "-i https://file\ncorp\n"
    assert asked(tmp_path, text, root=DEFAULT.format("own")) == ["https://own/", "https://file/"]


def test_where_uv_asks_none_nobody_is_asked(tmp_path):
    assert asked(tmp_path, root="[tool.uv]\nno-index = true\n") is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('[tool.uv.pip]\nindex-url = "https://pip/"\n', ["https://pip/"]),
        ('[tool.uv.pip]\nextra-index-url = ["https://pip/"]\n', ["https://pip/", PUBLIC]),
        (
            '[tool.uv]\nindex-url = "https://uv/"\n[tool.uv.pip]\nindex-url = "https://pip/"\n',
            ["https://pip/"],
        ),
        (DEFAULT.format("own") + '[tool.uv.pip]\nindex-url = "https://pip/"\n', ["https://own/"]),
        (
            DEFAULT.format("own") + '[tool.uv.pip]\nextra-index-url = ["https://pip/"]\n',
            ["https://pip/", "https://own/"],
        ),
        ('[tool.uv]\nindex-url = "https://uv/"\n[tool.uv.pip]\nno-index = true\n', None),
    ],
)
def test_the_table_of_uv_pip_stands_over_that_of_uv(text, expected, tmp_path):
    assert asked(tmp_path, root=text) == expected


def test_of_a_folder_that_is_an_index_only_its_own_names_are_asked_of_nobody(tmp_path):
    (tmp_path / "wheels").mkdir()
    (tmp_path / "wheels" / "corp-1.0-py3-none-any.whl").write_bytes(b"")
    text = INDEX.format("own").replace("https://own", "wheels") + 'format = "flat"\n'
    inner = "deep/requirements.txt"
    assert asked(tmp_path, "corp", inner, root=text) is None
    assert asked(tmp_path, "acme", inner, root=text) == [PUBLIC]


@pytest.mark.parametrize("above", ['[project]\nname = "x"\n', "[tool.poetry]\n"])
def test_the_nearest_tables_count(above, tmp_path):
    inner = "in/requirements.txt"
    found = asked(tmp_path, inner=inner, root=DEFAULT.format("own"), in_=above)
    assert found == ["https://own/"]
    near = DEFAULT.format("near")
    assert asked(tmp_path, inner=inner, root=DEFAULT.format("own"), in_=near) == ["https://near/"]


@pytest.mark.parametrize("inner", ["requirements.txt", "deep/requirements.txt"])
def test_of_a_member_the_roots_tables_count(inner, tmp_path):
    found = asked(
        tmp_path,
        inner=f"packages/mem/{inner}",
        root=WORKSPACE + DEFAULT.format("own"),
        packages__mem=DEFAULT.format("member"),
    )
    assert found == ["https://own/"]
