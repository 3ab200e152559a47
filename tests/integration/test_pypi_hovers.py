"""What an editor is told of a package in a real index that has no JSON API."""

from __future__ import annotations

from support.editor import editor


async def test_a_hover_is_whole_by_the_metadata_files_of_the_index(tmp_path, simple_repository):
    options = {"registries": {"pypi": {"url": simple_repository}}}
    async with editor(tmp_path, options=options) as it:
        uri = it.open("requirements.txt", "demo-plain\n")
        text = (await it.hover(uri, "demo-|plain")).contents.value
    for said in (
        "fixture demo-plain",
        "wanted and latest 1.1.0",
        "licence MIT",
        "runs on Python >=3.9",
        "1.1.0 requires demo-dep",
        "code.example/source",
    ):
        assert said in text.replace("`", "")


async def test_an_older_release_speaks_for_itself(tmp_path, simple_repository):
    options = {"registries": {"pypi": {"url": simple_repository}}}
    async with editor(tmp_path, options=options) as it:
        uri = it.open("requirements.txt", "demo-plain==1.0.0\n")
        text = (await it.hover(uri, "demo-|plain")).contents.value
    assert "1.0.0 requires" in text.replace("`", "")
