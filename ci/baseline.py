#!/usr/bin/python3
"""ci/baseline.py [PAPER ...]: the verdicts that the store holds become the known ones, ci/baseline/<paper>.txt, lines "claim tier verdict".

Refuses a store in which a claim is in error. TIER (standard) names the tier, CLAIMCHECK_STORE the store (build/claimcheck.db), CLAIMCHECK the command. Runs nothing. Lines of other tiers
and comments stay; claims that no longer exist go.
"""
import argparse
import json
import os
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "ci" / "baseline"
TIERS = ["quick", "standard", "extended"]


def judged(tier: str, papers: list[str]) -> dict[str, dict[str, str]]:
    """Paper -> claim -> verdict, as the command judges the store."""
    command = os.environ.get("CLAIMCHECK", str(ROOT / "build/bin/claimcheck"))
    if not os.access(command, os.X_OK):
        raise SystemExit(f"ci/baseline.py: there is no command {command} (make build)")
    store = os.environ.get("CLAIMCHECK_STORE", str(ROOT / "build/claimcheck.db"))
    run = subprocess.run([command, "verify", "--no-run", "--json", "--tier", tier, "--store", store, *papers], stdout=subprocess.PIPE, check=False)
    if not run.stdout:
        raise SystemExit(run.returncode or 1)
    verdicts: dict[str, dict[str, str]] = {}
    claims = json.loads(run.stdout)["claims"]
    errors = [f"{claim['paper']}.{claim['claim']}: {claim['message']}" for claim in claims if claim["verdict"] == "error"]
    if errors:
        raise SystemExit("\n".join([*errors, f"an error is no verdict to be known by: is the store up to date (make bench TIER={tier})? Nothing is written."]))
    for claim in claims:
        verdicts.setdefault(claim["paper"], {})[claim["claim"]] = claim["verdict"]
    return verdicts


def rewrite(path: Path, tier: str, verdicts: dict[str, str]) -> None:
    comments, lines = [], {(claim, tier): verdict for claim, verdict in verdicts.items()}
    for line in path.read_text().splitlines() if path.exists() else []:
        if line.startswith("#"):
            comments.append(line)
        elif line.strip():
            claim, at, verdict = line.split()
            if at != tier and claim in verdicts:
                lines[claim, at] = verdict
    order = sorted(lines, key=lambda key: (list(verdicts).index(key[0]), TIERS.index(key[1])))
    path.write_text("".join(f"{text}\n" for text in [*comments, *(f"{claim} {at} {lines[claim, at]}" for claim, at in order)]))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("papers", nargs="*", metavar="PAPER", help="default: all")
    papers = parser.parse_args().papers
    tier = os.environ.get("TIER", "standard")
    FOLDER.mkdir(exist_ok=True)
    for paper, verdicts in judged(tier, papers).items():
        rewrite(FOLDER / f"{paper}.txt", tier, verdicts)
        unproven = [f"{claim}: {verdict}" for claim, verdict in verdicts.items() if verdict not in ("verified", "observation", "untestable")]
        print(f"{paper}: {len(verdicts)} claims" + (f"; {', '.join(unproven)}" if unproven else ""))


if __name__ == "__main__":
    main()
