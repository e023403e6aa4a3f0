"""Text made safe and readable."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach.text.cleaning import one_line, plain, tidy
from coach.text.printable import printable


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("with  $O(1)$  time", "with O(1) time"),
        ("$O(n)$ , **Space:**  $O(\\log n)$", "O(n), Space: O(log n)"),
        (r"$O(\text{ALPHABET\_SIZE} * N)$", "O(ALPHABET_SIZE * N)"),
        (r"( $2^{\text{attempt}}$ )", "(2^attempt)"),
        (r"$a \leq b \times \frac{1}{2}$", "a ≤ b × 1/2"),
        (r"\$180K to \$105K", "$180K to $105K"),
        ("$5 and $10", "$5 and $10"),
        ("$HOME/bin and $PATH/x", "$HOME/bin and $PATH/x"),
        ("latency (<10ms p99)", "latency (<10ms p99)"),
        (r"tenant\_id and SELECT \*", "tenant_id and SELECT *"),
        ("**bold** *it* __b__ _i_ ~~s~~ snake_case_name", "bold it b i s snake_case_name"),
        ("`a_b*c` and ``x`y``", "a_b*c and x`y"),
        ('[text](http://x "t") ![image](y.png) <http://z>', "text image http://z"),
        ("<b>x</b><br/> List<String> &amp; &lt;b&gt;", "x List<String> & <b>"),
        ("2 * 3 * 4", "2 * 3 * 4"),
        ("### Title ###", "Title"),
        ("a <!-- hidden --> b", "a b"),
    ],
)
def test_plain(markdown: str, text: str) -> None:
    assert plain(markdown) == text


def test_plain_keeps_lines_and_code() -> None:
    assert plain("# A\n\n- **b**\n  1. c\n\n```py\n# x_y_\n```\n> d") == "A\n\n- b\n1. c\n\n# x_y_\nd"
    assert one_line("a\n\n**b**  c") == "a b c"


def test_tidy_stays_markdown() -> None:
    assert tidy("  - **a\\_b**:  `c\\_d` $O(n)$ ") == "  - **a_b**: `c\\_d` O(n)"


@given(st.text())
def test_printable_is_safe_and_idempotent(text: str) -> None:
    safe = printable(text)
    assert printable(safe) == safe
    assert all(character in "\n\t" or ord(character) >= 32 for character in safe)


def test_printable_strips_terminal_control() -> None:
    assert printable("\x1b[31mred\x1b[0m \x1b]0;t\x07x\r\ny\u202ez\x9b1m!") == "red x\nyz!"


@given(st.text("ab*_`$\\[]()<>#-~&; \n1", max_size=200))
def test_any_marks(text: str) -> None:
    assert plain(text) == plain(text)
    assert "\n" not in one_line(text)
    assert "\ue000" not in plain(text) + tidy(text)


@given(st.lists(st.sampled_from(["word", "a_b", "$O(n)$", "**b**", "`x\\_y`", "\\_", "\\$5", "\\*", "(<10ms)", " "])))
def test_tidy_is_idempotent_on_what_people_write(parts: list[str]) -> None:
    once = tidy(" ".join(parts))
    assert tidy(once) == once
