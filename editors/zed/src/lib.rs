//! Starts registry-lsp in Zed: the program that the settings name, else the one on the PATH.

use zed_extension_api::{self as zed, settings::LspSettings, LanguageServerId, Result};

const MISSING: &str = "registry-lsp is not installed, or not on the PATH. \
    Install it as its README says, or set lsp.registry-lsp.binary.path.";

struct RegistryLsp;

impl zed::Extension for RegistryLsp {
    fn new() -> Self {
        Self
    }

    fn language_server_command(
        &mut self,
        id: &LanguageServerId,
        worktree: &zed::Worktree,
    ) -> Result<zed::Command> {
        let binary = LspSettings::for_worktree(id.as_ref(), worktree)?.binary;
        let (path, arguments) = binary.map_or((None, None), |it| (it.path, it.arguments));
        Ok(zed::Command {
            command: path
                .or_else(|| worktree.which("registry-lsp"))
                .ok_or(MISSING)?,
            args: arguments.unwrap_or_default(),
            env: worktree.shell_env(),
        })
    }

    fn language_server_initialization_options(
        &mut self,
        id: &LanguageServerId,
        worktree: &zed::Worktree,
    ) -> Result<Option<zed::serde_json::Value>> {
        Ok(LspSettings::for_worktree(id.as_ref(), worktree)?.initialization_options)
    }
}

zed::register_extension!(RegistryLsp);
