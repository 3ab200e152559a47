from registry_lsp.services.limits import RateLimit


class Clock:
    def __init__(self):
        self.now = 100.0

    def __call__(self):
        return self.now


def test_so_many_may_ask_in_a_span_and_the_next_one_is_told_when():
    clock = Clock()
    limit = RateLimit((2, 1.0), (3, 60.0), clock=clock)
    assert limit.take() == 0.0
    clock.now += 0.25
    assert limit.take() == 0.0
    assert limit.take() == 0.75
    clock.now += 0.75
    assert limit.take() == 0.0
    assert limit.take() == 59.0  # of the minute's three, the first was a second ago
    clock.now += 59.0
    assert limit.take() == 0.0


def test_who_was_refused_is_not_counted():
    clock = Clock()
    limit = RateLimit((1, 10.0), clock=clock)
    limit.take()
    for _ in range(5):
        clock.now += 1.0
        assert limit.take() > 0.0
    clock.now += 5.0
    assert limit.take() == 0.0
