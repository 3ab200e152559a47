"""What markers say of Python and of each other, held against packaging's own evaluation."""

from __future__ import annotations

from itertools import product
from random import Random

from packaging.markers import Marker, default_environment
from packaging.version import Version

from registry_lsp.ecosystems.pypi.versions.marker_overlap import may_meet
from registry_lsp.ecosystems.pypi.versions.markers import narrow

PYTHONS = ("2.7.18", "3.6.0", *(f"3.{minor}.{micro}" for minor in range(8, 16) for micro in (0, 4)))
SYSTEMS = (("posix", "linux"), ("posix", "darwin"), ("nt", "win32"))
ENVIRONMENTS = [
    {
        **default_environment(),
        "python_full_version": python,
        "python_version": python.rpartition(".")[0],
        "implementation_version": python,
        "os_name": name,
        "sys_platform": platform,
        "extra": extra,
    }
    for python, (name, platform), extra in product(PYTHONS, SYSTEMS, ("", "web"))
]


def atom(random: Random) -> str:
    kind = random.random()
    if kind < 0.7:
        variable = random.choice(("python_version", "python_version", "python_full_version"))
        minor = f"3.{random.randrange(6, 16)}"
        patch = f"{minor}.{random.choice((0, 4))}"
        # A full version held against half of one is passed over: the grid of places on which
        # markers are tried has the middles of the minor versions only, unless a patch is named.
        value = patch if "full" in variable else random.choice((minor, minor, patch, "3", "2.7"))
        operator = random.choice((">=", ">=", "<", ">", "<=", "==", "!=", "~="))
        if operator == "~=" and "." not in value:
            value = minor
        if operator in {"==", "!="} and random.random() < 0.3:
            value = f"{minor}.*"
        if random.random() < 0.1:
            operator, value = random.choice(("in", "not in")), f"{minor} 3.12"
    else:
        variable, value = random.choice(
            (("os_name", "nt"), ("sys_platform", "darwin"), ("sys_platform", "win32"))
        )
        if random.random() < 0.2:
            variable, value = "extra", "web"
        operator = random.choice(("==", "!="))
    sides = [variable, f"'{value}'"]
    if operator in {"==", "!=", ">=", "<"} and "*" not in value and random.random() < 0.15:
        sides.reverse()
    return f" {operator} ".join(sides)


def marker(random: Random, depth: int = 2) -> str:
    if depth == 0 or random.random() < 0.3:
        return atom(random)
    joint = random.choice((" and ", " and ", " or "))
    parts = [marker(random, depth - 1) for _ in range(random.choice((1, 2, 2, 3)))]
    text = joint.join(parts)
    return f"({text})" if random.random() < 0.5 else text


def holds(text: str) -> list[bool]:
    read = Marker(text)
    return [read.evaluate(environment) for environment in ENVIRONMENTS]


def test_a_marker_holds_on_no_python_beyond_the_bound_that_it_gives():
    random = Random(508)
    wrong, floors, ceilings, exact = [], 0, 0, 0
    for text in (marker(random) for _ in range(3_000)):
        bound = narrow(None, text) or narrow(">=2", text)
        if bound in (None, ">=2"):
            continue
        where = [env for env, yes in zip(ENVIRONMENTS, holds(text), strict=True) if yes]
        pythons = sorted(Version(env["python_full_version"]) for env in where)
        if bound.startswith(">="):
            lowest = Version(bound.removeprefix(">="))
            floors += 1
            exact += bool(pythons) and pythons[0] == lowest
            is_wrong = bool(pythons) and pythons[0] < lowest
        else:
            newest = Version(bound.removeprefix("==").removesuffix(".*"))
            ceilings += 1
            exact += bool(pythons) and pythons[-1].release[:2] == newest.release
            is_wrong = bool(pythons) and pythons[-1].release[:2] > newest.release
        if is_wrong:
            wrong.append((text, bound, pythons[0], pythons[-1]))
    assert not wrong
    assert floors > 600
    assert ceilings > 300
    assert exact > (floors + ceilings) / 4


def test_markers_that_hold_together_somewhere_may_meet():
    random = Random(509)
    wrong, apart = [], 0
    for _ in range(2_000):
        one, other = marker(random, 1), marker(random, 1)
        together = any(map(all, zip(holds(one), holds(other), strict=True)))
        meets = may_meet(one, other, extra="web") or may_meet(one, other)
        apart += not meets
        if together and not meets:
            wrong.append((one, other))
    assert not wrong
    assert apart > 200
