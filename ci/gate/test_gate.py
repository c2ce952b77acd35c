#!/usr/bin/python3
"""The gate as a command: revisions, the cache, what does not build, interruptions, in a repository of a few lines whose benchmarks tell made-up times.

With CLAIMCHECK_BUILD (ctest sets it) also bugs planted in a real plug-in: each must be caught, named and blamed on the right claims.
"""
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path
from unittest import mock

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(HERE))
import builds  # noqa: E402
import choose  # noqa: E402
import counts  # noqa: E402
import pairs  # noqa: E402
import patched  # noqa: E402
import verdicts  # noqa: E402

# In place of claimcheck: a benchmark with two arguments that tells how long it took, about 110 ns times FACTOR an iteration and a little noise; no claims.
COMMAND = """#!/usr/bin/python3
import random, sqlite3, sys
words = sys.argv[1:]
if "--help" in words: print("--serve")
elif "--benchmark_list_tests" in words: print("p/work/10" + chr(10) + "p/work/100")
elif words[:2] == ["bench", "--serve"]:
    print("ready", flush=True)
    for line in sys.stdin:
        if FACTOR < 0: print("error it cannot run", flush=True); sys.exit(1)
        ns = int(int(line) * (100 + len(words[2])) * FACTOR * (1 + abs(random.gauss(0, .001))))
        print(ns, ns, -1, flush=True)
    print("peak", 10485760)
elif words[0] == "verify":
    if FACTOR == 3: sys.exit("claimcheck: no claim can be judged")
    sqlite3.connect(words[words.index("--store") + 1]).execute("CREATE TABLE IF NOT EXISTS definition (owner, kind, id, json)")
    print('{"claims": []}')
"""
CMAKE = """cmake_minimum_required(VERSION 3.20)
project(tiny LANGUAGES C)
add_custom_command(OUTPUT ${CMAKE_BINARY_DIR}/bin/claimcheck DEPENDS ${CMAKE_SOURCE_DIR}/build.sh ${CMAKE_SOURCE_DIR}/command
  COMMAND sh ${CMAKE_SOURCE_DIR}/build.sh ${CMAKE_SOURCE_DIR}/command ${CMAKE_BINARY_DIR}/bin/claimcheck)
add_custom_target(claimcheck ALL DEPENDS ${CMAKE_BINARY_DIR}/bin/claimcheck)
"""
BUILD = "mkdir -p $(dirname $2)\ncp $1 $2\nchmod +x $2\n"


class Repository(unittest.TestCase):
    def setUp(self):
        self.root = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.root, True)
        (self.root / "ci/baseline").mkdir(parents=True)
        shutil.copytree(HERE, self.root / "ci/gate", ignore=shutil.ignore_patterns("__pycache__"))
        self.write("CMakeLists.txt", CMAKE)
        self.write("build.sh", BUILD)
        self.write("command", COMMAND.replace("FACTOR", "1.0"))
        self.write(".gitignore", "build/\n__pycache__/\n")
        self.git("init", "-q", "-b", "main")
        self.commit("first")

    def write(self, name, text):
        (self.root / name).write_text(text)

    def git(self, *words):
        who = ["-c", "user.name=Some One", "-c", "user.email=some@one.example", "-c", "commit.gpgsign=false"]
        return subprocess.run(["git", "-C", self.root, *who, *words], check=True, capture_output=True, text=True).stdout

    def commit(self, message):
        self.git("add", "-A")
        self.git("commit", "-qm", message)

    def gate(self, *words, expected=0, **environment):
        run = subprocess.run(self.words(*words), capture_output=True, text=True, timeout=300, check=False, env=os.environ | environment)
        self.assertEqual(run.returncode, expected, run.stdout + run.stderr)
        return run.stdout + run.stderr

    def words(self, *words):
        return ["/usr/bin/python3", "-B", self.root / "ci/gate/gate.py", "--only", "time", "--all", *words]

    def result(self):
        return json.loads((self.root / "build/gate/out/gate.json").read_text())

    def builds(self):
        return sorted(p.parent.name for p in (self.root / "build/gate/cache").glob("*/built"))


class Revisions(Repository):
    def test_equal_revisions_may_merge_and_are_built_once(self):
        said = self.gate("HEAD")
        self.assertIn("gate: may merge", said)
        self.assertIn("1 same", said)
        self.assertEqual(len(self.builds()), 1)
        stamp = next((self.root / "build/gate/cache").glob("*/built"))
        built = stamp.stat().st_mtime_ns
        self.gate("HEAD", "HEAD")
        self.assertEqual(stamp.stat().st_mtime_ns, built)

    def test_slower_head_is_named_and_can_be_accepted(self):
        self.write("command", COMMAND.replace("FACTOR", "1.1"))
        self.commit("slower")
        said = self.gate("HEAD~1", expected=1)
        self.assertIn("gate: must not merge", said)
        self.assertIn("FAIL     time    p/work/100: slower: x 1.1", said)
        self.git("commit", "--allow-empty", "-qm", "It must be so\n\nGate-Accepts: time p/*")
        self.assertIn("accepted time    p/work/100", self.gate("HEAD~2"))
        self.assertTrue(self.result()["passed"])

    def test_work_tree_with_uncommitted_and_new_files(self):
        self.write("command", COMMAND.replace("FACTOR", "1.2"))
        self.write("new.txt", "new")
        before = self.git("status", "--porcelain")
        said = self.gate("HEAD", expected=1)
        self.assertIn("first + uncommitted changes", said)
        self.assertIn("slower", said)
        self.assertEqual(self.git("status", "--porcelain"), before)
        self.assertEqual(len(list((self.root / "build/gate/cache").glob("*/src/new.txt"))), 1)

    def test_no_such_revision(self):
        for name in ("nonsense", "--help-me", "HEAD~99", ""):
            with self.subTest(name=name):
                self.assertIn("is no revision of this repository", self.gate("--", name, expected=3))
        self.assertIn("usage", self.gate("HEAD", "--only", "nothing", expected=3))
        self.assertIn("no benchmark of both sides is called p/other", self.gate("HEAD", "--bench", "p/other", expected=3))

    def test_shallow_clone_says_so(self):
        self.git("commit", "--allow-empty", "-qm", "second")
        clone, tree = self.root / "build/clone", self.root / "build/tree"
        self.git("clone", "-q", "--depth", "1", self.root.as_uri(), clone)
        subprocess.run(["git", "-C", clone, "worktree", "add", "-q", tree], check=True, capture_output=True)
        for self.root in (clone, tree):
            self.assertIn("'HEAD~1' is no revision of this repository; a shallow clone", self.gate("HEAD~1", expected=3))

    def test_base_is_one_word_and_not_forgotten(self):
        """What a CI system fails to fill in must not become the commit before."""
        for base, said in (("HEAD^{/a; b}", "gate.py 'HEAD^{/a; b}'"), ("", "gate.py ''"), (None, "gate.py 'HEAD~1'")):
            words = ["make", "-n", "-f", ROOT / "Makefile", "gate", *([f"BASE={base}"] if base is not None else [])]
            environment = {name: value for name, value in os.environ.items() if name not in ("BASE", "MAKEFLAGS")}
            self.assertIn(said, subprocess.run(words, capture_output=True, text=True, check=True, env=environment).stdout)

    def test_base_that_does_not_build_decides_nothing(self):
        self.write("build.sh", "echo 'tiny.c:3: error: this is broken' >&2\nexit 1\n")
        self.commit("broken")
        self.write("build.sh", BUILD)
        self.commit("mended")
        said = self.gate("HEAD~1", expected=2)
        self.assertIn("gate: not decided: base (", said)
        self.assertIn("broken) does not build", said)
        self.assertIn("tiny.c:3: error: this is broken", said)
        self.assertIn("<error ", (self.root / "build/gate/out/junit.xml").read_text())

    def test_head_that_does_not_build_must_not_merge(self):
        self.write("build.sh", "echo 'tiny.c:3: error: this is broken' >&2\nexit 1\n")
        said = self.gate("HEAD", expected=1)
        self.assertIn("FAIL     build   head", said)
        self.assertIn("tiny.c:3: error: this is broken", said)

    def test_side_that_cannot_be_judged(self):
        self.write("command", COMMAND.replace("FACTOR", "3"))
        said = self.gate("HEAD", "--only", "verdicts", expected=1)
        self.assertIn("FAIL     verdict head: head cannot be judged: claimcheck: no claim can be judged", said)
        self.assertIn("<failure ", (self.root / "build/gate/out/junit.xml").read_text())
        self.commit("no claims")
        self.write("command", COMMAND.replace("FACTOR", "1"))
        self.assertIn("gate: not decided: base cannot be judged: claimcheck: no claim", self.gate("HEAD", "--only", "verdicts", expected=2))
        self.assertIn("<error ", (self.root / "build/gate/out/junit.xml").read_text())

    def test_full_disk_is_no_fault_of_head_and_leaves_no_result(self):
        self.gate("HEAD")
        self.write("build.sh", "echo 'as: tiny.o: No space left on device' >&2\nexit 1\n")
        self.assertIn("No space left on device", self.gate("HEAD", expected=2))
        self.assertEqual([p.name for p in (self.root / "build/gate/out").iterdir() if p.is_file()], [])
        (self.root / "build/file").touch()
        self.assertIn("gate: not decided: ", self.gate("HEAD", "--out", self.root / "build/file", expected=2))

    def test_another_compiler_builds_anew(self):
        self.gate("HEAD")
        other = self.root / "build/other cc"
        other.write_text('#!/bin/sh\nexec cc -mno-avx "$@"\n')
        other.chmod(0o755)
        self.gate("HEAD", CC=str(other))
        self.assertEqual(len(self.builds()), 2)

    def test_benchmark_that_breaks_at_head(self):
        self.write("command", COMMAND.replace("FACTOR", "-1"))
        self.assertIn("FAIL     time    p/work/100: p/work/100: head: it cannot run", self.gate("HEAD", expected=1))


class Interruption(Repository):
    def begun(self, *before):
        """A gate in the middle of a build, and the process that builds."""
        process = subprocess.Popen([*before, *self.words("HEAD")], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True)
        end = time.monotonic() + 60
        while not (found := list((self.root / "build/gate/cache").glob("*/src/build.sh.started"))) and time.monotonic() < end:
            time.sleep(0.05)
        return process, int(found[0].read_text())

    def test_what_it_started_ends_with_it(self):
        """Stopped alone, and from a script's background, where SIGINT is ignored."""
        self.write("build.sh", "echo $$ >$0.new && mv $0.new $0.started\nsleep 600\n")
        self.commit("slow to build")
        process, builder = self.begun("sh", "-c", "trap '' INT; exec \"$@\"", "sh")
        process.send_signal(signal.SIGTERM)
        _, said = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 130, said)
        end = time.monotonic() + 10
        while (alive := Path(f"/proc/{builder}/fd/1").exists()) and time.monotonic() < end:
            time.sleep(0.05)
        self.assertFalse(alive)

    def test_killed_gate_s_build_is_waited_for(self):
        self.write("build.sh", f"echo $$ >>$0.new && cp $0.new $0.started\nsleep 3\n{BUILD}")
        self.commit("slow to build")
        process, _ = self.begun()
        process.kill()
        process.communicate(timeout=60)
        self.assertIn("may merge", self.gate("HEAD"))
        started = next((self.root / "build/gate/cache").glob("*/src/build.sh.started"))
        self.assertEqual(len(started.read_text().split()), 1)

    def test_cache_is_whole_afterwards(self):
        self.write("build.sh", "echo $$ >$0.new && mv $0.new $0.started\nsleep 600\n")
        self.commit("slow to build")
        process, _ = self.begun()
        os.killpg(process.pid, signal.SIGTERM)  # as a CI system does, to all of it
        _, said = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 130, said)
        self.assertIn("gate: interrupted", said)
        self.assertEqual(self.builds(), [])
        source = next((self.root / "build/gate/cache").glob("*/src"))
        (source / "build.sh").write_text(BUILD)  # what was slow is no longer: the same folder is built on
        self.assertIn("may merge", self.gate("HEAD"))
        self.assertEqual(self.builds(), [source.parent.name])
        self.assertEqual(self.git("status", "--porcelain"), "")

    def test_half_written_sources_are_written_again(self):
        revision = builds.committed(self.root, "HEAD")
        half = builds.folder_of(self.root / "build/gate/cache", revision) / "src.new"
        half.mkdir(parents=True)
        (half / "CMakeLists.txt").write_text("half of")
        self.assertIn("may merge", self.gate("HEAD"))

    def test_half_copied_cells_are_copied_again(self):
        """And whole: what was not yet brought from the journal to the file is copied too."""
        store, new = self.root / "base.db", self.root / "head.db"
        database = sqlite3.connect(store)
        self.addCleanup(database.close)
        database.executescript("PRAGMA journal_mode = WAL; CREATE TABLE cell (key); INSERT INTO cell VALUES (1), (2)")
        (self.root / "head.db.new").write_text("half of")
        with mock.patch.object(Path, "replace", side_effect=KeyboardInterrupt), self.assertRaises(KeyboardInterrupt):
            verdicts.copied(store, new)
        self.assertFalse(new.exists())
        verdicts.copied(store, new)
        self.assertEqual(sqlite3.connect(new).execute("SELECT count(*) FROM cell").fetchone(), (2,))

    def test_old_builds_go(self):
        cache = self.root / "build/gate/cache"
        for i in range(builds.KEEP + 3):
            (cache / f"{i:016}").mkdir(parents=True)
            (cache / f"{i:016}.lock").touch()
            used = cache / f"{i:016}" / "used"
            used.write_text("")
            os.utime(used, (i, i))
        self.gate("HEAD")
        self.assertEqual(len(list(cache.glob("*/used"))), builds.KEEP)
        self.assertEqual(len(list(cache.glob("*.lock"))), builds.KEEP)


class Choice(unittest.TestCase):
    def test_reach(self):
        benches, families, folders = ["a/x/1", "b/y", "harness/z"], {"01_a": {"f"}, "02_b": set()}, {"a": "01_a", "b": "02_b"}
        reach = lambda *changed: choose.within_reach(benches, set(changed), families, folders)
        self.assertEqual(reach(), [])
        self.assertEqual(reach("plug-in 02_b"), ["b/y"])
        self.assertEqual(reach("family f"), ["a/x/1"])
        self.assertEqual(reach("benchmarks of the harness"), ["harness/z"])
        self.assertEqual(reach("harness"), benches)
        self.assertEqual(choose.within_reach(["c/new"], set(), families, folders), ["c/new"])

    def test_no_owner_is_left_out_for_another(self):
        self.assertEqual(choose.spread_over(["a/1", "a/2", "a/3", "b/1", "c/1"], 4), ["a/1", "a/2", "b/1", "c/1"])
        self.assertEqual(choose.without_argument("p/work, all/64/3"), "p/work, all")


# A build in small: in the numerics outer takes inner; a benchmark of plug-in 01_a and one of the harness take outer, family f takes lone, plug-in 02_b nothing.
OBJECTS = {
    "harness/CMakeFiles/claimcheck_numerics_objects.dir/numerics/outer.c.o": "int inner(int); int outer(int n) { return inner(n) + 1; }",
    "harness/CMakeFiles/claimcheck_numerics_objects.dir/numerics/inner.c.o": "int inner(int n) { return 2 * n; }",
    "harness/CMakeFiles/claimcheck_numerics_objects.dir/numerics/lone.c.o": "int lone(int n) { return 3 * n; }",
    "harness/CMakeFiles/claimcheck_core_objects.dir/core/run.c.o": "int step(int n) { return n; }",
    "harness/CMakeFiles/claimcheck.dir/gbench/nets_bench.c.o": "int outer(int); int nets(void) { return outer(1); }",
    "harness/CMakeFiles/claimcheck.dir/cli/main.c.o": "int main(void) { return 0; }",
    "verify/CMakeFiles/claimcheck_verify_objects.dir/table.c.o": "int table(int n) { return n; }",
    "problems/CMakeFiles/claimcheck_data.dir/data/idx.c.o": "int idx(int n) { return n; }",
    "problems/CMakeFiles/family_f_core.dir/f/f.c.o": "int lone(int); int f(int n) { return lone(n); }",
    "problems/CMakeFiles/family_g_core.dir/g/g.c.o": "int g(int n) { return n; }",
    "algorithms/CMakeFiles/plugin_01_a_core.dir/01_a/a.c.o": "int step(int); int a(int n) { return step(n); }",
    "algorithms/CMakeFiles/plugin_01_a_said.dir/01_a/bench.c.o": "int a(int), outer(int); int work(void) { return outer(a(1)); }",
    "algorithms/CMakeFiles/plugin_02_b_core.dir/02_b/b.c.o": "int b(int n) { return n; }",
}


class Reach(unittest.TestCase):
    """What a change of one file changes in a build."""

    def setUp(self):
        self.root = Path(tempfile.mkdtemp(suffix=" of builds"))
        self.addCleanup(shutil.rmtree, self.root, True)

    def compile(self, build, name, text):
        path = build / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.with_suffix("").write_text(text)
        subprocess.run(["cc", "-O1", "-c", path.with_suffix(""), "-o", path], check=True)

    def parts(self, folder, changed="", table=True):
        """Of the build in small with this file, named without folder and suffix, changed; `table`: of what numerics define, as the build writes it."""
        build, plain = self.root / folder, self.root / "plain"
        for name, text in OBJECTS.items() if not plain.exists() else []:
            self.compile(plain, name, text)
        shutil.copytree(plain, build)
        for name in [name for name in OBJECTS if name.endswith(f"/{changed}.c.o")]:
            self.compile(build, name, OBJECTS[name].replace("return ", "return 7 + "))
        if table:
            (build / "lib/claimcheck").mkdir(parents=True)
            numerics = build.glob("harness/CMakeFiles/claimcheck_numerics_objects.dir/*/*.o")
            subprocess.run([HERE.parent / "closures", build / "lib/claimcheck/numerics.digest", *numerics], check=True)
        return choose.modules(build)

    def test_of_a_change(self):
        base = self.parts("base")
        self.assertEqual(self.parts("again"), base)
        expected = {
            "inner": {"plug-in 01_a", "benchmarks of the harness"},
            "outer": {"plug-in 01_a", "benchmarks of the harness"},
            "lone": {"family f"},
            "run": {"harness"},
            "main": {"harness"},
            "table": {"harness"},
            "nets_bench": {"benchmarks of the harness"},
            "idx": {"family f", "family g"},
            "g": {"family g"},
            "bench": {"plug-in 01_a"},
            "b": {"plug-in 02_b"},
        }
        for file, parts in expected.items():
            with self.subTest(file=file):
                head = self.parts(file, file)
                self.assertEqual({part for part in head if head[part] != base[part]}, parts)

    def test_without_a_table_numerics_are_the_harness(self):
        base, head, newer = self.parts("base", table=False), self.parts("head", "inner", table=False), self.parts("newer")
        self.assertEqual({part for part in head if head[part] != base[part]}, {"harness"})
        self.assertNotEqual(newer["harness"], base["harness"])


BUILT = Path(os.environ.get("CLAIMCHECK_BUILD", "/nonexistent"))
PLAIN = (BUILT / "CMakeCache.txt").exists() and "CLAIMCHECK_SANITIZE:STRING=\n" in (BUILT / "CMakeCache.txt").read_text() and "CLAIMCHECK_COVERAGE:BOOL=OFF" in (
    BUILT / "CMakeCache.txt"
).read_text()


@unittest.skipUnless(PLAIN, "needs a plain build: CLAIMCHECK_BUILD")
class Planted(unittest.TestCase):
    """Bugs in gns (algorithms/03_gns), in a copy outside the tree."""

    def setUp(self):
        self.folder = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder, True)
        self.base = pairs.Side("base", BUILT / "bin/claimcheck")

    def judged(self, side, words):
        store = self.folder / f"{side.name}.db"
        return verdicts.verify(side, store, words), store

    def head(self, file, old, new):
        return pairs.Side("head", BUILT / "bin/claimcheck", str(patched.patched(BUILT, ROOT, file, old, new, self.folder / "plugins")))

    def test_one_gradient_more_an_iteration(self):
        line = "    s->gamma = radius(s), s->trials = 0"
        head = self.head("algorithms/03_gns/gns.c", line, f"    CC_TRY(smooth_grad(run, s->x, s->h));\n{line}")
        words = ["gns.progress", "gns.trials", "gns.bounds"]
        (before, base_store), (after, head_store) = self.judged(self.base, words), self.judged(head, words)
        self.assertEqual({k: e.verdict for k, e in before.items()}, {k: e.verdict for k, e in after.items()})  # no claim sees it
        found = counts.compare(base_store, head_store)
        self.assertEqual({(d.place[1], d.how) for d in found.differences}, {("known", "exact"), ("adaptive", "exact")})
        self.assertLessEqual({d.column for d in found.differences}, {"n_g", "n_samp"})
        self.assertTrue(all(d.fails for d in found.differences))
        blamed = {d.place[1]: set() for d in found.differences}
        for difference in found.differences:
            blamed[difference.place[1]] |= set(difference.claims)
        self.assertIn("progress", blamed["known"])
        self.assertNotIn("bounds", blamed["known"] | blamed["adaptive"])
        for difference in found.differences:
            if difference.place == ("gns", "known", "") and difference.column == "n_g":
                steps = self.steps(head_store, difference.arm)
                self.assertEqual(difference.head - difference.base, steps, "one for each iteration, no more and no less")

    def steps(self, path, arm):
        store = counts.Store(path)
        cell = next(cell for cell in store.cells().values() if cell.place == ("gns", "known", "") and cell.arm == arm)
        return max(store.columns(cell)["step"])

    def test_changed_verdict(self):
        head = self.head("algorithms/03_gns/gns.c", "return GNS_T_STAR / s->M;", "return 4 * GNS_T_STAR / s->M;")
        (before, _), (after, _) = self.judged(self.base, ["gns.progress"]), self.judged(head, ["gns.progress"])
        known = verdicts.known_verdicts(ROOT / "ci/baseline")
        changes = verdicts.compare(before, after, known, known)
        self.assertEqual([(c.paper, c.claim, c.kind, c.base.verdict, c.head.verdict) for c in changes], [("gns", "progress", "changed", "verified", "refuted")])
        self.assertIn("arm=", changes[0].head.text)
        self.assertEqual(verdicts.asked_twice(head, changes), changes)


if __name__ == "__main__":
    unittest.main()
