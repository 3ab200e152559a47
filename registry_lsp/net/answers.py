"""What an answer means for a lookup, where it is not the document that was asked for."""

from __future__ import annotations

from urllib.parse import urlsplit

from registry_lsp.core.packages import Missing, Trouble, Unauthorized, Unavailable
from registry_lsp.core.ports.http import Response

_GONE = "the registry says that it is gone (410)"


def refusal(
    answer: Response | Unavailable, *, detail: str | None = None, or_no_access: bool = False
) -> Missing | Unauthorized | Unavailable | None:
    """How the lookup ends; None for 200 and 304, which are answers.

    Only 404 and 410 say that there is no such package: *detail* and *or_no_access* are what the
    registry is known to mean by them. Of a 410 the detail is that there was one, unless more is
    known (RFC 9110, 15.5.11). A proxy that wants a password of its own (407) is no registry that
    does.
    """
    if isinstance(answer, Unavailable):
        return answer
    match answer.status:
        case 200 | 304:
            return None
        case 404:
            return Missing(detail=detail, or_no_access=or_no_access)
        case 410:
            return Missing(detail=detail or _GONE, or_no_access=or_no_access)
        case 401 | 403:
            return Unauthorized(status=answer.status, host=host_of(answer))
        case _:
            return no_answer(answer)


def no_answer(answer: Response) -> Unavailable:
    """The lookup's end where the status says that the server cannot or will not answer."""
    if answer.status == 429:
        trouble = Trouble.RATE_LIMITED
    elif answer.status >= 500:
        trouble = Trouble.SERVER_ERROR
    else:
        trouble = Trouble.REFUSED
    return Unavailable(trouble=trouble, host=host_of(answer), status=answer.status)


def garbage(answer: Response, trouble: Trouble = Trouble.GARBAGE) -> Unavailable:
    """The lookup's end where the answer is not the document that was asked for, or is one in a
    form that is not known here: *trouble* says which.
    """
    return Unavailable(trouble=trouble, host=host_of(answer), status=answer.status)


def host_of(answer: Response) -> str:
    """The host that answered, with its port where it is not the scheme's own."""
    return urlsplit(answer.url).netloc.rpartition("@")[2]
