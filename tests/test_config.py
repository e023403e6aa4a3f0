"""Where settings come from, what is made of bad ones, and where things are put."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from coach import config
from coach.config import Settings
from coach.errors import CoachError, ConfigError

NAMES = [config.env_name(name) for name in Settings.__dataclass_fields__]


@pytest.fixture(autouse=True)
def no_checkout(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(config, "checkout", lambda: None)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "home"
    folder.mkdir()
    return folder


def load(home: Path, **more: str) -> config.Loaded:
    return config.load({"COACH_HOME": str(home), **more})


def test_without_anything_all_is_default() -> None:
    loaded = config.load({})
    assert loaded.settings == Settings()
    assert set(loaded.sources.values()) == {"default"}
    assert loaded.problems == ()


def test_flag_over_environment_over_env_file_over_config_file(home: Path) -> None:
    values = {"COACH_HOME": str(home)}
    (home / "config.toml").write_text("llm_timeout = 1\n")
    assert config.load(values).settings.llm_timeout == 1
    (home / ".env").write_text("COACH_LLM_TIMEOUT=2\n")
    assert config.load(values).settings.llm_timeout == 2
    values["COACH_LLM_TIMEOUT"] = "3"
    assert config.load(values).settings.llm_timeout == 3
    assert config.load(values, {"llm_timeout": None}).settings.llm_timeout == 3
    loaded = config.load(values, {"llm_timeout": 4})
    assert loaded.settings.llm_timeout == 4
    assert loaded.sources["llm_timeout"] == "flag"


def test_each_value_says_where_it_comes_from(home: Path) -> None:
    (home / "config.toml").write_text('[llm]\nmodel = "m"\n')
    (home / ".env").write_text("COACH_GRADER=offline\n")
    sources = load(home, COACH_OFFLINE="1").sources
    assert sources["llm_model"] == str(home / "config.toml")
    assert sources["grader"] == str(home / ".env")
    assert sources["offline"] == "environment"
    assert sources["corpus"] == "default"


def test_empty_means_not_set(home: Path) -> None:
    (home / ".env").write_text("COACH_LLM_MODEL=from-file\n")
    assert load(home, COACH_LLM_MODEL="").settings.llm_model == "from-file"


def test_only_our_own_folders_have_an_env_file(tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    strange = tmp_path / "strange"
    strange.mkdir()
    (strange / ".env").write_text("COACH_LLM_BASE_URL=http://somewhere.example\n")
    monkeypatch.chdir(strange)
    assert load(home).settings.llm_base_url == ""


def test_the_env_file_of_a_checkout_is_read_after_that_of_the_home(
    tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "checkout"
    root.mkdir()
    monkeypatch.setattr(config, "checkout", lambda: root)
    (root / ".env").write_text(f"COACH_GRADER=offline\nCOACH_LLM_MODEL=theirs\nCOACH_HOME={home}\n")
    (home / ".env").write_text("COACH_LLM_MODEL=mine\n")
    settings = config.load({}).settings
    assert (settings.home, settings.grader, settings.llm_model) == (str(home), "offline", "mine")


def test_a_home_cannot_be_named_in_a_file_that_it_leads_to(home: Path) -> None:
    (home / ".env").write_text("COACH_HOME=/elsewhere\n")
    loaded = load(home)
    assert loaded.settings.home == str(home)
    assert "COACH_HOME" in loaded.problems[0]


def test_garbage_in_an_env_file_is_passed_over_and_named(home: Path) -> None:
    (home / ".env").write_text("COACH_GRADER=offline\n!! not a setting\nPATH=/x\n")
    loaded = load(home)
    assert loaded.settings.grader == "offline"
    assert len(loaded.problems) == 1
    assert "line 2" in loaded.problems[0]


def test_an_unreadable_env_file_is_passed_over_and_named(home: Path) -> None:
    (home / ".env").write_bytes(b"\xff\xfe\x00binary")
    loaded = load(home)
    assert loaded.settings == Settings(home=str(home))
    assert ".env cannot be read" in loaded.problems[0]


def test_unknown_keys_of_the_config_file_are_named_in_order(home: Path) -> None:
    (home / "config.toml").write_text("zeta = 1\nalpha = 2\ngrader = 'offline'\n")
    loaded = load(home)
    assert [problem.split("called ")[1] for problem in loaded.problems] == [
        "'alpha'; passed over.",
        "'zeta'; passed over.",
    ]
    assert loaded.settings.grader == "offline"


@pytest.mark.parametrize(
    "text",
    ["grader = ", "a = " + "[" * 5000, "llm_timeout = " + "9" * 5000],
    ids=["cut off", "nested deep", "a number without end"],
)
def test_a_broken_config_file_is_an_error_that_names_it(home: Path, text: str) -> None:
    (home / "config.toml").write_text(text)
    with pytest.raises(ConfigError, match="is not valid TOML") as caught:
        load(home)
    assert str(home / "config.toml") in caught.value.message


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("COACH_GRADER", "best"),
        ("COACH_OFFLINE", "perhaps"),
        ("COACH_LLM_TIMEOUT", "soon"),
        ("COACH_LLM_TIMEOUT", "-1"),
        ("COACH_LLM_TIMEOUT", "2.5"),
        ("COACH_MAX_INPUT_MB", "9" * 30),
        ("COACH_CORPUS", "a\0b"),
    ],
)
def test_a_value_that_cannot_be_used_names_its_variable_and_its_source(home: Path, name: str, value: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load(home, **{name: value})
    assert f"{name} (from environment)" in caught.value.message
    assert caught.value.hint
    assert caught.value.exit_code == 4


def test_a_list_is_no_value(home: Path) -> None:
    (home / "config.toml").write_text('corpus = ["a", "b"]\n')
    with pytest.raises(ConfigError, match="COACH_CORPUS"):
        load(home)


@pytest.mark.parametrize("name", ["COACH_HOME", "COACH_CORPUS"])
def test_the_home_of_nobody_is_an_error(home: Path, name: str) -> None:
    with pytest.raises(ConfigError, match=f"{name} names no folder"):
        config.paths_of(load(home, **{name: "~nobody-is-called-so/x"}).settings)


@pytest.mark.parametrize(("text", "value"), [("1", True), ("Yes", True), (" on ", True), ("0", False), ("off", False)])
def test_switches(home: Path, text: str, value: bool) -> None:
    assert load(home, COACH_OFFLINE=text).settings.offline is value


FOLDERS = st.sampled_from(["", "~", "~nobody-is-called-so", "/x", "a/b"])


@given(st.dictionaries(st.sampled_from(NAMES), st.one_of(FOLDERS, st.text(max_size=20))), st.text(max_size=80))
@example({}, "COACH_GRADER='\nCOACH_HOME=x")
@example({"COACH_HOME": "~"}, "")
def test_any_text_is_settings_or_an_explained_error(
    tmp_path_factory: pytest.TempPathFactory, variables: dict[str, str], text: str
) -> None:
    home = tmp_path_factory.getbasetemp() / "any-text"
    home.mkdir(exist_ok=True)
    for name in (".env", "config.toml"):
        (home / name).write_text(text, encoding="utf-8", errors="replace", newline="")
    try:
        loaded = config.load({"COACH_HOME": str(home)} | variables)
        config.paths_of(loaded.settings)
    except CoachError as problem:
        assert problem.message
        assert problem.hint
        return
    for name in Settings.__dataclass_fields__:
        assert type(getattr(loaded.settings, name)) is type(getattr(Settings(), name))


def test_one_home_holds_everything(tmp_path: Path) -> None:
    paths = config.paths_of(Settings(home=str(tmp_path), corpus=str(tmp_path / "documents")))
    places = (paths.data, paths.config_file, paths.index, paths.catalogue, paths.rubric_overlay, paths.models)
    assert all(place.is_relative_to(tmp_path) for place in places)
    assert paths.corpora == (tmp_path / "corpus", tmp_path / "documents")
    assert list(tmp_path.iterdir()) == []


def test_without_a_home_the_index_of_a_checkout_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(config, "checkout", lambda: tmp_path)
    paths = config.paths_of(Settings())
    assert paths.index == tmp_path / "index"
    assert paths.builtin_corpus == tmp_path / "corpus"
    assert not paths.data.is_relative_to(tmp_path / "index")


def test_keys_are_never_shown() -> None:
    assert config.shown("llm_api_key", "sk-secret") == "set"
    assert config.shown("llm_api_key", "") == "unset"
    assert "secret" not in config.shown("llm_base_url", "https://me:secret@host:8000/v1")
    assert config.shown("llm_base_url", "https://host/v1") == "https://host/v1"
    assert config.shown("llm_base_url", "https://host/v1?sig=secret") == "https://host/v1?…"
    assert "secret" not in config.shown("llm_base_url", "https://[secret@host")


def test_every_setting_is_explained_and_named_after_its_field() -> None:
    for name in Settings.__dataclass_fields__:
        assert config.env_name(name) == (name.upper() if name.startswith("openai_") else f"COACH_{name.upper()}")
        assert config.doc(name).endswith(".")
