"""A revision becomes a build, kept for the next gate.

The key is the tree's id (what the files are, not who committed them when), so a revision that was head yesterday is base today for free, and uncommitted
work has a key too; and the compiler with this CPU: a cache that comes from another machine holds no builds for this one. Sources are written out by `git archive`, not as a work tree of git: nothing is registered in the repository that an interruption could leave
behind. A build is complete when its stamp is there; the stamp is written last, and what has none is built on.
"""
from __future__ import annotations

import contextlib
import fcntl
import functools
import hashlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

KEEP = 8  # builds in the cache
FULL = ("No space left on device", "Disk quota exceeded", "disk is full")
# A function that is the same on both sides lies the same within its cache lines, whatever grew before it.
ALIGNED = ["-DCMAKE_C_FLAGS=-falign-functions=64", "-DCMAKE_CXX_FLAGS=-falign-functions=64"]


class RevisionError(Exception):
    """There is no such revision."""


class BuildError(Exception):
    """It does not configure or compile: the text ends with what the compiler says."""


def failure(said: str, fault: Exception) -> Exception:
    """What to raise when a program failed and `said` why: `fault`, unless the disk is full. That is no revision's fault."""
    return OSError(str(fault)) if any(full in said for full in FULL) else fault


@dataclass(frozen=True)
class Revision:
    label: str  # what a person calls it
    tree: str


@dataclass(frozen=True)
class Build:
    revision: Revision
    folder: Path

    @property
    def source(self) -> Path:
        return self.folder / "src"

    @property
    def tree(self) -> Path:
        return self.folder / "build"

    @property
    def command(self) -> Path:
        return self.tree / "bin/claimcheck"


def git(root: Path, *words: str, **environment: str) -> str:
    run = subprocess.run(["git", "-C", root, *words], capture_output=True, text=True, env={**os.environ, **environment}, check=False)
    if run.returncode:
        raise failure(run.stderr, RevisionError(run.stderr.strip() or f"git {words[0]} failed"))
    return run.stdout.strip()


def committed(root: Path, name: str) -> Revision:
    try:
        commit = git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
    except RevisionError as error:
        why = "" if str(error) == "git rev-parse failed" else f": {error}"
        if not why and git(root, "rev-parse", "--is-shallow-repository") == "true":
            why = "; a shallow clone has the newest commits only (git fetch --unshallow)"
        raise RevisionError(f"'{name}' is no revision of this repository{why}") from None
    subject = git(root, "log", "-1", "--format=%h %s", commit)
    return Revision(subject, git(root, "rev-parse", f"{commit}^{{tree}}"))


def working(root: Path) -> Revision:
    """The work tree as it is, uncommitted and new files included (not ignored ones); the index is not touched."""
    head = committed(root, "HEAD")
    with tempfile.TemporaryDirectory() as folder:
        index = Path(folder) / "index"
        mine = Path(git(root, "rev-parse", "--path-format=absolute", "--git-path", "index"))
        if mine.exists():
            shutil.copy(mine, index)
        git(root, "add", "--all", GIT_INDEX_FILE=str(index))
        tree = git(root, "write-tree", GIT_INDEX_FILE=str(index))
    return head if tree == head.tree else Revision(f"{head.label} + uncommitted changes", tree)


@functools.cache
def machine() -> str:
    """What a build depends on beside its sources: the compiler, and this CPU as it knows it."""
    run = subprocess.run([os.environ.get("CC") or "cc", "-march=native", "-E", "-v", "-x", "c", os.devnull], capture_output=True, check=False)
    return hashlib.sha256(run.stderr).hexdigest()[:8]


def folder_of(cache: Path, revision: Revision) -> Path:
    return cache.resolve() / f"{revision.tree[:16]}-{machine()}"


@contextlib.contextmanager
def locked(path: Path) -> Iterator[int]:
    """Yields the lock's descriptor: who inherits it holds the lock too."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # let go when the processes that have it end, however they end
        yield lock.fileno()


def write_out(root: Path, revision: Revision, source: Path) -> None:
    new = source.with_name("src.new")
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir(parents=True)
    archive = subprocess.Popen(["git", "-C", root, "archive", "--format=tar", revision.tree], stdout=subprocess.PIPE)
    unpacked = subprocess.run(["tar", "-x", "-C", new], stdin=archive.stdout, stderr=subprocess.PIPE, text=True, check=False)
    archive.stdout.close()
    if archive.wait() or unpacked.returncode:
        raise OSError(f"{revision.label}: its files cannot be written to {new}: {unpacked.stderr[:300].partition(chr(10))[0]}")
    new.rename(source)


def run_logged(words: list[str | Path], log: Path, what: str, folder: Path, lock: int) -> None:
    """What it starts ends with it, and holds the lock until then."""
    environment = dict(os.environ, GIT_CEILING_DIRECTORIES=str(folder.parent))  # the cache may lie inside a repository: it is not this one's
    with log.open("a") as out:
        process = subprocess.Popen(words, stdout=out, stderr=subprocess.STDOUT, env=environment, start_new_session=True, pass_fds=[lock])
        try:
            if process.wait() == 0:
                return
        except BaseException:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait()
            raise
    text = log.read_text(errors="replace")
    lines = text.splitlines()
    full = [line for line in lines if any(said in line for said in FULL)]
    told = lambda line, before: "error" in line.lower() and "-Werror" not in line.split("error")[0] or before.startswith("CMake Error")
    errors = full or [line for line, before in zip(lines, ["", *lines]) if told(line, before)] or lines
    raise failure(text, BuildError(f"{what} does not build ({log}):\n" + "\n".join("    " + line[:300] for line in errors[-8:])))


def compile_in(source: Path, tree: Path, log: Path, what: str, options: list[str], lock: int) -> None:
    if not (tree / "build.ninja").exists() and not (tree / "Makefile").exists():
        generator = ["-G", "Ninja", "-DCMAKE_MAKE_PROGRAM=/usr/bin/ninja"] if Path("/usr/bin/ninja").exists() else []
        words = ["cmake", "-S", source, "-B", tree, "-DCLAIMCHECK_TESTS=OFF", "-DPython3_EXECUTABLE=/usr/bin/python3", *generator, *options]
        run_logged(words, log, what, tree.parent, lock)
    run_logged(["cmake", "--build", tree, "-j", str(os.cpu_count() or 1)], log, what, tree.parent, lock)


def prune(cache: Path, keep: set[Path]) -> None:
    """The oldest beyond KEEP go; not those of this gate."""
    folders = sorted((f for f in cache.glob("*/") if (f / "used").exists()), key=lambda f: (f / "used").stat().st_mtime, reverse=True)
    for folder in folders[KEEP:]:
        if folder not in keep:
            shutil.rmtree(folder, ignore_errors=True)
            folder.with_name(f"{folder.name}.lock").unlink(missing_ok=True)


def build(root: Path, revision: Revision, cache: Path, name: str, portable: bool = False) -> Build:
    """`portable`: for any CPU of the architecture, in a folder beside the native build (valgrind knows no AVX-512)."""
    folder = folder_of(cache, revision)
    suffix, options = ("-portable", ["-DCLAIMCHECK_NATIVE=OFF"]) if portable else ("", ALIGNED)
    with locked(folder.with_name(f"{folder.name}.lock")) as lock:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "used").write_text(time.strftime("%F %T\n"))
        stamp, log = folder / f"built{suffix}", folder / f"build{suffix}.log"
        if stamp.exists():
            return Build(revision, folder)
        if not (folder / "src").exists():
            write_out(root, revision, folder / "src")
        log.unlink(missing_ok=True)
        compile_in(folder / "src", folder / f"build{suffix}", log, f"{name} ({revision.label})", options, lock)
        stamp.touch()
    return Build(revision, folder)
