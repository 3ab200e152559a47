import pytest

from registry_lsp.core.order import Tier, tier
from support.toy import ToyScheme

SCHEME = ToyScheme()


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("1.0", "2.0", Tier.MAJOR),
        ("1", "1.1", Tier.MINOR),
        ("1.1", "1.1.1", Tier.PATCH),
        ("1.1.1", "1.1.1.1", Tier.PATCH),
        ("1.0a1", "1.0", Tier.PATCH),
        ("0.1", "0.2", Tier.MINOR),
    ],
)
def test_the_tier_is_the_first_segment_that_differs(old, new, expected):
    assert tier(SCHEME, old, new) is expected
