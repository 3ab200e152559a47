import pytest

from registry_lsp.core.durations import seconds_of

DAY = 86_400.0


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("P7D", 7 * DAY),
        ("p1w", 7 * DAY),
        ("PT24H", DAY),
        ("P1DT12H30M5S", 1.5 * DAY + 1805),
        ("7 days", 7 * DAY),
        ("1 week", 7 * DAY),
        ("1 week, 2 days", 9 * DAY),
        ("1w2d", 9 * DAY),
        ("30d", 30 * DAY),
        ("24h", DAY),
        ("90 min", 5400.0),
        ("1.5 hours", 5400.0),
        (" 3 D ", 3 * DAY),
    ],
)
def test_a_length_of_time(text, seconds):
    assert seconds_of(text) == seconds


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "P",
        "PT",
        "7",
        "days",
        "7 moons",
        "P1M",
        "P1Y",
        "2024-01-01",
        "-1d",
        "1d x",
        "9" * 200,
    ],
)
def test_what_is_none(text):
    assert seconds_of(text) is None
