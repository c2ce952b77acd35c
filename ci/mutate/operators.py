"""The mutants of a C file: small changes of meaning, found on clang's syntax tree, so that types are known and nothing outside code is touched."""
from __future__ import annotations

import hashlib
import json
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ARITHMETIC = {"+": "-", "-": "+", "*": "/", "/": "*", "%": "/", "<<": ">>", ">>": "<<", "&": "|", "|": "&", "^": "&",
              "+=": "-=", "-=": "+=", "*=": "/=", "/=": "*=", "%=": "/=", "<<=": ">>=", ">>=": "<<=", "&=": "|=", "|=": "&="}
RELATION = {"<": "<=", "<=": "<", ">": ">=", ">=": ">", "==": "!=", "!=": "=="}
LOGICAL = {"&&": "||", "||": "&&"}
COMMUTATIVE = {"fmax", "fmin", "hypot", "cc_dot"}  # swapped arguments change nothing
REFUSAL = "cc_fail"  # the message of an error, and the test that leads to it, are left out
ALLOCATION = "CC_NEW"  # sizes of allocations are left out: the sanitizers judge those
ATTEMPT = "CC_TRY"  # a call as a statement
NUMBER = re.compile(r"(\d+\.?\d*(?:[eE][-+]?\d+)?|\.\d+(?:[eE][-+]?\d+)?)([uUlLfF]*)$")
FLOATING = {"double", "float", "long double"}


@dataclass(frozen=True)
class Mutant:
    """text[start:end] becomes `new`."""
    file: str
    line: int
    column: int
    kind: str
    start: int
    end: int
    old: str
    new: str
    before: str  # the line, and what it becomes
    after: str

    @property
    def id(self) -> str:
        return hashlib.sha256(f"{self.file}\0{self.start}\0{self.end}\0{self.new}".encode()).hexdigest()[:8]

    @property
    def place(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"

    def apply(self, text: str) -> str:
        return text[:self.start] + self.new + text[self.end:]


def blank(text: str) -> str:
    """The text with comments, strings and preprocessor lines as spaces: every offset stays."""
    pattern = r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'|^[ \t]*#(?:\\\n|[^\n])*'
    return re.sub(pattern, lambda m: re.sub(r"[^\n]", " ", m.group()), text, flags=re.DOTALL | re.MULTILINE)


def closing(text: str, opening: int) -> int:
    """The offset behind the parenthesis that closes the one at `opening`."""
    depth = 0
    for i in range(opening, len(text)):
        depth += {"(": 1, ")": -1}.get(text[i], 0)
        if depth == 0:
            return i + 1
    return len(text)


def declarations(path: Path, flags: list[str]) -> Iterator[dict]:
    """The functions with a body and the variables that the file itself declares, as clang's JSON. The tree holds every header: it is read
    as a stream, and only what has code in it is parsed."""
    command = ["clang", *flags, "-w", "-fsyntax-only", "-Xclang", "-ast-dump=json", str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, stderr=subprocess.PIPE) as clang:
        lines: list[str] = []
        coded = False
        for line in clang.stdout:
            if line.startswith("    {"):
                lines, coded = [], False
            lines.append(line)
            coded = coded or '"kind": "CompoundStmt"' in line or '"kind": "VarDecl"' in line
            if coded and line.startswith("    }"):
                node = json.loads("".join(lines).rstrip().rstrip(","))
                if "includedFrom" not in node.get("loc", {}):
                    yield node
        said = clang.stderr.read()
    if clang.returncode:
        raise RuntimeError(f"clang cannot read {path}:\n{said}")


def kind(node: dict) -> str:
    return node.get("kind", "")


def typed(node: dict) -> str:
    t = node.get("type", {})
    return re.sub(r"\b(const|volatile|static) *", "", t.get("desugaredQualType", t.get("qualType", ""))).strip()


def bare(node: dict) -> dict:
    """Without parentheses and implicit casts."""
    while kind(node) in ("ParenExpr", "ImplicitCastExpr", "ConstantExpr"):
        node = node["inner"][0]
    return node


def callee(node: dict) -> str:
    return bare(node["inner"][0]).get("referencedDecl", {}).get("name", "") if kind(node) == "CallExpr" else ""


def refuses(node: dict) -> bool:
    """A call of cc_fail, perhaps in a return or a block of its own."""
    node = bare(node)
    if kind(node) in ("ReturnStmt", "CompoundStmt") and len(node.get("inner", [])) == 1:
        return refuses(node["inner"][0])
    return callee(node) == REFUSAL


class File:
    """Collects the mutants of one file."""

    def __init__(self, path: Path):
        self.path, self.text = path, path.read_text()
        self.code = blank(self.text)
        self.closed = [(m.start(), closing(self.code, m.end() - 1)) for m in re.finditer(rf"\b(?:{ALLOCATION}|{REFUSAL})\(", self.code)]
        self.found: dict[tuple[int, int, str], Mutant] = {}

    def mutants(self, flags: list[str]) -> list[Mutant]:
        for node in declarations(self.path, flags):
            if kind(node) == "FunctionDecl":
                self.walk(node, {})
            elif kind(node) == "VarDecl" and re.fullmatch(r"(double|float|(unsigned )?(int|long|char))( ?\[\d*\])*", typed(node)):
                self.walk(node, {})  # a table of numbers, no descriptor
        return sorted(self.found.values(), key=lambda m: (m.start, m.end, m.new))

    # ---- places ----

    def offset(self, location: dict) -> tuple[int, int] | None:
        """Where a token begins and ends, if it is written in this file, possibly as an argument of a macro."""
        if "spellingLoc" in location:
            if not location["expansionLoc"].get("isMacroArgExpansion"):
                return None
            location = location["spellingLoc"]
        if "includedFrom" in location or "offset" not in location:
            return None
        return location["offset"], location["offset"] + location["tokLen"]

    def span(self, node: dict) -> tuple[int, int] | None:
        begin, end = self.offset(node["range"]["begin"]), self.offset(node["range"]["end"])
        return (begin[0], end[1]) if begin and end and begin[0] < end[1] else None

    def source(self, node: dict) -> str | None:
        span = self.span(node)
        return self.text[span[0]:span[1]] if span else None

    def add(self, operator: str, span: tuple[int, int] | None, new: str) -> None:
        if not span or self.text[span[0]:span[1]] == new or self.code[span[0]] != self.text[span[0]]:
            return
        if any(begin <= span[0] < end for begin, end in self.closed):
            return
        start, end = span
        line_start = self.text.rfind("\n", 0, start) + 1
        line_end = self.text.find("\n", end)
        line_end = len(self.text) if line_end < 0 else line_end
        before, after = self.text[line_start:line_end], self.text[line_start:start] + new + self.text[end:line_end]
        self.found.setdefault((start, end, new), Mutant(
            self.path.name, self.text.count("\n", 0, start) + 1, start - line_start + 1, operator, start, end, self.text[start:end], new,
            " ".join(before.split()), " ".join(after.split())))

    def sign_of(self, node: dict) -> tuple[int, int] | None:
        """The operator's own token between the operands."""
        left, right = self.span(node["inner"][0]), self.span(node["inner"][1])
        if not left or not right or left[1] > right[0]:
            return None
        between = self.code[left[1]:right[0]]
        at = left[1] + len(between) - len(between.lstrip())
        return (at, at + len(node["opcode"])) if between.strip() == node["opcode"] else None

    # ---- the walk ----

    def walk(self, node: dict, parent: dict) -> None:
        if not node or refuses(node) and kind(node) != "CompoundStmt":
            return
        inner = [child for child in node.get("inner", []) if child]
        if kind(node) == "IfStmt" and refuses(inner[1]):
            inner = inner[2:]
        elif kind(node) == "ConditionalOperator" and any(refuses(branch) for branch in inner[1:]):
            return
        elif kind(node) in ("UnaryExprOrTypeTraitExpr", "CaseStmt"):
            inner = inner[1:]
        else:
            self.visit(node, inner, parent)
        for child in inner:
            self.walk(child, node)

    def visit(self, node: dict, inner: list[dict], parent: dict) -> None:
        what = kind(node)
        if what in ("BinaryOperator", "CompoundAssignOperator"):
            self.binary(node)
        elif what == "UnaryOperator":
            self.unary(node)
        elif what in ("IntegerLiteral", "FloatingLiteral"):
            self.constant(node, parent)
        elif what == "ArraySubscriptExpr":
            self.index(inner[1])
        elif what == "CallExpr":
            self.swap(node, inner[1:])
        elif what in ("IfStmt", "WhileStmt", "ConditionalOperator"):
            self.negate(inner[0])
        elif what == "DoStmt":
            self.negate(inner[1])
        elif what == "ReturnStmt" and inner or what == "VarDecl" and inner and "init" in node:
            self.sign(inner[-1])
        for child in self.statements(node, inner):
            self.drop(child)

    @staticmethod
    def statements(node: dict, inner: list[dict]) -> list[dict]:
        """The children that are statements of their own."""
        return {"CompoundStmt": inner, "IfStmt": inner[1:], "WhileStmt": inner[1:], "ForStmt": inner[-1:], "CaseStmt": inner[1:],
                "DefaultStmt": inner}.get(kind(node), [])

    # ---- the operators ----

    def binary(self, node: dict) -> None:
        operator, (left, right) = node["opcode"], node["inner"]
        pointers = "*" in typed(left) or "*" in typed(right)
        if operator in ARITHMETIC and not pointers:
            self.add("arithmetic", self.sign_of(node), ARITHMETIC[operator])
        elif operator in RELATION:
            self.add("relation", self.sign_of(node), RELATION[operator])
        elif operator in LOGICAL:
            sources = self.source(left), self.source(right)
            if None not in sources:
                self.add("condition", self.span(node), f"({sources[0]} {LOGICAL[operator]} {sources[1]})")
            for operand in (left, right):
                if bare(operand).get("opcode") not in LOGICAL:
                    self.negate(operand)
        elif operator == "=":
            self.sign(right)

    def unary(self, node: dict) -> None:
        begin = self.offset(node["range"]["begin"])
        if node["opcode"] == "-" and begin:
            self.add("sign", begin, "+")

    def constant(self, node: dict, parent: dict) -> None:
        span, text = self.span(node), self.source(node)
        match = NUMBER.match(text or "")
        if not match or parent.get("castKind") == "NullToPointer" or kind(parent) == "InitListExpr" and match[1] == "0":
            return
        if kind(node) == "FloatingLiteral" or parent.get("castKind") == "IntegralToFloating":
            if float(match[1]) == 0:
                return self.add("constant", span, "1." + match[2])
            self.add("constant", span, f"({text} * 1.1)")
            if parent.get("opcode") != "-" or len(parent["inner"]) > 1:
                self.add("constant", span, f"(-{text})")
        elif match[1].isdigit():
            self.add("constant", span, str(int(match[1]) + 1) + match[2])
            if int(match[1]) == 1:
                self.add("constant", span, "0" + match[2])

    def index(self, node: dict) -> None:
        span, text = self.span(node), self.source(node)
        if text and not NUMBER.match(text):
            plain = text if re.fullmatch(r"[\w.>\[\]+* -]+", text) and kind(bare(node)) != "ConditionalOperator" else f"({text})"
            self.add("index", span, f"{plain} + 1")
            self.add("index", span, f"{plain} - 1")

    def swap(self, node: dict, arguments: list[dict]) -> None:
        if callee(node) in COMMUTATIVE:
            return
        for i, first in enumerate(arguments):
            second = next((a for a in arguments[i + 1:] if typed(a) == typed(first)), None)
            if second and (a := self.span(first)) and (b := self.span(second)) and a[1] <= b[0]:
                self.add("swap", (a[0], b[1]), self.text[b[0]:b[1]] + self.text[a[1]:b[0]] + self.text[a[0]:a[1]])

    def negate(self, condition: dict) -> None:
        text = self.source(condition)
        if text and bare(condition).get("opcode") not in ("==", "!="):  # those are negated as relations
            self.add("condition", self.span(condition), f"!({text})")

    def sign(self, value: dict) -> None:
        core = bare(value)
        if typed(value) not in FLOATING or kind(core).endswith("Literal") or kind(core) == "UnaryOperator" and core["opcode"] == "-":
            return
        if text := self.source(value):
            self.add("sign", self.span(value), f"-({text})")

    def drop(self, statement: dict) -> None:
        begin = statement.get("range", {}).get("begin", {})
        if "expansionLoc" in begin:
            at = begin["expansionLoc"].get("offset", 0)
            if "includedFrom" not in begin["expansionLoc"] and self.code.startswith(ATTEMPT + "(", at):
                self.add("drop", (at, closing(self.code, at + len(ATTEMPT))), "(void)0")
        elif statement.get("opcode") == "," and kind(statement) == "BinaryOperator":
            for operand in statement["inner"]:
                self.drop(operand)
        elif kind(statement) in ("CallExpr", "CompoundAssignOperator") or statement.get("opcode") in ("=", "++", "--"):
            self.add("drop", self.span(statement), "(void)0")


def mutants_of(path: Path, flags: list[str]) -> list[Mutant]:
    return File(path).mutants(flags)
