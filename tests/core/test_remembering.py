"""What is kept of an object is kept of that very one."""

from __future__ import annotations

from registry_lsp.core.remembering import ByIdentity


def test_the_same_object_is_asked_once_in_each_way():
    kept, one, twin = ByIdentity(most=10), [1], [1]
    made = kept.get(one, "a", object)
    assert kept.get(one, "a", object) is made
    assert kept.get(one, "b", object) is not made
    assert kept.get(twin, "a", object) is not made


def test_the_oldest_goes_first():
    kept, subjects = ByIdentity(most=2), [[], [], []]
    for subject in subjects:
        kept.get(subject, None, object)
    first = kept.get(subjects[2], None, object)
    assert kept.get(subjects[2], None, object) is first
    assert kept.get(subjects[0], None, lambda: "again") == "again"


def test_what_was_worked_out_elsewhere_may_be_kept():
    kept, one = ByIdentity(most=10), [1]
    assert kept.find(one, "a") is None
    assert kept.keep(one, "a", "it") == "it"
    assert kept.find(one, "a") == kept.get(one, "a", object) == "it"
    assert kept.find([1], "a") is None
