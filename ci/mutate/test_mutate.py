#!/usr/bin/python3
"""The mutants of small files, and the judgement of a paper of a few lines, with a command in place of claimcheck that fills a real store."""
import argparse
import json
import random
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
import unittest.mock
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import mutate
from judge import ROOT, Limit, Paper, Processes
from operators import Mutant, blank, mutants_of

HEADER = """#include <stddef.h>
#define CC_TRY(call) do { int status = (call); if (status) return status + 1; } while (0)
#define CC_NEW(run, pointer, count) ((pointer) = cc_alloc((run), (count) * sizeof *(pointer)))
void *cc_alloc(int run, size_t size);
int cc_fail(int run, int status, const char *text, ...);
int work(int run, double a, double b);
inline int of_header(int x) { return x + 1; }
"""


class Folder(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder, True)
        (self.folder / "tiny.h").write_text(HEADER)

    def mutants(self, text):
        path = self.folder / "tiny.c"
        path.write_text(text)
        found = mutants_of(path, ["-std=c11"])
        self.assertEqual(len({m.id for m in found}), len(found))
        for m in found:
            self.assertEqual(m.old, text[m.start:m.end])
        return found

    def changes(self, text):
        return sorted((m.kind, m.old, m.new) for m in self.mutants(text))


@unittest.skipUnless(shutil.which("clang"), "the syntax tree is clang's")
class Operators(Folder):
    def test_arithmetic_relation_and_constants(self):
        self.assertEqual(self.changes("int f(int a) { return a <= 1 ? a * 7 : a - 0; }"), [
            ("arithmetic", "*", "/"), ("arithmetic", "-", "+"), ("condition", "a <= 1", "!(a <= 1)"), ("constant", "0", "1"),
            ("constant", "1", "0"), ("constant", "1", "2"), ("constant", "7", "8"), ("relation", "<=", "<")])

    def test_floating_constants_and_signs(self):
        self.assertEqual(self.changes("double f(double a) { double b = a; b = a / 2; b *= .5; return -b; }"), [
            ("arithmetic", "*=", "/="), ("arithmetic", "/", "*"), ("constant", ".5", "(-.5)"), ("constant", ".5", "(.5 * 1.1)"),
            ("constant", "2", "(-2)"), ("constant", "2", "(2 * 1.1)"), ("drop", "b *= .5", "(void)0"), ("drop", "b = a / 2", "(void)0"),
            ("sign", "-", "+"), ("sign", "a", "-(a)"), ("sign", "a / 2", "-(a / 2)")])

    def test_conditions(self):
        self.assertEqual(self.changes("int f(int a, int b) { if (a && !b) return a; return b; }"), [
            ("condition", "!b", "!(!b)"), ("condition", "a", "!(a)"), ("condition", "a && !b", "!(a && !b)"), ("condition", "a && !b", "(a || !b)")])

    def test_equality_is_negated_once(self):
        self.assertEqual(self.changes("int f(int a, int b) { if (a == b) return a; return b; }"), [("relation", "==", "!=")])

    def test_indices_and_pointers(self):
        self.assertEqual(self.changes("int f(const int *p, int i) { return p[i] - *(p + i); }"), [
            ("arithmetic", "-", "+"), ("index", "i", "i + 1"), ("index", "i", "i - 1")])

    def test_arguments_of_one_type_are_swapped(self):
        found = self.changes('#include "tiny.h"\nint f(int run, double a) { return work(run, a, a + 2) + work(run, a, a); }')
        self.assertIn(("swap", "a, a + 2", "a + 2, a"), found)
        self.assertEqual([m[0] for m in found].count("swap"), 1)  # not of different types, not of the same text

    def test_statements_are_dropped_each_alone(self):
        found = self.changes("void g(void); void f(int *a, int *b) { *a = *b, *b = 3; if (*a) g(); for (;;) ++*a; }")
        self.assertEqual([m[1] for m in found if m[0] == "drop"], ["*a = *b", "*b = 3", "++*a", "g()"])

    def test_macros_refusals_and_allocations(self):
        found = self.changes('#include "tiny.h"\n#define TWICE(x) ((x) * 2)\nint f(int run, double a) {\n    double *p;\n    CC_NEW(run, p, 5);\n'
                             '    CC_TRY(work(run, a, 9));\n    if (a < 4) return cc_fail(run, 8, "%d", 6);\n    return TWICE(run + 3);\n}')
        self.assertIn(("drop", "CC_TRY(work(run, a, 9))", "(void)0"), found)
        self.assertIn(("constant", "9", "(9 * 1.1)"), found)
        self.assertEqual({m[1] for m in found if m[0] == "constant"}, {"9", "3"})  # nothing of the header, the macros, the test that refuses
        self.assertEqual([m for m in found if m[0] == "relation"], [])

    def test_what_is_no_code_stays(self):
        text = ('#define SIZE (3 + 4) /* 1 + 2 */\n/* a < b */ // 5 * 6\nstruct row { const char *doc; double least; };\n'
                'static const struct row rows[] = { { "1 + 1", 2.5 } };\nstatic const double weights[] = { 1.5 };\n'
                'const char *f(int a) { return a > 1 ? "x < 2 && 3" : rows[0].doc /* 4 - 3 */; }\ndouble g(void) { return weights[0] + SIZE; }\n')
        code = blank(text)
        self.assertEqual(len(code), len(text))
        found = self.mutants(text)
        for m in found:
            self.assertEqual(code[m.start], text[m.start], m)
        touched = {m.old for m in found}
        self.assertIn("1.5", touched)  # a table of numbers is algorithm
        self.assertFalse(touched & {"2.5", "3", "4", "5", "6"}, touched)  # a descriptor is not

    def test_every_mutant_is_a_program(self):
        text = (ROOT / "ci/mutate/test_mutate.c").read_text()
        compiler = ["cc", "-std=c11", "-fsyntax-only", "-x", "c", "-"]
        found = self.mutants(text)
        self.assertGreater(len(found), 60)
        self.assertEqual(set(mutate.KINDS), {m.kind for m in found})
        for m in random.Random(1).sample(found, 12):
            done = subprocess.run(compiler, input=m.apply(text), text=True, stderr=subprocess.PIPE, check=False)
            self.assertEqual(done.returncode, 0, f"{m.place} {m.after}\n{done.stderr}")
            self.assertIn(m.new.split("\n")[0], m.after.replace("\n", " "))

    def test_a_file_that_does_not_compile_is_an_error(self):
        with self.assertRaisesRegex(RuntimeError, "clang cannot read"):
            self.mutants("int f(void) { return undeclared; }")


class Numbers(unittest.TestCase):
    def setUp(self):
        self.results = [{"result": r, "by": b} for r, b in [("killed", "test")] * 5 + [("killed", "claim")] * 2 + [("killed", "compiler")]
                        + [("survived", "")] + [("survived", "same bits")] + [("equivalent", "same code")] * 3]

    def test_score(self):
        s = mutate.score(self.results)
        self.assertEqual((s["mutants"], s["equivalent"], s["killed"], s["survived"], s["same_bits"]), (13, 3, 8, 2, 1))
        self.assertAlmostEqual(s["score"], 80)  # 8 of 13 - 3
        self.assertAlmostEqual(s["score_without_compiler"], 100 * 7 / 9)
        self.assertAlmostEqual(s["score_without_same_bits"], 100 * 8 / 9)
        self.assertEqual(s["by"], {"test": 5, "claim": 2, "compiler": 1})
        self.assertEqual(mutate.score([])["score"], 100)

    def test_interval(self):  # Wilson 1927; the values are those of statsmodels' proportion_confint(8, 10, method="wilson")
        low, high = mutate.wilson(8, 10)
        self.assertAlmostEqual(low, 49.0162, places=3)
        self.assertAlmostEqual(high, 94.3318, places=3)
        self.assertEqual(mutate.wilson(0, 0), (0, 100))

    def test_sample_depends_on_the_seed_alone(self):
        some = [Mutant("a.c", i, 1, "drop" if i % 2 else "sign", i, i + 1, "x", "y", "x", "y") for i in range(100)]
        args = argparse.Namespace(sample=10, seed=4, file=None, kind=None, mutant=None)
        first, other = mutate.chosen(some, args), mutate.chosen(some, argparse.Namespace(**{**vars(args), "seed": 5}))
        self.assertEqual(first, mutate.chosen(some, args))
        self.assertNotEqual(first, other)
        self.assertEqual(len(first), 10)
        drops = mutate.chosen(some, argparse.Namespace(**{**vars(args), "kind": ["drop"], "sample": 0}))
        self.assertEqual(len(drops), 50)

    def test_what_is_not_there_is_no_score(self):
        """Nothing killed of nothing would be 100 %."""
        paper = argparse.Namespace(id="tiny", texts={"a.c": ""}, mutants=lambda: [Mutant("a.c", 1, 1, "sign", 0, 1, "x", "y", "x", "y")])
        asked = lambda **words: mutate.selected([paper], argparse.Namespace(**{"sample": 0, "seed": 0, "file": None, "kind": None, "mutant": None, **words}))
        self.assertEqual([(p.id, total, len(some)) for p, total, some in asked(file=["a.c"])], [("tiny", 1, 1)])
        for words, said in (({"file": ["b.c"]}, "no file 'b.c'; there is a.c"), ({"mutant": ["0"]}, "no mutant '0'"), ({"kind": ["drop"]}, "no mutant is all")):
            with self.subTest(words=words), self.assertRaisesRegex(LookupError, said):
                asked(**words)


# What the paper of a few lines consists of: `sum` is tested, `scale` is claimed, `noted` is in the table, of `idle` nobody speaks.
TINY = """#include "tiny.h"
int tiny_sum(int n)
{
    int sum = 0;
    for (int i = 1; i <= n; i++) sum += i;
    return sum;
}
double tiny_scale(double x) { return 3 * x; }
double tiny_noted(double x) { return x + 1; }
double tiny_idle(double x) { return x + 2; }
"""
SAID = "typedef struct { const char *id; } cc_plugin;\nconst cc_plugin cc_plugin_1 = { .id = \"tiny\" };\n"
TEST = """#include <stdio.h>
int tiny_sum(int n);
int main(void)
{
    if (tiny_sum(4) == 10) return 0;
    puts("[  FAILED  ] 1 test(s), listed below:\\n[  FAILED  ] sums");
    return 1;
}
"""
COMMAND = """#!/usr/bin/python3
import ctypes, json, os, sqlite3, struct
tiny = ctypes.CDLL(os.environ["CLAIMCHECK_PLUGIN_PATH"] + "/00_tiny.so")
def value(name):
    function = getattr(tiny, name)
    function.restype, function.argtypes = ctypes.c_double, [ctypes.c_double]
    return function(2)
store = sqlite3.connect(os.environ["CLAIMCHECK_STORE"])
store.executescript(open("SCHEMA").read())
store.execute("INSERT INTO environment VALUES (1, 'e', '{}')")
store.execute("INSERT INTO cell VALUES (1, ?, '', 'done', '', '', 1, 0, 0, 0, 1, '')", (str(os.getpid()),))
for name, x in ("scale", value("tiny_scale")), ("noted", value("tiny_noted")), ("ns", os.getpid()):
    store.execute("INSERT INTO cell_column VALUES (1, ?, 0, ?)", (name, struct.pack("<d", x)))
store.execute("INSERT INTO member VALUES ('tiny', 'curve', '', 0, 0, 'a', '', ?)", (str(os.getpid()),))
store.execute("INSERT INTO definition VALUES ('tiny', 'claim', 'scales', 0, ?)", (json.dumps({"experiment": "curve"}),))
store.commit()
verdicts = {"scales": "verified" if value("tiny_scale") == 6 else "refuted", "seen": "observation"}
print(json.dumps({"claims": [{"claim": claim, "verdict": verdict} for claim, verdict in verdicts.items()]}))
"""


class Judgement(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = Path(tempfile.mkdtemp())
        cls.addClassCleanup(shutil.rmtree, cls.folder, True)
        cls.source, cls.build = cls.folder / "algorithms/00_tiny", cls.folder / "build"
        files = {"tiny.h": "int tiny_sum(int n);\n", "tiny.c": TINY, "claims.c": SAID, "test.c": TEST}
        cls.source.mkdir(parents=True)
        for name, text in files.items():
            (cls.source / name).write_text(text)
        (cls.build / "bin").mkdir(parents=True)
        (cls.build / "bin/claimcheck").write_text(COMMAND.replace("SCHEMA", str(ROOT / "harness/engine/schema.sql")))
        (cls.build / "bin/claimcheck").chmod(0o755)
        cls.built()
        cls.paper = Paper(cls.source, cls.build, cls.folder / "work")
        cls.paper.baseline()

    @classmethod
    def built(cls):
        """As the Makefile generator leaves it: objects, compile_commands.json, link.txt."""
        at, commands, objects = cls.build / "algorithms", [], {}
        for name, target in ("tiny.c", "plugin_00_tiny_core"), ("claims.c", "plugin_00_tiny_said"), ("test.c", "test_00_tiny"):
            objects[name] = f"CMakeFiles/{target}.dir/00_tiny/{name}.o"
            (at / objects[name]).parent.mkdir(parents=True)
            command = ["cc", "-O2", "-Wall", "-Werror", "-fPIC", "-o", objects[name], "-c", str(cls.source / name)]
            subprocess.run(command, cwd=at, check=True)
            commands.append({"directory": str(at), "command": " ".join(command), "file": str(cls.source / name)})
        (cls.build / "compile_commands.json").write_text(json.dumps(commands))
        (at / "CMakeFiles/plugin_00_tiny.dir").mkdir()
        (at / "CMakeFiles/plugin_00_tiny.dir/link.txt").write_text(f"cc -shared -o 00_tiny.so {objects['tiny.c']} {objects['claims.c']}\n")
        (at / "CMakeFiles/test_00_tiny.dir/link.txt").write_text(f"cc {objects['tiny.c']} {objects['test.c']} -o ../test/test_00_tiny\n")

    def sentence(self, old, new):
        start = TINY.index(old)
        mutant = Mutant("tiny.c", 1, 1, "drop", start, start + len(old), old, new, old, new)
        judged = self.paper.judge(mutant)
        self.assertEqual(list((self.folder / "work").iterdir()), [self.folder / "work/unmutated"])
        return judged["result"], judged["by"], judged["what"]

    def test_every_way_to_end(self):
        self.assertEqual(self.paper.verdicts, {"scales": "verified"})  # an observation is no promise
        self.assertEqual(self.paper.noise, {("cell_column", "ns")})
        self.assertEqual(self.sentence("sum += i", "sum -= i"), ("killed", "test", "sums"))
        self.assertEqual(self.sentence("3 * x", "3 / x"), ("killed", "claim", "scales refuted"))
        self.assertEqual(self.sentence("x + 1", "x - 1"), ("survived", "", ""))
        self.assertEqual(self.sentence("x + 2", "x - 2")[:2], ("survived", "same bits"))
        self.assertEqual(self.sentence("i <= n", "n >= i")[:2], ("equivalent", "same code"))
        self.assertEqual(self.sentence("int sum = 0", "int sum")[:2], ("killed", "compiler"))
        self.assertEqual(self.sentence("return sum;", "__builtin_trap();")[:2], ("killed", "crash"))
        self.assertEqual((self.source / "tiny.c").read_text(), TINY)

    def test_a_mutant_that_hangs_ends_at_the_deadline(self):
        self.assertGreater(self.paper.limits["test_00_tiny"].cpu, 5)
        with unittest.mock.patch.dict(self.paper.limits, {"test_00_tiny": Limit(cpu=.2, wall=20)}):
            self.assertEqual(self.sentence("return sum;", "for (volatile int i = 0;;) i++;"), ("killed", "deadline", "test_00_tiny"))

    def test_a_constant_is_code(self):  # the instructions are the same, the number that they load is not
        self.assertEqual(self.sentence("return 3 * x;", "return 3.25 * x;")[:2], ("killed", "claim"))

    def test_what_was_judged_is_remembered_until_something_changes(self):
        mutant = Mutant("tiny.c", 1, 1, "drop", 0, 0, "", "\n", "", "")
        memory = mutate.Memory(self.folder / "memory.jsonl", self.paper.digest())
        key = memory.key(mutant, TINY)
        memory.keep(key, {"result": "killed"})
        with open(memory.path, "a") as file:
            file.write('{"key": "torn')
        again = mutate.Memory(memory.path, self.paper.digest())
        self.assertEqual(again.known, {key: {"result": "killed"}})
        again.keep("other", {"result": "survived"})
        self.assertEqual(set(mutate.Memory(memory.path, "").known), {key, "other"})
        self.addCleanup((self.build / "lib/new.so").unlink)
        (self.build / "lib").mkdir()
        (self.build / "lib/new.so").write_text("another library")
        self.assertNotEqual(mutate.Memory(memory.path, self.paper.digest()).key(mutant, TINY), key)


    def test_a_full_disk_kills_no_mutant(self):
        with unittest.mock.patch("shutil.disk_usage", return_value=argparse.Namespace(free=4096)), self.assertRaisesRegex(OSError, "full"):
            self.sentence("sum += i", "sum -= i")
        self.assertEqual(self.sentence("sum += i", "sum -= i"), ("killed", "test", "sums"))


class Deadlines(unittest.TestCase):
    def test_a_hang_ends_with_all_it_started(self):
        processes, folder = Processes(), Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, folder, True)
        busy = processes.run(["sh", "-c", "echo $$; (while :; do :; done) & while :; do :; done"], folder, Limit(cpu=.2, wall=20))
        self.assertTrue(busy.late)
        self.assertEqual(processes.members(int(re.match(r"\d+", busy.output)[0])), {})
        asleep = processes.run(["sleep", "20"], folder, Limit(cpu=10, wall=.1))
        self.assertTrue(asleep.late)
        self.assertFalse(processes.run(["true"], folder, Limit(cpu=1, wall=5)).late)


if __name__ == "__main__":
    unittest.main()
