import pytest

from registry_lsp.core.advisories import Advisory, Affected, Rating, merged
from support.toy import ToyScheme

KEY = ToyScheme().key


@pytest.mark.parametrize(
    ("stretch", "inside", "outside"),
    [
        (Affected(), ["0", "1.0", "99"], []),
        (Affected(fixed="2.0"), ["0", "1.9", "2.0a1"], ["2.0", "2", "3"]),
        (Affected(introduced="1.0", fixed="2.0"), ["1", "1.5"], ["0.9", "2.0"]),
        (Affected(introduced="1.0", last="2.0"), ["1.0", "2.0"], ["0.9", "2.0.1"]),
        (Affected(introduced="2.0", last="2.0"), ["2"], ["1", "2.1"]),
        (Affected(introduced="no version", fixed="2.0"), ["0"], ["2.0"]),
        (Affected(introduced="1.0", fixed="no version"), ["1.0", "99"], ["0.9"]),
    ],
)
def test_which_versions_a_stretch_holds(stretch, inside, outside):
    advisory = Advisory(id="X-1", ranges=(stretch,))
    assert [each for each in inside if not advisory.affects(each, KEY)] == []
    assert [each for each in outside if advisory.affects(each, KEY)] == []


def test_an_advisory_is_about_versions_beside_its_ranges_however_they_are_spelled():
    advisory = Advisory(id="X-1", ranges=(Affected(fixed="1.0"),), versions=("3.0", "odd one"))
    assert advisory.affects("3", KEY)
    assert advisory.affects("odd one", KEY)
    assert not advisory.affects("2.0", KEY)


def test_what_is_no_version_is_never_called_sound():
    assert Advisory(id="X-1", ranges=(Affected(fixed="1.0"),)).affects("what", KEY)


def test_one_fault_is_told_once_by_the_name_that_people_know():
    pysec = Advisory(
        id="PYSEC-2021-1",
        aliases=("CVE-2021-1",),
        ranges=(Affected(fixed="1.1"),),
        url="https://advisories.example/PYSEC-2021-1",
    )
    ghsa = Advisory(
        id="GHSA-aaaa-bbbb-cccc",
        aliases=("CVE-2021-1",),
        summary="A fault",
        rating=Rating.HIGH,
        score=7.5,
        ranges=(Affected(fixed="1.2"),),
        url="https://advisories.example/GHSA",
    )
    (one,) = merged([pysec, ghsa])
    assert one == Advisory(
        id="GHSA-aaaa-bbbb-cccc",
        aliases=("CVE-2021-1", "PYSEC-2021-1"),
        summary="A fault",
        rating=Rating.HIGH,
        score=7.5,
        ranges=(Affected(fixed="1.2"), Affected(fixed="1.1")),
        url="https://advisories.example/GHSA",
    )
    assert merged([ghsa, pysec])[0].names == one.names


def test_aliases_lead_to_one_another_by_way_of_others():
    chain = [
        Advisory(id="A-1", aliases=("B-1",)),
        Advisory(id="C-1", aliases=("D-1",)),
        Advisory(id="D-1", aliases=("E-1",)),
        Advisory(id="Z-1"),
        Advisory(id="E-1", aliases=("B-1",), rating=Rating.LOW),
    ]
    one, other = merged(chain)
    assert set(one.names) == {"A-1", "B-1", "C-1", "D-1", "E-1"}
    assert one.rating is Rating.LOW
    assert other.names == ("Z-1",)


def test_the_gravest_rating_of_all_that_are_one_counts():
    low = Advisory(id="GHSA-1", rating=Rating.LOW, score=3.0)
    high = Advisory(id="OTHER-1", aliases=("GHSA-1",), rating=Rating.CRITICAL, score=9.8)
    (one,) = merged([low, high])
    assert (one.id, one.rating, one.score) == ("GHSA-1", Rating.CRITICAL, 9.8)


def test_the_gravest_comes_first_and_malware_before_all():
    found = merged(
        [
            Advisory(id="GHSA-2"),
            Advisory(id="GHSA-3", rating=Rating.LOW),
            Advisory(id="MAL-2026-1", is_malware=True),
            Advisory(id="GHSA-1", rating=Rating.CRITICAL, score=9.1),
            Advisory(id="GHSA-0", rating=Rating.CRITICAL, score=9.9),
        ]
    )
    assert [each.id for each in found] == ["MAL-2026-1", "GHSA-0", "GHSA-1", "GHSA-3", "GHSA-2"]


def test_that_it_is_malicious_is_the_name_to_show():
    (one,) = merged([Advisory(id="GHSA-1", aliases=("MAL-2026-1",)), Advisory(id="MAL-2026-1")])
    assert one.names == ("MAL-2026-1", "GHSA-1")
