"""Cut code blocks: what is joined, and what is left alone."""

from __future__ import annotations

from coach.importing.bodies.fences import Fence, join, mend, takes


def fence(code: str, info: str = "") -> Fence:
    return Fence(info, code.split("\n"))


def joined(first: str, second: str, info: str = "") -> str | None:
    whole = join(fence(first, info), fence(second, info))
    return whole.code if whole else None


def test_a_body_goes_back_into_its_function() -> None:
    assert joined("def f(a):\n    b = a", "c = b + 1\nreturn c") == "def f(a):\n    b = a\n    c = b + 1\n    return c"


def test_a_method_goes_back_into_its_class() -> None:
    first = "class A:\n    def __init__(self):\n        self.x = 1"
    assert joined(first, "def get(self):\n    return self.x") == f"{first}\n    def get(self):\n        return self.x"


def test_what_stands_for_itself_is_not_joined() -> None:
    assert joined("def f(a):\n    return a", "x = 3\nprint(f(x))") is None
    assert joined("x = 1", "y = 2") is None
    assert joined("SELECT 1;", "SELECT 2;", "sql") is None
    assert joined("def f(a):\n    b = a", "return b", "js") is None
    assert join(fence("def f(a):\n    b = a", "python"), fence("return b")) is None


def test_lost_indentation() -> None:
    code = fence("class A:\ndef f(self):\n    return 1")
    assert mend(code)
    assert code.lines == ["class A:", "    def f(self):", "        return 1"]
    for whole in ("class A:\n    x = 1", "x = 1", "class A: {\nint x;", ""):
        assert not mend(fence(whole))


def test_lines_that_fell_out() -> None:
    code = fence("def twice(x):\n    return 2 * x")
    assert takes(code, "# Example: twice(2) returns 4")
    assert takes(code, "double = twice")
    assert takes(code, "print(twice(3))")
    assert not takes(code, "This uses twice the memory.")
    assert not takes(code, "twice")
    assert not takes(code, "# Next")


def test_strange_code_never_raises() -> None:
    for text in ("(" * 5000, "\x00", "'\\d'", "def f(:", "-" * 9000 + "1", "\f", "x = '''"):
        join(fence(text), fence("return 1"))
        join(fence("def f():\n    pass"), fence(text))
        mend(fence("class A:\n" + text))
        takes(fence("def f():\n    pass"), text)
