"""A clock that never runs backwards."""

from registry_lsp.core.clock import Onward
from support.clock import Clock


def test_a_clock_that_is_set_back_goes_on_from_where_it_was():
    wall, monotonic = Clock(1000.0), Clock(5.0)
    now = Onward(wall, monotonic)
    assert now() == 1000.0
    wall.now, monotonic.now = 1010.0, 15.0
    assert now() == 1010.0
    wall.now, monotonic.now = 10.0, 45.0
    assert now() == 1040.0
    wall.now, monotonic.now = 15.0, 50.0
    assert now() == 1045.0


def test_a_clock_that_is_set_forward_or_a_machine_that_sleeps_counts():
    wall, monotonic = Clock(1000.0), Clock(5.0)
    now = Onward(wall, monotonic)
    wall.now = 90_000.0
    assert now() == 90_000.0
