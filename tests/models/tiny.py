"""Writes small random models of several kinds below the folder given: run as a program, since it imports torch."""

from __future__ import annotations

import sys
from pathlib import Path

WORDS = "the a of key keys hot cold salt window late event commit batch reader writer data lake schema is and ##s ##ed"


def main(folder: Path) -> None:
    import torch
    import transformers
    from sentence_transformers import SentenceTransformer, models
    from tokenizers import Tokenizer, normalizers, pre_tokenizers, processors
    from tokenizers.models import WordPiece

    torch.manual_seed(7)
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *WORDS.split(), *"abcdefghijklmnopqrstuvwxyz"]
    backend = Tokenizer(WordPiece({word: index for index, word in enumerate(vocabulary)}, unk_token="[UNK]"))
    backend.normalizer = normalizers.BertNormalizer()
    backend.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    backend.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    sizes = {"vocab_size": len(vocabulary), "pad_token_id": 0}
    bert = transformers.BertConfig(
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=4,
        intermediate_size=64,
        max_position_embeddings=64,
        **sizes,
    )
    distil = transformers.DistilBertConfig(
        dim=32, n_layers=2, n_heads=4, hidden_dim=64, max_position_embeddings=64, **sizes
    )
    for name, inner, inputs in (
        ("bert", transformers.BertModel(bert), ["input_ids", "token_type_ids", "attention_mask"]),
        ("distil", transformers.DistilBertModel(distil), ["input_ids", "attention_mask"]),
    ):
        inner.save_pretrained(folder / name / "inner")
        transformers.PreTrainedTokenizerFast(
            tokenizer_object=backend,
            pad_token="[PAD]",
            unk_token="[UNK]",
            cls_token="[CLS]",
            sep_token="[SEP]",
            model_input_names=inputs,
            model_max_length=48,
        ).save_pretrained(folder / name / "inner")
    transformer = models.Transformer(str(folder / "bert" / "inner"))
    dense = models.Dense(32, 16, activation_function=torch.nn.Tanh())
    SentenceTransformer(modules=[transformer, models.Pooling(32, "cls"), dense]).save(str(folder / "cls-dense"))
    SentenceTransformer(modules=[transformer, models.Pooling(32, "weightedmean")]).save(str(folder / "weighted"))
    transformer = models.Transformer(str(folder / "distil" / "inner"))
    SentenceTransformer(modules=[transformer, models.Pooling(32, "max")]).save(str(folder / "max"))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
