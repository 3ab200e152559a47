"""What a user sets is what the tree says; what is wrong is said once, and breaks nothing."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_lsp.core.findings import DEFAULT_SEVERITY, Code, Severity
from registry_lsp.core.setting_sources import load
from registry_lsp.core.settings import VARIABLE_PREFIX, Leaf, Prereleases, Settings, leaves

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda each: st.lists(each, max_size=4) | st.dictionaries(st.text(), each, max_size=4),
    max_leaves=12,
)


def nested(name: str, value: object) -> dict[str, object]:
    *groups, last = name.split(".")
    tree: dict[str, object] = {last: value}
    for group in reversed(groups):
        tree = {group: tree}
    return tree


def value_of(settings: Settings, name: str) -> object:
    if name.startswith("diagnostics.severity."):
        return settings.diagnostics.severity_of(Code(name.rpartition(".")[2]))
    if name.startswith("registries."):
        return settings.registry_url(name.split(".")[1])
    value: object = settings
    for part in name.split("."):
        value = getattr(value, re.sub(r"(?=[A-Z])", "_", part).lower())
    return value


SET = {
    "diagnostics.enabled": (False, "off", False),
    "diagnostics.severity.yanked": ("error", "Error", Severity.ERROR),
    "diagnostics.severity.outdated-major": ("off", "off", None),
    "inlayHints.enabled": (False, "no", False),
    "codeLens.enabled": (False, "0", False),
    "completion.prereleases": ("never", "NEVER", Prereleases.NEVER),
    "ignore": (["npm:left-pad", "foo-*"], "npm:left-pad, foo-*", ("npm:left-pad", "foo-*")),
    "registries.npm.url": ("http://127.0.0.1:1/", "http://127.0.0.1:1/", "http://127.0.0.1:1/"),
    "services.npmDownloads.url": ("https://a.example/x", "https://a.example/x") * 2,
    "services.osv.enabled": (False, "false", False),
    "network.offline": (True, "1", True),
    "network.timeoutSeconds": (2, "2.0", 2.0),
    "network.concurrency": (4.0, "4", 4),
    "cache.enabled": (False, "False", False),
    "workspace.trusted": (True, "yes", True),
}


def test_nothing_set_is_all_defaults():
    assert load(None, {}) == (Settings(), ())
    assert load({}, {"PATH": "/bin", "REGISTRY_LSP_IGNORE": " "}) == (Settings(), ())


@pytest.mark.parametrize("leaf", leaves(["npm", "pypi"]), ids=lambda leaf: leaf.name)
def test_every_leaf_has_its_default(leaf: Leaf):
    assert value_of(Settings(), leaf.name) == leaf.default


@pytest.mark.parametrize("name", SET)
def test_a_leaf_is_set_from_json_and_from_the_environment(name: str):
    written, text, value = SET[name][:3]
    leaf = next(each for each in leaves(["npm"]) if each.name == name)
    assert value != leaf.default
    for options, environ in ((nested(name, written), {}), (None, {leaf.variable: text})):
        settings, complaints = load(options, environ, ecosystems=["npm"])
        assert complaints == ()
        assert value_of(settings, name) == value
        for other in leaves(["npm"]):
            if other.name != name:
                assert value_of(settings, other.name) == other.default


def test_names_of_variables():
    names = {leaf.name: leaf.variable for leaf in leaves(["npm"])}
    assert names["services.npmDownloads.url"] == "REGISTRY_LSP_SERVICES_NPM_DOWNLOADS_URL"
    assert names["network.timeoutSeconds"] == "REGISTRY_LSP_NETWORK_TIMEOUT_SECONDS"
    assert names["diagnostics.severity.no-matching-version"] == (
        "REGISTRY_LSP_DIAGNOSTICS_SEVERITY_NO_MATCHING_VERSION"
    )
    assert names["registries.npm.url"] == "REGISTRY_LSP_REGISTRIES_NPM_URL"
    assert len(set(names.values())) == len(names)


def test_the_client_stands_over_the_environment():
    environ = {"REGISTRY_LSP_NETWORK_OFFLINE": "true"}
    settings, _ = load({"network": {"offline": False}}, environ)
    assert not settings.network.offline
    settings, _ = load({"network": {"offline": None}}, environ)
    assert settings.network.offline, "null says nothing"


def test_every_severity_can_be_set():
    options = {"diagnostics": {"severity": {code.value: "hint" for code in Code}}}
    settings, complaints = load(options, {})
    assert complaints == ()
    assert {settings.diagnostics.severity_of(code) for code in Code} == {Severity.HINT}
    assert Settings().diagnostics.severity_of(Code.YANKED) == DEFAULT_SEVERITY[Code.YANKED]


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("diagnostics.enabled", "yes", "true or false"),
        ("diagnostics.enabled", 1, "true or false"),
        ("diagnostics.severity.yanked", "loud", "error, warning, information, hint or off"),
        ("diagnostics.severity.yanked", 2, "error, warning, information, hint or off"),
        ("completion.prereleases", "sometimes", "auto, always or never"),
        ("network.timeoutSeconds", 0, "a number from 0.1 to 600"),
        ("network.timeoutSeconds", float("nan"), "a number from 0.1 to 600"),
        ("network.timeoutSeconds", True, "a number from 0.1 to 600"),
        ("network.concurrency", 1.5, "a whole number from 1 to 64"),
        ("network.concurrency", float("inf"), "a whole number from 1 to 64"),
        ("network.concurrency", 10**400, "a whole number from 1 to 64"),
        ("cache.directory", "relative/folder", "the full path of a folder"),
        ("cache.directory", "/nul\0", "the full path of a folder"),
        ("ignore", "npm:left-pad", "a list of name patterns"),
        ("ignore", ["two words"], "a list of name patterns"),
        ("ignore", [3], "a list of name patterns"),
        ("ignore", ["x" * 300], "a list of name patterns"),
        ("ignore", ["x"] * 2000, "a list of name patterns"),
    ],
)
def test_an_invalid_value_is_reported_and_its_default_used(name: str, value: object, expected: str):
    settings, complaints = load(nested(name, value), {})
    assert settings == Settings()
    (complaint,) = complaints
    assert complaint.startswith(f"{name}: expected {expected}")
    assert complaint.endswith("; its default is used.")


@pytest.mark.parametrize(
    "address",
    [
        "ftp://a.example/",
        "a.example",
        "https://",
        "https://[::1",
        "https://a.example:99999/",
        "https://a.example/\x1b[2J",
        "https://a.example/?q=1",
        ["https://a.example/"],
    ],
)
def test_where_a_registrys_address_is_refused_nobody_is_asked(address: object):
    settings, (complaint,) = load(
        nested("registries.npm.url", address),
        {"REGISTRY_LSP_REGISTRIES_NPM_URL": "http://a.example"},
    )
    assert settings.registry_url("npm") == "", "neither the environment nor a configuration counts"
    assert settings.registry_url("pypi") is None
    assert complaint.startswith("registries.npm.url: expected an http or https address, ")
    assert "; nobody is asked" in complaint


@pytest.mark.parametrize(
    ("options", "environ", "refused"),
    [
        (None, {"REGISTRY_LSP_REGISTRIES_NPM_URL": "corp.example/npm"}, ["npm"]),
        ({"registries": {"npm": "https://corp.example/npm/"}}, {}, ["npm"]),
        ({"registries": "https://corp.example/"}, {}, ["npm", "pypi"]),
        ({"registries": {"npm": None}}, {}, []),
        ({"registries": None}, {}, []),
    ],
)
def test_an_address_in_the_wrong_place_is_refused_too(
    options: object, environ: dict[str, str], refused: list[str]
):
    settings, complaints = load(options, environ, ecosystems=["npm", "pypi"])
    urls = {name: settings.registry_url(name) for name in ("npm", "pypi")}
    assert urls == {name: "" if name in refused else None for name in urls}
    assert ["nobody is asked" in each for each in complaints] == [True] * bool(refused)


@pytest.mark.parametrize(
    ("variable", "text"),
    [
        ("NETWORK_CONCURRENCY", "9" * 5000),
        ("NETWORK_CONCURRENCY", "four"),
        ("NETWORK_TIMEOUT_SECONDS", "1" + "0" * 400),
        ("NETWORK_OFFLINE", "maybe"),
        ("IGNORE", "a:b:c"),
        ("IGNORE", "x" * 10_000_000),
    ],
)
def test_an_invalid_variable_is_reported_by_its_name(variable: str, text: str):
    settings, complaints = load(None, {VARIABLE_PREFIX + variable: text})
    assert settings == Settings()
    (complaint,) = complaints
    assert complaint.startswith(f"{VARIABLE_PREFIX}{variable}: expected ")


def test_one_invalid_value_leaves_the_others_alone():
    settings, complaints = load({"network": {"offline": True, "concurrency": 0}}, {})
    assert settings.network.offline
    assert settings.network.concurrency == Settings().network.concurrency
    assert len(complaints) == 1


def test_a_refused_value_is_not_repeated():
    _, complaints = load(nested("registries.npm.url", "htp://user:hunter2@a.example/"), {})
    assert "hunter2" not in " ".join(complaints)


@pytest.mark.parametrize(
    ("options", "environ", "complaint"),
    [
        (
            {"diagnostics": {"enabeld": True}},
            {},
            "diagnostics.enabeld: there is no such setting; did you mean diagnostics.enabled?",
        ),
        (
            {"diagnostics": {"severity": {"yankd": "off"}}},
            {},
            (
                "diagnostics.severity.yankd: there is no such setting; "
                "did you mean diagnostics.severity.yanked?"
            ),
        ),
        ({"zzz": 1}, {}, "zzz: there is no such setting."),
        ({"network": 3}, {}, "network: expected an object; its defaults are used."),
        (
            {"registries": {"nmp": {"url": "https://a.example/"}}},
            {},
            "registries.nmp.url: there is no such setting; did you mean registries.npm.url?",
        ),
        (
            None,
            {"REGISTRY_LSP_OFFLINE": "1"},
            (
                "REGISTRY_LSP_OFFLINE: there is no such setting; "
                "did you mean REGISTRY_LSP_NETWORK_OFFLINE?"
            ),
        ),
        (["list"], {}, "The settings: expected an object; the defaults are used."),
    ],
)
def test_what_is_unknown_is_reported_kindly(
    options: object, environ: dict[str, str], complaint: str
):
    assert load(options, environ, ecosystems=["npm", "pypi"]) == (Settings(), (complaint,))


def test_any_ecosystem_is_taken_where_none_are_named():
    options = {"registries": {"cargo": {"url": "https://a.example/"}}}
    environ = {"REGISTRY_LSP_REGISTRIES_GO_URL": "https://b.example/"}
    settings, complaints = load(options, environ)
    assert complaints == ()
    assert settings.registry_url("cargo") == "https://a.example/"
    assert settings.registry_url("go") == "https://b.example/"
    assert settings.registry_url("npm") is None


def test_the_cache_may_lie_in_the_home_folder():
    settings, complaints = load({"cache": {"directory": "~/cache"}}, {})
    assert complaints == ()
    assert settings.cache.directory == Path.home() / "cache"


@pytest.mark.parametrize(
    ("pattern", "ecosystem", "names", "ignored"),
    [
        ("npm:left-pad", "npm", ["left-pad"], True),
        ("npm:left-pad", "pypi", ["left-pad"], False),
        ("left-pad", "pypi", ["left-pad"], True),
        ("npm:@types/*", "npm", ["@types/node"], True),
        ("pypi:foo-*", "pypi", ["foo-bar", "Foo_Bar"], True),
        ("pypi:Foo_*", "pypi", ["foo-bar", "Foo_Bar"], True),
        ("pypi:foo-*", "pypi", ["food"], False),
        ("*:left-pad", "npm", ["left-pad"], True),
        ("pypi:foo", "pypi", ["foo-bar"], False),
    ],
)
def test_patterns(pattern: str, ecosystem: str, names: list[str], ignored: bool):
    settings, complaints = load({"ignore": [pattern]}, {})
    assert complaints == ()
    assert settings.ignores(ecosystem, *names) is ignored


def test_unknown_names_are_counted_only_so_far():
    _, complaints = load({f"key{number}": 1 for number in range(5000)}, {})
    assert 0 < len(complaints) <= 50


def test_deep_nesting_is_no_trouble():
    options: dict[str, object] = {}
    for _ in range(50_000):
        options = {"a": options}
    assert load(options, {})[0] == Settings()


@given(JSON, st.dictionaries(st.text(), st.text(), max_size=3))
def test_nothing_that_is_sent_raises(options: object, environ: dict[str, str]):
    variables = {VARIABLE_PREFIX + name: value for name, value in environ.items()}
    load(options, variables)


@given(st.sampled_from(leaves(["npm"])), JSON, st.text())
def test_no_value_of_a_known_setting_raises(leaf: Leaf, value: object, text: str):
    for options, environ in ((nested(leaf.name, value), {}), (None, {leaf.variable: text})):
        settings, complaints = load(options, environ, ecosystems=["npm"])
        refused = Settings(registries=(("npm", ""),))
        assert settings in (Settings(), refused) or not complaints
        hash(settings)
