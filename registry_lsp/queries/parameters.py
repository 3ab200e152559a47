"""What a query is asked with: one object of named parameters, read and checked. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from registry_lsp.core.operations import LARGEST_PAGE, OPERATIONS, PAGE_SIZE, PERIODS, Operation
from registry_lsp.core.ports.ecosystem import Ecosystem
from registry_lsp.core.text import printable
from registry_lsp.queries.errors import (
    UNKNOWN_PERIOD,
    UNKNOWN_REGISTRY,
    QueryError,
)
from registry_lsp.terminal.output import INVALID_PARAMETER

_LONGEST = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A question, understood. ``version`` is empty where none is named."""

    operation: Operation
    ecosystem: Ecosystem
    name: str = ""
    version: str = ""
    query: str = ""
    page: int = 1
    page_size: int = PAGE_SIZE
    period: str = "last-month"


def read(operation: str, parameters: object, ecosystems: Iterable[Ecosystem]) -> Query:
    """The question that *parameters* ask. Raises :class:`QueryError`."""
    asked = next((each for each in OPERATIONS if each.name == operation), None)
    if asked is None:
        raise QueryError(INVALID_PARAMETER, f"There is no operation {_shown(operation)}.")
    if not isinstance(parameters, Mapping):
        raise QueryError(INVALID_PARAMETER, "The parameters must be one object.")
    given = {name: value for name, value in parameters.items() if value is not None}
    known = (*asked.needed, *asked.optional)
    for name in given:
        if name not in known:
            expected = ", ".join(known)
            text = f"{operation} has no parameter {_shown(name)}; it takes {expected}."
            raise QueryError(INVALID_PARAMETER, text)
    return Query(
        operation=asked,
        ecosystem=_ecosystem(_text("registry", given), tuple(ecosystems)),
        name=_text("name", given) if "name" in known else "",
        version=_text("version", given) if "version" in (*asked.needed, *given) else "",
        query=_text("query", given) if "query" in known else "",
        page=_number("page", given, 1),
        page_size=min(_number("page_size", given, PAGE_SIZE), LARGEST_PAGE),
        period=_period(given),
    )


def _ecosystem(registry: str, ecosystems: tuple[Ecosystem, ...]) -> Ecosystem:
    wanted = registry.lower()
    for each in ecosystems:
        if wanted == each.name or wanted in each.aliases:
            return each
    names = ", ".join(name for each in ecosystems for name in (each.name, *each.aliases))
    raise QueryError(
        UNKNOWN_REGISTRY, f"There is no registry {_shown(registry)}; it is one of {names}."
    )


def _text(name: str, given: Mapping[str, object]) -> str:
    value = given.get(name)
    text = value.strip() if isinstance(value, str) else ""
    if not text or len(text) > _LONGEST:
        expected = f"a text of 1 to {_LONGEST} characters"
        raise QueryError(INVALID_PARAMETER, f"The parameter '{name}' must be {expected}.")
    return text


def _number(name: str, given: Mapping[str, object], default: int) -> int:
    value = given.get(name, default)
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise QueryError(
            INVALID_PARAMETER, f"The parameter '{name}' must be a whole number from 1."
        )
    return value


def _period(given: Mapping[str, object]) -> str:
    value = given.get("period", "last-month")
    if value not in PERIODS:
        near = get_close_matches(str(value)[:50], PERIODS, n=1)
        hint = f" Did you mean {near[0]}?" if near else ""
        text = f"There is no period {_shown(value)}; it is one of {', '.join(PERIODS)}.{hint}"
        raise QueryError(UNKNOWN_PERIOD, text)
    return str(value)


def _shown(value: object) -> str:
    return f"'{printable(str(value), 80)}'"
