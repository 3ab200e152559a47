"""Seeded texts of Python versions, specifiers, constraints and requirement lines."""

from __future__ import annotations

import re
from random import Random

_NUMBERS = (0, 0, 1, 1, 2, 3, 10)
_SUFFIXES = (
    *("",) * 6,
    *("a1", "b2", "rc1", ".post1", ".dev0", ".dev3", "a1.dev1", "-1", ".post2.dev1", "rc1.post1"),
)
_LOCALS = (*("",) * 12, "+cpu", "+1", "+ubuntu.2")
_RELEASE = re.compile(r"(?:\d+!)?\d+(?:\.\d+)*")


def release(random: Random, width: int | None = None) -> str:
    width = width or random.choice((1, 2, 2, 3, 3, 3, 4))
    return ".".join(str(random.choice(_NUMBERS)) for _ in range(width))


def public(random: Random) -> str:
    epoch = random.choice((*("",) * 9, "1!"))
    return epoch + release(random) + random.choice(_SUFFIXES)


def version(random: Random) -> str:
    return random.choice(("", "", "", "", "v")) + public(random) + random.choice(_LOCALS)


def near(random: Random, text: str) -> str:
    """A version that stands near one of those in *text*."""
    releases = _RELEASE.findall(text)
    if not releases or random.random() < 0.3:
        return version(random)
    stem = random.choice(releases) + random.choice(("", "", ".0", ".1"))
    return stem + random.choice(_SUFFIXES) + random.choice(_LOCALS)


def pep440_clause(random: Random) -> str:
    operator = random.choice(("==", "==", ">=", ">=", ">", "<", "<=", "~=", "!=", "!=", "==="))
    gap = random.choice(("", "", "", " "))
    if operator in {"==", "!="} and random.random() < 0.4:
        return f"{operator}{gap}{release(random)}.*"
    if operator == "~=":
        return f"{operator}{gap}{release(random, random.choice((2, 3)))}"
    if operator == "===":
        return f"{operator}{gap}{public(random)}"
    return f"{operator}{gap}{public(random)}"


def pep440_specifier(random: Random) -> str:
    clauses = [pep440_clause(random) for _ in range(random.choice((0, 1, 1, 1, 2, 2, 3)))]
    comma = random.choice((",", ", ", " , "))
    if any(each.startswith("===") for each in clauses):
        return ",".join(clauses).replace(" ", "")  # behind '===' white space is mostly refused
    return comma.join(clauses)


def mangled(random: Random, text: str) -> str:
    """*text* with one small accident."""
    at = random.randrange(len(text) + 1)
    junk = random.choice((" ", ",", "=", "<", ".", "*", "x", "-", "é", ";", "(", "]", "#", '"'))
    return random.choice((text[:at] + junk + text[at:], text[:at] + text[at + 1 :], text[:at]))


def poetry_clause(random: Random) -> str:
    chance = random.random()
    if chance < 0.15:
        operator = random.choice(("", "==", "!=", "=", ">="))
        return operator + release(random) + random.choice((".*", ".*", ".*.*"))
    if chance < 0.19:
        return random.choice(("*", "x", "*.*"))
    operator = random.choice(
        ("^", "^", "^", "~", "~=", ">=", ">", "<", "<=", "!=", "==", "=", "", "", "<>")
    )
    return operator + random.choice(("", "", "", " ")) + version(random)


def poetry_constraint(random: Random) -> str:
    def together() -> str:
        comma = random.choice((",", ", ", " ", " , "))
        return comma.join(poetry_clause(random) for _ in range(random.choice((1, 1, 1, 2, 2, 3))))

    bar = random.choice(("||", " || ", "|", " | "))
    return bar.join(together() for _ in range(random.choice((1, 1, 1, 2, 2, 3))))


def name(random: Random) -> str:
    return random.choice(("requests", "Django", "zope.interface", "ruamel_yaml", "a", "x1", "A--B"))


def marker(random: Random) -> str:
    def atom() -> str:
        variable = random.choice(("python_version", "python_full_version", "os_name", "extra"))
        operator = random.choice(("==", ">=", "<", "!=", "in", "not in"))
        quote = random.choice("'\"")
        return f"{variable} {operator} {quote}{release(random)}{quote}"

    joint = random.choice((" and ", " or "))
    text = joint.join(atom() for _ in range(random.choice((1, 1, 2, 3))))
    return f"({text})" if random.random() < 0.2 else text


def requirement(random: Random) -> str:
    blank = random.choice(("", "", " ", "  "))
    text = random.choice(("", "", "", " ")) + name(random)
    if random.random() < 0.3:
        extras = ", ".join(name(random) for _ in range(random.choice((0, 1, 2))))
        text += f"{blank}[{extras}]"
    if random.random() < 0.15:
        text += f"{blank}@{blank}https://registry.example/{release(random)}.zip"
        blank = " "
    elif random.random() < 0.9:
        specifier = pep440_specifier(random)
        text += f"{blank}({specifier})" if random.random() < 0.1 else f"{blank}{specifier}"
    if random.random() < 0.3:
        text += f"{blank};{random.choice(('', ' '))}{marker(random)}"
    return text
