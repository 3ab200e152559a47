"""A single version that was unpublished: the registry's dates still name it."""

from __future__ import annotations

from typing import Any

from support.commands import checked
from support.editor import editor
from support.registries import NpmPackage

WORDS = "left 1.1.0 was unpublished (it was published on 2024-03-04)"
TEXT = '{"dependencies": {"left": "1.1.0"}}\n'


def said(found: Any) -> str:
    return "\n".join(each.message for each in found if each.code == "no-matching-version")


async def test_a_pin_to_it_says_so_once_the_dates_are_known(stage: Any):
    stage.registries.npm["left"] = NpmPackage(
        versions={"1.0.0": {}, "1.2.0": {}},
        times={"1.1.0": "2024-03-04T05:06:07.890Z"},
    )
    (stage.folder / "package.json").write_text(TEXT)
    async with editor(stage.folder, options=stage.options) as it:
        uri = it.open("package.json", TEXT)
        found = await it.diagnostics(uri, bool)
        assert "no release of left matches 1.1.0" in said(found)
        hover = await it.hover(uri, '"le|ft"')
        assert WORDS in hover.contents.value.replace("\\", "")
        await it.diagnostics(uri, lambda found: WORDS in said(found))


async def test_a_gate_has_the_dates_asked_for(stage: Any):
    stage.registries.npm["left"] = NpmPackage(
        versions={"1.0.0": {}, "1.2.0": {}},
        times={"1.1.0": "2024-03-04T05:06:07.890Z"},
    )
    (stage.folder / "package.json").write_text(TEXT)
    (stage.folder / ".npmrc").write_text("min-release-age=7\n")
    rows, _ = await checked(stage.folder, stage.environ)
    assert any(each["message"].startswith(WORDS) for each in rows["left"]["findings"])
