from registry_lsp.ecosystems.pypi import ECOSYSTEM
from registry_lsp.ecosystems.pypi.names import is_valid_name, normalise


def test_the_well_known_names_are_names_as_an_index_lists_them():
    names = ECOSYSTEM.well_known
    assert len(set(names)) == len(names) > 500
    assert [each for each in names if normalise(each) != each or not is_valid_name(each)] == []
