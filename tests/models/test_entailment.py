"""A cross-encoder that the user names, small and random: what counts is how its labels are read."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from coach.config import Settings
from coach.errors import ConfigError
from coach.models.entailment import open_named

MADE = """
import sys
from pathlib import Path
import torch, transformers
folder, labels = Path(sys.argv[1]), sys.argv[2].split(",")
torch.manual_seed(1)
words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "an", "index", "slows", "speeds", "reads", "writes"]
folder.mkdir(parents=True)
(folder / "vocab.txt").write_text("\\n".join(words))
transformers.BertTokenizerFast(vocab_file=str(folder / "vocab.txt")).save_pretrained(folder)
config = transformers.BertConfig(
    vocab_size=len(words), hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16,
    max_position_embeddings=64, id2label=dict(enumerate(labels)), label2id={n: i for i, n in enumerate(labels)},
)
transformers.BertForSequenceClassification(config).save_pretrained(folder)
"""


def _made(folder: Path, labels: str) -> Settings:
    subprocess.run([sys.executable, "-W", "ignore", "-c", MADE, str(folder), labels], check=True, capture_output=True)
    return Settings(nli_model=str(folder))


def test_labels_are_put_into_our_order(tmp_path: Path) -> None:
    pairs = [("an index slows writes", "an index speeds reads"), ("writes", "reads")]
    one = open_named(_made(tmp_path / "one", "entailment,neutral,contradiction")).check(pairs)
    other = open_named(_made(tmp_path / "other", "CONTRADICTION,ENTAILMENT,NEUTRAL")).check(pairs)
    assert np.allclose(one.sum(axis=1), 1.0, atol=1e-5)
    assert np.allclose(one[:, [0, 1, 2]], other[:, [2, 0, 1]], atol=1e-6), "the same model with its labels renamed"
    assert open_named(_made(tmp_path / "third", "entailment,neutral,contradiction")).check([]).shape == (0, 3)


def test_a_model_with_other_labels_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="positive"):
        open_named(_made(tmp_path / "mood", "negative,neutral,positive"))


@pytest.mark.parametrize("name", ["./nothing", "/no/such/folder", "two words", "-dash", "a/b/c"])
def test_what_can_be_no_model_is_named(name: str) -> None:
    with pytest.raises(ConfigError, match="no folder"):
        open_named(Settings(nli_model=name))


def test_a_missing_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="COACH_OFFLINE"):
        open_named(Settings(nli_model="someone/no-such-model", offline=True))
