"""pip's configuration files and variables, held against pip itself."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import venv
from itertools import product
from pathlib import Path
from random import Random

import pip
import pytest
from pip._internal.network.session import InsecureHTTPAdapter, PipSession

from registry_lsp.ecosystems.pypi.config.constraint_files import constraint_files
from registry_lsp.ecosystems.pypi.config.pip import is_of, read_pip
from registry_lsp.endpoints import PYPI_INDEX
from support.pypi_configs import machine

ASKING = """
import json, os, sys
from pip._internal.commands import create_command
for line in sys.stdin:
    os.environ.clear()
    os.environ.update(json.loads(line))
    said, _ = create_command("install").parser.parse_args([])
    names = ("index_url", "extra_index_urls", "no_index", "find_links", "trusted_hosts",
             "client_cert", "proxy", "constraints")
    print(json.dumps({name: getattr(said, name) for name in names}), flush=True)
"""
PUBLIC = PYPI_INDEX.rstrip("/")
OPTIONS = {
    "index-url": ("https://a.example/simple", "https://b.example/", ""),
    "extra-index-url": ("https://c.example", "https://d.example\n  https://e.example", ""),
    "no-index": ("true", "0", "yes"),
    "find-links": ("https://pages.example/ ./wheels", "/srv"),
    "trusted-host": ("a.example\n  b.example:8080", ""),
    "client-cert": ("/srv/me.pem",),
    "proxy": ("http://u:p@proxy.example:3128",),
    "constraint": ("limits.txt", "a.txt\n  /srv/b.txt", "https://c.example/c.txt d.txt", ""),
}
FILES = ("xdg/pip/pip.conf", "home/.pip/pip.conf", "home/.config/pip/pip.conf", "named.conf")

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="its places are Windows' own there")


def spelled(name: str, random: Random) -> str:
    """The name of an option as people write it."""
    return random.choice([name, name.replace("-", "_"), name.upper(), f"--{name}"])


def text(random: Random) -> str:
    lines = []
    for section in random.sample(["global", "install", "download"], k=random.randint(1, 3)):
        lines.append(f"[{section}]")
        for name in random.sample(sorted(OPTIONS), k=random.randint(0, 4)):
            lines.append(f"{spelled(name, random)} = {random.choice(OPTIONS[name])}")
    return "\n".join(lines) + "\n"


def arranged(folder: Path, random: Random) -> dict[str, str]:
    """Some of pip's files below *folder*, and an environment that leads to them."""
    environ = {
        "HOME": str(folder / "home"),
        "XDG_CONFIG_DIRS": str(folder / "xdg"),
        "PATH": os.environ["PATH"],
        "VIRTUAL_ENV": str(folder / "env"),
    }
    for name in (*random.sample(FILES, k=random.randint(0, 4)), "env/pip.conf"):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text(random))
    if random.random() < 0.4:
        environ["PIP_CONFIG_FILE"] = random.choice([str(folder / "named.conf"), os.devnull])
    for name in random.sample(sorted(OPTIONS), k=random.choice([0, 0, 1, 2])):
        variable = f"PIP_{name.upper().replace('-', '_')}"
        environ[variable] = random.choice(OPTIONS[name])
    return environ


def by_us(environ: dict[str, str], folder: Path) -> dict[str, object]:
    """What pip would print, by what is read here."""
    around = machine(environ, home=folder / "home", root=folder / "nowhere")
    said = read_pip(around)
    transport = said.transport("https://other.example/")
    return {
        "index_url": said.said.get("index-url", PUBLIC),
        "extra_index_urls": list(said.values("extra-index-url")),
        "no_index": said.is_without_index,
        "find_links": list(said.values("find-links")),
        "trusted_hosts": list(said.values("trusted-host")),
        "client_cert": transport.certificate if transport else None,
        "proxy": transport.proxy.value if transport and transport.proxy else None,
        "constraints": list(constraint_files(around)),
    }


def test_what_pip_is_set_to_is_what_pip_says(tmp_path: Path) -> None:
    random = Random(20261128)
    environment = tmp_path / "python"
    venv.create(environment, symlinks=True)
    with subprocess.Popen(
        [environment / "bin" / "python", "-c", ASKING],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={"PYTHONPATH": str(Path(pip.__file__).parent.parent), "PATH": os.environ["PATH"]},
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for at in range(150):
            folder = tmp_path / str(at)
            environ = arranged(folder, random)
            # pip's own file is where its interpreter is
            shutil.copy(folder / "env" / "pip.conf", environment / "pip.conf")
            process.stdin.write(json.dumps(environ) + "\n")
            process.stdin.flush()
            said = json.loads(process.stdout.readline())
            said["no_index"] = bool(said["no_index"])
            assert by_us(environ, folder) == said, (environ, folder)
        process.stdin.close()


def test_the_same_hosts_are_trusted_whatever_their_ports():
    hosts = ("a.example", "A.example", "a.example:8443", "127.0.0.1", "[::1]", "[::1]:8443")
    places = ("a.example", "b.a.example", "a.example.evil.example", "127.0.0.1", "[::1]")
    for host in hosts:
        session = PipSession(trusted_hosts=[host])
        for place, port in product(places, ("", ":443", ":8443")):
            url = f"https://{place}{port}/simple/"
            adapter = session.get_adapter(url)
            assert is_of(host, url) is isinstance(adapter, InsecureHTTPAdapter), (host, url)
