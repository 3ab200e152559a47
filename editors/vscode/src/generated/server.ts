// generated: scripts/editors.py --write
/** The files that the server reads. */
export const PATTERNS: readonly string[] = [
  "**/package.json",
  "**/pnpm-workspace.yaml",
  "**/.yarnrc.yml",
  "**/requirements*.txt",
  "**/*requirements.txt",
  "**/requirements/*.txt",
  "**/requirements*.in",
  "**/*requirements.in",
  "**/requirements/*.in",
  "**/constraints*.txt",
  "**/*constraints.txt",
  "**/constraints*.in",
  "**/*.in",
  "**/pyproject.toml",
  "**/Pipfile",
  "**/hatch.toml",
  "**/*.py",
];

/** Those whose names alone say that they are manifests. */
export const TELLING_PATTERNS: readonly string[] = [
  "**/package.json",
  "**/pnpm-workspace.yaml",
  "**/.yarnrc.yml",
  "**/requirements*.txt",
  "**/*requirements.txt",
  "**/requirements/*.txt",
  "**/requirements*.in",
  "**/*requirements.in",
  "**/requirements/*.in",
  "**/constraints*.txt",
  "**/*constraints.txt",
  "**/constraints*.in",
  "**/pyproject.toml",
  "**/Pipfile",
  "**/hatch.toml",
];

/** The languages that may make a manifest of a document without a name. */
export const NAMELESS_LANGUAGES: readonly string[] = [
  "pip-requirements",
  "json",
  "jsonc",
  "toml",
  "python",
];

/** What can be set of the server. */
export const SETTINGS: readonly string[] = [
  "diagnostics.enabled",
  "inlayHints.enabled",
  "codeLens.enabled",
  "completion.prereleases",
  "completion.names",
  "ignore",
  "services.osv.enabled",
  "services.osv.url",
  "services.npmDownloads.enabled",
  "services.npmDownloads.url",
  "services.pypiDownloads.enabled",
  "services.pypiDownloads.url",
  "services.djangoPackages.enabled",
  "services.djangoPackages.url",
  "network.offline",
  "network.timeoutSeconds",
  "network.concurrency",
  "cache.directory",
  "cache.enabled",
  "diagnostics.severity.outdated-patch",
  "diagnostics.severity.outdated-minor",
  "diagnostics.severity.outdated-major",
  "diagnostics.severity.yanked",
  "diagnostics.severity.deprecated",
  "diagnostics.severity.no-matching-version",
  "diagnostics.severity.package-not-found",
  "diagnostics.severity.invalid-requirement",
  "diagnostics.severity.incompatible-python",
  "diagnostics.severity.incompatible-engine",
  "diagnostics.severity.project-archived",
  "diagnostics.severity.project-quarantined",
  "diagnostics.severity.registry-unavailable",
  "diagnostics.severity.unauthorized",
  "diagnostics.severity.dependency-confusion",
  "diagnostics.severity.vulnerable",
  "diagnostics.severity.duplicate-dependency",
  "diagnostics.severity.unknown-extra",
  "diagnostics.severity.unused-ignore",
  "registries.npm.url",
  "registries.pypi.url",
];

/** What only a trusted workspace may set of that. */
export const RESTRICTED: readonly string[] = [
  "services.osv.enabled",
  "services.osv.url",
  "services.npmDownloads.enabled",
  "services.npmDownloads.url",
  "services.pypiDownloads.enabled",
  "services.pypiDownloads.url",
  "services.djangoPackages.enabled",
  "services.djangoPackages.url",
  "network.offline",
  "cache.directory",
  "registries.npm.url",
  "registries.pypi.url",
];

/** The registries, each with what its packages run on. */
export const REGISTRIES: Readonly<Record<string, string>> = {"npm": "Node.js", "pypi": "Python"};

/** The oldest Python that runs the server. */
export const MINIMUM_PYTHON: readonly [number, number] = [3, 10];
// end
