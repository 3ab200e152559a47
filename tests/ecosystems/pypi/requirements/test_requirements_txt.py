from dataclasses import replace
from pathlib import PurePosixPath, PureWindowsPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_lsp.core.edits import rewrite
from registry_lsp.core.manifests import Part, Source
from registry_lsp.core.sites import site_at
from registry_lsp.ecosystems.pypi.names import normalise
from registry_lsp.ecosystems.pypi.requirements.requirements_txt import CONSTRAINTS, REQUIREMENTS

HOST = "registry.example"
NAMELESS = "A requirement begins with the name of a project, which this line does not."
AMBIGUOUS = (
    "pip knows no option '--no' in a requirements file: it could be --no-binary or --no-index or "
    "--no-require-hashes."
)
SAMPLE = """\
# What the service runs on
--index-url https://registry.example/simple
-r base.txt
-c constraints.txt

Django[argon2, bcrypt] >= 4.2, < 5  # long-term support
requests==2.31.0 \\
    --hash=sha256:aa \\
    --hash=sha256:bb
uvloop ; sys_platform != "win32" and python_version >= "3.9"
name @ https://registry.example/name.zip ; os_name == "nt"
-e git+https://registry.example/tool.git@main#egg=tool&subdirectory=py
./wheels/local_one-1.0-py3-none-any.whl
"""


def parse(text):
    return REQUIREMENTS.parse(text)


def only(text):
    (dependency,) = parse(text).dependencies
    return dependency


def problems(text, file_format=REQUIREMENTS):
    return [(each.reason, each.span.slice(text)) for each in file_format.parse(text).problems]


def names(text):
    return [each.name for each in parse(text).dependencies]


@pytest.mark.parametrize(
    "path",
    [
        "requirements.txt",
        "requirements-dev.txt",
        "requirements_dev.txt",
        "dev-requirements.txt",
        "a/b/requirements.txt",
        "requirements/base.txt",
        "requirements.in",
        "requirements-dev.in",
        "dev-requirements.in",
        "requirements/base.in",
    ],
)
def test_requirements_files_are_known_by_their_names(path):
    assert REQUIREMENTS.matches(PurePosixPath(path))
    assert REQUIREMENTS.matches(PureWindowsPath(path.replace("/", "\\")))
    assert not CONSTRAINTS.matches(PurePosixPath(path))


@pytest.mark.parametrize(
    "path",
    ["constraints.txt", "constraints-dev.txt", "requirements/constraints.txt", "x-constraints.txt"],
)
def test_constraints_files_are_no_requirements_files(path):
    assert CONSTRAINTS.matches(PurePosixPath(path))
    assert not REQUIREMENTS.matches(PurePosixPath(path))


@pytest.mark.parametrize(
    "path",
    [
        "MANIFEST.in",
        "config.h.in",
        "dev.in",
        "setup.py",
        "requirements.md",
        "robots.txt",
        "notes/x.txt",
        "requirements",
        "requirements/sub/base.txt",
    ],
)
def test_other_files_are_let_be(path):
    assert not REQUIREMENTS.matches(PurePosixPath(path))
    assert not CONSTRAINTS.matches(PurePosixPath(path))


def test_a_whole_file_is_read():
    manifest = parse(SAMPLE)
    assert not manifest.problems
    assert manifest.runtime is None
    assert [(each.name, each.source) for each in manifest.dependencies] == [
        ("django", Source.REGISTRY),
        ("requests", Source.REGISTRY),
        ("uvloop", Source.REGISTRY),
        ("name", Source.URL),
        ("tool", Source.GIT),
        ("local-one", Source.PATH),
    ]


def test_every_span_covers_what_it_says():
    for each in parse(SAMPLE).dependencies:
        assert each.name_span.slice(SAMPLE) == each.display_name
        assert normalise(each.display_name) == each.name
        assert each.dialect == "pep440"
        assert each.section == "requirements"
        if each.specifier_span is not None:
            assert each.specifier_span.slice(SAMPLE) == each.specifier
            assert each.span.start <= each.name_span.start
            assert each.specifier_span.end <= each.span.end


def test_extras_markers_and_the_runtime_are_read():
    django, requests, uvloop, *_ = parse(SAMPLE).dependencies
    assert (django.extras, django.specifier) == (("argon2", "bcrypt"), ">= 4.2, < 5")
    assert requests.span.slice(SAMPLE) == "requests==2.31.0"
    assert uvloop.marker == 'sys_platform != "win32" and python_version >= "3.9"'
    assert (uvloop.runtime, requests.runtime) == (None, None)
    (forked,) = parse("a==1 ; python_version < '3.10'\n").dependencies
    assert forked.runtime == "==3.9.*"


def test_a_place_for_a_specifier_lies_behind_name_and_extras():
    text = "flask[async]  # none yet\n"
    dependency = only(text)
    edit = rewrite(dependency, ">=3")
    assert text[: edit.span.start] + edit.text + text[edit.span.end :] == (
        "flask[async]>=3  # none yet\n"
    )


def test_a_cursor_finds_name_and_specifier():
    manifest = parse(SAMPLE)
    at = SAMPLE.index("2.31.0")
    assert site_at(manifest, at).part is Part.SPECIFIER
    assert site_at(manifest, SAMPLE.index("requests") + 2).part is Part.NAME
    assert site_at(manifest, SAMPLE.index("# What")) is None


@pytest.mark.parametrize(
    ("text", "source", "name", "written", "extras", "target"),
    [
        ("git+https://registry.example/a.git#egg=A_b", Source.GIT, "a-b", "A_b", (), None),
        ("git+ssh://git@registry.example/a.git#egg=a", Source.GIT, "a", "a", (), None),
        ("hg+https://registry.example/a#egg=a", Source.URL, "a", "a", (), None),
        ("https://registry.example/a-1.0.tar.gz", Source.URL, "", None, (), None),
        ("https://registry.example/a-1.0-py3-none-any.whl#x=y", Source.URL, "a", "a", (), None),
        ("file:///srv/a-1.0.zip", Source.PATH, "", None, (), None),
        (".", Source.PATH, "", None, (), None),
        ("./local[dev, test]", Source.PATH, "", None, ("dev", "test"), None),
        ("..\\local", Source.PATH, "", None, (), None),
        ("a-1.0-py3-none-any.whl", Source.PATH, "a", "a", (), None),
        ("b/a-1.0.tar.gz ; os_name == 'nt'", Source.PATH, "", None, (), "b/a-1.0.tar.gz"),
        (
            "a[x] @ git+ssh://registry.example/a",
            Source.GIT,
            "a",
            "a",
            ("x",),
            f"git+ssh://{HOST}/a",
        ),
        ("a @ file:///srv/a", Source.PATH, "a", "a", (), "file:///srv/a"),
        (
            "a @ https://${X}@registry.example/a",
            Source.URL,
            "a",
            "a",
            (),
            f"https://${{X}}@{HOST}/a",
        ),
    ],
)
def test_direct_references_are_never_looked_up(text, source, name, written, extras, target):
    dependency = only(text)
    assert not problems(text)
    assert (dependency.source, dependency.name) == (source, name)
    assert not dependency.source.is_looked_up
    assert dependency.target == (target or text)
    assert dependency.display_name == (written or target or text)
    assert dependency.name_span.slice(text) == dependency.display_name
    assert dependency.extras == extras
    assert dependency.specifier_span is None


def test_an_editable_may_be_a_path_an_address_or_named():
    assert only("-e ./here").target == "./here"
    assert only("-e here").source is Source.PATH
    assert only("--editable=git+https://registry.example/a.git#egg=a").name == "a"
    named = only("-e 'a @ git+https://registry.example/a.git ; python_version < \"3.9\"'")
    assert (named.name, named.source, named.runtime) == ("a", Source.GIT, "==3.8.*")
    assert problems("-e https://registry.example/a.zip") == [
        (
            "Only a path or an address of version control can be editable.",
            "https://registry.example/a.zip",
        )
    ]


def test_an_option_changes_the_indexes_as_it_does_for_pip():
    def indexes(text):
        return [(each.role, each.url, each.span.slice(text)) for each in parse(text).indexes]

    url, other = "https://registry.example/one", "https://registry.example/two"
    assert indexes(f"-i {url}\n--extra-index-url={other}\n") == [
        ("default", url, url),
        ("extra", other, other),
    ]
    assert indexes(f"--extra-index-url {other}\n--index-url '{url}'\n") == [("default", url, url)]
    both = [("default", url, url), ("extra", other, other)]
    assert indexes(f"--extra-index-url {other} --index-url '{url}'\n") == both
    assert indexes(f"--pypi-url {url}\n") == [("default", url, url)]
    assert indexes(f"-i {url}\n-i {other}\n") == [("default", other, other)]
    assert indexes(f"-i {url}\n--no-index\n--extra-index-url {other}") == [("default", "", "")]
    assert indexes("-i https://${USER}@registry.example/x") == [
        ("default",) + ("https://${USER}@registry.example/x",) * 2
    ]
    assert indexes(f"flask --index-url {url}\n") == []


@pytest.mark.parametrize(
    "text", ["${NAME}==1.0", "a${X}", "a==${VERSION}", "${NAME} @ https://registry.example/a"]
)
def test_a_variable_in_a_requirement_leaves_nothing_to_look_up(text):
    assert parse(text).dependencies == ()
    assert not problems(text)


@pytest.mark.parametrize(
    ("text", "reason", "where"),
    [
        ("==1.0", NAMELESS, "==1.0"),
        ("flask[a", "The extras need a closing bracket.", "[a"),
        ("flask ; os_name", None, "os_name"),
        ("flask --bogus", "pip knows no option '--bogus' in a requirements file.", "--bogus"),
        ("-x", "pip knows no option '-x' in a requirements file.", "-x"),
        ("--no", AMBIGUOUS, "--no"),
        ("--pre=1", "'--pre' takes no value.", "--pre=1"),
        ("-r", "'-r' needs a value.", "-r"),
        ("flask --hash", "'--hash' needs a value.", "--hash"),
        ("flask --hash=md5:aa", "pip takes hashes of sha256, sha384, sha512 only.", "md5:aa"),
        ("flask --hash=aa", "A hash is written as its algorithm, a colon and its digits.", "aa"),
        ("flask -C aa", "A setting of the build backend is written KEY=VALUE.", "aa"),
        ("flask --hash='sha256:aa", "A quotation is not closed.", "--hash='sha256:aa"),
        ("./a.whl", "'a.whl' is not the name of a wheel.", "./a.whl"),
        ("https://registry.example/a.zip ; bogus", None, "bogus"),
    ],
)
def test_what_pip_refuses_is_a_problem_where_it_stands(text, reason, where):
    ((found, place),) = problems(f"django\n{text}\nrequests\n")
    assert place == where
    assert found == reason or (reason is None and found.startswith("The marker cannot be read"))
    assert {"django", "requests"} <= set(names(f"django\n{text}\nrequests\n"))


@pytest.mark.parametrize(
    "text", ["flask ;", "flask @ https://registry.example/a.zip;", "flask # ;"]
)
def test_pip_lets_an_empty_marker_pass(text):
    assert not problems(text)
    assert names(text) == ["flask"]


def test_pip_cuts_at_the_first_semicolon():
    text = "a@https://registry.example/a.zip;os_name=='nt'"
    assert not problems(text)
    assert (only(text).target, only(text).marker) == (
        "https://registry.example/a.zip",
        "os_name=='nt'",
    )
    assert problems("a @ u ; bogus")[0][1] == "bogus"


def test_a_specifier_is_left_to_its_scheme():
    assert not problems("flask=>1.0")
    assert only("flask=>1.0").specifier == "=>1.0"


def test_constraints_are_refused_extras_addresses_without_a_name_and_editables():
    assert problems("flask[a]==1", CONSTRAINTS) == [("A constraint cannot have extras.", "[a]")]
    assert problems("./here", CONSTRAINTS) == [("A constraint needs a name.", "./here")]
    assert problems("-e git+https://registry.example/a#egg=a", CONSTRAINTS) == [
        ("A constraint cannot be editable.", "-e git+https://registry.example/a#egg=a")
    ]
    (dependency,) = CONSTRAINTS.parse("flask==1").dependencies
    assert dependency.section == "constraints"


@pytest.mark.parametrize(
    "typed", ["req", "a==", "a[", "a; ", "a --hash='", "-", "-r", "'", "# a \\"]
)
def test_a_line_that_is_typed_between_others_costs_none_of_them(typed):
    lines = ["flask==1.0 \\\n    --hash=sha256:aa\n", "rich>=13\n", "django>=4,\\\n<5\n", "x\n"]
    whole = [(each.name, each.specifier) for each in parse("".join(lines)).dependencies]
    for at in range(len(lines) + 1):
        text = "".join([*lines[:at], f"{typed}\n", *lines[at:]])
        found = [(each.name, each.specifier) for each in parse(text).dependencies]
        assert [each for each in found if each in whole] == whole


def test_a_continued_line_takes_the_next_one_in_as_it_does_for_pip():
    found = parse("a==1 \\\nsecret>=2\nb\n").dependencies
    assert [(each.name, each.specifier) for each in found] == [("a", "==1 secret>=2"), ("b", "")]


def test_every_prefix_of_a_file_is_read_and_keeps_the_lines_before():
    for end in range(len(SAMPLE)):
        prefix = SAMPLE[:end]
        found = names(prefix)
        whole_lines = prefix[: prefix.rfind("\n") + 1]
        if whole_lines.endswith("\\\n"):
            continue  # the line goes on
        assert found[: len(names(whole_lines))] == names(whole_lines)


@given(st.text(alphabet="ab.1=<>~!@;[](){}$-_/\\#: \t\n\"'", max_size=80))
def test_any_text_is_read_and_every_span_lies_in_it(text):
    for file_format in (REQUIREMENTS, CONSTRAINTS):
        manifest = file_format.parse(text)
        spans = [each.span for each in (*manifest.problems, *manifest.indexes)]
        for each in manifest.dependencies:
            spans += [each.span, each.name_span, each.specifier_span or each.span]
            assert normalise(each.name) == each.name
        assert all(0 <= each.start <= each.end <= len(text) for each in spans)


@given(st.sampled_from(["==2", ">=1,<3", "~=1.4", ""]), st.sampled_from(parse(SAMPLE).dependencies))
def test_what_is_rewritten_is_read_back(specifier, dependency):
    edit = rewrite(dependency, specifier)
    if edit is None:
        return
    text = SAMPLE[: edit.span.start] + edit.text + SAMPLE[edit.span.end :]
    read = next(each for each in parse(text).dependencies if each.name == dependency.name)
    assert read.specifier == specifier
    unplaced = {"name_span": None, "specifier_span": None, "span": None, "specifier": ""}
    unplaced |= {"written": "", "written_span": None, "hashes": ()}
    assert replace(read, **unplaced) == replace(dependency, **unplaced)


@pytest.mark.parametrize(
    "text",
    [
        "a" * 2_000_000,
        "a==" + "1" * 2_000_000,
        "a;" + "(" * 500_000,
        "a " + "-" * 500_000,
        "-e " + "x" * 1_000_000,
        "-e " + "[" * 300_000,
        "x/" + "[" * 300_000 + "]",
        "git+https:" + "#egg=" * 200_000,
        "./" + "-" * 500_000 + ".whl",
        "--hash=" * 100_000,
        "a --" + " -x" * 30_000,
        "${A" * 300_000,
        "\0\ud800\n" * 50_000,
    ],
)
def test_hostile_files_are_read_at_once(text):
    parse(text)


@pytest.mark.parametrize("option", ["--index-url", "-i", "--index-url 'https://registry", "--inde"])
def test_an_option_that_cannot_be_read_is_a_fault_of_the_whole_file(option):
    format = REQUIREMENTS
    fault = format.fault(f"{option}\nacme==1\n")
    assert fault in format.parse(f"{option}\nacme==1\n").problems


def test_what_pip_reads_has_no_fault():
    text = "--index-url https://registry.example/simple\n-r other.txt\na-b==1 --hash=sha256:00\n"
    assert REQUIREMENTS.fault(text) is None
    assert REQUIREMENTS.fault("=== broken\n") is None
