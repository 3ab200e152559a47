"""What stands in a requirements file beside names and versions: addresses, paths, links, hashes."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from registry_lsp.core.edits import rewrite
from registry_lsp.core.manifests import Role, Source
from registry_lsp.ecosystems.pypi.requirements.direct import local_path
from registry_lsp.ecosystems.pypi.requirements.requirements_txt import CONSTRAINTS, REQUIREMENTS

HOST = "https://registry.example"


def parse(text):
    return REQUIREMENTS.parse(text)


def only(text):
    (dependency,) = parse(text).dependencies
    return dependency


def problems(text):
    return [(each.reason, each.span.slice(text)) for each in parse(text).problems]


# --- what is written --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("acme==1.0", "==1.0"),
        ("acme [x] >= 1 , < 2 ; os_name == 'a'", ">= 1 , < 2"),
        ("acme (>=1)", ">=1"),
        (f"acme @ {HOST}/a.zip ; os_name == 'a'", f"{HOST}/a.zip"),
        (f"{HOST}/a.zip ; os_name == 'a'", f"{HOST}/a.zip"),
        ("./local[x] ; os_name == 'a'", "./local[x]"),
        ("-e ./local[x]", "./local[x]"),
        (f"-e 'acme @ git+{HOST}/a'", f"git+{HOST}/a"),
        (f"--editable='git+{HOST}/a#egg=acme' --pre", f"git+{HOST}/a#egg=acme"),
    ],
)
def test_what_stands_in_the_versions_place_is_told_with_its_place(text, written):
    dependency = only(text)
    assert dependency.written == written
    assert dependency.written_span.slice(text) == written
    assert dependency.span.start <= dependency.written_span.start
    assert dependency.written_span.end <= dependency.span.end
    assert dependency.target == ("" if dependency.source is Source.REGISTRY else written)


def test_nothing_stands_where_no_version_is():
    assert (only("acme[x]").written, only("acme[x]").written_span) == ("", None)


def test_what_is_quoted_in_pieces_has_no_parts():
    text = f'-e git+{HOST}/"a#egg=acme"'
    dependency = only(text)
    assert (dependency.name, dependency.target) == ("acme", f"git+{HOST}/a#egg=acme")
    whole = text.removeprefix("-e ")
    for span in (dependency.name_span, dependency.span, dependency.written_span):
        assert span.slice(text) == whole
    assert problems(f'-e {HOST}/"a"') == [
        ("Only a path or an address of version control can be editable.", f'{HOST}/"a"')
    ]


# --- where it can be looked at ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "source", "link"),
    [
        (f"acme @ {HOST}/a.zip#sha256=00", Source.URL, f"{HOST}/a.zip"),
        ("acme @ https://u:p@registry.example/a.zip", Source.URL, f"{HOST}/a.zip"),
        ("acme @ https://${TOKEN}@registry.example/a.zip", Source.URL, f"{HOST}/a.zip"),
        ("acme @ https://${HOST}/a.zip", Source.URL, ""),
        (f"acme @ git+{HOST}/a.git@main", Source.GIT, f"{HOST}/a"),
        ("-e git://registry.example/a.git#egg=a", Source.GIT, f"{HOST}/a"),
        ("-e git+ssh://git@registry.example/a.git#egg=a", Source.GIT, f"{HOST}/a"),
        (f"-e hg+{HOST}/a#egg=a", Source.URL, f"{HOST}/a"),
        ("ftp://registry.example/a.zip", Source.URL, ""),
        (".", Source.PATH, "."),
        ("./local [x]", Source.PATH, "./local"),
        ("..\\local\\a.whl".replace("a.whl", "pkg"), Source.PATH, "../local/pkg"),
        ("/srv/a.zip", Source.PATH, "/srv/a.zip"),
        ("C:\\srv\\a.zip", Source.PATH, "C:/srv/a.zip"),
        ("file:///srv/a%20b.zip#egg=a", Source.PATH, "/srv/a b.zip"),
        ("file://localhost/srv/a.zip", Source.PATH, "/srv/a.zip"),
        ("file:///C:/srv/a.zip", Source.PATH, "C:/srv/a.zip"),
        ("acme @ file:local/a.zip", Source.PATH, "local/a.zip"),
        ("acme @ ./local", Source.PATH, "./local"),
        ("file://other/srv/a.zip", Source.PATH, ""),
        ("\\\\other\\srv\\a.zip", Source.PATH, ""),
        ("acme @ file:${FOLDER}/a.zip", Source.PATH, ""),
    ],
)
def test_a_direct_reference_links_to_what_it_names(text, source, link):
    dependency = only(text)
    assert (dependency.source, dependency.link) == (source, link)


@pytest.mark.parametrize("path", ["", "x[", "[x]", "x[]", "x]", "x[a][b]"])
def test_brackets_that_are_no_extras_belong_to_the_path(path):
    assert local_path(path) == path.removesuffix("[b]")


def test_included_files_and_pages_are_links():
    text = (
        "-r base.txt --pre\n"
        "-c 'with blank.txt'\n"
        "--requirement=file:///srv/deps.txt\n"
        "-r https://u:p@registry.example/deps.txt\n"
        "-r ${FOLDER}/deps.txt\n"
        "-i https://u:p@registry.example/simple --extra-index-url https://${X}@registry.example/x\n"
        "-f https://registry.example/links.html -f ./wheels\n"
        "acme -r ignored.txt\n"
        "-c one.txt -r two.txt -r three.txt\n"
    )
    assert [(each.role, each.target, each.span.slice(text)) for each in parse(text).links] == [
        (Role.REQUIREMENTS, "base.txt", "base.txt"),
        (Role.CONSTRAINTS, "with blank.txt", "with blank.txt"),
        (Role.REQUIREMENTS, "/srv/deps.txt", "file:///srv/deps.txt"),
        (Role.REQUIREMENTS, f"{HOST}/deps.txt", "https://u:p@registry.example/deps.txt"),
        (Role.PAGE, f"{HOST}/simple", "https://u:p@registry.example/simple"),
        (Role.PAGE, f"{HOST}/x", "https://${X}@registry.example/x"),
        (Role.PAGE, f"{HOST}/links.html", "https://registry.example/links.html"),
        (Role.REQUIREMENTS, "two.txt", "two.txt"),
    ]
    assert not problems(text)


# --- hashes -----------------------------------------------------------------------------------

HASHED = """\
acme==1.0 \\
    --hash=sha256:aa \\
    --hash=sha256:bb # via other
other==2 --hash=sha256:cc --hash sha384:dd -C a=b --hash='sha512:ee'
third==3 \\
  --hash=\\
sha256:ff
./a-1.0.zip --hash=sha256:00
-e ./local --hash=sha256:11
none==4
"""


def test_hashes_are_extents_of_their_options():
    found = [[span.slice(HASHED) for span in each.hashes] for each in parse(HASHED).dependencies]
    assert found == [
        ["--hash=sha256:aa", "--hash=sha256:bb"],
        ["--hash=sha256:cc", "--hash sha384:dd", "--hash='sha512:ee'"],
        ["--hash=\\\nsha256:ff"],
        ["--hash=sha256:00"],
        [],  # pip passes over those of an editable
        [],
    ]


def test_another_version_outdates_the_hashes():
    acme = parse(HASHED).dependencies[0]
    assert rewrite(acme, "==1.1").stale == acme.hashes
    assert rewrite(acme, "==1.0").stale == ()


# --- prereleases ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("acme\nother\n", {"acme": None, "other": None}),
        ("acme\n--pre\nother\n", {"acme": True, "other": True}),
        ("acme --pre\nother\n", {"acme": None, "other": None}),
        ("-r base.txt --pre\nacme\n", {"acme": None}),
        ("--all-releases Ac.Me\nac-me\nother\n", {"ac-me": True, "other": None}),
        ("--pre\n--only-final acme\nacme\nother\n", {"acme": False, "other": True}),
        ("--only-final :all:\n--all-releases acme\nacme\nother\n", {"acme": True, "other": False}),
        ("acme --only-final acme\n", {"acme": False}),  # pip heeds it on any line
        ("--all-releases :all:\n--all-releases :none:\nacme\n", {"acme": None}),
        ("--all-releases acme\n--only-final acme\nacme\n", {"acme": False}),
        ("--all-releases a,:all:,:none:,acme\nacme\na\n", {"acme": True, "a": None}),
    ],
)
def test_options_say_whether_prereleases_are_taken(text, expected):
    assert {each.name: each.prereleases for each in parse(text).dependencies} == expected


# --- what pip refuses -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "reason", "where"),
    [
        (f"-e git+{HOST}/a", "An editable address needs a name", f"git+{HOST}/a"),
        (f"-e 'a @ {HOST}/a.zip'", "Only an address of version control", f"{HOST}/a.zip"),
        ("-e 'a @ ./local'", "Only an address of version control", "./local"),
        (f"a @ git+{HOST}/a#egg=a[x]", "Only the bare name", f"git+{HOST}/a#egg=a[x]"),
        (f"git+{HOST}/a#egg=", "Only the bare name", f"git+{HOST}/a#egg="),
        ("https://[::1/a.zip", "pip cannot read this address.", "https://[::1/a.zip"),
        ("a @ https://[x/a", "pip cannot read this address.", "https://[x/a"),
        ("foo://registry.example/a", "pip cannot read this address.", "foo://registry.example/a"),
        ("./local[x y]", "The extras must be names", "./local[x y]"),
        ("acme -e .", "pip takes what stands before this option", "-e ."),
        ("--only-binary -x", "'--only-binary' takes names", "-x"),
    ],
)
def test_what_is_refused_of_direct_references(text, reason, where):
    ((found, place),) = problems(text)
    assert (found.startswith(reason), place) == (True, where)
    assert "acme" in [each.name for each in parse(f"{text}\nacme\n").dependencies]


def test_a_constraint_before_an_editable_is_refused_for_being_one():
    text = f"a @ git+{HOST}/a -e x"
    (problem,) = CONSTRAINTS.parse(text).problems
    assert (problem.reason, problem.span.slice(text)) == (
        "A constraint cannot be editable.",
        "-e x",
    )


# --- any text ---------------------------------------------------------------------------------

CLAUSE = r"(?:[=~!<>]=|[<>])[ ]?[0-9.]{1,5}(?:\.\*)?"
USUAL = re.compile(rf"[A-Za-z0-9._-]{{1,9}}[ \t]?({CLAUSE}([ ]?,[ ]?{CLAUSE}){{0,2}})?")


@given(st.from_regex(USUAL, fullmatch=True))
@example("a-b_c.d==1.0")
@example("a.==1")
@example("a<1.")
@example("a.zip")
@example("a ")
@example("a==1.*")
@example("a_")
def test_usual_lines_are_read_as_all_others_are(text):
    def shown(text):
        return [
            (each.name, each.specifier, each.name_span, each.specifier_span, each.written_span)
            for each in parse(text).dependencies
        ]

    assert shown(text) == shown(f"{text};os_name=='a'")


WORDS = (
    *("acme", "==1", " @ ", "git+https://", "//[", "#egg=a", "[x]", ";", " -e ", "./", "'", "\\\n"),
    *(
        "--hash=sha256:aa",
        " --pre",
        "-r ",
        "${A}",
        "\n",
        " ",
        ".whl",
        "-1.0",
        "file:",
        "#",
        "\ud800",
    ),
)


@example(";git+https:// @ ")
@given(st.lists(st.sampled_from(WORDS), max_size=14).map("".join))
def test_any_file_is_read_and_every_span_lies_in_it(text):
    for format in (REQUIREMENTS, CONSTRAINTS):
        manifest = format.parse(text)
        parts = (*manifest.problems, *manifest.indexes, *manifest.links, *manifest.dependencies)
        spans = [each.span for each in parts]
        for each in manifest.dependencies:
            spans += [each.name_span, *each.hashes, *filter(None, [each.written_span])]
            assert (each.written_span is None) is (not each.written)
        assert all(0 <= each.start <= each.end <= len(text) for each in spans)


@pytest.mark.parametrize(
    "text",
    [
        "a @ " + "[" * 300_000 + "]",
        "https://x/" + "[a]" * 200_000,
        "-e git+https://x/#egg=" + "a-" * 300_000,
        "file:" + "/" * 500_000,
        "file:" + "%" * 500_000,
        "./" + "]" * 500_000,
        "x/" + "." * 500_000 + "whl",
        "--all-releases " + ":all:," * 200_000 + ":none:",
        "a==1 " + "--hash=sha256:aa " * 100_000,
        "a==1 " + "\\\n--hash=sha256:aa " * 30_000,
        "-i https://x --extra-index-url y\n" * 10_000,
        "-r x.txt\n" * 20_000,
        "a -e " * 30_000,
        "a=" + "=" * 500_000,
        "a." * 500_000 + "==",
        "a @ https://" + "\u2100" * 200_000,
    ],
)
def test_hostile_files_are_read_at_once(text):
    parse(text)
    REQUIREMENTS.fault(text)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (
            "beta @ https://files.example/acme-1.0-py3-none-any.whl",
            "This is the address of a wheel of 'acme'.",
        ),
        ("beta @ ./acme-1.0-py3-none-any.whl", "This is the address of a wheel of 'acme'."),
        ("beta @ https://files.example/acme.whl", "'acme.whl' is not the name of a wheel."),
        ("A.cme @ https://files.example/a_cme-1.0-py3-none-any.whl#sha256=aa", None),
        ("beta @ https://files.example/acme-1.0.zip", None),
        ("beta @ git+https://code.example/acme-1.0-py3-none-any.whl", None),
    ],
)
def test_a_named_wheel_is_one_of_that_name(line, reason):
    found = [(each.span.slice(line), each.reason) for each in REQUIREMENTS.parse(line).problems]
    assert found == ([] if reason is None else [(line.partition(" @ ")[2], reason)])
