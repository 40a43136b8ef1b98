"""Long fuzzing of the readers and rules: ``python tests/fuzz/run.py --seconds 3600 [--kind deployment]``.

With atheris installed (``--atheris``) inputs are led by coverage; otherwise they come from seeds, so that a
crash can be repeated with ``--repeat SEED``. Each input must come back soon and without an internal error.
"""

from __future__ import annotations

import argparse
import faulthandler
import random
import sys
import tempfile
import time
import warnings
from collections import Counter
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[2])]
if "--atheris" in sys.argv:  # coverage of what is imported from here on
    import atheris

    atheris.instrument_imports(include=["odoo_debt_lint"]).__enter__()

import generate  # noqa: E402
import msgspec  # noqa: E402

from odoo_debt_lint import settings  # noqa: E402
from odoo_debt_lint.addons.beside import is_deployment  # noqa: E402
from odoo_debt_lint.addons.found import Discovered, FoundFile  # noqa: E402
from odoo_debt_lint.addons.ignore import Ignore  # noqa: E402
from odoo_debt_lint.deployment.stage import judge_deployment  # noqa: E402
from odoo_debt_lint.errors import UsageError  # noqa: E402
from odoo_debt_lint.facts import FileResult  # noqa: E402
from odoo_debt_lint.job import Job  # noqa: E402
from odoo_debt_lint.migration.plan import Journey  # noqa: E402
from odoo_debt_lint.outcome import baseline  # noqa: E402
from odoo_debt_lint.reading import pool  # noqa: E402
from odoo_debt_lint.reading.serving import encode, read  # noqa: E402
from odoo_debt_lint.reading.worker import Worker  # noqa: E402
from odoo_debt_lint.registry import all_rules  # noqa: E402
from odoo_debt_lint.report import history  # noqa: E402

SLOW = 5.0
KINDS = (
    "python", "xml", "csv", "manifest", "script", "suppressions", "deployment", "configuration", "addon"
)  # fmt: skip
_decode = msgspec.msgpack.Decoder(FileResult).decode


def fault(worker: Worker, case: generate.Case) -> str:
    """What is wrong with the answer to an input; empty when nothing is."""
    ask = {"deployment": _deployed, "configuration": _configured, "addon": _whole}.get(case.role, _read)
    start = time.perf_counter()
    try:
        why = ask(worker, case)
    except Exception as error:
        return f"raised {type(error).__name__}: {error}"
    took = time.perf_counter() - start
    return why or (f"took {took:.0f} s" if took > SLOW else "")


def _read(worker: Worker, case: generate.Case) -> str:
    """One file of an addon, with all rules that need nothing else."""
    role = case.role or ("code" if case.inside.endswith(".py") else "data")
    job = Job("", f"shop/{case.inside}", case.inside, role, "shop", "16.0")
    result = _decode(encode(worker.run(job, case.content)))
    # tests of encodings declare what is none
    odd = case.content.startswith((b"\xff\xfe", b"\xfe\xff"))
    return _crash(result.problems) or ("" if odd else _outside(result.findings, {job.path: case.content}))


def _deployed(worker: Worker, case: generate.Case) -> str:
    """Files beside the addons, with all rules; nginx files are read from the disk."""
    with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:
        root = Path(folder)
        files = {
            name: text for name, text in ((case.inside, case.content), *case.beside) if is_deployment(name)
        }
        found = Discovered(root)
        for name, content in sorted(files.items()):
            place = root / name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content)
            found.deployment.append(FoundFile(name, name, "deployment", str(place)))
        judged = judge_deployment(found, [], worker.rules, settings.Settings(cache=False), {})
        for result in judged.results.values():
            encode(result)
    return _crash(judged.problems) or _outside(judged.findings, files)


def _configured(worker: Worker, case: generate.Case) -> str:
    """Options, baselines and histories: read, or refused with one line."""
    with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:
        place = Path(folder, case.inside)
        place.write_bytes(case.content)
        try:
            if case.inside.endswith(".toml"):
                settings.as_lines(settings.load(place, {}))
            elif case.inside == "baseline.json":
                baseline.load(str(place))
            elif case.inside == "history.jsonl":
                history.load(str(place))
            else:
                Ignore(Path(folder), ("a/*",), True).matches("shop/models/a.py", False)
        except UsageError as error:
            return "" if str(error).strip() else "refused without a reason"
    return ""


def _whole(worker: Worker, case: generate.Case) -> str:
    """A whole addon through the pipeline and into reports that other programs read."""
    from odoo_debt_lint.report.cover import Cover
    from odoo_debt_lint.report.html import as_html
    from odoo_debt_lint.report.json import as_json
    from odoo_debt_lint.report.markdown import as_markdown
    from odoo_debt_lint.report.sarif import as_sarif
    from odoo_debt_lint.run import run

    files = dict(case.beside)
    files.setdefault("__manifest__.py", b"{'name': 'x', 'version': '16.0.1.0.0', 'depends': ['base']}")
    with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:
        Path(folder, ".git").mkdir()
        for name, content in files.items():
            place = Path(folder, "shop", name)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content)
        to = worker.plan.journey.to
        chosen = settings.Settings(cache=False, jobs=1, respect_gitignore=False, to=to)
        report = run([folder], chosen)
        texts = [as_json(report), as_sarif(report)]
        if sum(map(len, files.values())) % 20 == 0:  # compiling templates takes longer than all the rest
            texts += [as_html(report, Cover()), as_markdown(report, Cover())]
        for text in texts:
            text.encode("utf-8", "surrogatepass")
        msgspec.json.decode(texts[0])
        msgspec.json.decode(texts[1])
    return _crash(report.problems)


def _crash(problems: Any) -> str:
    return next((str(item.message) for item in problems if item.kind == "internal-error"), "")


def _outside(findings: Any, files: dict[str, bytes]) -> str:
    """A finding that stands behind the end of its file."""
    for finding in findings:
        content = files.get(finding.location.path, b"")
        lines = content.count(b"\n") + content.count(b"\r") + 2
        if not 1 <= finding.location.span.start_line <= lines:
            return f"{finding.rule}: line {finding.location.span.start_line} of {lines}"
    return ""


def prepared(to: str = "") -> Worker:
    """All rules, with everything in this process and nothing said of what is parsed; ``to`` is the series to
    which a migration leads."""
    warnings.simplefilter("ignore")
    pool.one_by_one = lambda worker, jobs, *_: ((job, read(worker, job)) for job in jobs)
    return Worker(all_rules().values(), Journey("", to))


def _seeded(worker: Worker, options: argparse.Namespace) -> Counter[str]:
    kinds: Counter[str] = Counter()
    faults: Counter[str] = Counter()
    end, seed = time.monotonic() + options.seconds, options.seed
    while time.monotonic() < end and kinds.total() < options.count:
        faulthandler.dump_traceback_later(60, exit=True)
        case = generate.case(seed, options.kind)
        why = fault(worker, case)
        kinds[options.kind or case.role or case.inside] += 1
        if why:
            if not faults[why]:
                print(f"seed {seed}: {case.inside}: {why}", flush=True)
            faults[why] += 1
        seed += 1
    faulthandler.cancel_dump_traceback_later()
    print(f"{kinds.total()} inputs ({dict(kinds)}), {faults.total()} faults of {len(faults)} kinds")
    return faults


def _led(worker: Worker, options: argparse.Namespace) -> None:
    """Inputs led by coverage: the bytes are the file, or choose the generator and its steps."""

    def one(data: bytes) -> None:
        rng = random.Random(data)
        make = getattr(generate, options.kind) if options.kind else rng.choice(generate.GENERATORS)
        case = make(rng)
        why = fault(worker, case) or fault(worker, generate.Case(case.inside, case.role, data, case.beside))
        if why:
            raise RuntimeError(f"{case.inside}: {why}")

    atheris.Setup([sys.argv[0], f"-max_total_time={int(options.seconds)}", "-max_len=4000"], one)
    atheris.Fuzz()


def main() -> Any:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--count", type=float, default=float("inf"))
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--kind", default="", choices=("", *KINDS))
    parser.add_argument("--repeat", type=int)
    parser.add_argument("--to", default="", metavar="SERIES")
    parser.add_argument("--atheris", action="store_true")
    options = parser.parse_args()
    worker = prepared(options.to)
    if options.repeat is not None:
        case = generate.case(options.repeat, options.kind)
        for name, content in ((case.inside, case.content), *case.beside):
            sys.stdout.buffer.write(b"--- " + name.encode() + b"\n" + content + b"\n")
        sys.stdout.flush()
        print(f"{case.inside}: {fault(worker, case) or 'no fault'}")
        return 0
    if options.atheris:
        return _led(worker, options)
    return 1 if _seeded(worker, options) else 0


if __name__ == "__main__":
    sys.exit(main())
