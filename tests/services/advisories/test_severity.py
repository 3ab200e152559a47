import pytest

from registry_lsp.core.advisories import Rating
from registry_lsp.services.advisories.severity import rating_by_word, rating_of, score

# Scores as FIRST's own calculators and examples give them.
V31 = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"


@pytest.mark.parametrize(
    ("kind", "vector", "expected", "rating"),
    [
        ("CVSS_V3", V31, 9.8, Rating.CRITICAL),
        ("CVSS_V3", "CVSS:3.0/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N", 6.1, Rating.MODERATE),
        ("CVSS_V3", "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H", 7.5, Rating.HIGH),
        ("CVSS_V3", "CVSS:3.1/AV:L/AC:H/PR:L/UI:N/S:U/C:L/I:N/A:N", 2.5, Rating.LOW),
        ("CVSS_V2", "AV:N/AC:L/Au:N/C:P/I:P/A:P", 7.5, Rating.HIGH),
        ("CVSS_V2", "AV:N/AC:L/Au:N/C:C/I:C/A:C", 10.0, Rating.HIGH),
        (
            "CVSS_V4",
            "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N",
            9.3,
            Rating.CRITICAL,
        ),
        (
            "CVSS_V4",
            "CVSS:4.0/AV:L/AC:L/AT:P/PR:L/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N",
            7.3,
            Rating.HIGH,
        ),
    ],
)
def test_a_vector_has_a_score_and_that_a_rating(kind, vector, expected, rating):
    assert score(kind, vector) == expected
    assert rating_of(expected, kind) is rating


def test_a_fault_without_impact_is_not_rated():
    none = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N"
    assert score("CVSS_V3", none) == 0.0
    assert rating_of(0.0, "CVSS_V3") is None


@pytest.mark.parametrize(
    ("kind", "vector"),
    [
        ("CVSS_V3", ""),
        ("CVSS_V3", "9.8"),
        ("CVSS_V3", "CVSS:3.1/AV:N"),
        ("CVSS_V3", f"{V31}/XX:Y"),
        ("CVSS_V3", f"{V31}/{'A' * 100_000}"),
        ("CVSS_V3", V31.replace("N", "\ud800")),
        ("CVSS_V4", V31),
        ("CVSS_V2", "////"),
        ("CVSS_V9", V31),
        ("Ubuntu", "high"),
    ],
)
def test_what_cannot_be_read_has_no_score(kind, vector):
    assert score(kind, vector) is None


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("LOW", Rating.LOW),
        ("MODERATE", Rating.MODERATE),
        ("medium", Rating.MODERATE),
        (" High ", Rating.HIGH),
        ("CRITICAL", Rating.CRITICAL),
        ("terrible", None),
        (9.8, None),
        (None, None),
    ],
)
def test_databases_have_words_for_it(word, expected):
    assert rating_by_word(word) is expected
