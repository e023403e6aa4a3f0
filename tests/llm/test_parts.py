"""The smaller rooms: what is remembered, counted, priced, taken out of texts, offered by others."""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coach import config
from coach.errors import ConfigError
from coach.llm import connection, open_model, prices, providers, tokens
from coach.llm.access import Access
from coach.llm.chat import Chat
from coach.llm.memory import FILE, Facts, Memory
from coach.llm.providers import PROVIDERS, Provider
from coach.llm.redaction import MASK, redacted, without_key
from coach.llm.replies import ThinkingFilter, error_text
from coach.llm.scripted import ScriptedModel
from llm.conftest import KEY
from llm.server import ModelServer, lists, refuses, says, says_json, status

LOCAL = Access(PROVIDERS["ollama"], "http://localhost:11434/v1", "m")
NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)

# --- memory --------------------------------------------------------------------------------------


def test_what_is_learnt_is_there_in_the_next_run(tmp_path: Path) -> None:
    Memory(tmp_path, lambda: NOW).learn(LOCAL, "m", rung="prose", refused=("temperature",), told=True, context=99)
    Memory(tmp_path, lambda: NOW).learn(LOCAL, "other", thinks=True)
    known = Memory(tmp_path, lambda: NOW + timedelta(days=29))
    assert known.facts(LOCAL, "m") == Facts("prose", ("temperature",), False, 99, True)
    assert known.facts(LOCAL, "other").thinks
    assert known.facts(LOCAL, "third") == Facts()
    assert (tmp_path / FILE).stat().st_mode & 0o077 == 0


def test_after_a_month_all_is_asked_anew_but_what_was_told(tmp_path: Path) -> None:
    Memory(tmp_path, lambda: NOW).learn(LOCAL, "m", rung="prose", told=True)
    assert Memory(tmp_path, lambda: NOW + timedelta(days=31)).facts(LOCAL, "m") == Facts(told=True)


@given(st.one_of(st.binary(max_size=60), st.just(b'{"models": {"ollama http://localhost:11434/v1 m": {"rung": 7}}}')))
def test_a_damaged_file_is_as_none(tmp_path_factory: pytest.TempPathFactory, raw: bytes) -> None:
    folder = tmp_path_factory.getbasetemp() / "damaged"
    folder.mkdir(exist_ok=True)
    (folder / FILE).write_bytes(raw)
    assert Memory(folder, lambda: NOW).facts(LOCAL, "m") == Facts()


def test_a_damaged_file_is_written_anew(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("[")
    Memory(tmp_path, lambda: NOW).learn(LOCAL, "m", told=True)
    assert Memory(tmp_path, lambda: NOW).facts(LOCAL, "m").told


def test_no_key_and_no_query_is_remembered(tmp_path: Path) -> None:
    access = Access(PROVIDERS["azure"], "https://me.example/v1", "m", KEY, query=(("sig", "s3cret"),))
    Memory(tmp_path).learn(access, "m", told=True)
    written = (tmp_path / FILE).read_text()
    assert KEY not in written
    assert "s3cret" not in written


# --- tokens --------------------------------------------------------------------------------------


def test_without_a_vocabulary_tokens_are_estimated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIKTOKEN_CACHE_DIR", str(tmp_path))
    tokens._encoding.cache_clear()
    assert not tokens.counter("gpt-4o").exact
    for name, _ in tokens.VOCABULARIES.values():  # a damaged one would make tiktoken download another
        (tmp_path / name).write_text("damaged")
    tokens._encoding.cache_clear()
    assert not tokens.counter("gpt-4o").exact
    assert all((tmp_path / name).read_text() == "damaged" for name, _ in tokens.VOCABULARIES.values())
    tokens._encoding.cache_clear()


def test_with_one_they_are_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import base64

    import tiktoken

    ranks = [bytes([value]) for value in range(256)] + [b"ab"]
    raw = b"\n".join(base64.b64encode(piece) + f" {rank}".encode() for rank, piece in enumerate(ranks))
    name = tokens.VOCABULARIES["o200k_base"][0]
    (tmp_path / name).write_bytes(raw)
    monkeypatch.setenv("TIKTOKEN_CACHE_DIR", str(tmp_path))
    monkeypatch.setitem(tokens.VOCABULARIES, "o200k_base", (name, hashlib.sha256(raw).hexdigest()))
    small = tiktoken.Encoding(
        "tiny",
        pat_str=r".+",
        mergeable_ranks={piece: rank for rank, piece in enumerate(ranks)},
        special_tokens={"<|endoftext|>": 300},
    )
    monkeypatch.setattr(tiktoken, "get_encoding", lambda asked: small)
    tokens._encoding.cache_clear()
    counter = tokens.counter("openai/gpt-4o-mini")
    tokens._encoding.cache_clear()
    assert counter.exact
    assert counter.count("abc") == 2
    assert counter.count("<|endoftext|>") > 1
    assert counter.count("\ud800") > 0


@pytest.mark.parametrize(
    ("text", "least", "most"),
    [
        ("Partitioning splits a table so that a query reads only what it needs.", 14, 30),
        ("def f(x):\n    return {k: v + 1 for k, v in x.items()}\n", 22, 45),
        ("数据分区可以减少扫描", 10, 20),
        ("", 0, 0),
        ("1234567890", 4, 6),
    ],
)
def test_an_estimate_errs_on_the_long_side(text: str, least: int, most: int) -> None:
    assert least <= tokens.Estimate().count(text) <= most


@given(st.text(max_size=200), st.text(max_size=200))
def test_more_text_is_not_fewer_tokens(one: str, two: str) -> None:
    counter = tokens.Estimate()
    assert counter.count(one + two) + 1 >= max(counter.count(one), counter.count(two))
    assert counter.count(one) <= len(one.encode("utf-8", "replace")) + 1


# --- prices --------------------------------------------------------------------------------------

OPENAI = Access(PROVIDERS["openai"], "https://api.openai.com/v1", "gpt-4o")


def test_the_users_prices_win(tmp_path: Path) -> None:
    assert prices.load(tmp_path / "prices.toml").cost(OPENAI, "gpt-4o", 1_000_000, 100_000) == 3.5
    assert prices.load(tmp_path / "prices.toml").cost(OPENAI, "gpt-4o-2024-08-06", 1_000_000, 0) == 2.5
    assert prices.load(tmp_path / "prices.toml").cost(OPENAI, "gpt-4o-audio", 1_000_000, 0) is None
    (tmp_path / "prices.toml").write_text(
        '[openai."gpt-4o"]\ninput = 1\noutput = 2\n\n[ollama.m]\ninput = 0.1\noutput = 0\n'
    )
    own = prices.load(tmp_path / "prices.toml")
    assert own.cost(OPENAI, "gpt-4o", 1_000_000, 1_000_000) == 3.0
    assert own.cost(OPENAI, "gpt-4o-mini", 1_000_000, 0) == 0.15
    assert own.cost(LOCAL, "m", 1_000_000, 1_000_000) == 0.1
    assert own.cost(LOCAL, "other", 5, 5) == 0.0


@pytest.mark.parametrize(
    "text",
    [
        "[",
        "openai = 3",
        "[openai]\ngpt = 3",
        "[openai.gpt]\ninput = 1",
        "[openai.gpt]\ninput = -1\noutput = 1",
        "[openai.gpt]\ninput = nan\noutput = 1",
    ],
)
def test_a_price_file_that_says_nothing_usable_is_an_error(text: str, tmp_path: Path) -> None:
    (tmp_path / "prices.toml").write_text(text)
    with pytest.raises(ConfigError, match=r"prices\.toml"):
        prices.load(tmp_path / "prices.toml")


# --- redaction -----------------------------------------------------------------------------------

KEYS = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=16, max_size=80)


@given(KEYS, st.text(max_size=40), st.text(max_size=40), st.integers(8, 80))
def test_no_part_of_a_key_that_tells_anything_is_left(key: str, before: str, after: str, shown: int) -> None:
    for part in (key, key[:shown], key[-shown:], json.dumps(key)[1:-1]):
        text = redacted(f"{before}{part}{after}", key)
        assert key not in text
    assert key[:8] not in redacted(key[:shown], key)
    assert key[-8:] not in redacted(key[-shown:], key)


@pytest.mark.parametrize("key", ["abc", "ollama", "EMPTY", "0123456789"])
def test_a_short_key_is_taken_out_as_a_word(key: str) -> None:
    assert redacted(f"key={key}, ({key}) x{key}x", key) == f"key={MASK}, ({MASK}) x{key}x"


@pytest.mark.parametrize("text", ["Bearer abcdef123456", "basic dXNlcjpwYXNz", "sk-proj-abcd****wxyz", "gsk_abcdef123"])
def test_what_looks_like_a_key_is_taken_out_too(text: str) -> None:
    assert redacted(f"You sent {text}", "") == f"You sent {MASK}"


def test_words_to_be_read_lose_nothing_but_the_key() -> None:
    assert without_key(f"a {KEY} b", KEY) == f"a {MASK} b"
    assert without_key("the basic operation", "op") == "the basic operation"


# --- replies -------------------------------------------------------------------------------------


@given(st.lists(st.sampled_from(["<think>", "</think>", "<th", "ink>", "a", " ", "</", "\n"]), max_size=12))
def test_thinking_is_left_out_however_it_is_cut_into_pieces(pieces: list[str]) -> None:
    def through(parts: list[str]) -> str:
        passing = ThinkingFilter()
        return "".join(passing.passed(part) for part in parts) + passing.rest()

    whole = "".join(pieces)
    assert through(pieces) == through([whole]) == through(list(whole))


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b'{"error": {"message": "no", "param": "x", "code": 3}}', "no x 3"),
        (b'{"error": "no"}', "no"),
        (b'{"detail": "not found"}', "not found"),
        (b'{"message": "no"}', "no"),
        (b"<html><b>Bad</b>\n gateway</html>", "Bad gateway"),
        (b"[1]", "[1]"),
        (b"", ""),
        (b"\xff", "\ufffd"),
    ],
)
def test_what_servers_say_of_errors(raw: bytes, text: str) -> None:
    assert error_text(raw) == text


# --- providers of others --------------------------------------------------------------------------

THIRD_PARTY = """
from coach.llm.providers import Provider
from coach.llm.scripted import ScriptedModel

row = Provider("parrot", "http://localhost:1/v1", local=True, default_model="p", opens="parrot_for_coach:opened")
broken = 7

def opened(access, paths, notice):
    return ScriptedModel("squawk", model=access.model)
"""


@pytest.fixture
def parrot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An installed package that brings a provider, and two that don't work."""
    info = tmp_path / "parrot_for_coach-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: parrot-for-coach\nVersion: 1.0\n")
    rows = "parrot = parrot_for_coach:row\nopenai = parrot_for_coach:row\nbroken = parrot_for_coach:broken\nabsent = nowhere:row\n"
    (info / "entry_points.txt").write_text(f"[{providers.ENTRY_POINTS}]\n{rows}")
    (tmp_path / "parrot_for_coach.py").write_text(THIRD_PARTY)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "parrot_for_coach", raising=False)


def opened_with(tmp_path: Path, **variables: str) -> object:
    loaded = config.load({"COACH_HOME": str(tmp_path / "home"), **variables})
    return open_model(loaded, config.paths_of(loaded.settings), environ=variables)


@pytest.mark.usefixtures("parrot")
def test_a_provider_of_somebody_else_is_opened_by_its_name(tmp_path: Path) -> None:
    model = opened_with(tmp_path, COACH_LLM_PROVIDER="parrot")
    assert isinstance(model, ScriptedModel)
    assert model.model == "p"


@pytest.mark.usefixtures("parrot")
def test_it_is_not_loaded_unless_it_is_chosen_and_takes_no_known_name(tmp_path: Path) -> None:
    model = opened_with(tmp_path, COACH_LLM_PROVIDER="openai", COACH_LLM_API_KEY="k")
    assert isinstance(model, Chat)
    assert "parrot_for_coach" not in sys.modules


@pytest.mark.usefixtures("parrot")
@pytest.mark.parametrize(
    ("name", "why"), [("broken", "no coach.llm.providers.Provider"), ("absent", "cannot be loaded")]
)
def test_one_that_does_not_work_is_an_explained_error(tmp_path: Path, name: str, why: str) -> None:
    with pytest.raises(ConfigError, match=why):
        opened_with(tmp_path, COACH_LLM_PROVIDER=name)


def test_a_row_that_names_nothing_is_an_explained_error() -> None:
    for opens in ("coach.llm.nowhere:opened", "coach.llm.chat:nothing", "", "coach.llm.chat"):
        with pytest.raises(ConfigError, match="not there"):
            providers.opener(Provider("x", opens=opens))


# --- the test of a connection ---------------------------------------------------------------------

SEEN = {"place": "mountain", "air": "thinner"}


def test_a_connection_that_works(chat: Callable[..., Chat]) -> None:
    clock = iter([0.0, 1.5, *(2.5 + step for step in range(50))])
    models = lists({"id": "m-1", "max_model_len": 2048}, "m-2")
    telling = says("The air is thinner up there.")
    with ModelServer(
        refuses("temperature", says_json(SEEN)), says_json(SEEN), otherwise=telling, models=models
    ) as server:
        found = connection.check(chat(server), lambda: next(clock))
    assert (found.provider, found.model, found.listed, found.offered) == ("custom", "m-1", True, ("m-1", "m-2"))
    assert (found.rung, found.refused, found.context) == ("json_schema", ("temperature",), 2048)
    assert (found.first_word_after, found.tokens_a_second) == (1.5, 1.8)


def test_a_model_that_keeps_to_no_form_is_still_reached(chat: Callable[..., Chat]) -> None:
    with ModelServer(otherwise=says("Water boils.")) as server:
        found = connection.check(chat(server))
    assert (found.rung, found.listed) == ("", None)
    assert "could not be used" in found.why_not


@pytest.mark.parametrize("code", [404, 405, 500])
def test_a_server_without_a_list_of_models_is_tried_all_the_same(code: int, chat: Callable[..., Chat]) -> None:
    with ModelServer(otherwise=says_json(SEEN), models=status(code)) as server:
        found = connection.check(chat(server))
    assert (found.listed, found.rung) == (None, "json_schema")


def test_an_unknown_model_is_told_from_its_neighbours(chat: Callable[..., Chat]) -> None:
    with (
        ModelServer(otherwise=status(404), models=lists("llama3.2", "qwen3")) as server,
        pytest.raises(ConfigError) as caught,
    ):
        connection.check(chat(server, model="llama3"))
    assert "It offers llama3.2" in caught.value.hint


def test_a_scripted_model_is_a_connection_too() -> None:
    found = connection.check(ScriptedModel(json.dumps(SEEN), "Thin air."))
    assert (found.provider, found.host, found.why_not) == ("scripted", "", "")
