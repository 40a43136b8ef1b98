"""Long fuzzing of the readers and all file rules: ``python tests/fuzz/run.py --seconds 3600 --seed 1``.

With atheris installed (``--atheris``) inputs are led by coverage; otherwise they come from seeds, so that a
crash can be repeated with ``--repeat SEED``. Each input must come back soon and without an internal error.
"""

from __future__ import annotations

import argparse
import faulthandler
import random
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[2])]

import generate  # noqa: E402
import msgspec  # noqa: E402

from odoo_debt_lint.facts import FileResult  # noqa: E402
from odoo_debt_lint.pool import encode  # noqa: E402
from odoo_debt_lint.registry import all_rules  # noqa: E402
from odoo_debt_lint.worker import Job, Worker  # noqa: E402

SLOW = 5.0
_decode = msgspec.msgpack.Decoder(FileResult).decode


def fault(worker: Worker, case: generate.Case) -> str:
    """What is wrong with the answer to an input; empty when nothing is."""
    job = Job("", f"shop/{case.inside}", case.inside, case.role, "shop", "16.0")
    start = time.perf_counter()
    try:
        encoded = encode(worker.run(job, case.content))
        result = _decode(encoded)
    except Exception as error:
        return f"raised {type(error).__name__}: {error}"
    if time.perf_counter() - start > SLOW:
        return f"took {time.perf_counter() - start:.0f} s"
    lines = case.content.count(b"\n") + case.content.count(b"\r") + 2
    for problem in result.problems:
        if problem.kind == "internal-error":
            return problem.message
    for finding in result.findings:
        if not 1 <= finding.location.span.start_line <= lines and not case.content.startswith(b"\xff\xfe"):
            return f"{finding.rule}: line {finding.location.span.start_line} of {lines}"
    return ""


def _seeded(worker: Worker, options: argparse.Namespace) -> Counter[str]:
    kinds: Counter[str] = Counter()
    faults: Counter[str] = Counter()
    end, seed = time.monotonic() + options.seconds, options.seed
    while time.monotonic() < end:
        faulthandler.dump_traceback_later(60, exit=True)
        case = generate.case(seed)
        why = fault(worker, case)
        kinds[case.inside.rpartition(".")[2]] += 1
        if why:
            if not faults[why]:
                print(f"seed {seed}: {case.inside}: {why}", flush=True)
            faults[why] += 1
        seed += 1
    faulthandler.cancel_dump_traceback_later()
    print(f"{kinds.total()} inputs ({dict(kinds)}), {faults.total()} faults of {len(faults)} kinds")
    return faults


def _led(worker: Worker) -> None:
    """Inputs led by coverage: the bytes choose the generator and its steps."""
    import atheris

    def one(data: bytes) -> None:
        rng = random.Random(data)
        case = rng.choice(generate.GENERATORS)(rng)
        why = fault(worker, generate.Case(case.inside, case.role, data + case.content))
        if why:
            raise RuntimeError(why)

    atheris.instrument_all()
    atheris.Setup(sys.argv[:1], one)
    atheris.Fuzz()


def main() -> Any:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--repeat", type=int)
    parser.add_argument("--atheris", action="store_true")
    options = parser.parse_args()
    worker = Worker(all_rules().values())
    if options.repeat is not None:
        case = generate.case(options.repeat)
        sys.stdout.buffer.write(case.content)
        print(f"\n{case.inside}: {fault(worker, case) or 'no fault'}")
        return 0
    if options.atheris:
        return _led(worker)
    return 1 if _seeded(worker, options) else 0


if __name__ == "__main__":
    sys.exit(main())
