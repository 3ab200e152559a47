"""How a query can fail: each way has a code for programs and words for people."""

from __future__ import annotations

from registry_lsp.core.packages import Missing, RegistryRef, Trouble, Unauthorized, Unavailable
from registry_lsp.core.ports.answers import Refusal
from registry_lsp.features import troubles
from registry_lsp.terminal.output import error_record

UNKNOWN_REGISTRY = "unknown-registry"
UNKNOWN_PERIOD = "unknown-period"
PACKAGE_NOT_FOUND = "package-not-found"
VERSION_NOT_FOUND = "version-not-found"
UNAUTHORIZED = "unauthorized"
UNAVAILABLE = "registry-unavailable"
RATE_LIMITED = "rate-limited"
OFFLINE = "offline"
UNSUPPORTED = "unsupported"

_CODES = {Trouble.RATE_LIMITED: RATE_LIMITED, Trouble.OFFLINE: OFFLINE}


class QueryError(Exception):
    """A query that has no answer. ``retryable`` says that the same question may have one later."""

    def __init__(self, code: str, message: str, *, retryable: bool = False) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.retryable = retryable

    def record(self) -> dict[str, object]:
        """The error as programs get it."""
        return error_record(self.code, self.message, retryable=self.retryable)


def refused(
    subject: str, refusal: Refusal, *, asked: RegistryRef | None = None, hint: str = ""
) -> QueryError:
    """What it means that a registry, *asked* about *subject*, answered with *refusal*; *hint* is a
    sentence for where nothing was found.
    """
    where = f" in {troubles.hosts(asked)}" if asked is not None else ""
    match refusal:
        case Missing(or_no_access=True):
            text = f"{subject} was not found{where}, or you have no access to it.{hint}"
            return QueryError(PACKAGE_NOT_FOUND, text)
        case Missing(detail=detail):
            text = f"{subject} was not found{where}{f': {detail}' if detail else ''}.{hint}"
            return QueryError(PACKAGE_NOT_FOUND, text)
        case Unauthorized():
            text = f"Nothing is known of {subject}: {troubles.why(refusal, asked)}."
            return QueryError(UNAUTHORIZED, text)
        case Unavailable(trouble=trouble):
            text = f"Nothing is known of {subject}: {troubles.why(refusal)}."
            code = _CODES.get(trouble, UNAVAILABLE)
            return QueryError(code, text, retryable=troubles.is_passing(refusal))
