"""What the server makes of the addresses of documents."""

import pytest

from registry_lsp.server import path_of
from registry_lsp.server.places import is_nameless, placed


@pytest.mark.parametrize(
    ("uri", "path", "is_absolute"),
    [
        ("file:///home/%C3%A4/package.json", "/home/\u00e4/package.json", True),
        ("untitled:/home/x/package.json", "/home/x/package.json", True),
        ("git:/home/x/package.json?%7B%22ref%22%3A%22%22%7D", "/home/x/package.json", True),
        ("untitled:package.json", "package.json", False),
        ("vscode-vfs://host/x/package.json", "x/package.json", False),
        ("inmemory://model/package.json", "package.json", False),
        ("http://[half/package.json", ".", False),
        ("", ".", False),
    ],
)
def test_a_path_has_a_folder_where_no_host_stands_before_it(uri, path, is_absolute):
    found = path_of(uri)
    assert found.as_posix().endswith(path)
    assert bool(found.root) is is_absolute


def test_a_drive_of_windows_may_be_escaped():
    assert path_of("file:///c%3A/x/package.json") == path_of("file:///C:/x/package.json")


@pytest.mark.parametrize(
    ("uri", "folders", "path"),
    [
        ("untitled:package.json", ("file:///one", "file:///two"), "/one/package.json"),
        ("package.json", ("vscode-vfs://host/x", "file:///two"), "/two/package.json"),
        ("untitled:package.json", (), "package.json"),
        ("file:///home/x/package.json", ("file:///one",), "/home/x/package.json"),
        ("untitled:/home/x/package.json", ("file:///one",), "/home/x/package.json"),
        ("", ("file:///one",), "."),
    ],
)
def test_what_lies_nowhere_yet_lies_in_the_workspace(uri, folders, path):
    assert placed(uri, folders).as_posix().endswith(path)


@pytest.mark.parametrize(
    ("uri", "expected"),
    [
        ("untitled:Untitled-1", True),
        ("untitled:Ohne%20Titel%201", True),
        ("buffer:3", True),
        ("file://", True),
        ("untitled:package.json", False),
        ("untitled:notes.json", False),
        ("untitled:/home/x/Pipfile", False),
        ("untitled:C%3A%5Cx", False),
        ("vscode-vfs://host/x", False),
        ("git:a/b", False),
        ("Untitled-1", False),
        ("", False),
        ("http://[half", False),
    ],
)
def test_what_has_no_name_yet(uri, expected):
    assert is_nameless(uri) is expected
