"""Seeded lines of requirements files, with all that pip takes in them and much that it refuses."""

from __future__ import annotations

from random import Random

from support import pypi_texts

HOST = "registry.example"
FOLDERS = (".", "./local", "local/pkg", "..local", "a.b/c", "./x@y", "local pkg")
"""The folders that a line may name."""
OPTIONS = (
    *("--index-url", "--pypi-url", "--extra-index-url", "--no-index", "--constraint"),
    *("--requirement", "--editable", "--find-links", "--no-binary", "--only-binary"),
    *("--prefer-binary", "--require-hashes", "--no-require-hashes", "--pre", "--all-releases"),
    *("--only-final", "--trusted-host", "--hash", "--config-settings"),
)
_FLAGS = {"--no-index", "--prefer-binary", "--require-hashes", "--no-require-hashes", "--pre"}
_SHORT = {
    "--index-url": "-i",
    "--constraint": "-c",
    "--requirement": "-r",
    "--editable": "-e",
    "--find-links": "-f",
    "--config-settings": "-C",
}
_SCHEMES = (
    *("https", "https", "http", "HTTPS", "ftp", "file", "git+https", "git+https", "git+ssh"),
    *("hg+http", "svn+svn", "bzr+lp", "git", "svn", "hg", "git+foo", "foo", "hg+static-http"),
)
_FILES = ("a.zip", "a-1.0-py3-none-any.whl", "a.whl", "A_b-1.0.tar.gz", "a.git@main", "a", "")
_FRAGMENTS = (
    *("",) * 6,
    *("#egg=a", "#egg=A_b.c&subdirectory=x", "#subdirectory=x&egg=a", "#egg=a[b]", "#egg="),
    *("#egg=a-", "#sha256=00", "#egg=a==1", "?egg=a", "?x&egg=b#egg=a", "#eggs=a", "#egg=a%20b"),
)
_EXTRAS = ("", "", "", "[x]", "[x, Y]", " [x]", "[]", "[x", "[x y]", "[x,]")


def url(random: Random) -> str:
    scheme = random.choice(_SCHEMES)
    host = random.choice((HOST, HOST, f"git@{HOST}", f"u:p@{HOST}:8080", "${HOST}", "[::1]", "[::"))
    slashes = random.choice(("://", "://", "://", "://", ":/", ":"))
    if scheme == "file":
        host = random.choice(("", "", "localhost", "/srv"))
    return f"{scheme}{slashes}{host}/{random.choice(_FILES)}{random.choice(_FRAGMENTS)}"


def path(random: Random) -> str:
    folder = random.choice(FOLDERS)
    if random.random() < 0.5:
        folder += "/" + random.choice((*_FILES[:4], "A.ZIP", "b-2.whl", "b-2-py3-none-any.WHL"))
    elif random.random() < 0.3:
        folder = random.choice(("a.zip", "a-1.0-py3-none-any.whl", "a.tar.bz2", "a.TGZ", ".zip"))
    return folder + random.choice(_EXTRAS)


def marked(random: Random, text: str) -> str:
    """*text*, perhaps with a marker."""
    if random.random() < 0.7:
        return text
    joint = random.choice((";", "; ", " ;", " ; "))
    return text + joint + random.choice((pypi_texts.marker(random), "", "bogus", "os_name == 'a'"))


def direct(random: Random) -> str:
    """A requirement that no index serves."""
    chance = random.random()
    if chance < 0.35:
        return marked(random, url(random))
    if chance < 0.6:
        return marked(random, path(random))
    at = random.choice(("@", " @ ", " @", "@ "))
    target = url(random) if random.random() < 0.8 else path(random)
    return marked(random, f"{pypi_texts.name(random)}{random.choice(_EXTRAS)}{at}{target}")


def editable(random: Random) -> str:
    """The value of ``-e``."""
    value = random.choice((url, url, path, direct))(random)
    return quoted(random, value) if random.random() < 0.6 else value


def quoted(random: Random, value: str) -> str:
    mark = random.choice("'\"")
    if random.random() < 0.2:
        at = random.randrange(len(value) + 1)
        return f"{value[:at]}{mark}{value[at:]}{mark}"
    return f"{mark}{value}{mark}" if random.random() < 0.9 else mark + value


def _value(random: Random, name: str) -> str:
    address = f"https://{HOST}/{random.choice('abc')}"
    values = {
        "--constraint": ("other.txt", "./other.txt"),
        "--requirement": ("other.txt", "./other.txt"),
        "--trusted-host": (HOST, f"{HOST}:8080"),
        "--hash": ("sha256:aa", "sha384:bb", "sha512:cc:dd", "md5:aa", "sha256", "sha256:"),
        "--config-settings": ("a=b", "a=", "=b", "a", "--a=b"),
        "--find-links": (address, "local", "./local"),
    }
    if name.endswith("url"):
        return random.choice((address, address, "${INDEX}", f"https://u:p@{HOST}/simple"))
    if name == "--editable":
        return editable(random)
    names = (":all:", ":none:", "a", "a,Zope.Interface", "a,:all:,:none:,x1", "-a", "")
    return random.choice(values.get(name, names))


def option(random: Random) -> str:
    """One option, perhaps abbreviated, perhaps refused."""
    name = random.choice(OPTIONS)
    value = _value(random, name)
    if random.random() < 0.1:
        value = quoted(random, value)
    if name in _SHORT and random.random() < 0.5:
        return _SHORT[name] + random.choice((" ", "", "  ", "\t")) + value
    written = name
    if random.random() < 0.3:
        written = name[: random.randrange(3, len(name) + 1)]
    if name in _FLAGS:
        return written + ("=1" if random.random() < 0.03 else "")
    return written + random.choice(("=", " ", "  ")) + value


def line(random: Random) -> str:
    """A line without its end."""
    chance = random.random()
    if chance < 0.25:
        text = random.choice(("", "", " ")) + option(random)
    elif chance < 0.35:
        text = "-e " + editable(random)
    elif chance < 0.6:
        text = direct(random)
    else:
        text = pypi_texts.requirement(random)
    while random.random() < 0.25:
        text += random.choice((" ", "  ", " \\\n  ", "\\\n ", "\t")) + option(random)
    if random.random() < 0.15:
        text = pypi_texts.mangled(random, text)
    if random.random() < 0.15:
        at = random.randrange(len(text) + 1)
        text = f"{text[:at]}\\\n{text[at:]}"
    if random.random() < 0.15:
        text += random.choice((" # why", "\t#", "#", " # why \\", "  # -r gone.txt"))
    return text


def file(random: Random) -> str:
    """A few lines, with ends of all kinds."""
    end = random.choice(("\n", "\n", "\r\n", "\r", "\x0c", "\u2028"))
    lines = [line(random) for _ in range(random.choice((1, 1, 2, 3)))]
    if random.random() < 0.2:
        lines.insert(random.randrange(len(lines) + 1), random.choice(("", "  ", "# all \\", "#")))
    return end.join(lines) + random.choice(("", end))
