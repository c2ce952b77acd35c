"""One mutant against the tests and the claims of its paper: built alone into a folder of its own, run under a deadline and a memory limit."""
from __future__ import annotations

import hashlib
import json
import os
import re
import shlex
import shutil
import signal
import sqlite3
import subprocess
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from operators import Mutant, mutants_of

ROOT = Path(__file__).resolve().parent.parent.parent
MEMORY_MB = 4096
LEAST_FREE = 16 << 20
JUDGED = {"verified", "refuted", "inconclusive", "vacuous", "error", "skipped"}  # what a mutant can change; observations are no promises


@dataclass
class Limit:
    """Seconds. CPU time is what a hang uses up, whoever else is on the machine; wall time ends what sleeps."""
    cpu: float = 600
    wall: float = 1800

    @staticmethod
    def over(cpu: float, wall: float) -> Limit:
        return Limit(3 * cpu + 5, 10 * wall + 30)


@dataclass
class Outcome:
    status: int  # negative: a signal
    output: str
    cpu: float
    wall: float
    late: bool = False

    @property
    def last(self) -> str:
        lines = [line for line in self.output.splitlines() if line.strip() and "is loaded already" not in line]
        return lines[-1].strip() if lines else f"exit status {self.status}"


class Processes:
    """Runs commands, each the leader of a session, so that all it started can be counted and ended with it."""

    def __init__(self) -> None:
        self.stopped = threading.Event()
        self.memory = ["prlimit", "--core=0", f"--as={MEMORY_MB << 20}"]

    @staticmethod
    def members(session: int) -> dict[int, float]:
        """The session's living processes and the CPU seconds of each and of its children that have ended."""
        tick, found = os.sysconf("SC_CLK_TCK"), {}
        for entry in os.listdir("/proc"):
            try:
                fields = Path("/proc", entry, "stat").read_text().rpartition(")")[2].split() if entry.isdigit() else []
            except OSError:
                continue
            if fields and int(fields[3]) == session and fields[0] != "Z":
                found[int(entry)] = sum(map(int, fields[11:15])) / tick
        return found

    def end(self, session: int) -> None:
        for _ in range(100):  # one may have forked while it was being killed
            living = self.members(session)
            for member in living:
                try:
                    os.kill(member, signal.SIGKILL)
                except ProcessLookupError:
                    pass
            if not living:
                return
            time.sleep(0.01)

    def run(self, command: list[str], folder: Path, limit: Limit, env: dict[str, str] | None = None) -> Outcome:
        with open(folder / "output", "w+b") as output:
            begun = time.monotonic()
            process = subprocess.Popen([*self.memory, *command], cwd=folder, env=env, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
                                       start_new_session=True)
            try:
                status, cpu, late = self.watch(process.pid, limit, begun)
                process.returncode = os.waitstatus_to_exitcode(status)
            finally:
                self.end(process.pid)
                process.wait()
            output.seek(0)
            said = output.read().decode(errors="replace")
        if process.returncode and shutil.disk_usage(folder).free < LEAST_FREE:
            raise OSError(f"the disk of {folder} is full: nothing that fails there is a mutant's doing")
        return Outcome(process.returncode, said, cpu, time.monotonic() - begun, late)

    def watch(self, leader: int, limit: Limit, begun: float) -> tuple[int, float, bool]:
        """Until it has ended, of its own or at the limit: its wait status, the CPU seconds used, whether it was late."""
        late, pause = False, 0.01
        while True:
            ended, status, usage = os.wait4(leader, os.WNOHANG)
            if ended:
                return status, usage.ru_utime + usage.ru_stime, late
            if self.stopped.is_set():
                raise KeyboardInterrupt
            wall = time.monotonic() - begun
            late = wall > limit.wall or wall > limit.cpu / 4 and sum(self.members(leader).values()) > limit.cpu
            if late:
                self.end(leader)
            time.sleep(pause)
            pause = min(0.2, pause * 1.3)


def link_command(build: Path, target: str, output: str) -> tuple[list[str], Path]:
    """How the build links `output`, and where: from the Makefile generator's files, or as ninja says it."""
    text = build / "algorithms" / "CMakeFiles" / f"{target}.dir" / "link.txt"
    if text.exists():
        return shlex.split(text.read_text()), text.parent.parent.parent
    ninja = re.search(r"^CMAKE_MAKE_PROGRAM:\w+=(.*)$", (build / "CMakeCache.txt").read_text(), re.MULTILINE)[1]
    said = subprocess.run([ninja, "-C", str(build), "-t", "commands", "-s", output], stdout=subprocess.PIPE, text=True, check=True).stdout
    return shlex.split(next(part for part in said.split(" && ") if f" -o {output} " in part + " ")), build


def replaced(link: list[str], objects: dict[str, Path], output: Path) -> list[str]:
    """The link command with other objects ("/gns.c.o" names one by its end) and another output."""
    words = [next((str(new) for end, new in objects.items() if "_core.dir/" in word and word.endswith(end)), word) for word in link]
    words[words.index("-o") + 1] = str(output)
    return words


@dataclass
class Judged:
    """What the quick tier said: verdicts, why cells failed, and a hash of every column of every cell."""
    verdicts: dict[str, str]
    causes: set[str]
    bits: dict[tuple, str]
    timed: set[str]  # claims on experiments that measure time


def read_store(path: Path, owner: str) -> tuple[set[str], dict[tuple, str], set[str]]:
    store = sqlite3.connect(path)
    causes = {cause for (cause,) in store.execute("SELECT DISTINCT cause FROM cell WHERE status = 'error'")}
    bits: dict[tuple, str] = {}
    place = "m.experiment, m.overlay, m.position"
    for *key, status, rows in store.execute(f"SELECT {place}, c.status, c.rows FROM member m JOIN cell c USING (key) WHERE m.owner = ?", (owner,)):
        bits[tuple(key)] = f"{status} {rows}"
    for table, name in (("cell_column", "d.name"), ("attachment", "d.name || ' ' || d.seed || ' ' || d.row")):
        for *key, data in store.execute(f"SELECT {place}, '{table}', {name}, d.data FROM member m JOIN cell c USING (key) JOIN {table} d ON d.cell = c.id"
                                        " WHERE m.owner = ?", (owner,)):
            bits[tuple(key)] = hashlib.sha256(data).hexdigest()
    clocks = {name for (name,) in store.execute("SELECT DISTINCT m.experiment FROM member m JOIN cell c USING (key) WHERE c.timed AND m.owner = ?", (owner,))}
    claims = store.execute("SELECT id, json FROM definition WHERE kind = 'claim' AND owner = ?", (owner,)).fetchall()
    store.close()
    return causes, bits, {name for name, text in claims if json.loads(text).get("experiment") in clocks}


@dataclass
class Paper:
    """A folder of algorithms/ with its build: what is needed to judge one of its mutants."""
    folder: Path
    build: Path
    work: Path
    claims_alone: bool = False  # no tests: what would the claims see by themselves?
    processes: Processes = field(default_factory=Processes)

    def __post_init__(self) -> None:
        self.id = self.folder.name
        texts = [path.read_text() for path in sorted(self.folder.glob("*.c"))]
        self.plugin = next(m[1] for m in (re.search(r'\bcc_plugin_1\s*=\s*\{.*?\.id\s*=\s*"(\w+)"', text, re.DOTALL) for text in texts) if m)
        self.files = [p for p in sorted(self.folder.glob("*.c")) if not re.match(r"(claims|measures?|bench|test)\w*\.c$", p.name)]
        self.texts = {p.name: p.read_text() for p in self.files}
        self.compile = {}
        for entry in json.loads((self.build / "compile_commands.json").read_text()):
            if Path(entry["file"]).parent == self.folder and f"plugin_{self.id}_core.dir" in entry["command"]:
                self.compile[Path(entry["file"]).name] = (shlex.split(entry["command"]), entry["directory"])
        self.tests = [f"test_{self.id}" + re.sub(r"^test", "", p.stem) for p in sorted(self.folder.glob("test*.c")) if not self.claims_alone]
        self.links = {test: link_command(self.build, test, f"test/{test}") for test in self.tests}
        self.links[self.id] = link_command(self.build, f"plugin_{self.id}", f"lib/claimcheck/plugins/{self.id}.so")
        if any("-fsanitize" in word for link, _ in self.links.values() for word in link):
            self.processes.memory = self.processes.memory[:2]  # a sanitizer reserves terabytes of addresses

    def mutants(self) -> list[Mutant]:
        found = []
        for path in self.files:
            words = self.compile[path.name][0]
            flags = [w for i, w in enumerate(words) if re.match(r"-([DIU]|std=|isystem|iquote)", w) or words[i - 1] in ("-isystem", "-iquote", "-I")]
            found += mutants_of(path, flags)
        return found

    # ---- building ----

    def environment(self, folder: Path) -> dict[str, str]:
        own = {"CLAIMCHECK": str(self.build / "bin/claimcheck"), "CLAIMCHECK_SOURCE": str(ROOT), "CLAIMCHECK_BUILD": str(self.build),
               "CLAIMCHECK_PLUGIN_PATH": str(folder / "plugins"), "CLAIMCHECK_STORE": str(folder / "store.db"), "OPENBLAS_NUM_THREADS": "1"}
        return {"ASAN_OPTIONS": "detect_leaks=0:detect_odr_violation=0:handle_segv=0", **os.environ, **own}

    def compiled(self, name: str, text: str, folder: Path) -> tuple[Path, Outcome]:
        """The object of a changed file. It has the name, the lines and the include folder of the file it stands for."""
        words, _ = self.compile[name]
        source, target = folder / "source" / name, folder / f"{name}.o"
        source.parent.mkdir(parents=True, exist_ok=True)
        source.write_text(f'#line 1 "{self.folder / name}"\n{text}')
        command = [w for w in words if Path(w) != self.folder / name]
        command[command.index("-o") + 1] = str(target)
        return target, self.processes.run([*command, "-g0", "-iquote", str(self.folder), str(source)], folder, Limit(120, 600))

    def linked(self, objects: dict[str, Path], folder: Path) -> Outcome | None:
        """Tests and plug-in, linked anew; the first link that fails."""
        (folder / "plugins").mkdir(exist_ok=True)
        for name, (link, at) in self.links.items():
            output = folder / "plugins" / f"{name}.so" if name == self.id else folder / name
            command = ["env", "-C", str(at), *replaced(link, {f"/{end}": new for end, new in objects.items()}, output)]
            outcome = self.processes.run(command, folder, Limit(120, 600))
            if outcome.status:
                return outcome
        return None

    def verify(self, folder: Path, limit: Limit) -> tuple[Outcome, Judged | None]:
        for left in folder.glob("store.db*"):
            left.unlink()
        (folder / "verdicts").unlink(missing_ok=True)
        command = f"{shlex.quote(str(self.build / 'bin/claimcheck'))} verify --tier quick --quiet --json -j 1 {self.plugin} >verdicts"
        outcome = self.processes.run(["sh", "-c", command], folder, limit, self.environment(folder))
        try:
            claims = json.loads((folder / "verdicts").read_text())["claims"]
            return outcome, Judged({c["claim"]: c["verdict"] for c in claims if c["verdict"] in JUDGED}, *read_store(folder / "store.db", self.plugin))
        except (ValueError, OSError, sqlite3.Error):
            return outcome, None

    # ---- the unmutated paper ----

    def baseline(self) -> None:
        """Everything unmutated: objects, times, verdicts and bits, twice, so that what does not repeat is no witness."""
        folder = self.fresh("unmutated")
        self.objects, self.limits = {}, {}
        for name, text in self.texts.items():
            target, outcome = self.compiled(name, text, folder)
            if outcome.status:
                raise RuntimeError(f"{name} does not compile unmutated:\n{outcome.output}")
            self.objects[name] = target.read_bytes()
        if failed := self.linked({f"{name}.o": folder / f"{name}.o" for name in self.texts}, folder):
            raise RuntimeError(f"{self.id} does not link unmutated:\n{failed.output}")
        for test in self.tests:
            outcome = self.processes.run([f"./{test}"], folder, Limit(), self.environment(folder))
            if outcome.status:
                raise RuntimeError(f"{test} fails unmutated:\n{outcome.output}")
            self.limits[test] = Limit.over(outcome.cpu, outcome.wall)
        (outcome, first), (_, second) = self.verify(folder, Limit()), self.verify(folder, Limit())
        if not first or not second:
            raise RuntimeError(f"claimcheck verify {self.plugin} fails unmutated:\n{outcome.output}")
        self.limits["verify"] = Limit.over(outcome.cpu, outcome.wall)
        self.timed = first.timed
        self.verdicts = {claim: v for claim, v in first.verdicts.items() if second.verdicts.get(claim) == v}
        differ = [key for key in first.bits.keys() | second.bits.keys() if first.bits.get(key) != second.bits.get(key)]
        self.noise = {key[3:] for key in differ}  # columns that measure the machine, such as times
        self.bits = self.steady(first.bits)

    def steady(self, bits: dict[tuple, str]) -> dict[tuple, str]:
        return {key: value for key, value in bits.items() if key[3:] not in self.noise}

    def digest(self) -> str:
        """Of all that a verdict on a mutant depends on, besides the mutant."""
        digest = hashlib.sha256()
        inputs = {self.build / "bin/claimcheck", Path(__file__), *(self.build / "lib").rglob("*.so*")}
        for link, at in self.links.values():
            inputs |= {at / word for word in link if word.endswith(".o")}
            digest.update(" ".join(link).encode())
        for path in sorted(p for p in inputs if p.is_file()):
            digest.update(path.read_bytes())
        digest.update(json.dumps([self.compile[name][0] for name in self.texts]).encode())
        return digest.hexdigest()

    # ---- a mutant ----

    def fresh(self, name: str) -> Path:
        folder = self.work / name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        return folder

    def judge(self, mutant: Mutant) -> dict:
        """{"result": killed | survived | equivalent, "by": .., "what": ..}"""
        folder, begun = self.fresh(mutant.id), time.monotonic()
        try:
            result, by, what = self.sentence(mutant, folder)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        return {"result": result, "by": by, "what": what, "seconds": round(time.monotonic() - begun, 2)}

    def sentence(self, mutant: Mutant, folder: Path) -> tuple[str, str, str]:
        target, outcome = self.compiled(mutant.file, mutant.apply(self.texts[mutant.file]), folder)
        if outcome.status:
            errors = re.findall(r"error: (.*)", outcome.output)
            return "killed", "compiler", errors[0] if errors else outcome.last
        if target.read_bytes() == self.objects[mutant.file]:
            return "equivalent", "same code", "the object file is the same, byte for byte"
        if failed := self.linked({target.name: target}, folder):
            return "killed", "compiler", failed.last
        return self.tested(folder) or self.claimed(folder)

    def tested(self, folder: Path) -> tuple[str, str, str] | None:
        for test in self.tests:
            outcome = self.processes.run([f"./{test}"], folder, self.limits[test], self.environment(folder))
            if outcome.late:
                return "killed", "deadline", test
            crash = re.search(r"(?<=Test failed with exception: ).*|(?<=SUMMARY: )\w+Sanitizer: .*", outcome.output)
            if outcome.status < 0 or outcome.status > 128 or crash:
                return "killed", "crash", f"{test}: {crash[0] if crash else outcome.last}"
            if outcome.status:
                names = dict.fromkeys(re.findall(r"\[  FAILED  \] (\w+)$", outcome.output, re.MULTILINE))
                return "killed", "test", ", ".join(names) or outcome.last
        return None

    def claimed(self, folder: Path) -> tuple[str, str, str]:
        outcome, judged = self.verify(folder, self.limits["verify"])
        changed = self.changed(judged)
        if not outcome.late and (not judged or changed and changed.keys() <= self.timed):  # asked twice: time alone, and silence
            outcome, judged = self.verify(folder, self.limits["verify"])
            changed = self.changed(judged)
        if outcome.late:
            return "killed", "deadline", "verify"
        if not judged:
            return "killed", "crash" if outcome.status < 0 or outcome.status > 128 else "claim", f"no verdicts: {outcome.last}"
        if changed:
            causes = sorted(c for c in judged.causes if c.startswith("SIG") or c in ("deadline", "memory"))
            by = ("deadline" if causes == ["deadline"] else "crash") if causes else "claim"
            return "killed", by, ", ".join(f"{claim} {verdict}" for claim, verdict in changed.items()) + (f" ({', '.join(causes)})" if causes else "")
        if self.steady(judged.bits) == self.bits:
            return "survived", "same bits", "every table of the quick tier is the same, bit for bit"
        return "survived", "", ""

    def changed(self, judged: Judged | None) -> dict[str, str]:
        if not judged:
            return {}
        now = {claim: judged.verdicts.get(claim, "absent") for claim in self.verdicts}
        return {claim: verdict for claim, verdict in now.items() if verdict != self.verdicts[claim]}
