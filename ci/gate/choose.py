"""Which benchmarks a change can reach, and at which argument each is run."""
from __future__ import annotations

import hashlib
import json
import re
import subprocess
from collections.abc import Iterable
from pathlib import Path

import pairs

EASY_NS, START_NS = 5e5, 3e7  # of the arguments whose iteration and whose set-up take no longer, the largest is run
LONGEST_NS = 1e7  # what takes longer is left to `claimcheck bench`: too few pairs would fit into a gate


def without_argument(bench: str) -> str:
    return re.sub(r"(/-?\d+)+$", "", bench)


def owner_of(bench: str) -> str:
    return bench.partition("/")[0]


def one_each(side: pairs.Side, benches: Iterable[str]) -> tuple[list[str], dict[str, str]]:
    """Of the benchmarks that differ in their argument alone, the largest that is easy, else the shortest; and what is left out, with the reason."""
    chosen: dict[str, tuple[float, str]] = {}
    trouble: dict[str, str] = {}
    for bench in benches:
        try:
            scale = pairs.calibrate(side, bench, quick=True)
        except pairs.BenchError as error:
            trouble[bench] = str(error)
            continue
        easy = scale.iteration <= EASY_NS and scale.start <= START_NS
        rank = scale.iteration if easy else -scale.iteration - scale.start
        name = without_argument(bench)
        if scale.iteration > LONGEST_NS:
            trouble[bench] = f"{bench}: an iteration takes {scale.iteration * 1e-6:.0f} ms, more than {LONGEST_NS * 1e-6:.0f}"
        elif name not in chosen or rank > chosen[name][0]:
            chosen[name] = (rank, bench)
    return [bench for _, bench in chosen.values()], trouble


def numerics(build: Path) -> dict[str, str]:
    """Name that harness/numerics defines (or the table of rows) -> digest of all that it needs there (ci/closures); none in builds of older revisions."""
    table = build / "lib/claimcheck/numerics.digest"
    return dict(line.split() for line in table.read_text().splitlines()) if table.exists() else {}


def taken(objects: list[Path]) -> set[str]:
    """Names that any of them takes from another file."""
    run = subprocess.run(["nm", "-u", "-P", "--", *objects], capture_output=True, text=True, check=True)
    return {line.split()[0] for line in run.stdout.splitlines() if line.strip()}


def digest_of(build: Path, objects: Iterable[Path], defined: dict[str, str]) -> str:
    """Of these object files, and of what they take of those names that are `defined`."""
    objects, whole = sorted(set(objects)), hashlib.sha256()
    for path in objects:
        whole.update(f"{path.relative_to(build)}\0".encode() + path.read_bytes())
    for name in sorted(taken(objects) & set(defined)) if objects else []:
        whole.update(f"{name} {defined[name]}\0".encode())
    return whole.hexdigest()


def modules(build: Path) -> dict[str, str]:
    """Part of the build -> digest of its objects and of the numerics that they use. Objects, since a linked file names the folder it was built in."""
    defined, found = numerics(build), lambda folder, pattern: {*(build / folder).glob(pattern + "/**/*.o")}
    benches = {*(build / "harness/CMakeFiles").glob("claimcheck.dir/gbench/*_bench.c.o")}
    apart = benches | (found("harness/CMakeFiles", "claimcheck_numerics_objects.dir") if defined else set())
    harness = found("harness/CMakeFiles", "claimcheck*.dir") | found("verify/CMakeFiles", "claimcheck*.dir")
    parts = {"harness": harness - apart, "benchmarks of the harness": benches}
    for folder in (build / "problems/CMakeFiles").glob("family_*_core.dir"):
        name = folder.name.removeprefix("family_").removesuffix("_core.dir")
        parts["family " + name] = found("problems/CMakeFiles", folder.name) | found("problems/CMakeFiles", "claimcheck_data.dir")
    for folder in (build / "algorithms/CMakeFiles").glob("plugin_*.dir"):
        name = re.sub(r"^plugin_|(_core|_said)?\.dir$", "", folder.name)
        parts.setdefault("plug-in " + name, set()).update(found("algorithms/CMakeFiles", folder.name))
    return {part: digest_of(build, objects, defined) for part, objects in parts.items()}


def families_of(build: Path) -> dict[str, set[str]]:
    """Plug-in's folder -> the families it is linked with."""
    found = {}
    for module in (build / "lib/claimcheck/plugins").glob("*.so"):
        run = subprocess.run(["readelf", "-d", module], capture_output=True, text=True, check=False)
        found[module.stem] = set(re.findall(r"NEEDED.*\[libclaimcheck-(\w+)\.so", run.stdout))
    return found


def owners(side: pairs.Side) -> dict[str, str]:
    """Plug-in's id -> its folder's name."""
    run = subprocess.run([side.command, "doctor", "--json"], capture_output=True, text=True, env=side.environment(), check=False)
    findings = json.loads(run.stdout or "{}").get("findings", [])
    return {f["name"]: Path(f["state"].split()[-1]).stem for f in findings if f.get("what") == "plug-in" and f.get("state")}


def within_reach(benches: list[str], changed: set[str], families: dict[str, set[str]], folder_of: dict[str, str]) -> list[str]:
    """Those whose owner, or a family that it uses, has changed, or numerics that either uses; all when the rest of the harness has, or when it is not known
    what a plug-in uses."""
    if "harness" in changed:
        return benches

    def touched(owner: str) -> bool:
        folder = folder_of.get(owner, owner)
        if owner == "harness":
            return "benchmarks of the harness" in changed
        return folder not in families or f"plug-in {folder}" in changed or any(f"family {f}" in changed for f in families[folder])

    return [bench for bench in benches if touched(owner_of(bench))]


def spread_over(benches: list[str], most: int) -> list[str]:
    """At most so many: one of each owner in turn, so that none is left out while another has two."""
    by_owner: dict[str, list[str]] = {}
    for bench in benches:
        by_owner.setdefault(owner_of(bench), []).append(bench)
    kept: list[str] = []
    while len(kept) < min(most, len(benches)):
        for rest in by_owner.values():
            if rest and len(kept) < most:
                kept.append(rest.pop(0))
    return [bench for bench in benches if bench in set(kept)]


def serves(side: pairs.Side) -> bool:
    """Whether its `bench` can hold a benchmark open; older revisions cannot."""
    run = subprocess.run([side.command, "bench", "--help"], capture_output=True, text=True, env=side.environment(), check=False)
    return "--serve" in run.stdout
