"""workspace/didChangeConfiguration, didChangeWorkspaceFolders, didChangeWatchedFiles and those of
folders that are made, moved and deleted: what holds for the documents while they are open.
"""

from __future__ import annotations

import logging

from lsprotocol import types

from registry_lsp.ecosystems import discover
from registry_lsp.server import RegistryServer
from registry_lsp.server.configuration import SECTION

_FOLDERS = types.FileOperationRegistrationOptions(
    filters=[
        types.FileOperationFilter(
            scheme="file",
            pattern=types.FileOperationPattern(
                glob="**/*", matches=types.FileOperationPatternKind.Folder
            ),
        )
    ]
)
"""Folders that are moved in the editor: of what lies in them who watches files hears nothing."""

_LOG = logging.getLogger(__name__)


def register(ls: RegistryServer) -> None:
    """Listen to changes of the settings, of the folders and of the files around the manifests."""
    ls.when_begun.append(subscribe)

    @ls.feature(types.WORKSPACE_DID_CHANGE_CONFIGURATION)
    def changed(ls: RegistryServer, params: types.DidChangeConfigurationParams) -> None:
        ls.pushed(params.settings)

    @ls.feature(types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS)
    def folders(ls: RegistryServer, _params: types.DidChangeWorkspaceFoldersParams) -> None:
        ls.configure()

    @ls.feature(types.WORKSPACE_DID_CREATE_FILES, _FOLDERS)
    @ls.feature(types.WORKSPACE_DID_RENAME_FILES, _FOLDERS)
    @ls.feature(types.WORKSPACE_DID_DELETE_FILES, _FOLDERS)
    def moved(ls: RegistryServer, _params: object) -> None:
        ls.look_at_files({types.FileChangeType.Created, types.FileChangeType.Deleted})

    @ls.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    def files(ls: RegistryServer, params: types.DidChangeWatchedFilesParams) -> None:
        ls.look_at_files({each.type for each in params.changes})


async def subscribe(ls: RegistryServer) -> None:
    """Ask the client to tell of such changes, where it wants to be asked. What it does not tell of
    is found by looking.
    """
    patterns = tuple(each for ecosystem in discover() for each in ecosystem.beside)
    wanted = registrations(ls.client_capabilities, patterns)
    if not wanted:
        return
    try:
        await ls.client_register_capability_async(types.RegistrationParams(registrations=wanted))
    except Exception:  # noqa: BLE001 - whatever goes wrong over there, looking is left
        _LOG.warning("the client registers no capability", exc_info=True)


def registrations(
    client: types.ClientCapabilities, patterns: tuple[str, ...]
) -> list[types.Registration]:
    """What a client of these capabilities is asked to tell of."""
    found = []
    workspace = client.workspace
    if workspace is None:
        return []
    configuration, files = workspace.did_change_configuration, workspace.did_change_watched_files
    if configuration is not None and configuration.dynamic_registration:
        found.append(
            types.Registration(
                id="registry-lsp configuration",
                method=types.WORKSPACE_DID_CHANGE_CONFIGURATION,
                register_options=types.DidChangeConfigurationRegistrationOptions(section=SECTION),
            )
        )
    if files is not None and files.dynamic_registration:
        found.append(
            types.Registration(
                id="registry-lsp files",
                method=types.WORKSPACE_DID_CHANGE_WATCHED_FILES,
                register_options=types.DidChangeWatchedFilesRegistrationOptions(
                    watchers=[types.FileSystemWatcher(glob_pattern=each) for each in patterns]
                ),
            )
        )
    return found
