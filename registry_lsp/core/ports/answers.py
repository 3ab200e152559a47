"""How whoever asks a registry or a service tells what has come back."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Generic, TypeAlias, TypeVar

from registry_lsp.core.packages import Missing, Unauthorized, Unavailable
from registry_lsp.core.ports.http import Validators

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched(Generic[T]):
    """A registry's document, read. ``fresh_for`` is seconds that it need not be asked again."""

    value: T
    validators: Validators = field(default_factory=Validators)
    fresh_for: float


@dataclass(frozen=True, slots=True, kw_only=True)
class NotModified:
    """What is held is still right, for ``fresh_for`` seconds more."""

    fresh_for: float


Refusal: TypeAlias = Missing | Unauthorized | Unavailable
