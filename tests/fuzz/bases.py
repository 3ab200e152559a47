"""What the inputs are made from, where no sample or corpus has it."""

from __future__ import annotations

from support.osv import record
from support.services import attestations, provenance

SPECIFIERS = (
    *("^1.2.3", "~1.2", ">=1.0,<2", ">=1 <2 || ^3.1.0-beta.2", "1.0 - 2.x", "==1.*", "~=2.3.4"),
    *("===1.0+local", "!=1!2.0.post1", "*", "", "next", "v1.2.3", "^1 || >=3, <3.5", "1.0.dev3"),
)
REQUIREMENTS = (
    "requests[socks, security] >= 2.28, < 3 ; python_version >= '3.9' and os_name == 'a'",
    "name @ https://files.example/name-1.0.zip#sha256=00 ; extra == 'b'",
    "zope.interface (>=1,<2)",
)
CONFIGURATIONS = {
    "npm": (
        ".npmrc",
        """registry=https://registry.example/
@scope:registry = https://registry.example/s/
//registry.example/:_authToken=${TOKEN-none}
; comment
strict-ssl=false
""",
    ),
    "pypi": (
        "uv.toml",
        """[[index]]
name = "a"
url = "https://registry.example/simple/"
explicit = true
[pip]
index-url = "https://u:p@registry.example/"
""",
    ),
}
YAML = "a:\n  - b: 'c'\n  - {d: [1, \"e\"]}\n? f\n: |\n  g\nh: &i j\nk: *i # l\n"
_FILE = {
    "filename": "name-1.0-py3-none-any.whl",
    "url": "../name-1.0-py3-none-any.whl",
    "hashes": {"sha256": "00"},
    "requires-python": ">=3.8",
    "yanked": "broken",
    "upload-time": "2024-01-02T03:04:05Z",
}
_VERSION = {
    "name": "name",
    "version": "1.0.0",
    "deprecated": "no more",
    "engines": {"node": ">=18"},
    "dependencies": {"other": "^1"},
    "dist": {"tarball": "https://registry.example/name.tgz"},
    "maintainers": [{"name": "n", "email": "e"}],
    "license": {"type": "MIT"},
    "repository": {"type": "git", "url": "git+https://code.example/name.git"},
}
ANSWERS = {
    "npm": {
        "application/json": {
            "name": "name",
            "dist-tags": {"latest": "1.0.0"},
            "versions": {"1.0.0": _VERSION, "0.9.0-beta.1": {}},
            "time": {"1.0.0": "2024-01-02T03:04:05.000Z", "unpublished": {"name": "n"}},
        },
        "application/json; advisories": {
            "name": [
                {
                    "id": 1,
                    "url": "https://advisories.example/GHSA-1111-2222-3333",
                    "title": "A fault",
                    "severity": "high",
                    "vulnerable_versions": ">=1.0.0 <1.2.0 || <0.9.0-beta.2",
                    "cwe": ["CWE-79"],
                    "cvss": {"score": 7.5, "vectorString": None},
                }
            ]
        },
        "application/json; attestations": attestations("https://code.example/o/n", "a.yml"),
    },
    "pypi": {
        "application/vnd.pypi.simple.v1+json": {
            "meta": {"api-version": "1.1"},
            "name": "name",
            "versions": ["1.0"],
            "files": [_FILE],
            "project-status": {"status": "archived"},
        },
        "application/json": {
            "info": {"name": "name", "version": "1.0", "requires_dist": ["other>=1"]},
            "releases": {"1.0": [_FILE]},
            "urls": [_FILE],
            "vulnerabilities": [
                {
                    "id": "PYSEC-1",
                    "aliases": ["CVE-1"],
                    "details": "A fault",
                    "fixed_in": ["1.1", "2.0rc1"],
                    "link": "https://advisories.example/PYSEC-1",
                    "withdrawn": None,
                }
            ],
        },
        "application/json; provenance": provenance("owner/name", "a.yml"),
        "text/html": '<!DOCTYPE html><html><head><meta name="pypi:repository-version" '
        'content="1.0"></head><body><a href="../name-1.0.tar.gz#sha256=00" data-yanked="&lt;b" '
        "data-requires-python='&gt;=3.8'>name-1.0.tar.gz</a><br/></body></html>",
    },
}

OSV = {
    "batch": {
        "results": [
            {"vulns": [{"id": "GHSA-1", "modified": "2026-01-02T03:04:05Z"}]},
            {"next_page_token": "more"},
            {},
        ]
    },
    "record": record(
        "GHSA-1",
        "Toys",
        "name",
        introduced="1.0",
        fixed="1.2.0",
        aliases=["CVE-1", "MAL-1"],
        summary="A fault",
        severity=[{"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H"}],
        database_specific={"severity": "HIGH", "cwe_ids": ["CWE-79"]},
    ),
}
