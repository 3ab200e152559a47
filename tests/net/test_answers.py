"""What a status means for a lookup."""

import pytest

from registry_lsp.core.packages import Missing, Trouble, Unauthorized, Unavailable
from registry_lsp.core.ports.http import Response
from registry_lsp.net.answers import garbage, refusal


def answer(status: int) -> Response:
    return Response(status=status, url="https://registry.example:8443/x", headers={}, body=b"")


HOST = "registry.example:8443"


@pytest.mark.parametrize("status", [200, 304])
def test_an_answer_is_no_refusal(status: int):
    assert refusal(answer(status)) is None


@pytest.mark.parametrize("status", [404, 410])
def test_only_these_say_missing(status: int):
    assert isinstance(refusal(answer(status)), Missing)
    assert refusal(answer(status), detail="unpublished", or_no_access=True) == Missing(
        detail="unpublished", or_no_access=True
    )


def test_what_was_there_once_is_told_from_what_never_was():
    assert refusal(answer(404)) == Missing()
    assert refusal(answer(410)) == Missing(detail="the registry says that it is gone (410)")


@pytest.mark.parametrize("status", [401, 403])
def test_these_want_credentials(status: int):
    assert refusal(answer(status)) == Unauthorized(status=status, host=HOST)


@pytest.mark.parametrize(
    ("status", "trouble"),
    [
        (204, Trouble.REFUSED),
        (302, Trouble.REFUSED),
        (400, Trouble.REFUSED),
        (405, Trouble.REFUSED),
        (406, Trouble.REFUSED),
        (407, Trouble.REFUSED),
        (451, Trouble.REFUSED),
        (429, Trouble.RATE_LIMITED),
        (500, Trouble.SERVER_ERROR),
        (503, Trouble.SERVER_ERROR),
    ],
)
def test_all_else_is_no_answer(status: int, trouble: Trouble):
    assert refusal(answer(status)) == Unavailable(trouble=trouble, host=HOST, status=status)


def test_what_could_not_be_asked_stays_so():
    unavailable = Unavailable(trouble=Trouble.TIMEOUT, host=HOST)
    assert refusal(unavailable) is unavailable


def test_garbage_names_its_host():
    assert garbage(answer(200)) == Unavailable(trouble=Trouble.GARBAGE, host=HOST, status=200)
