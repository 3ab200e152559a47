"""Versions and ranges of npm, made up: mostly such as people write, some such as nobody should.

All of it is drawn from the generator that is given, so that a seed gives the same texts again.
"""

from __future__ import annotations

from random import Random

_NUMBERS = ("0", "1", "2", "3", "10", "20", "01", "00", "007", "9007199254740991")
# Not beyond 10**21, which JavaScript writes as 1e+21 and so reads back as a prerelease.
_HUGE = ("9007199254740992", "99999999999999999999")
_IDENTIFIERS = ("alpha", "beta", "rc", "0", "1", "2", "11", "01", "-", "x-y", "0a", "next", "v")
_SPACES = (" ", " ", " ", "  ", "\t", "\n", "\u00a0", "\ufeff", "\u2028", "\x1c", "\x85")
_OPERATORS = ("", "", "", "^", "^", "~", "~>", ">=", ">", "<", "<=", "=", "==", ">==", "v", "=v")
_JUNK = ("latest", "foo", "||", "|", "-", "*", "1.2.3*", ">", "<=", "^", "~", "+", "", "&&", ",")
_SAMPLE = "0123456789.xX*-+v=<>~^| \tabz"


def number(random: Random) -> str:
    """A number, rarely beyond what a version may hold."""
    return (
        random.choice(_HUGE)
        if random.random() < 0.01
        else random.choice(_NUMBERS[:4] * 4 + _NUMBERS)
    )


def version(random: Random, *, plain: bool = False) -> str:
    """A version; a plain one is spelled as the registry spells it."""
    if plain:
        text = ".".join(str(random.randrange(4)) for _ in range(3))
        if random.random() < 0.35:
            text += "-" + random.choice(("alpha", "beta", "rc.1", "beta.2", "0", "alpha.0.x"))
        return text
    text = ".".join(number(random) for _ in range(3 if random.random() < 0.95 else 4))
    if random.random() < 0.4:
        hyphen = "-" if random.random() < 0.8 else ""
        text += hyphen + ".".join(_some(random, _IDENTIFIERS, 3))
    if random.random() < 0.15:
        text += "+" + ".".join(_some(random, _IDENTIFIERS, 2))
    if random.random() < 0.15:
        text = random.choice(("v", "=", "= v", " ", "vv", "\t", "\ufeff")) + text
    return text


def range_text(random: Random) -> str:
    """A range: alternatives of comparators, shorthands and now and then something else."""
    if random.random() < 0.03:
        return "".join(random.choices(_SAMPLE, k=random.randrange(12)))
    separator = random.choice(("||", " || ", " ||", "|| "))
    return separator.join(_alternative(random) for _ in range(random.choice((1, 1, 1, 2, 3))))


def _alternative(random: Random) -> str:
    if random.random() < 0.15:
        hyphen = "-".join((_space(random), _space(random)))
        return _partial(random) + hyphen + _partial(random)
    words = [_word(random) for _ in range(random.choice((1, 1, 1, 2, 2, 3)))]
    return _space(random).join(words)


def _word(random: Random) -> str:
    if random.random() < 0.04:
        return random.choice(_JUNK)
    space = _space(random) if random.random() < 0.15 else ""
    return random.choice(_OPERATORS) + space + _partial(random)


def _partial(random: Random) -> str:
    if random.random() < 0.5:
        return version(random, plain=random.random() < 0.7)
    parts = [
        number(random) if random.random() < 0.75 else random.choice("xX*")
        for _ in range(random.choice((1, 2, 2, 3)))
    ]
    text = ".".join(parts)
    return text + random.choice(("", "", "", "", "-beta", "+b1", ".", "-"))


def _space(random: Random) -> str:
    return random.choice(_SPACES) if random.random() < 0.3 else " "


def _some(random: Random, choices: tuple[str, ...], most: int) -> list[str]:
    return random.choices(choices, k=random.randint(1, most))
