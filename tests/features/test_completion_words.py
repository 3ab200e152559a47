import pytest

from registry_lsp.core.words import Sort
from registry_lsp.ecosystems import discover
from registry_lsp.features.completions.words import extra_place, extras, files_in

FORMATS = {format.name: format for each in discover() for format in each.formats}


def words(format, text):
    offset, plain = text.index("¦"), text.replace("¦", "")
    found = FORMATS[format].words_at(plain, offset)
    assert found is None or found.span.start <= offset <= found.span.end
    return found


@pytest.mark.parametrize(
    ("format", "text", "some", "replaced"),
    [
        ("package.json", '{"dev¦"}', {"devDependencies", "overrides"}, "dev"),
        ("package.json", '{"name": "x",\n  "¦', {"dependencies", "pnpm"}, ""),
        ("package.json", '{"pnpm": {"o¦"}}', {"overrides"}, "o"),
        ("pnpm-workspace.yaml", "packages: []\ncat¦", {"catalog", "catalogs"}, "cat"),
        ("pnpm-workspace.yaml", "packages: []\n¦", {"catalog"}, ""),
        (".yarnrc.yml", "enableScripts: false\ncat¦", {"catalog"}, "cat"),
        ("pyproject.toml", "[pro¦", {"project", "tool"}, "pro"),
        ("pyproject.toml", "[¦]", {"project", "dependency-groups"}, ""),
        ("pyproject.toml", "[tool.¦]", {"poetry", "uv"}, ""),
        ("pyproject.toml", "[tool.poetry.group.dev.d¦", {"dependencies"}, "d"),
        ("pyproject.toml", "[project]\ndep¦", {"dependencies"}, "dep"),
        ("pyproject.toml", "[project]\n¦\n[tool.uv]\n", {"requires-python"}, ""),
        ("pyproject.toml", "[tool.uv.sources]\none = {¦}", {"index", "workspace"}, ""),
        ("pyproject.toml", "[dependency-groups]\na = [{inc¦}]", {"include-group"}, "inc"),
        ("Pipfile", "[dev¦]", {"dev-packages"}, "dev"),
        ("hatch.toml", "[envs.default]\nd¦", {"dependencies"}, "d"),
        ("script", "# /// script\n# dep¦\n# ///\n", {"dependencies"}, "dep"),
    ],
)
def test_the_keys_that_a_format_knows(format, text, some, replaced):
    found = words(format, text)
    assert found.sort is Sort.KEY
    assert some <= set(found.words)
    assert found.span.slice(text.replace("¦", "")) == replaced


@pytest.mark.parametrize(
    ("format", "text"),
    [
        ("package.json", '{"dependencies": {"¦"}}'),  # a name
        ("package.json", '{"name": "¦"}'),
        ("package.json", "¦"),
        ("pyproject.toml", "[project]\nname = '¦'"),
        ("pyproject.toml", "# ¦"),
        ("pyproject.toml", "[other.¦]"),
        ("pnpm-workspace.yaml", "catalog:\n  one: ¦\n"),
        ("script", "¦\n# /// script\n# dep\n# ///\n"),
        ("requirements.txt", "one¦"),
        ("requirements.txt", "-i ¦"),
        # where no key may begin
        ("package.json", '{"name": "x"¦, "version": "1"}'),
        ("package.json", '{"name"¦: "x"}'),
        ("package.json", '{"name": "x"\n¦}'),
        ("pyproject.toml", "[project]\nname ¦= 'x'\n"),
        ("pyproject.toml", "[project] ¦\n"),
        ("pnpm-workspace.yaml", "packages: []\ncatalog ¦: {}\n"),
    ],
)
def test_where_no_key_stands(format, text):
    assert words(format, text) is None


def test_what_is_there_already_is_not_offered_again():
    found = words("package.json", '{"dependencies": {}, "¦", "overrides": {}}')
    assert not {"dependencies", "overrides"} & set(found.words)
    found = words("pyproject.toml", "[project]\ndependencies = []\ndep¦")
    assert "dependencies" not in found.words


@pytest.mark.parametrize(
    "text",
    [
        '[dependency-groups]\ntest = ["a"]\nDev = [{include-group = "¦"}]',
        '[dependency-groups]\ntest = ["a"]\nDev = [{include-group = "t¦',
        '[dependency-groups]\ntest = ["a"]\n[tool.poetry.group.x]\ninclude-groups = ["¦"]',
    ],
)
def test_the_groups_but_for_the_own_one(text):
    found = words("pyproject.toml", text)
    assert (found.sort, found.words) == (Sort.GROUP, ("test",))


def test_groups_that_would_come_back_are_not_offered():
    found = words(
        "pyproject.toml",
        '[dependency-groups]\nall = [{include-group = "Dev"}]\nother = []\n'
        'dev = ["a", {include-group = "Lint"}]\nlint = [{include-group = "¦"}]',
    )
    assert found.words == ("other",)
    found = words(
        "pyproject.toml",
        '[tool.poetry.group.a]\ninclude-groups = ["b"]\n[tool.poetry.group.c.dependencies]\n'
        '[tool.poetry.group.b]\ninclude-groups = ["¦"]',
    )
    assert found.words == ("c",)


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("-r ¦", ""),
        ("-rba¦", "ba"),
        ("one\n--requirement=ba¦  # x", "ba"),
        ("--constraint deep/¦", "deep/"),
        ("-c a¦b", "ab"),
    ],
)
def test_where_a_file_is_named(text, typed):
    found = words("requirements.txt", text)
    assert found.sort is Sort.FILE
    assert found.span.slice(text.replace("¦", "")) == typed


def test_the_files_of_a_folder(tmp_path):
    for name in ("requirements.txt", "requirements-dev.txt", "constraints.txt", "notes.txt"):
        (tmp_path / name).touch()
    for name in ("requirements", ".hidden", "with blank"):
        (tmp_path / name).mkdir()
    (tmp_path / "requirements" / "base.txt").touch()
    own = tmp_path / "requirements.txt"

    def takes(path):
        return any(FORMATS[each].matches(path) for each in ("requirements.txt", "constraints.txt"))

    assert files_in(own, "re", takes) == (
        "constraints.txt",
        "requirements-dev.txt",
        "requirements/",
    )
    assert files_in(own, "requirements/b", takes) == ("requirements/base.txt",)
    assert files_in(own, "no/such/", takes) == ()
    assert files_in(own, "\0/", takes) == ()


@pytest.mark.parametrize(
    ("format", "text", "left"),
    [
        ("requirements.txt", "one[¦", "one[B"),
        ("requirements.txt", "one[a,¦]>=1", "one[a,B]>=1"),
        ("requirements.txt", "one[x¦]", "one[B]"),
        ("pyproject.toml", '[project]\ndependencies = ["one[¦"]', '["one[B"]'),
        ("pyproject.toml", '[tool.poetry.dependencies]\none = {extras = ["¦"]}', '["B"]'),
        ("requirements.txt", "one¦[a]", None),
        ("requirements.txt", "one[a]¦>=1", None),
    ],
)
def test_where_an_extra_is_typed(format, text, left):
    offset, plain = text.index("¦"), text.replace("¦", "")
    (dependency,) = FORMATS[format].parse(plain).dependencies
    span = extra_place(dependency, plain, offset)
    if left is None:
        assert span is None
    else:
        found = extras(span, dependency, plain, ["a", "B", 'evil"'], "1.0")
        offer = next(each for each in found.offers if each.label == "B")
        assert left in plain[: span.start] + offer.text + plain[span.end :]
        assert {each.label for each in found.offers} <= {"a", "B"}
        assert ("a" in {each.label for each in found.offers}) == ("a" not in dependency.extras)


@pytest.mark.parametrize(
    ("format", "text", "none"),
    [
        ("pyproject.toml", "[project]\ndep¦\ndependencies = ['a']\n", "dependencies"),
        (
            "pyproject.toml",
            "[project]\nv¦\n[project.optional-dependencies]\n",
            "optional-dependencies",
        ),
        ("pyproject.toml", "[project]\ndependencies = ['a']\n[project.dep¦]\n", "dependencies"),
        ("Pipfile", "[requires]\npy¦\npython_version = '3'\n", "python_version"),
        ("script", "# /// script\n# dep¦\n# dependencies = []\n# ///\n", "dependencies"),
        ("package.json", '{"dependencies": {}, "dep¦"}', "dependencies"),
    ],
)
def test_no_key_is_offered_twice(format, text, none):
    found = words(format, text)
    assert found is None or none not in found.words


@pytest.mark.parametrize(
    ("text", "some"),
    [
        ("[project]\n[pro¦", "project"),
        ("[tool.uv]\n[to¦]\n", "tool"),
        ("[tool.uv.sources]\n[tool.uv.so¦", "sources"),
        ("[[tool.uv.index]]\n[[tool.uv.in¦", "index"),
    ],
)
def test_what_a_header_leads_through_is_offered_again(text, some):
    assert some in words("pyproject.toml", text).words
