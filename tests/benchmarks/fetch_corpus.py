"""Download the pinned OCA addons used as benchmark corpus and unpack them.

    python tests/benchmarks/fetch_corpus.py [--series 16.0] DEST

Every line of ``corpus/oca-<series>.txt`` pins one wheel.  The wheels are
downloaded with pip and their addons are unpacked to ``DEST/<series>/<addon>``.
An addon that is already there is replaced.  Nothing in a wheel is executed.
"""

from __future__ import annotations

import argparse
import shutil
import stat
import subprocess
import sys
import tempfile
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path, PurePosixPath

PINS_DIR = Path(__file__).resolve().parent / "corpus"
ADDONS_PREFIX = ("odoo", "addons")
BATCH = 16


def available_series() -> list[str]:
    """Return the series that have a pins file, oldest first."""
    found = PINS_DIR.glob("oca-*.txt")
    return sorted(path.stem.removeprefix("oca-") for path in found)


def read_pins(series: str) -> list[str]:
    """Return the pinned requirements of one series."""
    text = (PINS_DIR / f"oca-{series}.txt").read_text(encoding="utf-8")
    lines = (line.partition("#")[0].strip() for line in text.splitlines())
    return [line for line in lines if line]


def download(pins: list[str], wheels: Path, jobs: int) -> None:
    """Download the wheels of ``pins``, without their dependencies, to ``wheels``."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
    command += ["--disable-pip-version-check", "--only-binary", ":all:"]
    command += ["--dest", str(wheels)]

    def run(batch: list[str]) -> None:
        subprocess.run([*command, *batch], check=True)

    batches = [pins[start : start + BATCH] for start in range(0, len(pins), BATCH)]
    with ThreadPoolExecutor(max_workers=jobs) as pool:
        list(pool.map(run, batches))


def member_path(info: zipfile.ZipInfo) -> PurePosixPath | None:
    """Return where a member goes below the series folder, or None to skip it."""
    parts = PurePosixPath(info.filename).parts
    if info.is_dir() or stat.S_ISLNK(info.external_attr >> 16):
        return None
    inner = parts[2:]
    if parts[:2] != ADDONS_PREFIX or not inner[1:]:
        return None
    if ".." in inner or any("\\" in part or ":" in part for part in inner):
        return None
    return PurePosixPath(*inner)


def unpack(wheel: Path, target: Path) -> set[str]:
    """Unpack the addons of ``wheel`` below ``target`` and return their names."""
    with zipfile.ZipFile(wheel) as archive:
        found = [(info, member_path(info)) for info in archive.infolist()]
        members = [(info, path) for info, path in found if path is not None]
        manifests = [path for _, path in members if path.match("__manifest__.py")]
        addons = {path.parts[0] for path in manifests}
        for addon in addons:
            shutil.rmtree(target / addon, ignore_errors=True)
        for info, path in members:
            if path.parts[0] not in addons:
                continue
            destination = target / path
            if not destination.resolve().is_relative_to(target.resolve()):
                raise ValueError(f"{wheel.name}: unsafe path {info.filename!r}")
            destination.parent.mkdir(parents=True, exist_ok=True)
            with archive.open(info) as source, destination.open("wb") as sink:
                shutil.copyfileobj(source, sink)
    return addons


def fetch(series: str, dest: Path, jobs: int) -> bool:
    """Fetch the corpus of one series; tell whether every pin gave an addon."""
    pins = read_pins(series)
    target = dest / series
    target.mkdir(parents=True, exist_ok=True)
    addons: set[str] = set()
    with tempfile.TemporaryDirectory(prefix="corpus-") as folder:
        download(pins, Path(folder), jobs)
        for wheel in sorted(Path(folder).glob("*.whl")):
            addons |= unpack(wheel, target)
    print(f"{series}: {len(pins)} pins, {len(addons)} addons in {target}")
    return len(addons) >= len(pins)


def main() -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(description="Fetch the OCA benchmark corpus.")
    parser.add_argument("dest", type=Path, metavar="DEST", help="folder to unpack to")
    parser.add_argument("--series", choices=available_series(), help="default: all")
    parser.add_argument("--jobs", type=int, default=4, help="pip processes at a time")
    args = parser.parse_args()
    series = [args.series] if args.series else available_series()
    results = [fetch(name, args.dest, args.jobs) for name in series]
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
