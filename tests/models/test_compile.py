from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from coach.config import DEFAULT_MODEL, Paths, Settings
from coach.errors import ConfigError, StoreUnwritable
from coach.models import compile as compiling
from coach.models import export, fingerprint_of, open_embedder, weights
from coach.models import stamp as stamps
from coach.models.serve import OnnxEmbedder, load

from .conftest import paths_at

SENTENCES = [
    "cat",
    "Kafka keeps order within a partition, never across partitions.",
    "Größe, naïve; 3 % of 10TB -> <10ms p99",
    "A star schema has one fact table and many dimensions. " * 8,
    "Compaction rewrites small files into larger ones without changing what a reader sees. " * 40,
]
REFERENCE = (
    "import json, sys; from sentence_transformers import SentenceTransformer;"
    "model = SentenceTransformer(sys.argv[1], device='cpu', local_files_only=True);"
    "print(json.dumps(model.encode(json.load(sys.stdin), normalize_embeddings=True).tolist()))"
)


def by_sentence_transformers(folder: Path, texts: list[str]) -> np.ndarray:
    command = [sys.executable, "-W", "ignore", "-c", REFERENCE, str(folder)]
    done = subprocess.run(command, input=json.dumps(texts), capture_output=True, text=True, check=True)
    return np.asarray(json.loads(done.stdout.splitlines()[-1]), dtype=np.float32)


def only_folder(models: Path) -> Path:
    folders = [path for path in models.iterdir() if path.is_dir()]
    assert len(folders) == 1
    return folders[0]


@pytest.mark.slow
def test_served_vectors_are_those_of_sentence_transformers(embedder: OnnxEmbedder) -> None:
    expected = by_sentence_transformers(weights.locate(DEFAULT_MODEL, Settings()).folder, SENTENCES)
    cosines = (embedder.vectors(SENTENCES) * expected).sum(axis=1)
    assert (cosines >= 0.9999).all()


@pytest.mark.slow
@pytest.mark.parametrize("name", ["cls-dense", "max"])
def test_other_kinds_of_model_serve_the_same_vectors(name: str, tiny: Callable[[str], Path], tmp_path: Path) -> None:
    said: list[tuple[str, int, int]] = []
    settings = Settings(embedding_model=str(tiny(name)))
    embedder = open_embedder(settings, paths_at(tmp_path), lambda *now: said.append(now))
    expected = by_sentence_transformers(tiny(name), SENTENCES)
    assert np.allclose(embedder.vectors(SENTENCES), expected, atol=1e-5)
    assert [done for what, done, _ in said if what.startswith("compiling")] == list(range(export.STEPS + 1))
    assert {total for what, _, total in said if what.startswith("compiling")} == {export.STEPS}


@pytest.mark.slow
def test_what_cannot_be_served_is_named(tiny: Callable[[str], Path], tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="pooling weightedmean"):
        open_embedder(Settings(embedding_model=str(tiny("weighted"))), paths_at(tmp_path))
    assert list((tmp_path / "index" / "models").glob("*/*")) == []


@pytest.mark.slow
def test_a_folder_that_only_looks_like_a_model(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "config.json").write_text('{"model_type": "nonsense"}')
    with pytest.raises(ConfigError, match="sentence-transformers cannot load"):
        open_embedder(Settings(embedding_model=str(tmp_path)), paths_at(tmp_path / "home"))
    assert capfd.readouterr() == ("", "")


@pytest.mark.usefixtures("no_compiling")
def test_a_fresh_home_links_what_is_compiled_elsewhere(paths: Paths, compiled: Path, embedder: OnnxEmbedder) -> None:
    assert fingerprint_of(Settings(), paths) is None
    opened = open_embedder(Settings(), paths)
    assert np.array_equal(opened.vectors(SENTENCES), embedder.vectors(SENTENCES))
    here, there = only_folder(paths.models) / stamps.WEIGHTS, only_folder(compiled) / stamps.WEIGHTS
    assert here.samefile(there)
    assert fingerprint_of(Settings(), paths) == opened.fingerprint == embedder.fingerprint


@pytest.mark.usefixtures("no_compiling")
def test_where_links_are_impossible_files_are_copied(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_link(*_: object) -> None:
        raise OSError("another disk")

    monkeypatch.setattr(os, "link", no_link)
    assert open_embedder(Settings(), paths).dimensions == 384


@pytest.mark.usefixtures("no_compiling")
@pytest.mark.parametrize("name", [stamps.GRAPH, stamps.WEIGHTS, stamps.TOKENIZER, stamps.STAMP])
@pytest.mark.parametrize("damage", ["cut", "gone", "overwritten"])
def test_a_damaged_model_is_replaced(paths: Paths, name: str, damage: str) -> None:
    fine = open_embedder(Settings(), paths).vectors(SENTENCES[:2])
    path = only_folder(paths.models) / name
    content = path.read_bytes()
    path.unlink()  # the link is cut, so that the original stays whole
    if damage != "gone":
        path.write_bytes(
            content[: len(content) // 2] + (b"\xff" * (len(content) - len(content) // 2)) * (damage != "cut")
        )
    assert np.array_equal(open_embedder(Settings(), paths).vectors(SENTENCES[:2]), fine)


def test_damaged_files_are_not_taken_from_elsewhere(
    paths: Paths, compiled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = paths.data / "elsewhere"
    shutil.copytree(compiled, bad)
    with (only_folder(bad) / stamps.WEIGHTS).open("r+b") as file:
        file.seek(-5, os.SEEK_END)
        file.write(b"\x00\x01\x02")
    compiled_anew: list[Path] = []

    def pretend(source: weights.Source, target: Path, progress: object) -> stamps.Stamp:
        compiled_anew.append(target)
        good = only_folder(compiled)
        return compiling.adopt(good, stamps.read(good), source, target)

    monkeypatch.setattr(compiling, "compile_model", pretend)
    open_embedder(Settings(), replace(paths, shared_models=(bad,)))
    assert len(compiled_anew) == 1


@pytest.mark.usefixtures("no_compiling")
def test_an_index_that_cannot_be_written(tmp_path: Path, paths: Paths) -> None:
    (tmp_path / "file").write_text("in the way")
    blocked = replace(paths, index=tmp_path / "file" / "index")
    assert open_embedder(Settings(), blocked).dimensions == 384
    with pytest.raises(StoreUnwritable):
        open_embedder(Settings(), replace(blocked, shared_models=()))


@pytest.mark.usefixtures("no_compiling")
def test_a_source_that_moved_is_recognised(paths: Paths, tmp_path: Path) -> None:
    original = weights.locate(DEFAULT_MODEL, Settings()).folder
    shutil.copytree(original, tmp_path / "moved", copy_function=shutil.copyfile)
    settings = Settings(embedding_model=str(tmp_path / "moved"))
    open_embedder(settings, paths)
    (tmp_path / "moved" / "vocab.txt").touch()
    assert fingerprint_of(settings, paths) is None
    open_embedder(settings, paths)
    assert fingerprint_of(settings, paths) is not None


@pytest.mark.usefixtures("no_compiling")
def test_what_a_killed_process_left_goes(paths: Paths) -> None:
    left = paths.models / ".unfinished-dead"
    left.mkdir(parents=True)
    (left / stamps.GRAPH).write_bytes(b"half")
    open_embedder(Settings(), paths)
    assert not left.exists()


def test_two_processes_at_once(paths: Paths, compiled: Path) -> None:
    program = (
        "import sys; from pathlib import Path;"
        "from coach.config import Paths, Settings; from coach.models import open_embedder;"
        "home, shared = map(Path, sys.argv[1:]);"
        "paths = Paths(home, (), home, home / 'c', home / 'index', (shared,));"
        "print(open_embedder(Settings(), paths).vectors(['hot keys']).tobytes().hex())"
    )
    command = [sys.executable, "-c", program, str(paths.data), str(compiled)]
    started = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(3)]
    ended = [process.communicate() for process in started]
    assert {err for _, err in ended} == {""}
    assert len({out for out, _ in ended}) == 1
    assert [path.name for path in paths.models.iterdir() if path.is_dir()] == [only_folder(compiled).name]


def test_a_child_that_dies_is_a_fault_with_its_last_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiling.sys, "executable", shutil.which("false"))
    source = weights.locate(DEFAULT_MODEL, Settings())
    with pytest.raises(compiling.CoachError, match="ended early"):
        compiling.compile_model(source, tmp_path / "target")
    assert list(tmp_path.iterdir()) == []


def test_the_compiled_graph_is_the_fused_one(compiled: Path) -> None:
    graph = (only_folder(compiled) / stamps.GRAPH).read_bytes()
    assert b"SkipLayerNormalization" in graph
    assert b"Attention" in graph


def test_a_cut_file_is_noticed_by_the_loader(compiled: Path, tmp_path: Path) -> None:
    shutil.copytree(only_folder(compiled), tmp_path / "model")
    with (tmp_path / "model" / stamps.WEIGHTS).open("r+b") as file:
        file.truncate(1000)
    with pytest.raises(compiling.StoreCorrupt):
        load(tmp_path / "model")


def test_the_door_is_light() -> None:
    program = "import sys, coach.models; print(sorted({name.partition('.')[0] for name in sys.modules}))"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    for heavy in ("numpy", "torch", "onnx", "onnxruntime", "tokenizers", "transformers", "huggingface_hub"):
        assert f"'{heavy}'" not in loaded
