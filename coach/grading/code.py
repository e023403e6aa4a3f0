"""Code in an answer, read aloud: parsed, never run.

What a candidate writes as code says as much as prose: ``if need in seen`` is the sentence "if need is in the set seen".
Python is parsed and each simple statement read out with the condition and the loop it stands under; what does not parse,
and every other language, is read line by line with its names taken apart. Comments count as the prose that they are.
The structure also tells what a stated complexity has to fit: loops within loops over whole inputs are not linear.
"""

from __future__ import annotations

import ast
import re
import textwrap
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from coach.domain import Span
from coach.text.sentences import Form, Statement

MOST_LINES = 200
"""Of code that are read; what a candidate writes in an interview is far shorter."""


@dataclass(frozen=True, slots=True)
class Code:
    """What the code of an answer says."""

    said: tuple[Statement, ...]
    """Sentences in its order; each spans the lines that it was read from."""
    loops: int
    """Depth of ``for`` loops over whole inputs within each other; 0 without any, and where nothing could be parsed."""


def read_code(statements: Sequence[Statement], answer: str) -> Code:
    """Read the code among the statements of an answer."""
    said: list[Statement] = []
    loops = 0
    for block in _blocks([item for item in statements if item.form is Form.CODE][:MOST_LINES], answer):
        start = answer.rfind("\n", 0, block[0].span.start) + 1
        text = answer[start : block[-1].span.end]
        tree = _parsed(text)
        if tree is None:
            said += [line for item in block if (line := _line(item))]
            continue
        lines = _line_starts(text, start)
        said += [
            Statement(Span(_first(answer, lines, first), _last(answer, lines, last)), sentence, Form.PROSE)
            for first, last, sentence in _Reader(tree).sentences()
        ]
        said += [line for item in block if (line := _comment(item))]
        loops = max(loops, _depth(tree))
    return Code(tuple(sorted(said, key=lambda item: item.span.start)), loops)


def _blocks(code: Sequence[Statement], answer: str) -> Iterator[list[Statement]]:
    """Lines of code with nothing but code and white space between them."""
    block: list[Statement] = []
    for item in code:
        between = answer[block[-1].span.end : item.span.start] if block else ""
        if "```" in between or any(letter.isalnum() for letter in between):
            yield block
            block = []
        block.append(item)
    if block:
        yield block


def _parsed(text: str) -> ast.Module | None:
    source = textwrap.dedent(text)
    for candidate in (source, f"def answer():\n{textwrap.indent(source, '    ')}"):
        if candidate is not source and not re.search(r"^\s*(?:return|yield)\b", source, re.M):
            continue
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # Python's advice on the candidate's code is not ours to print
                tree = ast.parse(candidate)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
        if candidate is not source:
            ast.increment_lineno(tree, -1)
        # "x" and "a, b" parse too, as do a list of words joined by dots: code does something.
        if any(isinstance(node, _DOING) for node in ast.walk(tree)):
            return tree
    return None


_DOING = (ast.Assign, ast.AugAssign, ast.Call, ast.FunctionDef, ast.ClassDef, ast.For, ast.While, ast.Return)


def _line_starts(text: str, start: int) -> list[int]:
    found = [start]
    for line in text.splitlines(keepends=True):
        found.append(found[-1] + len(line))
    return found


def _first(answer: str, lines: Sequence[int], number: int) -> int:
    begin, end = lines[number - 1], lines[number]
    return begin + len(answer[begin:end]) - len(answer[begin:end].lstrip())


def _last(answer: str, lines: Sequence[int], number: int) -> int:
    begin, end = lines[number - 1], lines[number]
    return begin + len(answer[begin:end].rstrip())


def _comment(item: Statement) -> Statement | None:
    found = re.search(r"(?:^|\s)(?:#|//|--)\s*(\S.*)$", item.text)
    if not found or len(found.group(1).split()) < 3:
        return None
    return Statement(item.span, found.group(1), Form.PROSE)


def _line(item: Statement) -> Statement | None:
    """A line of a language that is not parsed: its words, names taken apart."""
    text = " ".join(_name(word) for word in re.findall(r"[\w.]+|[<>=!+*/-]+", item.text))
    return Statement(item.span, text, Form.PROSE) if len(text.split()) >= 4 else None


def _name(name: str) -> str:
    """``maxHeapSize`` and ``max_heap_size`` as words."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|_+|\.", " ", name).strip().lower() or name


def _depth(tree: ast.AST) -> int:
    """How deep ``for`` loops stand in each other, leaving out those over a fixed or per-element collection."""

    def depth(node: ast.AST, within: frozenset[str]) -> int:
        deepest = 0
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.For):
                own = {item.id for item in ast.walk(child.target) if isinstance(item, ast.Name)}
                over = child.iter
                # Neighbours of a vertex, characters of a word, a literal: the inner loops share one input.
                per_element = isinstance(over, ast.Subscript | ast.Attribute | ast.List | ast.Tuple | ast.Constant) or (
                    isinstance(over, ast.Name) and over.id in within
                )
                counts = 0 if per_element else 1
                deepest = max(deepest, counts + depth(child, within | own))
            elif isinstance(child, ast.FunctionDef):
                deepest = max(deepest, depth(child, frozenset()))
            else:
                deepest = max(deepest, depth(child, within))
        return deepest

    return depth(tree, frozenset())


_HOLDS = {
    "set": "set", "dict": "hash map", "defaultdict": "hash map", "OrderedDict": "ordered dictionary",
    "Counter": "counter", "deque": "double-ended queue", "list": "list", "PriorityQueue": "priority queue",
    "Queue": "queue", "Lock": "lock", "RLock": "lock",
}  # fmt: skip
"""What the constructors of Python's collections make, in words."""

_DOES = {
    "add": "add {0} to {on}", "append": "append {0} to {on}", "appendleft": "put {0} in front of {on}",
    "popleft": "take from the front of {on}", "pop": "take {0} out of {on}", "remove": "remove {0} from {on}",
    "discard": "remove {0} from {on}", "extend": "append all of {0} to {on}", "get": "look {0} up in {on}",
    "setdefault": "look {0} up in {on}, or put it there", "heappush": "push {1} onto the heap {0}",
    "heappop": "pop the smallest off the heap {0}", "heapify": "make a heap of {0}",
    "heapreplace": "replace the smallest of the heap {0} by {1}", "move_to_end": "move {0} to the end of {on}",
    "popitem": "remove the entry at one end of {on}", "sort": "sort {on}", "sorted": "{0} sorted",
    "reversed": "{0} reversed", "len": "the size of {0}", "range": "the range {0}", "enumerate": "{0} with its index",
    "min": "the smaller of {0}", "max": "the larger of {0}", "items": "the entries of {on}", "keys": "the keys of {on}",
    "values": "the values of {on}", "bisect_left": "binary search in {0}", "bisect_right": "binary search in {0}",
}  # fmt: skip
"""Calls that have words of their own; the rest are read by their names."""

_COMPARES = {
    ast.Eq: "equals", ast.NotEq: "is not", ast.Lt: "is less than", ast.LtE: "is at most", ast.Gt: "is greater than",
    ast.GtE: "is at least", ast.In: "is in", ast.NotIn: "is not in", ast.Is: "is", ast.IsNot: "is not",
}  # fmt: skip
_OPERATES = {
    ast.Add: "plus", ast.Sub: "minus", ast.Mult: "times", ast.Div: "divided by", ast.FloorDiv: "halved by", ast.Mod: "modulo",
    ast.Pow: "to the power of", ast.BitXor: "xor", ast.BitAnd: "and", ast.BitOr: "or",
}  # fmt: skip


class _Reader:
    """Reads a tree out as sentences."""

    def __init__(self, tree: ast.Module) -> None:
        self._tree = tree
        self._kinds: dict[str, str] = {}
        for node in ast.walk(tree):
            if isinstance(node, ast.Assign) and len(node.targets) == 1 and (kind := self._held(node.value)):
                self._kinds[self._key(node.targets[0])] = kind

    def sentences(self) -> Iterator[tuple[int, int, str]]:
        """(first line, last line, sentence), lines from 1."""
        yield from self._body(self._tree.body, "", "")

    def _body(self, body: Sequence[ast.stmt], under: str, function: str) -> Iterator[tuple[int, int, str]]:
        for node in body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                yield from self._body(node.body, "", node.name)
            elif isinstance(node, ast.For | ast.AsyncFor):
                yield from self._body(
                    node.body, f"for each {self._say(node.target)} of {self._say(node.iter)}", function
                )
            elif isinstance(node, ast.While):
                yield from self._body(node.body, f"while {self._say(node.test)}", function)
            elif isinstance(node, ast.If):
                yield from self._body(node.body, f"if {self._say(node.test)}", function)
                yield from self._body(node.orelse, "otherwise", function)
            elif isinstance(node, ast.With | ast.Try):
                yield from self._body(node.body, under, function)
            elif said := self._simple(node, function):
                last = node.end_lineno or node.lineno
                yield node.lineno, last, f"{under}, {said}" if under else said

    def _simple(self, node: ast.stmt, function: str) -> str:
        if isinstance(node, ast.Return):
            said = self._say(node.value) if node.value else "nothing"
            if self._calls(node, function):
                return f"call itself recursively and return {said}"
            return f"return {said}"
        if isinstance(node, ast.Assign):
            kind = self._held(node.value)
            if kind:
                return f"keep a {kind} {self._say(node.targets[0])}"
            return f"set {', '.join(self._say(target) for target in node.targets)} to {self._say(node.value)}"
        if isinstance(node, ast.AugAssign):
            return f"change {self._say(node.target)} by {_OPERATES.get(type(node.op), '')} {self._say(node.value)}"
        if isinstance(node, ast.Expr):
            if isinstance(node.value, ast.Constant):
                return str(node.value.value) if isinstance(node.value.value, str) else ""
            said = self._say(node.value)
            return f"call itself recursively: {said}" if self._calls(node, function) else said
        if isinstance(node, ast.Delete):
            return f"remove {', '.join(self._say(target) for target in node.targets)}"
        return ""

    def _calls(self, node: ast.AST, function: str) -> bool:
        return bool(function) and any(
            isinstance(item, ast.Call) and self._key(item.func).split(".")[-1] == function for item in ast.walk(node)
        )

    def _held(self, value: ast.expr) -> str:
        if isinstance(value, ast.Dict):
            return "hash map"
        if isinstance(value, ast.Set):
            return "set"
        if isinstance(value, ast.List) and not value.elts:
            return "list"
        if isinstance(value, ast.Call):
            return _HOLDS.get(self._key(value.func).split(".")[-1], "")
        return ""

    def _key(self, node: ast.AST) -> str:
        if isinstance(node, ast.Name):
            return node.id
        if isinstance(node, ast.Attribute):
            return f"{self._key(node.value)}.{node.attr}"
        return ""

    def _say(self, node: ast.AST) -> str:
        """An expression in words; nested deeper than a person would say it, it ends in "something"."""
        return self._expression(node, 0)

    def _expression(self, node: ast.AST, deep: int) -> str:  # noqa: C901 - one branch a form of expression
        def say(inner: ast.AST) -> str:
            return self._expression(inner, deep + 1)

        if deep > 6:
            return "something"
        if isinstance(node, ast.Name | ast.Attribute):
            key = self._key(node)
            kind = self._kinds.get(key, "")
            name = _name(key.removeprefix("self.")) if key else say(getattr(node, "value", ast.Constant("")))
            return f"the {kind} {name}" if kind and kind not in name else name
        if isinstance(node, ast.Constant):
            return "nothing" if node.value is None else str(node.value)
        if isinstance(node, ast.Compare):
            parts = [say(node.left)]
            for operator, right in zip(node.ops, node.comparators, strict=True):
                parts += [_COMPARES.get(type(operator), ""), say(right)]
            return " ".join(parts)
        if isinstance(node, ast.BoolOp):
            return (" and " if isinstance(node.op, ast.And) else " or ").join(say(value) for value in node.values)
        if isinstance(node, ast.UnaryOp):
            return f"{'not' if isinstance(node.op, ast.Not) else 'minus'} {say(node.operand)}"
        if isinstance(node, ast.BinOp):
            return f"{say(node.left)} {_OPERATES.get(type(node.op), '')} {say(node.right)}"
        if isinstance(node, ast.Subscript):
            return f"{say(node.value)} at {say(node.slice)}"
        if isinstance(node, ast.Tuple | ast.List | ast.Set):
            return ", ".join(say(item) for item in node.elts) or "empty"
        if isinstance(node, ast.IfExp):
            return f"{say(node.body)} if {say(node.test)} else {say(node.orelse)}"
        if isinstance(node, ast.Call):
            return self._call(node, say)
        if isinstance(node, ast.ListComp | ast.SetComp | ast.GeneratorExp):
            loop = node.generators[0]
            return f"{say(node.elt)} for each {say(loop.target)} of {say(loop.iter)}"
        return "something"

    def _call(self, node: ast.Call, say: object) -> str:
        assert callable(say)
        name = self._key(node.func).split(".")[-1] or "something"
        given = [str(say(argument)) for argument in node.args]
        on = str(say(node.func.value)) if isinstance(node.func, ast.Attribute) else ""
        if name in _DOES:
            filled = given if name in ("heappush", "heapreplace") else [" and ".join(given)]
            return " ".join(_DOES[name].format(*filled, "", "", on=on or "it").split())
        return " ".join(f"{_name(name)} {' and '.join(given)} {f'of {on}' if on else ''}".split())
