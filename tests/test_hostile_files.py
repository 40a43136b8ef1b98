"""Files beside the addons and configuration that nobody vetted: read, or refused with a line, and soon."""

from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path

import pytest
from test_cli import BAD, INJECTION, lint, lint_outside, make_addon

COMPOSE = "services:\n  odoo:\n    image: odoo:16.0\n"
_BOMB = "\n".join(f"a{i + 1}: &a{i + 1} [{', '.join([f'*a{i}'] * 10)}]" for i in range(12))
_MAPS = "\n".join(
    f"a{i + 1}: &a{i + 1} {{{', '.join(f'k{j}: *a{i}' for j in range(10))}}}" for i in range(12)
)
_MERGED = "\n".join(f"a{i + 1}: &a{i + 1}\n  <<: [{', '.join([f'*a{i}'] * 10)}]" for i in range(12))
_USED = "    command: *a12\n    environment: *a12\n    volumes: *a12\n    ports: *a12\n    deploy: *a12\n"
FILES: dict[str, dict[str, str | bytes]] = {
    **{
        f"YAML {name} {depth}": {"docker-compose.yml": text * depth}
        for name, text in {"lists": "[", "maps": "{a: ", "dashes": "- ", "keys": "? "}.items()
        for depth in (900, 10_000, 100_000)
    },
    "YAML closed lists": {"docker-compose.yml": "services: " + "[" * 10_000 + "]" * 10_000},
    "YAML indented": {"docker-compose.yml": "".join(" " * depth + "a:\n" for depth in range(1200))},
    "YAML list bomb": {"docker-compose.yml": f"a0: &a0 [x, y]\n{_BOMB}\n{COMPOSE}{_USED}"},
    "YAML map bomb": {
        "docker-compose.yml": f"a0: &a0 {{x: 1}}\n{_MAPS}\n{COMPOSE}{_USED}",
        "docker-compose.override.yml": f"a0: &a0 {{x: 1}}\n{_MAPS}\n{COMPOSE}{_USED}",
    },
    "YAML merge bomb": {"docker-compose.yml": f"a0: &a0 {{x: 1}}\n{_MERGED}\n{COMPOSE}    <<: *a12\n"},
    "YAML in itself": {"docker-compose.yml": f"{COMPOSE}    <<: &o\n      x: *o\n    y: &s [*s]\n"},
    "YAML variables": {"docker-compose.yml": COMPOSE + "    x: '" + "${A:-" * 3000 + "}" * 3000 + "'\n"},
    "YAML NUL": {"docker-compose.yml": 'include: ["a\\0b"]\n' + COMPOSE + '    env_file: "a\\0"\n'},
    "YAML bytes": {"docker-compose.yml": b"services:\n  \xff\xfe: \x00\n"},
    "YAML long": {"docker-compose.yml": COMPOSE + "    command: '" + "a " * 50_000 + "'\n"},
    "YAML number": {
        "docker-compose.yml": COMPOSE + "    mem_limit: " + "9" * 10_000 + "g\n    cpus: 1e999\n"
    },
    "YAML extends": {
        "docker-compose.yml": "services:\n"
        + "".join(f"  a{i}:\n    extends: a{(i + 1) % 50}\n    image: x\n" for i in range(50))
    },
    "nginx blocks": {"nginx.conf": "server {" + "location / {" * 10_000 + "}" * 10_001},
    "nginx open": {"nginx.conf": "server {" + "location / {" * 10_000},
    "nginx arguments": {"nginx.conf": "server { add_header " + "a " * 300_000 + "; }"},
    "nginx patterns": {
        "nginx.conf": "server { location / { proxy_pass http://odoo:8069; } "
        + "".join(
            f'location ~ "{pattern}/web/database" {{ deny all; }} '
            for pattern in ("a{1,99999999999}", "(" * 3000 + ")" * 3000, "[[a]", "^(/?[a-z/]*)*$x", "a(?i)")
        )
        + "}"
    },
    "nginx quote": {"nginx.conf": 'server { listen 80; add_header "' + '\\"' * 200_000},
    "nginx bytes": {"nginx.conf": b"server { listen\0 80; \xff\xfe }"},
    "nginx includes": {
        "nginx.conf": "http { " + "include conf.d/*.conf; " * 20 + "}",
        **{f"conf.d/{i}.conf": "server { " + "include conf.d/*.conf; " * 20 + "}" for i in range(20)},
    },
    "nginx stars": {
        "nginx.conf": "server { listen 80; include conf.d/" + "*a" * 30 + "b; }",
        "conf.d/" + "a" * 200 + ".conf": "server { listen 80; }",
    },
    "conf line": {"odoo.conf": "[options]\nadmin_passwd = " + "b" * 900_000},
    "conf continued": {"odoo.conf": "[options]\na = 1\n" + " b\n" * 100_000},
    "conf numbers": {
        "odoo.conf": "[options]\nworkers = "
        + "9" * 400_000
        + "\nlimit_memory_hard = 1e400\nlimit_time_real = nan\ndb_maxconn = -inf\nmax_cron_threads = \u0665\n"
    },
    "conf bytes": {"odoo.conf": b"[options]\nadmin_passwd = \0\xff\n"},
    "conf paths": {"odoo.conf": b"[options]\naddons_path = \0/x,~,~nobody/x," + b"a" * 5000 + b",/dev/fd\n"},
    "Dockerfile continued": {"Dockerfile": "FROM odoo:16\nRUN " + "a \\\n" * 100_000},
    "Dockerfile arguments": {
        "Dockerfile": "ARG A0=a\n"
        + "".join(f"ARG A{i}=${{A{i - 1}}}${{A{i - 1}}}\n" for i in range(1, 60))
        + "FROM ${A59}\n"
    },
    "Dockerfile stages": {
        "Dockerfile": "".join(f"FROM s{(i + 1) % 300} AS s{i}\nRUN x\n" for i in range(300))
    },
    "Dockerfile documents": {"Dockerfile": "FROM a\n" + "RUN <<EOF\n" * 50_000},
    "Dockerfile words": {
        "Dockerfile": "FROM odoo:16\nRUN curl " + "http" * 50_000 + " | sh\nENV " + "A=b " * 50_000
    },
    "env quotes": {".env": "A=" + '"' * 100_000 + "\nB=" + "#" * 100_000 + "\nC='" + "\\" * 100_000},
    "env lines": {".env": "".join(f"A{i}=b\n" for i in range(50_000))},
    "too large": {"docker-compose.yml": COMPOSE + "# x\n" * 400_000},
    "names": {
        "nginx\nx.conf": "server { listen 80; }",
        "Dockerfile.<img src=x>": "FROM odoo",
        "::error::.env": "A=b",
    },
    "TOML lists": {".odoo-debt-lint.toml": "select = " + "[" * 10_000 + "]" * 10_000},
    "TOML tables": {"pyproject.toml": "[tool.odoo-debt-lint]\nselect = " + "{a=" * 100_000},
    "TOML key": {".odoo-debt-lint.toml": ".".join(["a"] * 100_000) + " = 1"},
    "TOML number": {".odoo-debt-lint.toml": "jobs = " + "9" * 100_000},
    "TOML jobs": {".odoo-debt-lint.toml": "jobs = 1000000000\n"},
    "TOML bytes": {".odoo-debt-lint.toml": b"select = '\xff'\n"},
    "TOML pattern": {".odoo-debt-lint.toml": 'exclude = ["' + "*a" * 30 + 'b"]\n'},
    "TOML no pattern": {".odoo-debt-lint.toml": '[per-file-ignores]\n"[z-a]" = ["eval-used"]\n'},
    "gitignore": {".gitignore": "[z-a]\n[a-\n" + "[" * 5000 + "\n" + "*a" * 40 + "\n"},
    "cloc_exclude": {
        "shop/__manifest__.py": "{'name': 'x', 'version': '16.0.1.0.0', 'cloc_exclude': ['"
        + "*a" * 40
        + "b']}",
        "shop/static/" + "a" * 200 + ".js": "x",
    },
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    make_addon(tmp_path, "shop", {"models/sale.py": INJECTION})
    return tmp_path


def put(root: Path, files: dict[str, str | bytes]) -> None:
    for name, content in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(content if isinstance(content, bytes) else content.encode())


@pytest.mark.parametrize("name", FILES)
def test_ends_soon_with_an_answer(root: Path, name: str) -> None:
    """In a process of its own: a stack that overflows must not end the tests."""
    put(root, FILES[name])
    start = time.monotonic()
    done = lint_outside(
        root, "-f", "json", "--no-cache", "--exit-zero", "--select", "deployment,sql-injection"
    )
    assert time.monotonic() - start < 60
    assert "internal" not in done.err
    if name.startswith("TOML") and name != "TOML jobs":
        assert done.code == 2
        assert done.err.startswith("odoo-debt-lint: error: ")
    else:
        assert done.code == 0
        assert BAD in done.found or name == "TOML pattern"


def test_what_is_refused_is_said(root: Path) -> None:
    put(
        root,
        FILES["YAML map bomb"] | FILES["too large"] | {"deep/docker-compose.yml": "services: " + "[" * 1000},
    )
    done = lint(root, "-f", "json", "--no-cache", "--exit-zero", "--select", "deployment")
    said = {problem["path"]: problem["message"] for problem in done.data["problems"]}
    assert "limit of 1 MB" in said["docker-compose.yml"]
    assert said["docker-compose.override.yml"] == "aliases make it too large"
    assert said["deep/docker-compose.yml"] == "nested too deeply"


@pytest.mark.parametrize("depth", [90, 900, 1900])
@pytest.mark.parametrize("place", [".", "shop/models"])
def test_folders_nested_without_end(root: Path, depth: int, place: str) -> None:
    here = os.getcwd()
    try:
        os.chdir(root / place)
        for _ in range(depth):
            os.mkdir("d")
            os.chdir("d")
        Path("x.py").write_text(INJECTION)
        Path("odoo.conf").write_text("[options]\nadmin_passwd = admin\n")
    finally:
        os.chdir(here)
    try:
        done = lint_outside(root, "-f", "json", "--no-cache", "--exit-zero")
    finally:  # what removes temporary folders calls itself for each folder
        subprocess.run(["rm", "-rf", str(root / place / "d")], check=True)
    assert (done.code, BAD in done.found) == (0, True)
    assert any("nested too deeply" in notice for notice in done.data["notices"]) == (depth > 90)


def test_readers_that_crash_cost_their_file(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(root, {"docker-compose.yml": COMPOSE, "Dockerfile": "FROM odoo\n", "odoo.conf": "[options]\na = b\n"})
    monkeypatch.setattr("odoo_debt_lint.deployment.loading.read_dockerfile", lambda file: 1 / 0)
    done = lint(root, "-f", "json", "--no-cache", "--select", "deployment,sql-injection")
    assert done.code == 2
    assert [(item["path"], item["kind"]) for item in done.data["problems"]] == [
        ("Dockerfile", "internal-error")
    ]
    assert any(item["path"] == "docker-compose.yml" for item in done.data["findings"])


def test_joining_that_crashes_costs_the_stage(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(root, {"nginx.conf": "server { listen 80; }\n"})
    monkeypatch.setattr("odoo_debt_lint.deployment.loading.join_includes", lambda files: 1 / 0)
    done = lint(root, "-f", "json", "--no-cache", "--select", "deployment,sql-injection")
    assert (done.code, BAD in done.found) == (2, True)
    assert "joining deployment files crashed: ZeroDivisionError" in done.err


@pytest.mark.parametrize("after", [None, b"[options]\nworkers = 4\n", "pipe"])
def test_file_that_changes_in_mid_run(
    root: Path, monkeypatch: pytest.MonkeyPatch, after: bytes | str | None
) -> None:
    names = ("odoo.conf", "nginx.conf", "docker-compose.yml", ".env", "Dockerfile")
    put(
        root,
        {**dict.fromkeys(names, "server { listen 80; }\n"), "odoo.conf": "[options]\nadmin_passwd = admin\n"},
    )
    from odoo_debt_lint import source

    def racing(path: str, *limits: int) -> bytes:
        content = source.read_bytes(path, *limits)
        Path(path).unlink(missing_ok=True)
        if isinstance(after, bytes):
            Path(path).write_bytes(after)
        elif after is not None and not path.endswith("nginx.conf"):
            os.mkfifo(path)
        return content

    monkeypatch.setattr("odoo_debt_lint.deployment.loading.read_bytes", racing)
    for format in ("text", "json", "sarif", "html"):
        put(root, {"odoo.conf": "[options]\nadmin_passwd = admin\n"} if after != "pipe" else {})
        start = time.monotonic()
        done = lint(root, "-f", format, "--exit-zero", "--select", "deployment")
        assert (done.code, time.monotonic() - start < 20) == (0, True)


def test_files_of_macos(tmp_path: Path) -> None:
    """What macOS puts beside each file on a disk or into an archive is no source."""
    make_addon(tmp_path, "shop", {"models.py": BAD, "views/order.xml": "<odoo/>"})
    expected = lint("check", "--exit-zero", "-f", "csv", tmp_path).out
    for name in ("models.py", "__manifest__.py", "views/order.xml"):
        path = tmp_path / "shop" / name
        (path.parent / f"._{path.name}").write_bytes(b"\x00\x05\x16\x07\x00\x02\xffMac OS X")
    (tmp_path / "._docker-compose.yml").write_bytes(b"\x00\x05\x16\x07\xff")
    copy = tmp_path / "__MACOSX" / "shop"
    copy.mkdir(parents=True)
    (copy / "__manifest__.py").write_text("{}")
    assert lint("check", "--exit-zero", "-f", "csv", tmp_path).out == expected
