"""Which lock file a manifest has, and what it says of each dependency: real projects that the
real tools have locked.
"""

from __future__ import annotations

import pytest

from registry_lsp.core.manifests import Locked, Source
from registry_lsp.ecosystems.pypi import ECOSYSTEM
from registry_lsp.session.files import FileStore
from support.locked import dependency, install, lock_of, project


def told(path):
    """What is locked for each dependency of a manifest, by its name and specifier; where there
    are several versions, each with its marker.
    """
    format = next(each for each in ECOSYSTEM.formats if each.matches(path))
    lock = lock_of(path)
    found = {}
    for each in format.parse(format.decode(path.read_bytes())).dependencies:
        locked = lock.locked(each)
        shown = [f"{one.version} {one.marker}".strip() for one in locked]
        found[f"{each.display_name}{each.specifier}"] = shown[0] if len(shown) == 1 else shown
    return found


def by(path):
    return [part.by for part in lock_of(path).parts]


PYTHONS = [
    "2.0.2 python_full_version < '3.10'",
    "2.2.6 python_full_version == '3.10.*'",
    "2.4.6 python_full_version == '3.11.*'",
    "2.5.5 python_full_version >= '3.12'",
]
SINCE_310 = (">= '3.12'", "== '3.11.*'", "== '3.10.*'")
PYTHONS_OF_SCRIPT = ["2.2.6 python_full_version < '3.11'", *PYTHONS[2:]]
PLUGGY = [
    "1.6.0 python_full_version < '3.10'",
    "1.7.0 python_full_version >= '3.10'",
]
REAL = {
    "uv-workspace/pyproject.toml": {
        "core": "1.0.0",
        "numpy": PYTHONS,
        "idna>=3": "3.20",
        "local-path": "9.9.0",
        "attrs<23": "22.2.0",
        "attrs>=23": "26.1.0",
        "click<8": "7.1.2",
        "click>=8": [
            "8.1.8 python_full_version < '3.10'",
            "8.5.1 " + " or ".join(f"python_full_version {each}" for each in SINCE_310),
        ],
        "iniconfig": [
            "2.1.0 python_full_version < '3.10'",
            "2.3.1 python_full_version >= '3.10'",
        ],
        "packaging<24": "23.2",
    },
    "uv-workspace/packages/core/pyproject.toml": {
        "typing-extensions>=4": "4.16.0",
        "idna": "3.20",
        "pluggy": PLUGGY,
    },
    "uv-workspace/packages/web/pyproject.toml": {
        "typing-extensions>=4": "4.16.0",
        "idna": "3.20",
        "pluggy": PLUGGY,
    },
    "uv-workspace/extra/local-path/pyproject.toml": {"certifi": "2026.10.18", "setuptools": []},
    "uv-rootless/pyproject.toml": {"iniconfig": "2.3.1", "idna<4": "3.20"},
    "uv-rootless/m/pyproject.toml": {"idna": "3.20", "git-dep": "3.1.4"},
    "poetry-project/pyproject.toml": {
        "idna>=3": "3.20",
        "tomli>=2": "2.5.0",
        "attrs>=23": "26.1.0",
        "iniconfig*": ['2.1.0 python_version < "3.12"', '2.3.1 python_version >= "3.12"'],
        "Typing_Extensions*": "4.16.0",
        "typing-extensions*": "4.16.0",
        # what Poetry does not look at where there are project.dependencies
        **{key: [] for key in ("numpy<2.1", "numpy>=2.1", "git-dep", "path-dep", "httpx*")},
    },
    "poetry-tables/pyproject.toml": {
        "numpy<2.1": "2.0.2",
        "numpy>=2.1": "2.2.6",
        "git-dep": "3.1.4",
        "path-dep": "2.7.1",
        "httpx*": "0.28.1",
        "Typing_Extensions*": "4.16.0",
    },
    "pdm/pyproject.toml": {
        "idna>=3": "3.20",
        "tomli>=2": "2.5.0",
        "httpx": "0.28.1",
        "git-dep": "3.1.4",
        "path-dep": "2.7.1",
        "Typing_Extensions": "4.16.0",
        "attrs>=23": "26.1.0",
        "iniconfig": "2.1.0",
        "pluggy": "1.6.0",
    },
    "pdm-forks/pyproject.toml": {
        "numpy": [
            '2.0.2 python_version < "3.10" and python_version >= "3.9"',
            '2.5.5 python_version >= "3.12" and python_version < "3.13"',
        ],
        "idna>=3": "3.20",
        "attrs<23": "22.2.0",
        "attrs>=23": "26.1.0",
    },
    "uv-compiled/requirements.in": {
        "numpy": PYTHONS,
        "httpx": "0.28.1",
        "git-dep": [],
        "../path-dep": [],
        "Typing_Extensions": "4.16.0",
    },
    "uv-compiled-hashed/requirements.in": {
        "numpy": PYTHONS,
        "httpx": "0.28.1",
        "git-dep": [],
        "../path-dep": [],
        "Typing_Extensions": "4.16.0",
    },
    "pip-lock/requirements.txt": {"httpx": "0.28.1", "Typing_Extensions": "4.16.0"},
    "py-uv/pyproject.toml": {
        "demo-plain>=1,<2": "1.0.0",
        "Demo_Mixed.Case": "0.3",
        "demo-dep": "1.0",
    },
    "py-uv-pylock/pyproject.toml": {
        "demo-plain>=1,<2": "1.0.0",
        "Demo_Mixed.Case": "0.3",
        "demo-dep": "1.0",
    },
    "py-poetry/pyproject.toml": {
        "demo-plain>=1,<2": "1.0.0",
        "Demo_Mixed.Case": "0.3",
        "demo-dep": "1.0",
    },
    "py-pdm/pyproject.toml": {
        "demo-plain==1.0.0": "1.0.0",
        "Demo_Mixed.Case": "0.3",
        "demo-dep": "1.0",
    },
    "py-pdm-pylock/pyproject.toml": {
        "demo-plain==1.0.0": "1.0.0",
        "Demo_Mixed.Case": "0.3",
        "demo-dep": "1.0",
    },
    "uv-script/s.py": {"numpy": PYTHONS_OF_SCRIPT, "idna": "3.20"},
    "pipenv/Pipfile": {
        "Typing_Extensions*": "4.16.0",
        "httpx*": "0.28.1",
        "tomli*": [],  # its marker ruled it out when it was locked
        "git-dep": [],
        "path-dep": [],
        "iniconfig<2": "1.1.1",
        "iniconfig*": "2.3.1",
    },
    "py-pipenv/Pipfile": {
        "demo-plain>=1,<2": "1.1.0",
        "Demo_Mixed.Case*": "0.3",
        "demo-dep*": "1.0",
    },
    "py-pip/requirements.txt": {"demo-plain>=1,<2": "1.1.0", "Demo_Mixed.Case": "0.3"},
}


@pytest.mark.parametrize("manifest", REAL)
def test_real_projects(manifest, tmp_path):
    name, _, path = manifest.partition("/")
    found = told(project(name, tmp_path) / path)
    assert found == REAL[manifest]


def test_a_script_has_a_lock_file_of_its_own_and_nothing_installed(tmp_path):
    folder = project("uv-script", tmp_path)
    install(folder / ".venv", "requests-2.0.dist-info")
    lock = lock_of(folder / "s.py")
    (locked,) = lock.locked(dependency("idna", section="dependencies"))
    assert locked == Locked(version="3.20", by="s.py.lock")
    assert lock.locked(dependency("requests")) == ()


def test_markers_tell_two_dependencies_of_one_name_apart(tmp_path):
    lock = lock_of(project("uv-workspace", tmp_path) / "pyproject.toml")
    old = lock.locked(dependency("numpy", marker="python_version < '3.10'"))
    assert [each.version for each in old] == ["2.0.2"]
    new = lock.locked(dependency("numpy", marker="python_version >= '3.11'"))
    assert [each.version for each in new] == ["2.4.6", "2.5.5"]


@pytest.mark.parametrize(
    ("file", "text", "here"),
    [
        (".python-version", "3.11", {"2.4.6"}),
        (".python-version", "3.13.2", {"2.5.5"}),
        (".venv/pyvenv.cfg", "version = 3.9.19", {"2.0.2"}),
        (".python-version", "system", {"2.0.2", "2.2.6", "2.4.6", "2.5.5"}),
    ],
)
def test_what_is_locked_for_other_pythons_than_the_projects_is_told_apart(
    file, text, here, tmp_path
):
    folder = project("uv-workspace", tmp_path)
    (folder / file).parent.mkdir(exist_ok=True)
    (folder / file).write_text(text, encoding="utf-8")
    locked = lock_of(folder / "pyproject.toml").locked(dependency("numpy"))
    assert {each.version for each in locked if not each.is_elsewhere} == here
    assert len(locked) == 4


def test_what_is_locked_from_elsewhere_is_no_version_of_a_registrys(tmp_path):
    folder = project("uv-rootless", tmp_path)
    install(folder / ".venv", "git_dep-3.1.4.dist-info")
    lock = lock_of(folder / "m" / "pyproject.toml")
    assert lock.locked(dependency("git-dep", ">=3")) == ()
    assert lock.locked(dependency("idna", source=Source.GIT)) == ()


def test_a_dependency_that_is_new_to_its_project_has_the_version_that_others_have(tmp_path):
    lock = lock_of(project("uv-workspace", tmp_path) / "packages" / "web" / "pyproject.toml")
    assert [each.version for each in lock.locked(dependency("certifi"))] == ["2026.10.18"]


def test_a_constraint_holds_for_all_versions_of_the_workspace(tmp_path):
    lock = lock_of(project("uv-workspace", tmp_path) / "pyproject.toml")
    section = "tool.uv.constraint-dependencies"
    clicks = lock.locked(dependency("click", section=section))
    assert [each.version for each in clicks] == ["7.1.2", "8.1.8", "8.5.1"]


@pytest.mark.parametrize(
    "section",
    [
        "build-system.requires",
        "tool.hatch.envs.default.dependencies",
        "tool.uv.build-constraint-dependencies",
    ],
)
def test_what_is_installed_elsewhere_is_not_locked(section, tmp_path):
    folder = project("uv-workspace", tmp_path)
    install(folder / ".venv", "hatchling-1.0.dist-info")
    lock = lock_of(folder / "pyproject.toml")
    assert lock.locked(dependency("idna", section=section)) == ()
    assert lock.locked(dependency("hatchling", section=section)) == ()


def test_hatchs_own_file_has_environments_of_its_own(tmp_path):
    install(tmp_path / ".venv", "requests-2.0.dist-info")
    lock = lock_of(tmp_path / "hatch.toml")
    assert lock.locked(dependency("requests", section="envs.default.dependencies")) == ()


def put(folder, *names):
    """Lock files that name the project 'one' in a version that tells them apart."""
    for version, name in enumerate(names):
        kind = "packages" if name.startswith("pylock") else "package"
        source = 'source = { registry = "https://registry.example/simple" }\n'
        text = f'[[{kind}]]\nname = "one"\nversion = "{version}"\n'
        (folder / name).write_text(text + (source if name == "uv.lock" else ""))


ALL = ("pylock.toml", "pylock.dev.toml", "pdm.lock", "poetry.lock", "uv.lock")


@pytest.mark.parametrize(
    ("names", "tables", "first"),
    [
        (ALL, "", "uv.lock"),
        (ALL[:-1], "", "poetry.lock"),
        (ALL[:-2], "", "pdm.lock"),
        (ALL[:-3], "", "pylock.toml"),
        (ALL, "[tool.poetry]", "poetry.lock"),
        (ALL, "[[tool.pdm.source]]", "pdm.lock"),
        (ALL, "[tool.pdm]\n[tool.uv.sources]", "uv.lock"),
        (ALL, "[tool.pdm-bump]\n[tool.uvx]", "uv.lock"),
        (ALL[:-1], "[tool.uv]", "poetry.lock"),
        (ALL, "[tool.black]", "uv.lock"),
    ],
)
def test_the_tool_that_the_manifest_speaks_of_is_believed_first(names, tables, first, tmp_path):
    put(tmp_path, *names)
    path = tmp_path / "pyproject.toml"
    path.write_text(f'[project]\nname = "app"\n{tables}\n')
    assert by(path) == [first]


def test_every_named_lock_file_of_the_standard_counts(tmp_path):
    put(tmp_path, "pylock.linux.toml", "pylock.windows.toml", "pylock.a.b.toml")
    lock = lock_of(tmp_path / "pyproject.toml")
    assert lock.locked(dependency("one")) == (
        Locked(version="0", by="pylock.linux.toml"),
        Locked(version="1", by="pylock.windows.toml"),
    )


def test_a_workspace_is_not_that_of_a_project_that_it_does_not_name(tmp_path):
    folder = project("uv-workspace", tmp_path)
    (folder / "lone").mkdir()
    lock = lock_of(folder / "lone" / "pyproject.toml")
    assert lock.parts == ()
    assert lock.locked(dependency("idna")) == ()


def test_a_lock_file_beside_a_member_stands_over_the_workspaces(tmp_path):
    member = project("uv-workspace", tmp_path) / "packages" / "core"
    put(member, "pdm.lock")
    assert by(member / "pyproject.toml") == ["pdm.lock"]


@pytest.mark.parametrize(
    ("inner", "is_member"),
    [("packages/core", True), ("packages/web", True), ("extra/local-path", False)],
)
def test_uvs_own_lock_file_of_a_member_is_passed_over(inner, is_member, tmp_path):
    folder = project("uv-workspace", tmp_path)
    install(folder / ".venv", "one-2.0.dist-info")
    put(folder / inner, "uv.lock")
    lock = lock_of(folder / inner / "pyproject.toml")
    (idna,) = lock.locked(dependency("idna")) or (None,)
    assert (idna is not None and idna.version == "3.20") is is_member
    assert [each.version for each in lock.locked(dependency("one"))] == [
        "2.0" if is_member else "0"
    ]


def test_a_lock_file_that_cannot_be_read_is_passed_over(tmp_path):
    put(tmp_path, "poetry.lock")
    (tmp_path / "uv.lock").write_text("[[package]")
    assert by(tmp_path / "pyproject.toml") == ["poetry.lock"]


@pytest.mark.parametrize(
    ("manifest", "expected"),
    [
        ("requirements.txt", ["pylock.toml"]),
        ("dev-requirements.txt", ["pylock.toml"]),
        ("requirements.in", ["requirements.txt"]),
        ("other.in", ["pylock.toml"]),
        ("constraints.txt", []),
        ("Pipfile", []),
    ],
)
def test_requirements_files_have_what_is_compiled_from_them(manifest, expected, tmp_path):
    put(tmp_path, "pylock.toml", "uv.lock", "poetry.lock")
    (tmp_path / "requirements.txt").write_text("one==1.0\ntwo>=2\nthree==3.*\n")
    assert by(tmp_path / manifest) == expected


def test_only_the_pins_of_a_compiled_file_are_locked(tmp_path):
    text = "# one\none==1.0 ; python_version < '3.9'\none==1.1\ntwo>=2\nthree==3.*\n./four\n"
    (tmp_path / "base.txt").write_text(text)
    lock = lock_of(tmp_path / "base.in")

    def versions(name):
        asked = dependency(name, section="requirements")
        return [each.version for each in lock.locked(asked)]

    assert versions("one") == ["1.0", "1.1"]
    assert versions("two") == versions("three") == versions("four") == []


def test_equal_surroundings_give_equal_locks(tmp_path):
    folder = project("uv-workspace", tmp_path)
    install(folder / ".venv", "idna-3.dist-info")
    path = folder / "packages" / "core" / "pyproject.toml"
    store = FileStore()
    before = lock_of(path, store)
    assert lock_of(path, store) == before
    assert hash(lock_of(path, store)) == hash(before)
    text = (folder / "uv.lock").read_text()
    (folder / "uv.lock").write_text(text.replace('version = "3.20"', 'version = "3.21"'))
    assert lock_of(path, store) != before
