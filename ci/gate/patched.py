"""A plug-in with one line changed, built out of the tree against a build: for tests of the gate. Source tree and build are only read."""
from __future__ import annotations

import json
import shlex
import subprocess
import tempfile
from pathlib import Path


def compile_words(build: Path, source: Path) -> list[str]:
    """As the build compiles this file, without what names its input and its outputs."""
    for entry in json.loads((build / "compile_commands.json").read_text()):
        if Path(entry["file"]) == source:
            words = shlex.split(entry["command"])
            drop = {words.index(flag) + i for flag in ("-o", "-c") if flag in words for i in (0, 1)}
            return [word for i, word in enumerate(words) if i not in drop]
    raise FileNotFoundError(f"{build} does not build {source}")


def patched(build: Path, root: Path, file: str, old: str, new: str, out: Path) -> Path:
    """The plug-in that `file` (algorithms/<folder>/x.c) belongs to, with `old`, which must be there once, become `new`; a folder with the module."""
    source = root / file
    text = source.read_text()
    if text.count(old) != 1:
        raise ValueError(f"{file} has {old!r} {text.count(old)} times")
    folder = source.parent.name
    with tempfile.TemporaryDirectory() as scratch:
        changed, compiled = Path(scratch) / source.name, Path(scratch) / "changed.o"
        changed.write_text(text.replace(old, new))
        subprocess.run([*compile_words(build, source), "-I", source.parent, "-c", changed, "-o", compiled], check=True)
        objects = [o for o in (build / "algorithms/CMakeFiles").glob(f"plugin_{folder}_*.dir/{folder}/*.o") if o.name != source.name + ".o"]
        families = list((build / "lib/claimcheck/families").glob("*.so"))
        paths = [f"-Wl,-rpath,{p}" for p in (build / "lib", build / "lib/claimcheck/families")]
        out.mkdir(parents=True, exist_ok=True)
        libraries = ["-Wl,--as-needed", *families, build / "lib/libclaimcheck.so", "-llapacke", "-lm"]
        openblas = subprocess.run(["pkg-config", "--libs", "openblas"], capture_output=True, text=True, check=False).stdout.split()
        subprocess.run(["cc", "-shared", "-o", out / f"{folder}.so", compiled, *objects, *paths, *libraries, *openblas], check=True)
    return out
