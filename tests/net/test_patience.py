"""How long and how often one question is asked again."""

import pytest

from registry_lsp.core.packages import Trouble, Unavailable
from registry_lsp.core.ports.http import Response
from registry_lsp.net.patience import Patience


def response(status: int) -> Response:
    return Response(status=status, url="https://registry.example/", headers={}, body=b"")


def test_pauses_double_up_to_a_bound():
    patience = Patience(seconds=1000.0, retries=6)
    assert [patience.pause(response(500), 1.0) for _ in range(6)] == [0.5, 1, 2, 4, 4, 4]
    assert patience.pause(response(500), 1.0) == response(500)


def test_chance_takes_a_part_of_a_pause():
    assert Patience(seconds=9.0, retries=1).pause(response(500), 0.25) == 0.125


def test_a_pause_beyond_what_is_left_is_not_made():
    assert Patience(seconds=0.5, retries=1).pause(response(500), 1.0) == response(500)


@pytest.mark.parametrize("trouble", [t for t in Trouble if t is not Trouble.UNREACHABLE])
def test_other_troubles_are_the_last_word(trouble: Trouble):
    patience = Patience(seconds=9.0, retries=2)
    answer = Unavailable(trouble=trouble, host="registry.example")
    assert patience.pause(answer, 1.0) == answer


@pytest.mark.parametrize("status", [200, 304, 400, 401, 403, 404, 501])
def test_answers_are_the_last_word(status: int):
    assert Patience(seconds=9.0, retries=2).pause(response(status), 1.0) == response(status)
