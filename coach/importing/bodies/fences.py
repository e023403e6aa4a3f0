"""Code blocks that a conversion from PDF cut: halves joined, lost indentation restored.

Only Python's own grammar and scopes decide where a piece belongs, so a repair is made where it can be checked and
nothing is guessed otherwise. Code is parsed, never executed.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, field

_MOST = 20_000
"""Characters of code that are parsed; longer blocks are left as they stand."""
_PYTHON = ("", "py", "python", "python3")
_HEADER = re.compile(r"(\s*)(?:async |class |def |for |while |if |with |try)[^\n]*:\s*$")
_CONTINUES = re.compile(r"(?:elif\b|else\b|except\b|finally\b|[)\]}])")
_CAPTION = re.compile(r"\s*(?://|#|--)\s*\S")
_COMPOUND_NAME = re.compile(r"\b[A-Za-z]\w*_\w+\b")
_COMPOUND = ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef | ast.For | ast.While | ast.With | ast.If


@dataclass(slots=True)
class Fence:
    """One code block."""

    info: str
    """The language as written after the opening fence."""
    lines: list[str]
    """Its code, without trailing spaces."""
    mark: str = "```"
    """The opening fence."""
    joined: int = 1
    """How many blocks of the source went into it."""

    @property
    def code(self) -> str:
        """Its code as one text."""
        return "\n".join(self.lines)


@dataclass(slots=True)
class _Block:
    """An open block at the end of some code: where its body stands and which names it binds."""

    column: int
    kind: type[ast.AST]
    names: set[str] = field(default_factory=set)


def join(first: Fence, second: Fence) -> Fence | None:
    """The one block that two adjacent ones were cut from, or None where they are two."""
    if first.info.lower() != second.info.lower() or len(first.code) + len(second.code) > _MOST:
        return None
    if first.info.lower() in _PYTHON and (code := _python_join(first.code, second.code)) is not None:
        return Fence(first.info, code.split("\n"), first.mark, first.joined + second.joined)
    if not first.info and _continues_caption(first, second):
        return Fence("", [*first.lines, "", *second.lines], first.mark, first.joined + second.joined)
    return None


def mend(fence: Fence) -> bool:
    """Indent the body of a class or function that lost its indentation, in place; whether anything was changed."""
    if fence.info.lower() not in _PYTHON or not fence.lines or len(fence.code) > _MOST:
        return False
    header = _HEADER.match(fence.lines[0])
    if not header or len(fence.lines) < 2 or fence.lines[1][: len(header[1]) + 1].strip() == "" or _parse(fence.code):
        return False
    mended = [fence.lines[0], *(f"    {line}" if line else "" for line in fence.lines[1:])]
    if not _parse("\n".join(mended)):
        return False
    fence.lines = mended
    return True


def takes(fence: Fence, line: str) -> bool:
    """Whether ``line``, standing right behind a Python block, is code of it: it uses a name the block defines."""
    text = line.strip()
    names = [found[1] for row in fence.lines if (found := re.match(r"\s*(?:def|class)\s+(\w+)", row))]
    if fence.info.lower() not in _PYTHON or not names or len(text) > 500:
        return False
    if text.startswith("# "):
        return any(f"{name}(" in text for name in names)
    statement = _parse(text)
    if statement is None or len(statement.body) != 1:
        return False
    kind = statement.body[0]
    if not (isinstance(kind, ast.Assign) or (isinstance(kind, ast.Expr) and isinstance(kind.value, ast.Call))):
        return False
    used = {node.id for node in ast.walk(kind) if isinstance(node, ast.Name)}
    return not used.isdisjoint(names)


def _parse(code: str) -> ast.Module | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _continues_caption(first: Fence, second: Fence) -> bool:
    """A caption comment heads only the first half, and both halves speak of one thing."""
    if not second.lines or not _CAPTION.match(first.lines[0] if first.lines else "") or _CAPTION.match(second.lines[0]):
        return False
    return bool(set(_COMPOUND_NAME.findall(first.code)) & set(_COMPOUND_NAME.findall(second.code)))


def _python_join(first: str, second: str) -> str | None:
    if _only_imports(first):
        return f"{first}\n{second}" if _open_blocks(second) is not None else None
    blocks = _open_blocks(first)
    pieces = _pieces(second)
    if blocks is None or pieces is None:
        return None
    alone = _parse(first) is not None
    limit = blocks[-1].column
    placed: list[str] = []
    moved = False
    for lines, tree in pieces:
        column = min(_column(tree, blocks), limit)
        if not alone and not moved and column == 0:
            column = limit
        moved = moved or column > 0
        limit = column
        for block in blocks:
            if block.column == column:
                block.names |= _bound(tree)
        placed += [" " * column + line if line else "" for line in lines]
    code = "\n".join([first, *placed])
    return code if moved and _parse(code) is not None else None


def _only_imports(code: str) -> bool:
    tree = _parse(code)
    return tree is not None and bool(tree.body) and all(isinstance(s, ast.Import | ast.ImportFrom) for s in tree.body)


def _open_blocks(code: str) -> list[_Block] | None:
    """The blocks that a further line of ``code`` could belong to, outermost (the module) first."""
    lines = code.split("\n")
    last = next((line for line in reversed(lines) if line.strip()), "")
    if _HEADER.match(last):
        code += "\n" + " " * (len(last) - len(last.lstrip()) + 4) + "pass"
    tree = _parse(code)
    if tree is None:
        return None
    blocks = [_Block(0, ast.Module, {name for statement in tree.body for name in _bound_here(statement)})]
    body = tree.body
    while body and isinstance(node := body[-1], _COMPOUND):
        body = node.orelse or node.body if isinstance(node, ast.For | ast.While | ast.If) else node.body
        if body[0].lineno == node.lineno:
            break
        names = _header_names(node) | {name for statement in body for name in _bound_here(statement)}
        blocks.append(_Block(body[0].col_offset, type(node), names))
    return blocks


def _header_names(node: ast.stmt) -> set[str]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        return {argument.arg for argument in ast.walk(node.args) if isinstance(argument, ast.arg)}
    targets: list[ast.AST] = []
    if isinstance(node, ast.For):
        targets = [node.target]
    if isinstance(node, ast.With):
        targets = [item.optional_vars for item in node.items if item.optional_vars]
    return {name.id for target in targets for name in ast.walk(target) if isinstance(name, ast.Name)}


def _bound_here(statement: ast.stmt) -> set[str]:
    """The names that one statement binds in its own scope, bodies of compound statements left out."""
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return {statement.name}
    if isinstance(statement, ast.Import | ast.ImportFrom):
        return {(alias.asname or alias.name).split(".")[0] for alias in statement.names}
    if isinstance(statement, ast.Assign | ast.AnnAssign | ast.AugAssign):
        return {n.id for n in ast.walk(statement) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    return set()


def _pieces(code: str) -> list[tuple[list[str], ast.Module]] | None:
    """The statements of a cut-off half, each taken back to the left margin; None where one is no Python."""
    groups: list[list[str]] = []
    base = 0
    for line in code.split("\n"):
        indent = len(line) - len(line.lstrip())
        if not line.strip():
            if groups:
                groups[-1].append("")
        elif groups and (indent > base or (indent == base and _CONTINUES.match(line.lstrip()))):
            groups[-1].append(line)
        else:
            groups.append([line])
            base = indent
    pieces = []
    for group in groups:
        margin = len(group[0]) - len(group[0].lstrip())
        lines = [line[margin:] for line in group]
        tree = _parse("\n".join(lines))
        if tree is None:
            return None
        pieces.append((lines, tree))
    return pieces or None


def _column(tree: ast.Module, blocks: Sequence[_Block]) -> int:
    """Where a piece belongs: as deep as the names it needs are bound, and in a function where it returns."""
    column = 0
    for name in sorted(_free(tree)):
        owner = next((block for block in blocks if name in block.names), None)
        column = max(column, owner.column if owner else 0)
    functions = [b for b in blocks if issubclass(b.kind, ast.FunctionDef | ast.AsyncFunctionDef)]
    if functions and any(isinstance(node, ast.Return) for node in _outside_functions(tree)):
        column = max(column, functions[-1].column)
    statement = tree.body[0] if tree.body else None
    if isinstance(statement, ast.FunctionDef) and statement.args.args and statement.args.args[0].arg in ("self", "cls"):
        column = max([column, *(b.column for b in blocks if issubclass(b.kind, ast.ClassDef))])
    return column


def _outside_functions(tree: ast.AST) -> list[ast.AST]:
    found: list[ast.AST] = []
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        found.append(node)
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            waiting.extend(ast.iter_child_nodes(node))
    return found


def _bound(tree: ast.Module) -> set[str]:
    return {name for statement in tree.body for name in _bound_here(statement)}


def _free(tree: ast.Module) -> set[str]:
    """Names that the piece reads and does not bind first itself."""
    own: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.arg):
            own.add(node.arg)
        elif isinstance(node, ast.For | ast.comprehension):
            own |= {n.id for n in ast.walk(node.target) if isinstance(n, ast.Name)}
        elif isinstance(node, ast.Assign):
            read = {n.id for n in ast.walk(node.value) if isinstance(n, ast.Name)}
            stored = {n.id for target in node.targets for n in ast.walk(target) if isinstance(n, ast.Name)
                      and isinstance(n.ctx, ast.Store)}  # fmt: skip
            own |= stored - read
    return {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)} - own
