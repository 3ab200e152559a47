"""Requirements files, held against pip's own parser of them."""

from __future__ import annotations

import logging
import os
import re
from pathlib import Path
from random import Random

import pytest
from packaging.markers import Marker
from packaging.specifiers import SpecifierSet
from pip._internal.exceptions import InvalidWheelFilename
from pip._internal.models.link import Link
from pip._internal.models.wheel import Wheel
from pip._internal.req.req_install import InstallRequirement, check_invalid_constraint_type

from registry_lsp.core.manifests import Role, Source
from registry_lsp.core.ports.versions import InvalidRequirementError
from registry_lsp.ecosystems.pypi.names import normalise
from registry_lsp.ecosystems.pypi.requirements.direct import local_path
from registry_lsp.ecosystems.pypi.requirements.pip_options import (
    OptionFault,
    options_start,
    read_options,
)
from registry_lsp.ecosystems.pypi.requirements.requirements_txt import CONSTRAINTS, REQUIREMENTS
from registry_lsp.ecosystems.pypi.versions.pep440 import Pep440Scheme
from registry_lsp.syntax.requirements.lines import logical_lines
from support import pip_texts
from support.pip_files import DEFAULT, lines_by_pip, read_by_pip

SCHEME = Pep440Scheme()
UNKNOWABLE = re.compile(r"\$\{[A-Z0-9_]+\}|file://\w|--[iep]\S*=['\"]*(?:\s|$)", re.IGNORECASE)
"""What we do not know the value of; another machine's file, which Windows could read; and an
index without an address: pip passes over it, and we take it for one that is still being typed.
"""
FOLDED = re.compile(r"\\+[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+\\*")

OTHER = Path("other.txt")
IN_A_FOLDER = re.compile(r"\.|local/|[\w.-]*[ .][^/]*/")
"""Not a name that another line may have for a project."""
HAS_SCHEME = re.compile(r"(?!file:)[a-z+-]{2,}:", re.IGNORECASE)

FILES = (
    "# nothing\n\n   # at all\n",
    "requests==2.31.0 # why\nflask\n",
    "requests==2.31.0# no comment\n",
    "requests==2.31.0\t# a comment\n",
    "requests \\\n  ==2.31.0 \\\n  --hash=sha256:aa --hash sha512:bb\nflask\n",
    "requests==2.31.0 \\\n    --hash=sha256:aa \\\n    --hash=sha256:bb\n    # via flask\nflask\n",
    "req\\\nuests==1.\\\n0\n",
    "\\\\\\\nflask\n",
    "flask \\",
    "flask \\\n# comment \\\nrequests\n",
    "flask # comment \\\nswallowed\nrequests\n",
    "flask \\\n\nrequests\n",
    "flask\rrequests\r\ndjango\x0cnumpy\u2028scipy\x85pandas\n",
    "-r other.txt\n",
    "-r other.txt --index-url https://registry.example/simple\n",
    "-c other.txt -r other.txt --pre\n",
    "-r 'other.txt'\n",
    "flask -r gone.txt --pre -i https://registry.example/simple\n",
    "-e git+https://registry.example/x.git#egg=name\n",
    "-e git+https://registry.example/x.git\n",
    "-e git://registry.example/x.git#egg=name\n",
    "-e hg://registry.example/x.git#egg=name\n",
    "-e git+https://registry.example/x.git#egg=name[extra]\n",
    "-e git+https://registry.example/x.git#egg=name ; python_version > '3'\n",
    "-e 'git+https://registry.example/x.git#egg=name ; python_version'\n",
    '-e git+https://registry.example/"x.git#egg=name"\n',
    "--editable=git+ssh://git@registry.example/x.git@main#egg=name&subdirectory=y\n",
    "-e 'name @ git+https://registry.example/x.git ; python_version > \"3\"'\n",
    "-e 'name @ git+https://registry.example/x.git ; bogus'\n",
    "-e 'name @ https://registry.example/x.zip'\n",
    "-e 'name @ ./local'\n",
    "-e 'name @ file:local'\n",
    "-e https://registry.example/x.git#egg=name\n",
    "-e ./local[x,y] -e ./local/other\n",
    "-e './local[x y]'\n",
    "-e .\n",
    "-i https://registry.example/simple --extra-index-url https://registry.example/more\n",
    "--extra-index-url https://registry.example/more -i https://registry.example/simple\n",
    "--extra-index-url https://registry.example/more\n-i https://registry.example/simple\n",
    "-i https://registry.example/one -i https://registry.example/two\n",
    "-i https://registry.example/one --no-index\n",
    "--no-index --extra-index-url https://registry.example/one\n",
    "--no-index\n-i https://registry.example/one\n",
    "--index-url 'https://registry.example/simple'\n",
    "--index-url=https://registry.example/simple flask\n",
    "--ind https://registry.example/simple\n",
    "--find-links https://registry.example/a -f https://registry.example/b\n",
    "--no-b :all:\n",
    "--no-binary -x\n",
    "--no\n",
    "--=x\n",
    "--pre --prefer-binary --require-hashes --no-index\n",
    "--pre=yes\n",
    "--pre\n--only-final a\n",
    "--only-final :all:\n--all-releases a,b\n",
    "flask --only-final :all:\n",
    "flask --pre\n",
    "--all-releases a,:all:,:none:,b\n",
    "--bogus\n",
    "-x\n",
    "-ihttps://registry.example/simple\n",
    "--index-url\n",
    "flask --hash=md5:aa\n",
    "flask --hash=sha256\n",
    "flask --hash\n",
    "--hash=sha256:aa\n",
    "flask --config-settings key=value -C other=value\n",
    "flask --config-settings key\n",
    "flask --bogus\n",
    "flask --pre ignored words\n",
    "flask -- --bogus\n",
    "flask 'quoted\n",
    "flask --hash='sha256:aa\n",
    "flask --hash=sha256:aa\\",
    "flask -\n",
    "https://registry.example/flask-1.0-py3-none-any.whl\n",
    "https://registry.example/flask-1.0-py3-none-any.whl ; python_version > '3'\n",
    "https://registry.example/flask-1.0-py3-none-any.whl;python_version > '3'\n",
    "https://registry.example/flask%2D1.0-py3-none-any.whl?x=/y.whl#z=/z.whl\n",
    "https://registry.example/broken.whl\n",
    "https://broken.whl\n",
    "https://[::1/a.zip\n",
    "flask @ https://[::1/a.zip\n",
    "HTTPS://registry.example/flask-1.0.tar.gz#egg=flask\n",
    "https://registry.example/a-1-py3-none-any.whl#egg=b\n",
    "hg+https://registry.example/x#egg=name\n",
    "file:./flask-1.0.zip\n",
    "file:flask-1.0.zip[x]\n",
    "file:local/flask-1.0.zip\n",
    "./flask-1.0-py3-none-any.whl\n",
    "./flask-1.0-py3-none-any.whl[x,y] ; os_name == 'a'\n",
    "./flask-1.0-py3-none-any.whl[x y]\n",
    "flask-1.0.tar.gz\n",
    "flask-1.0.tar.bz2 ; os_name == 'a'\n",
    "./flask-1.0.zip[async]\n",
    "./local\n./local[x] ; os_name == 'a'\n",
    "flask @ https://registry.example/flask.zip\n",
    "flask @ https://registry.example/flask.zip#egg=a[b]\n",
    "flask@https://registry.example/flask.zip;os_name=='a'\n",
    "flask @ https://registry.example/flask.zip ; \n",
    "flask @ ./local\nflask @ file:local\nflask @ file:x\n",
    "flask[x] @ git+ssh://git@registry.example/x@v1#subdirectory=y\n",
    "flask ;\n",
    "flask ; bogus\n",
    "flask[async]>=2,<3 ; python_version > '3'\n",
    "flask 2.0\n",
    "flask = 2.0\n",
    "==2.0\n",
    "flask==2.0, \n",
    "\ufeffflask\n",
)


def is_swallowed(text: str) -> bool:
    """Whether a version behind '===' takes in a comma, which packaging drops later."""
    return "===" in text and ",," in text


def provide(folder: Path, text: str) -> bool:
    """Have what *text* names lie in *folder*, where it can be: pip looks, and we do not."""
    (folder / "other.txt").touch()
    manifest = REQUIREMENTS.parse(text)
    if any(it.role is not Role.PAGE and Path(it.target) != OTHER for it in manifest.links):
        return False
    return all(
        make(folder, each.target)
        for each in manifest.dependencies
        if each.source is Source.PATH and not each.target.startswith("file:")
    )


def make(folder: Path, target: str) -> bool:
    """Have a project lie at the path *target*, unless that is no place within *folder*."""
    local = local_path(target)
    path = Path(os.path.normpath(folder / local))
    if (
        re.search(r"[\\$:]", target)
        or not IN_A_FOLDER.match(local)
        or folder not in (path, *path.parents)
    ):
        return False
    try:
        path.mkdir(parents=True, exist_ok=True)
        (path / "setup.py").touch()
    except (OSError, ValueError):
        return False
    return True


def ours(text: str):
    """What is read of a file, None where anything of it is refused."""
    manifest = REQUIREMENTS.parse(text)
    if manifest.problems:
        return None
    read = []
    for each in manifest.dependencies:
        try:
            SCHEME.parse(each.specifier)
        except InvalidRequirementError:
            return None
        is_direct = each.source is not Source.REGISTRY
        read.append(
            (
                each.name,
                None if is_direct else SpecifierSet(each.specifier),
                frozenset(map(str.lower, each.extras)),
                str(Marker(each.marker)) if each.marker else None,
                prefixed(each.target) if HAS_SCHEME.match(each.target) else is_direct,
                each.prereleases,
                sorted(hash_of(span.slice(text)) for span in each.hashes),
            )
        )
    scope = {role: [it.url for it in manifest.indexes if it.role == role] for role in ROLES}
    default = scope["default"] or [DEFAULT]
    return read, [each for each in default + scope["extra"] if each]


ROLES = ("default", "extra")


def hash_of(written: str) -> str:
    """The algorithm and digits of an option's extent."""
    unfolded = FOLDED.sub("", written)
    return re.sub(r"--h\w*[ \t=]*", "", unfolded, count=1).replace("'", "").replace('"', "")


def prefixed(address: str) -> str:
    """*address* as pip writes that of an editable, whose scheme may be a mere 'git'."""
    return re.sub(r"^(git|svn):", r"\1+\1:", address)


def is_gone(address: str) -> bool:
    """Whether pip has made a path of an address whose scheme it does not know, and will find
    nothing there.
    """
    return "%3A" in address


def is_file(link: Link | None) -> bool:
    """Whether it is the address of a wheel, and of no repository."""
    return bool(link and link.is_wheel and not re.match(r"(git|hg|svn|bzr)[+:]", link.url, re.I))


def is_wheel_of(name: str, requirement: InstallRequirement) -> bool:
    """Whether the wheel is one of that name: pip's resolver looks, and not its parser."""
    try:
        return normalise(Wheel(requirement.link.filename).name) == name
    except InvalidWheelFilename:
        return False


def pips(text: str, folder: Path):
    path = folder / "requirements.txt"
    path.write_bytes(text.encode())
    found = read_by_pip(path)
    if found is None:
        return None
    read = []
    for each in found.requirements:
        address = each.link and each.link.url
        is_local = address and not HAS_SCHEME.match(address)
        if is_local and is_gone(address):
            return None
        name = normalise(each.name or "")
        if not each.editable and is_file(each.link) and not is_wheel_of(name, each):
            return None
        read.append(
            (
                name,
                None if each.link else SpecifierSet(str(each.req.specifier)),
                frozenset(map(str.lower, each.extras)),
                str(Marker(str(each.markers))) if each.markers else None,
                True if is_local else prefixed(address or "") or False,
                found.release_control.allows_prereleases(name),
                sorted(f"{name}:{each}" for name, its in each.hash_options.items() for each in its),
            )
        )
    return read, found.index_urls


@pytest.mark.parametrize("text", FILES)
def test_hand_picked_files_are_read_as_pip_reads_them(text, tmp_path):
    provide(tmp_path, text)
    assert ours(text) == pips(text, tmp_path)


def test_generated_files_are_read_as_pip_reads_them(tmp_path, capfd):
    logging.getLogger("pip").setLevel(logging.ERROR)
    random = Random(23)
    differ, read, refused = [], 0, 0
    for _ in range(6_000):
        text = pip_texts.file(random)
        if is_swallowed(text) or not provide(tmp_path, text):
            continue
        theirs = pips(text, tmp_path)
        if UNKNOWABLE.search(FOLDED.sub("", text)) and (theirs is None or "${" not in text):
            continue
        read += 1
        refused += theirs is None
        if ours(text) != theirs:
            differ.append((text, theirs, ours(text)))
    capfd.readouterr()  # pip tells how to use it, each time that it refuses an option
    assert not differ
    assert read > 4_000
    assert 0.2 < refused / read < 0.8


@pytest.mark.parametrize("name", ["flask --global-option=x\n", "--use-feature gone\n"])
def test_what_other_versions_of_pip_take_is_let_pass(name, tmp_path, capfd):
    assert pips(name, tmp_path) is None  # one was taken before 25.3, the other comes and goes
    capfd.readouterr()
    assert ours(name) is not None


@pytest.mark.parametrize(
    "text",
    [
        "flask==1",
        "flask[a]==1",
        "flask @ https://registry.example/a.zip",
        "flask[a] @ https://registry.example/a.zip",
        "https://registry.example/a.zip",
        "https://registry.example/a.zip#egg=a",
        "a-1.0-py3-none-any.whl",
        "./local",
        "-e git+https://registry.example/a#egg=a",
        "-e 'a @ git+https://registry.example/a'",
        "a @ git+https://registry.example/a -e x",
        "-r other.txt",
        "-c other.txt",
        "--pre",
    ],
)
@pytest.mark.filterwarnings("ignore::pip._internal.utils.deprecation.PipDeprecationWarning")
def test_constraints_are_refused_as_pip_refuses_them(text, tmp_path):
    provide(tmp_path, text)
    path = tmp_path / "constraints.txt"
    path.write_text(text, encoding="utf-8")
    theirs = read_by_pip(path, is_constraints=True)
    is_refused = theirs is None or any(map(check_invalid_constraint_type, theirs.requirements))
    assert bool(CONSTRAINTS.parse(text).problems) is is_refused


# --- options ----------------------------------------------------------------------------------

LISTS = {
    "--extra-index-url": "extra_index_urls",
    "--constraint": "constraints",
    "--requirement": "requirements",
    "--editable": "editables",
    "--find-links": "find_links",
    "--trusted-host": "trusted_hosts",
}
FLAGS = {
    "--no-index": "no_index",
    "--prefer-binary": "prefer_binary",
    "--require-hashes": "require_hashes",
    "--no-require-hashes": "no_require_hashes",
    "--pre": "pre",
}


def our_lines(text: str):
    """As :func:`lines_by_pip`."""
    read = []
    for line in logical_lines(text):
        start = options_start(line)
        options = list(read_options(line, start))
        if any(isinstance(each, OptionFault) for each in options):
            read.append(("", None))
            continue
        values = {name: [it.value for it in options if it.name == name] for name in NAMES}
        found = {pips_name: values[name] for name, pips_name in LISTS.items()}
        found |= {pips_name: bool(values[name]) for name, pips_name in FLAGS.items()}
        found["index_url"] = values["--index-url"][-1] if values["--index-url"] else None
        hashes = sorted(values["--hash"])
        settings = sorted(values["--config-settings"])
        read.append((line.text[line.start : start].rstrip(), found, hashes, settings))
    return read


NAMES = (*LISTS, *FLAGS, "--index-url", "--hash", "--config-settings")


def pips_lines(text: str):
    read = []
    for before, options in lines_by_pip(text):
        if options is None:
            read.append(("", None))
            continue
        found = {name: options[name] for name in (*LISTS.values(), *FLAGS.values(), "index_url")}
        hashes = [
            f"{name}:{each}" for name, its in (options["hashes"] or {}).items() for each in its
        ]
        settings = [
            f"{key}={each}"
            for key, its in (options["config_settings"] or {}).items()
            for each in (its if isinstance(its, list) else [its])
        ]
        read.append((before, found, sorted(hashes), sorted(settings)))
    return read


def test_generated_lines_have_the_options_that_pip_reads_in_them(capfd):
    random = Random(7)
    differ, refused = [], 0
    for _ in range(6_000):
        text = pip_texts.file(random)
        theirs, mine = pips_lines(text), our_lines(text)
        refused += ("", None) in theirs
        if theirs != mine:
            differ.append((text, theirs, mine))
    capfd.readouterr()
    assert not differ
    assert refused > 500
