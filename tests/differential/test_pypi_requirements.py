"""Requirements, held against packaging; requirements files, held against pip."""

from __future__ import annotations

from random import Random

import pytest
from packaging.markers import Marker
from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import SpecifierSet

from registry_lsp.core.manifests import Source
from registry_lsp.core.ports import InvalidRequirementError
from registry_lsp.ecosystems.pypi.names import normalise
from registry_lsp.ecosystems.pypi.requirements_txt import REQUIREMENTS
from registry_lsp.ecosystems.pypi.versions import Pep440Scheme
from registry_lsp.syntax.requirements import scan_requirement
from support import pypi_texts
from support.pip_files import read_by_pip

SCHEME = Pep440Scheme()

REQUIREMENT_TEXTS = (
    "requests",
    "requests==2.31.0",
    "requests [security,tests] >= 2.8.1, == 2.8.* ; python_version < '2.7'",
    "pip @ https://registry.example/pip-1.3.1.zip#sha1=da9234ee",
    "pip@https://registry.example/x.zip ; os_name == 'a'",
    "pip @ https://registry.example/x.zip; os_name == 'a'",
    "pip @ https://registry.example/x;y.zip",
    "pip @ file:///x",
    "name (>=1,<2)",
    "name (>=1,<2",
    "name >=1)",
    "name ()",
    "name (>=1) ; os_name == 'a'",
    "name[]",
    "name[ ]",
    "name[a,]",
    "name[,a]",
    "name[a b]",
    "name[a",
    "name]",
    "name[a][b]",
    "name[a]>=1[b]",
    "name_",
    "name-",
    "-name",
    "_name",
    "é",
    "namé",
    "na me",
    "name;",
    "name; ",
    "name;;",
    "name ; python_version > '3' ; os_name == 'a'",
    "name ; bogus == 'a'",
    "name ; (python_version > '3'",
    "name ; python_version > '3\" ",
    "name @",
    "name @ ",
    "name @ u v",
    "name 1.0",
    "name = 1.0",
    "name==1.0,",
    "name,==1.0",
    "name==1.0;python_version>'3'",
    "name===1.0;python_version>'3'",
    "name\t==\t1.0",
    "name==1.0 # comment",
    "",
    " ",
    "1",
    "name>=1,<2;",
    "name ; 'a' in extras",
    "name ; python_version not  in '2.7'",
)


def is_swallowed(text: str) -> bool:
    """Whether a version behind '===' takes in a comma, which packaging drops later."""
    return "===" in text and ",," in text


def ours(text: str):
    """The requirement, or None where anything of it is refused."""
    scanned = scan_requirement(text, 0, len(text))
    if scanned is None or scanned.complaint is not None:
        return None
    try:
        SCHEME.parse(scanned.specifier)
    except InvalidRequirementError:
        return None
    return scanned


def packagings(text: str):
    try:
        return Requirement(text)
    except InvalidRequirement:
        return None


def parts(text: str):
    """What packaging and what we read in *text*; the same where both are right."""
    theirs, mine = packagings(text), ours(text)
    their_parts = theirs and (
        theirs.name,
        frozenset(theirs.extras),
        theirs.specifier,
        theirs.url or "",
        theirs.marker,
    )
    my_parts = mine and (
        mine.name,
        frozenset(mine.extras),
        SpecifierSet(mine.specifier),
        mine.url,
        Marker(mine.marker) if mine.marker else None,
    )
    return their_parts, my_parts


@pytest.mark.parametrize("text", REQUIREMENT_TEXTS)
def test_hand_picked_requirements_are_read_alike(text):
    theirs, mine = parts(text)
    assert mine == theirs


def test_generated_requirements_are_read_alike():
    random = Random(508)
    differ, refused = [], 0
    for _ in range(8_000):
        text = pypi_texts.requirement(random)
        if random.random() < 0.5:
            text = pypi_texts.mangled(random, text)
        if is_swallowed(text):
            continue
        theirs, mine = parts(text)
        refused += theirs is None
        if theirs != mine:
            differ.append((text, theirs, mine))
    assert not differ
    assert 1_000 < refused < 5_000


FILES = (
    "# nothing\n\n   # at all\n",
    "requests==2.31.0 # why\nflask\n",
    "requests==2.31.0# no comment\n",
    "requests==2.31.0\t# a comment\n",
    "requests \\\n  ==2.31.0 \\\n  --hash=sha256:aa --hash sha512:bb\nflask\n",
    "req\\\nuests==1.\\\n0\n",
    "\\\\\\\nflask\n",
    "flask \\",
    "flask \\\n# comment \\\nrequests\n",
    "flask # comment \\\nswallowed\nrequests\n",
    "flask \\\n\nrequests\n",
    "flask\rrequests\r\ndjango\x0cnumpy\u2028scipy\x85pandas\n",
    "-r other.txt\n",
    "-e git+https://registry.example/x.git#egg=name\n",
    "--editable=git+ssh://git@registry.example/x.git@main#egg=name&subdirectory=y\n",
    "-e 'name @ git+https://registry.example/x.git ; python_version > \"3\"'\n",
    "-e https://registry.example/x.git#egg=name\n",
    "-i https://registry.example/simple --extra-index-url https://registry.example/more\n",
    "--index-url 'https://registry.example/simple'\n",
    "--index-url=https://registry.example/simple flask\n",
    "--ind https://registry.example/simple\n",
    "--no-b :all:\n",
    "--no\n",
    "--pre --prefer-binary --require-hashes --no-index\n",
    "--pre=yes\n",
    "--bogus\n",
    "-x\n",
    "-ihttps://registry.example/simple\n",
    "--index-url\n",
    "flask --hash=md5:aa\n",
    "flask --hash=sha256\n",
    "flask --hash\n",
    "flask --config-settings key=value -C other=value\n",
    "flask --config-settings key\n",
    "flask --bogus\n",
    "flask --pre ignored words\n",
    "flask -- --bogus\n",
    "flask 'quoted\n",
    "flask --hash='sha256:aa\n",
    "flask -\n",
    "https://registry.example/flask-1.0-py3-none-any.whl\n",
    "https://registry.example/flask-1.0-py3-none-any.whl ; python_version > '3'\n",
    "https://registry.example/flask-1.0-py3-none-any.whl;python_version > '3'\n",
    "https://registry.example/broken.whl\n",
    "HTTPS://registry.example/flask-1.0.tar.gz#egg=flask\n",
    "hg+https://registry.example/x#egg=name\n",
    "file:///tmp/flask-1.0.zip\n",
    "./flask-1.0-py3-none-any.whl\n",
    "flask-1.0.tar.gz\n",
    "flask-1.0.tar.bz2 ; os_name == 'a'\n",
    "./flask-1.0.zip[async]\n",
    "flask @ https://registry.example/flask.zip\n",
    "flask@https://registry.example/flask.zip;os_name=='a'\n",
    "flask @ https://registry.example/flask.zip ; \n",
    "flask ;\n",
    "flask ; bogus\n",
    "flask[async]>=2,<3 ; python_version > '3'\n",
    "flask 2.0\n",
    "flask = 2.0\n",
    "==2.0\n",
    "flask==2.0, \n",
    "\ufeffflask\n",
)


def ours_of_file(text: str):
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
        specifier = None if is_direct else SpecifierSet(each.specifier)
        marker = str(Marker(each.marker)) if each.marker else None
        read.append(
            (each.name, specifier, frozenset(map(str.lower, each.extras)), marker, is_direct)
        )
    return read


def ours_are_paths(text: str) -> bool:
    return any(each.source is Source.PATH for each in REQUIREMENTS.parse(text).dependencies)


def pips_of_file(text: str, folder):
    found = read_by_pip(text, folder)
    if found is None:
        return None
    return [
        (
            normalise(each.name or ""),
            None if each.link else SpecifierSet(str(each.req.specifier)),
            frozenset(map(str.lower, each.extras)),
            str(Marker(str(each.markers))) if each.markers else None,
            each.link is not None,
        )
        for each in found
    ]


@pytest.mark.parametrize("text", FILES)
def test_hand_picked_files_are_read_as_pip_reads_them(text, tmp_path):
    assert ours_of_file(text) == pips_of_file(text, tmp_path)


def test_generated_lines_are_read_as_pip_reads_them(tmp_path):
    random = Random(23)
    differ, refused = [], 0
    for _ in range(2_000):
        text = pypi_texts.requirements_line(random)
        if random.random() < 0.4 and "@" not in text:  # what is no address, pip finds out later
            text = pypi_texts.mangled(random, text)
        if ours_are_paths(text) or text.lstrip().startswith(("-r", "-c")):
            continue  # pip looks whether they are there
        if is_swallowed(text):
            continue
        theirs = pips_of_file(text, tmp_path)
        refused += theirs is None
        if ours_of_file(text) != theirs:
            differ.append((text, theirs, ours_of_file(text)))
    assert not differ
    assert 200 < refused < 1_500
