#!/usr/bin/python3
"""Makes the report of a result store: an offline site with verdicts, evidence and figures. See README.md."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

HERE = Path(__file__).absolute().parent
sys.path.insert(0, str(HERE))

from claimcheck_report import gate, site
from claimcheck_report.store import TIERS, ReportError, Store

WHOLE, PARTLY, NOTHING, USAGE, INTERRUPTED = 0, 1, 2, 3, 130


class Parser(argparse.ArgumentParser):
    """Wrong arguments exit with 3, as in the other commands."""

    def error(self, message: str) -> None:  # type: ignore[override]
        self.print_usage(sys.stderr)
        print(f"report: {message}", file=sys.stderr)
        raise SystemExit(USAGE)


def arguments(argv: list[str]) -> argparse.Namespace:
    parser = Parser(
        prog="report.py",
        description="Makes an offline site from a result store. Reads the store alone; runs nothing.",
        epilog="exit status: 0 whole, 1 some plots could not be made, 2 nothing made, 3 wrong arguments, 130 interrupted",
    )
    parser.add_argument("store", metavar="STORE", nargs="?", help="the result store (claimcheck.db)")
    parser.add_argument("--store", metavar="FILE", dest="named_store", help="the same")
    parser.add_argument("--out", metavar="DIR", required=True, help="where the site goes; made if absent")
    parser.add_argument(
        "--tier", choices=TIERS, help="verdicts and figures of this tier (default: of each paper, the tier with most judged claims)"
    )
    parser.add_argument("--figures-only", action="store_true", help="plots and their CSV, no pages")
    parser.add_argument(
        "--plugins", metavar="FOLDER", help="where plug-ins' figures.py are (default: share/claimcheck/figures, or algorithms/)"
    )
    parser.add_argument(
        "--calibration",
        metavar="FOLDER",
        help="CSV tables of the verifiers' calibration (default: share/claimcheck/calibration, or verify/calibration)",
    )
    parser.add_argument("--gate", metavar="FILE", help="the page of a gate instead, of its gate.json (ci/gate); needs no store")
    parser.add_argument("--quiet", action="store_true", help="no progress")
    args = parser.parse_args(argv)
    if args.gate is not None:
        if args.store or args.named_store:
            parser.error("--gate makes a page of its own: no store")
        return args
    if (args.store is None) == (args.named_store is None):
        parser.error("which store? Name one: report.py STORE --out DIR")
    args.store = args.store or args.named_store
    return args


def first_folder(given: str | None, *defaults: Path) -> Path | None:
    """The folder asked for, which must exist, or the first default that does."""
    if given is not None:
        if not Path(given).is_dir():
            raise ReportError(f"{given}: no such folder")
        return Path(given)
    return next((d for d in defaults if d.is_dir()), None)


def progress(quiet: bool):
    """A live line on a terminal, a plain line every ten plots elsewhere."""
    live = sys.stderr.isatty()

    def show(done: int, of: int, name: str) -> None:
        if quiet:
            return
        if live:
            end = "\n" if done == of else ""
            print(f"\r\x1b[Kreport: {done}/{of}  {name[:60]}", end=end, file=sys.stderr, flush=True)
        elif done % 10 == 0 or done == of:
            print(f"report: {done}/{of}", file=sys.stderr)

    return show


def main(argv: list[str]) -> int:
    args = arguments(argv)
    started = time.monotonic()
    try:
        if args.gate is not None:
            made = gate.page(Path(args.gate), Path(args.out))
            if not args.quiet:
                print(f"report: {made}", file=sys.stderr)
            return WHOLE
        store = Store(args.store)
        source = HERE.resolve()
        options = site.Options(
            out=Path(args.out),
            tier=TIERS.index(args.tier) if args.tier else None,
            figures_only=args.figures_only,
            plugins=first_folder(args.plugins, HERE.parent / "figures", source.parent / "algorithms"),
            calibration=first_folder(args.calibration, HERE.parent / "calibration", source.parent / "verify" / "calibration"),
            progress=progress(args.quiet),
        )
        failed = site.build(store, options)
    except ReportError as error:
        print(f"report: {error}", file=sys.stderr)
        return NOTHING
    except OSError as error:
        print(f"report: {error.filename or args.out}: {error.strerror}", file=sys.stderr)
        return NOTHING
    except KeyboardInterrupt:
        print("report: interrupted", file=sys.stderr)
        return INTERRUPTED
    for slug, why in failed:
        print(f"report: {slug}: {why}", file=sys.stderr)
    if not args.quiet:
        where = Path(args.out) / ("figures" if args.figures_only else "index.html")
        print(
            f"report: {where} in {time.monotonic() - started:.1f} s" + (f", {len(failed)} plots failed" if failed else ""),
            file=sys.stderr,
        )
    return PARTLY if failed else WHOLE


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
