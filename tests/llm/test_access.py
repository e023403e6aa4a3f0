"""Which model, at which address, with which key; and what the user is told of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from coach import config
from coach.errors import ConfigError
from coach.llm import access, consent
from coach.llm.access import Access

Resolved = Callable[..., Access]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(config, "checkout", lambda: None)
    folder = tmp_path / "home"
    folder.mkdir()
    return folder


def loaded(home: Path, variables: Mapping[str, str]) -> config.Loaded:
    return config.load({"COACH_HOME": str(home), **variables})


def resolved(home: Path, **variables: str) -> Access:
    return access.resolve(loaded(home, variables), variables)


def test_a_base_url_and_the_key_beside_it(home: Path) -> None:
    found = resolved(home, COACH_LLM_BASE_URL="http://localhost:9000/v1/", COACH_LLM_API_KEY="abc", COACH_LLM_MODEL="m")
    assert (found.provider.name, found.base_url, found.model, found.key) == (
        "custom",
        "http://localhost:9000/v1",
        "m",
        "abc",
    )
    assert found.key_source == "environment"
    assert "abc" not in repr(found)


@pytest.mark.parametrize("file", [".env", "config.toml"])
def test_a_key_of_the_environment_does_not_go_to_an_address_from_a_file(home: Path, file: str) -> None:
    line = (
        "COACH_LLM_BASE_URL=http://elsewhere.example/v1"
        if file == ".env"
        else 'llm_base_url = "http://elsewhere.example/v1"'
    )
    (home / file).write_text(line)
    found = loaded(home, {"COACH_LLM_API_KEY": "abc"})
    assert access.resolve(found, {}).key == ""
    assert "COACH_LLM_API_KEY from environment is not used" in found.problems[0]
    assert "abc" not in found.problems[0]


def test_nor_the_other_way_round(home: Path) -> None:
    (home / ".env").write_text("COACH_LLM_API_KEY=abc\n")
    assert resolved(home, COACH_LLM_BASE_URL="http://elsewhere.example/v1").key == ""


def test_the_key_beside_the_address_wins_over_one_further_up(home: Path) -> None:
    (home / ".env").write_text("COACH_LLM_BASE_URL=http://localhost:1/v1\nCOACH_LLM_API_KEY=of-the-file\n")
    assert resolved(home, COACH_LLM_API_KEY="of-the-shell").key == "of-the-file"


def test_a_key_that_stands_alone_goes_to_the_own_address_of_the_provider(home: Path) -> None:
    (home / "config.toml").write_text('llm_provider = "groq"\nllm_model = "m"\n')
    found = resolved(home, COACH_LLM_API_KEY="abc")
    assert (found.base_url, found.key) == ("https://api.groq.com/openai/v1", "abc")


def test_a_key_for_one_provider_does_not_go_to_another(home: Path) -> None:
    (home / "config.toml").write_text('llm_provider = "mistral"\nllm_api_key = "for-mistral"\nllm_model = "m"\n')
    with pytest.raises(ConfigError, match="no key for groq"):
        resolved(home, COACH_LLM_PROVIDER="groq")
    assert resolved(home, COACH_LLM_PROVIDER="groq", GROQ_API_KEY="for-groq").key == "for-groq"
    assert resolved(home).key == "for-mistral"


@pytest.mark.parametrize(
    ("provider", "variable"),
    [
        ("openrouter", "OPENROUTER_API_KEY"),
        ("groq", "GROQ_API_KEY"),
        ("mistral", "MISTRAL_API_KEY"),
        ("deepseek", "DEEPSEEK_API_KEY"),
    ],
)
def test_a_customary_key_goes_to_its_provider_only(home: Path, provider: str, variable: str) -> None:
    own = {"COACH_LLM_PROVIDER": provider, "COACH_LLM_MODEL": "m", variable: "theirs"}
    assert resolved(home, **own).key == "theirs"
    assert resolved(home, **own).key_source == f"{variable} from environment"
    assert resolved(home, **own, COACH_LLM_BASE_URL="http://elsewhere.example/v1").key == ""
    assert resolved(home, COACH_LLM_PROVIDER="ollama", **{variable: "theirs"}).key == ""


def test_openai_with_nothing_but_its_key(home: Path) -> None:
    found = resolved(home, OPENAI_API_KEY="sk-x")
    assert (found.provider.name, found.base_url, found.key) == ("openai", "https://api.openai.com/v1", "sk-x")
    assert found.model
    assert not consent.chosen(
        loaded(home, {"OPENAI_API_KEY": "sk-x", "OPENAI_BASE_URL": "http://localhost:1"}).settings
    )


@pytest.mark.parametrize("name", ["COACH_LLM_PROVIDER", "COACH_LLM_MODEL", "COACH_LLM_BASE_URL"])
def test_a_model_is_chosen_in_coachs_own_settings(home: Path, name: str) -> None:
    assert consent.chosen(loaded(home, {name: "x"}).settings)
    (home / ".env").write_text(f"{name}=x\n")
    assert consent.chosen(loaded(home, {}).settings)


def test_the_env_file_of_a_working_folder_chooses_nothing(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "strange").mkdir()
    (tmp_path / "strange" / ".env").write_text(
        "COACH_LLM_MODEL=m\nCOACH_LLM_BASE_URL=http://elsewhere.example/v1\nOPENAI_BASE_URL=http://elsewhere.example/v1\n"
    )
    monkeypatch.chdir(tmp_path / "strange")
    assert not consent.chosen(loaded(home, {}).settings)
    assert resolved(home, OPENAI_API_KEY="sk-x").base_url == "https://api.openai.com/v1"


@pytest.mark.parametrize(
    "url",
    [
        "http://elsewhere.example/v1",
        "http://api.openai.com/v1",
        "https://api.openai.com:8443/v1",
        "https://api.openai.com.elsewhere.example/v1",
        "https://elsewhere.example/https://api.openai.com/v1",
        "https://elsewhere.example/v1?x=api.openai.com",
    ],
)
def test_openais_key_goes_to_openai_only(home: Path, url: str) -> None:
    for provider in ({}, {"COACH_LLM_PROVIDER": "openai"}, {"COACH_LLM_PROVIDER": "custom"}):
        assert resolved(home, OPENAI_API_KEY="sk-x", COACH_LLM_BASE_URL=url, **provider).key == ""


def test_openais_address_and_key_come_from_one_place(home: Path) -> None:
    both = {"OPENAI_API_KEY": "sk-x", "OPENAI_BASE_URL": "https://eu.elsewhere.example/v1"}
    found = resolved(home, **both)
    assert (found.base_url, found.key) == ("https://eu.elsewhere.example/v1", "sk-x")
    (home / ".env").write_text("OPENAI_API_KEY=sk-file\n")
    assert resolved(home, OPENAI_BASE_URL="https://eu.elsewhere.example/v1").key == ""
    assert resolved(home).key == "sk-file"
    own = resolved(home, **both, COACH_LLM_API_KEY="sk-coach")
    assert (own.base_url, own.key) == ("https://api.openai.com/v1", "sk-coach")


def test_a_known_address_is_its_provider(home: Path) -> None:
    found = resolved(home, COACH_LLM_BASE_URL="https://api.groq.com/openai/v1", COACH_LLM_MODEL="m", GROQ_API_KEY="k")
    assert (found.provider.name, found.key) == ("groq", "k")
    assert resolved(home, COACH_LLM_BASE_URL="http://localhost:11434/v1").provider.name == "ollama"


@pytest.mark.parametrize(
    "url",
    [
        "localhost:11434", "ftp://x/v1", "http://", "http:///v1", "http://x:port/v1", "http://[::1/v1", "http://x:0/v1",
        "http://a b/v1", "http://x/v1\nHost: y", "https://me:pw@x/v1", "https://api.openai.com@x/v1", "http://x\\@y/v1",
        "http://" + "a" * 70 + ".example/v1", "javascript:alert(1)", "http://x:99999/v1",
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused_without_being_said_back(home: Path, url: str) -> None:
    with pytest.raises(ConfigError, match="COACH_LLM_BASE_URL") as caught:
        resolved(home, COACH_LLM_BASE_URL=url, COACH_LLM_API_KEY="abc")
    assert "pw" not in str(caught.value)
    assert caught.value.hint


@pytest.mark.parametrize("key", ["two words", "ключ", "a\tb", "a\x07b"])
def test_what_is_no_key_is_refused_without_being_said_back(home: Path, key: str) -> None:
    with pytest.raises(ConfigError, match="characters that no key has") as caught:
        resolved(home, COACH_LLM_BASE_URL="http://localhost:1/v1", COACH_LLM_API_KEY=key)
    assert key not in str(caught.value)


def test_what_is_missing_is_named(home: Path) -> None:
    with pytest.raises(ConfigError, match="no key for openai") as caught:
        resolved(home)
    assert "OPENAI_API_KEY" in caught.value.hint
    with pytest.raises(ConfigError, match="No model of groq"):
        resolved(home, COACH_LLM_PROVIDER="groq", COACH_LLM_API_KEY="k")
    with pytest.raises(ConfigError, match="azure has no address"):
        resolved(home, COACH_LLM_PROVIDER="azure", COACH_LLM_API_KEY="k")
    with pytest.raises(ConfigError, match="'nobody'"):
        resolved(home, COACH_LLM_PROVIDER="nobody")
    with pytest.raises(ConfigError, match="COACH_LLM_TIMEOUT"):
        resolved(home, COACH_LLM_PROVIDER="ollama", COACH_LLM_TIMEOUT="0")


def test_a_query_in_the_address_is_kept_and_not_shown(home: Path) -> None:
    url = "https://me.openai.azure.com/openai/deployments/d?api-version=2024-10-21&sig=s3cret"
    found = resolved(
        home, COACH_LLM_PROVIDER="azure", COACH_LLM_BASE_URL=url, COACH_LLM_API_KEY="k", COACH_LLM_MODEL="d"
    )
    assert found.base_url == "https://me.openai.azure.com/openai/deployments/d"
    assert dict(found.query) == {"api-version": "2024-10-21", "sig": "s3cret"}
    assert "s3cret" not in repr(found)


@pytest.mark.parametrize(
    ("host", "is_so"),
    [
        ("localhost", True), ("model.localhost", True), ("127.0.0.1", True), ("127.9.9.9", True), ("::1", True),
        ("[::1]", True), ("::ffff:127.0.0.1", True), ("0.0.0.0", False), ("::", False), ("192.168.1.5", False),
        ("localhost.example", False), ("127.0.0.1.example", False), ("10.0.0.1", False), ("::ffff:8.8.8.8", False),
    ],
)  # fmt: skip
def test_what_is_this_machine(host: str, is_so: bool) -> None:
    assert access.is_loopback(host) is is_so


LEAVES: list[tuple[dict[str, str], tuple[str, ...]]] = [
    ({}, ()),
    (
        {"OPENAI_API_KEY": "sk-x"},
        ("--grader llm", "api.openai.com", "OPENAI_API_KEY from environment", "alone enables nothing"),
    ),
    ({"COACH_LLM_PROVIDER": "ollama"}, ("localhost:11434", "on this machine", "without a key")),
    (
        {"COACH_LLM_BASE_URL": "http://lan.example/v1", "COACH_LLM_API_KEY": "sk-x"},
        ("lan.example", "not encrypted", "key from environment"),
    ),
    ({"COACH_LLM_PROVIDER": "openai"}, ("cannot be used", "no key for openai")),
    ({"COACH_LLM_BASE_URL": "http://lan.example/v1", "COACH_OFFLINE": "1"}, ()),
    ({"COACH_LLM_PROVIDER": "ollama", "COACH_OFFLINE": "1"}, ("localhost:11434",)),
    ({"COACH_LLM_PROVIDER": "ollama", "COACH_GRADER": "offline"}, ("--grader llm", "localhost:11434")),
]


@pytest.mark.parametrize(("variables", "parts"), LEAVES)
def test_what_leaves_is_said_as_it_is(home: Path, variables: dict[str, str], parts: tuple[str, ...]) -> None:
    said = consent.leaving(loaded(home, variables), variables)
    assert bool(said) is bool(parts)
    for part in parts:
        assert part in said
    assert "sk-x" not in said


def test_the_first_notice_names_the_host_and_what_goes_there(home: Path) -> None:
    far = resolved(home, COACH_LLM_BASE_URL="http://lan.example/v1", COACH_LLM_API_KEY="sk-x", COACH_LLM_MODEL="m")
    near = resolved(home, COACH_LLM_PROVIDER="ollama", COACH_LLM_MODEL="m")
    said = consent.first_notice(far, "m")
    assert "leave this machine for lan.example" in said
    assert "not encrypted" in said
    assert "sk-x" not in said
    assert "on this machine" in consent.first_notice(near, "m")
