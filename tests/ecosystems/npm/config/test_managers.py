"""Whose configuration counts, and where a name goes when nobody knows."""

import pytest

from registry_lsp.core.packages import RegistryRef, Secret
from registry_lsp.ecosystems.npm.config.managers import (
    BUN,
    CLASSIC_YARN,
    MANAGERS,
    NPM,
    OLDER_PNPM,
    PNPM,
    YARN,
    managers_of,
)
from registry_lsp.ecosystems.npm.config.routes import agreed
from registry_lsp.endpoints import NPM_REGISTRY, YARN_REGISTRY
from support.npm_configs import Place

PNPMS, YARNS = (OLDER_PNPM, PNPM), (CLASSIC_YARN, YARN)
CLASSIC_LOCK = "# yarn lockfile v1\n"
MODERN_LOCK = "# This file is generated\n\n__metadata:\n  version: 10\n"


def found(place):
    return managers_of(place.project, place.project)


@pytest.mark.parametrize(
    ("said", "managers"),
    [
        ('{"packageManager": "npm@11.0.0"}', (NPM,)),
        ('{"packageManager": "pnpm@9.1.0+sha512.abc"}', (OLDER_PNPM,)),
        ('{"packageManager": "pnpm@11.0.0"}', (PNPM,)),
        ('{"packageManager": "pnpm@latest"}', PNPMS),
        ('{"packageManager": "yarn@1.22.22"}', (CLASSIC_YARN,)),
        ('{"packageManager": "yarn@4.9.0"}', (YARN,)),
        ('{"packageManager": "Bun@1.2.0"}', (BUN,)),
        (
            '{"devEngines": {"packageManager": {"name": "pnpm", "version": "^10.0.0"}}}',
            (OLDER_PNPM,),
        ),
        ('{"devEngines": {"packageManager": [{"name": "yarn"}, {"name": "npm"}]}}', YARNS),
        ('{"packageManager": "other@1.0.0"}', MANAGERS),
        ('{"packageManager": 3, "devEngines": []}', MANAGERS),
        ("{", MANAGERS),
        ("[]", MANAGERS),
    ],
)
def test_what_the_manifest_says(tmp_path, said, managers):
    place = Place.below(tmp_path)
    place.write("package.json", said)
    assert found(place) == managers


@pytest.mark.parametrize(
    ("files", "managers"),
    [
        ({"package-lock.json": "{}"}, (NPM,)),
        ({"npm-shrinkwrap.json": "{}"}, (NPM,)),
        ({"pnpm-lock.yaml": ""}, PNPMS),
        ({"yarn.lock": CLASSIC_LOCK}, (CLASSIC_YARN,)),
        ({"yarn.lock": MODERN_LOCK}, (YARN,)),
        ({"yarn.lock": ""}, YARNS),
        ({"bun.lock": "{}"}, (BUN,)),
        ({"bun.lockb": ""}, (BUN,)),
        ({"package-lock.json": "{}", "bun.lock": "{}"}, (NPM, BUN)),
        (
            {"package-lock.json": "{}", "bun.lock": "{}", "node_modules/.package-lock.json": ""},
            (NPM,),
        ),
        (
            {"package-lock.json": "{}", "bun.lock": "{}", "node_modules/.modules.yaml": ""},
            (NPM, BUN),
        ),
        ({"node_modules/.modules.yaml": ""}, PNPMS),
        ({"node_modules/.yarn-integrity": ""}, (CLASSIC_YARN,)),
        ({"node_modules/.yarn-state.yml": ""}, (YARN,)),
        ({"node_modules/.yarn-state.yml": "", "node_modules/.modules.yaml": ""}, MANAGERS),
        ({"pnpm-workspace.yaml": ""}, PNPMS),
        ({".yarnrc.yml": ""}, (YARN,)),
        ({"bunfig.toml": ""}, (BUN,)),
        ({".yarnrc": ""}, (CLASSIC_YARN,)),
        ({"bunfig.toml": "", ".yarnrc.yml": ""}, MANAGERS),
        ({".npmrc": ""}, MANAGERS),
        ({}, MANAGERS),
    ],
)
def test_what_lies_around(tmp_path, files, managers):
    place = Place.below(tmp_path)
    for name, text in files.items():
        place.write(name, text)
    assert found(place) == managers


def test_the_word_of_the_root_counts_for_its_members(tmp_path):
    place = Place.below(tmp_path, "pnpm@11.0.0")
    place.write("packages/a/package.json", "{}")
    place.write("packages/a/bun.lock", "{}")
    assert managers_of(place.project / "packages" / "a", place.project) == (PNPM,)
    assert managers_of(place.project / "packages" / "a", place.project / "packages") == (BUN,)


def test_a_lock_file_is_more_than_a_file_of_settings(tmp_path):
    place = Place.below(tmp_path)
    place.write("bunfig.toml", "")
    place.write("yarn.lock", MODERN_LOCK)
    assert found(place) == (YARN,)


# --- where nobody knows ---------------------------------------------------------------------------

PRIVATE = RegistryRef(url="https://registry.example/")
PUBLIC = RegistryRef(url=NPM_REGISTRY)
YARNS_OWN = RegistryRef(url=YARN_REGISTRY)
OTHER = RegistryRef(url="https://other.example/")


@pytest.mark.parametrize(
    ("refs", "goes"),
    [
        ([PUBLIC, PUBLIC], PUBLIC),
        ([PUBLIC, YARNS_OWN], PUBLIC),
        ([PUBLIC, PRIVATE], PRIVATE),
        ([YARNS_OWN, PRIVATE, PRIVATE, PUBLIC], PRIVATE),
        ([PRIVATE, OTHER], None),
        ([PRIVATE, None], None),
        ([PUBLIC, None], None),
        ([None], None),
        ([], None),
    ],
)
def test_a_name_goes_where_none_of_them_would_not_send_it(refs, goes):
    assert agreed(refs) == goes


def test_of_one_address_the_one_with_a_credential_is_asked():
    known = RegistryRef(url=PRIVATE.url, authorization=Secret("Bearer t"))
    assert agreed([PRIVATE, known, PUBLIC]) == known


def test_a_scope_that_one_of_the_files_binds_stays_private(tmp_path):
    place = Place.below(tmp_path)
    place.write("~/.npmrc", "@npms:registry=https://registry.example/\n")
    place.write("~/.yarnrc.yml", "npmScopes: {yarns: {npmRegistryServer: 'https://yarn.example'}}")
    place.write("~/.bunfig.toml", '[install.scopes]\nbuns = "https://bun.example"\n')
    assert place.goes("@npms/a") == ("https://registry.example/", None)
    assert place.goes("@yarns/a") == ("https://yarn.example/", None)
    assert place.goes("@buns/a") == ("https://bun.example/", None)
    assert place.goes("@others/a") == (NPM_REGISTRY, None)
    place.write("~/.yarnrc.yml", "npmScopes: {npms: {npmRegistryServer: 'https://yarn.example'}}")
    assert place.goes("@npms/a") is None


def test_each_manager_reads_its_own_files(tmp_path):
    place = Place.below(tmp_path)
    place.write("~/.npmrc", "registry=https://npm.example\n")
    place.write("~/.yarnrc.yml", "npmRegistryServer: https://yarn.example\n")
    place.write("~/.bunfig.toml", '[install]\nregistry = "https://bun.example"\n')
    place.write("~/.yarnrc", 'registry "https://classic.example"\n')
    place.write("~/.config/pnpm/config.yaml", "registries: {default: 'https://pnpm.example'}\n")
    went = {}
    for manager in (
        "npm@11.0.0",
        "pnpm@10.0.0",
        "pnpm@11.0.0",
        "yarn@1.22.0",
        "yarn@4.0.0",
        "bun@1.0.0",
    ):
        place.write("package.json", f'{{"packageManager": "{manager}"}}')
        went[manager] = place.ref().url
    assert went == {
        "npm@11.0.0": "https://npm.example/",
        "pnpm@10.0.0": "https://npm.example/",
        "pnpm@11.0.0": "https://pnpm.example/",
        "yarn@1.22.0": "https://npm.example/",
        "yarn@4.0.0": "https://yarn.example/",
        "bun@1.0.0": "https://bun.example/",
    }
    place.write("package.json", "{}")
    assert place.ref() is None
    assert place.ref(url="https://set.example").url == "https://set.example/"


@pytest.mark.parametrize(
    ("manager", "path"),
    [
        ("pnpm@11.0.0", "pnpm-workspace.yaml"),
        ("pnpm@11.0.0", "~/.config/pnpm/config.yaml"),
        ("pnpm@10.0.0", "pnpm-workspace.yaml"),
        ("yarn@4.0.0", ".yarnrc.yml"),
        ("yarn@4.0.0", "~/.yarnrc.yml"),
        ("bun@1.0.0", "bunfig.toml"),
        ("bun@1.0.0", "~/.bunfig.toml"),
    ],
)
@pytest.mark.parametrize("kind", ["a folder", "too large"])
def test_nobody_is_asked_by_a_file_that_its_manager_could_not_read(tmp_path, manager, path, kind):
    place = Place.below(tmp_path, manager)
    if kind == "a folder":
        place.write(f"{path}/x", "")
    else:
        place.write(path, "# " + "x" * 2**20)
    assert place.ref() is None
    assert place.ref("@team/a") is None


def test_npm_passes_over_what_it_cannot_read(tmp_path):
    place = Place.below(tmp_path, "npm@11.0.0")
    place.write(".npmrc/x", "")
    assert place.goes() == (NPM_REGISTRY, None)
