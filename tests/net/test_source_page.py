import pytest

from registry_lsp.net.addresses import source_page


@pytest.mark.parametrize(
    ("address", "page"),
    [
        ("git+https://code.example/o/r.git@v1.0#egg=x", "https://code.example/o/r"),
        ("git+https://code.example/o/r@feature/x", "https://code.example/o/r"),
        ("git+https://code.example/@scope/r", "https://code.example/@scope/r"),
        ("git+https://secret@code.example/@scope/r.git", "https://code.example/@scope/r"),
        ("git+ssh://git@code.example:22/o/r.git", "https://code.example/o/r"),
        ("git+ssh://git@code.example:o/r.git", "https://code.example/o/r"),
        ("ssh://git@code.example/~u/r.git", "https://code.example/~u/r"),
        ("git@code.example:o/r.git#semver:^1", "https://code.example/o/r"),
        ("git://code.example/o/r", "https://code.example/o/r"),
        (
            "https://user:secret@files.example/a-1.0.tar.gz#sha256=ab",
            "https://files.example/a-1.0.tar.gz",
        ),
        ("https://files.example/@scope/x.tgz", "https://files.example/@scope/x.tgz"),
        ("http://[::1]:80/x", "http://[::1]:80/x"),
        ("https://files.example", "https://files.example/"),
        ("file:///home/x", ""),
        ("git+file:///home/x", ""),
        ("javascript://files.example/x", ""),
        ("https://a b/", ""),
        ("https://files.example\\@evil.example/", ""),
        ("./beside", ""),
        ("", ""),
    ],
)
def test_the_page_of_what_an_address_names(address, page):
    assert source_page(address) == page
