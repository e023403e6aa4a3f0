"""Turns a sentence-transformers model into the files that ``serve`` reads. Runs in a process of its own.

torch and sentence-transformers take seconds to import, hold 400 MB and print; none of that belongs into the process
of the person who waits. ``main`` is that process: it writes one JSON object a line to its standard output,
``{"done": 1}`` after each of STEPS steps and ``{"result": {...}}`` or ``{"error": {...}}`` at the end.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from coach.errors import CoachError, ConfigError
from coach.models import stamp as stamps
from coach.models.stamp import Artefact, Recipe, Stamp
from coach.storage import unwritable

STEPS = 5
"""Importing, loading, tracing, fusing, comparing."""

LEAST_COSINE = 0.9999
"""How near a served vector must come to that of sentence-transformers."""

_OPSET = 17
_EXPORTABLE = ("input_ids", "attention_mask", "token_type_ids")
_INLINE_BYTES = 1024
"""Tensors from this size on lie in ``weights.bin``, which onnxruntime maps instead of reading it."""
_PROBES = (
    "CAP",
    "What is a lakehouse?",
    "Salt the hot keys, then aggregate twice; otherwise one executor does all the work.",
    "SELECT user_id, COUNT(*) FROM events GROUP BY user_id HAVING COUNT(*) > 1000;",
    "O(n log n) time, O(1) space.",
    "Déjà vu: naïve façade, 42 %, 3.5×, €5 -> ½",
    "数据分区 и партиции ✓",
    "idempotent " * 12,
    "A reader that crashes between the write and the commit will see the batch again. " * 3,
    "First we agree on the contract, then on who owns the data, and only then on the tool. " * 6,
    "Exactly once is at least once plus deduplication by a key that the producer chose. " * 14,
    "Late events move the watermark nowhere, so the window stays open until its limit. " * 60,
)


def main(arguments: list[str]) -> int:
    """Compile the model in the first folder into the second. Returns the process's exit code."""
    channel = os.fdopen(os.dup(1), "w", encoding="ascii")
    # From here on, whatever libraries print to the terminal is not for anybody's eyes.
    os.dup2(2, 1)

    def tell(line: dict[str, Any]) -> None:
        channel.write(json.dumps(line) + "\n")
        channel.flush()

    done = iter(range(1, STEPS + 1))
    try:
        stamp = export(Path(arguments[0]), Path(arguments[1]), lambda: tell({"done": next(done)}))
    except CoachError as problem:
        return _failed(problem, tell)
    except OSError as problem:
        return _failed(unwritable(Path(arguments[1]), problem), tell)
    tell({"result": asdict(stamp)})
    return 0


def _failed(problem: CoachError, tell: Callable[[dict[str, Any]], None]) -> int:
    tell({"error": {"kind": type(problem).__name__, "message": problem.message, "hint": problem.hint}})
    return 1


def export(folder: Path, target: Path, step: Callable[[], None]) -> Stamp:
    """Write the compiled files into the existing folder ``target``; ``step()`` is called after each of STEPS steps.

    The stamp that comes back knows nothing of the source yet. Raises ConfigError for a model that cannot be compiled.
    """
    import sentence_transformers

    step()
    try:
        model = sentence_transformers.SentenceTransformer(
            str(folder), device="cpu", local_files_only=True, model_kwargs={"attn_implementation": "eager"}
        )
    except (OSError, ValueError, KeyError, ImportError, AttributeError, RuntimeError) as problem:
        raise ConfigError(
            f"sentence-transformers cannot load the embedding model in {folder}: {problem}",
            "Check COACH_EMBEDDING_MODEL; models that bring their own code are not run.",
        ) from problem
    model = model.float().eval()
    step()
    recipe, dense = _recipe(model)
    _save_tokenizer(model.tokenizer, target)
    for index, (weight, bias) in enumerate(dense):
        _save_array(target / f"dense-{index}-weight.npy", weight)
        _save_array(target / f"dense-{index}-bias.npy", bias)
    plain = target / "plain.onnx"
    _trace(model, recipe, plain)
    step()
    expected = model.encode(list(_PROBES), normalize_embeddings=True, show_progress_bar=False)
    stamp = Stamp(stamps.COMPILER, "", "", (), "", {}, recipe, (), "")
    fused = _fused(plain, model[0].auto_model.config)
    step()
    if fused is None or not _settle(fused, target, stamp, expected):
        import onnx

        if not _settle(onnx.load(plain), target, stamp, expected):
            raise ConfigError(
                f"The compiled form of the embedding model in {folder} gives other vectors than the model.",
                "Its kind is not supported; choose another with COACH_EMBEDDING_MODEL.",
            )
    plain.unlink()
    step()
    return _finished(target, stamp)


def _recipe(model: Any) -> tuple[Recipe, list[tuple[Any, Any]]]:
    """How to serve the model, and the matrices of its linear layers. Raises ConfigError for what cannot be served."""
    from coach.models.serve import POOLINGS

    names = [type(module).__name__ for module in model]
    if names[:1] != ["Transformer"] or names[1:2] != ["Pooling"] or set(names[2:]) - {"Dense", "Normalize"}:
        raise _unsupported(f"modules {', '.join(names)}")
    tokenizer, pooling = model.tokenizer, model[1].pooling_mode
    if pooling not in POOLINGS:
        raise _unsupported(f"pooling {pooling}")
    if getattr(model, "default_prompt_name", None):
        raise _unsupported("a prompt before every text")
    if getattr(tokenizer, "truncation_side", "right") != "right" or not getattr(tokenizer, "is_fast", False):
        raise _unsupported("its tokenizer")
    layers = [_linear(module) for module in model if type(module).__name__ == "Dense"]
    body = tokenizer.encode("a", add_special_tokens=False)
    whole = tokenizer.encode("a")
    at = next((place for place in range(len(whole)) if whole[place : place + len(body)] == body), -1)
    if at < 0 or not body:
        raise _unsupported("its special tokens")
    prefix, suffix = tuple(whole[:at]), tuple(whole[at + len(body) :])
    longest = model.max_seq_length or 512
    recipe = Recipe(
        dimensions=int(model.get_embedding_dimension()),
        max_tokens=min(int(longest), 8192) - len(prefix) - len(suffix),
        prefix=prefix,
        suffix=suffix,
        pad=int(tokenizer.pad_token_id or 0),
        inputs=tuple(name for name in _EXPORTABLE if name in tokenizer.model_input_names),
        pooling=pooling,
        dense=tuple(activation for _, _, activation in layers),
    )
    return recipe, [(weight, bias) for weight, bias, _ in layers]


def _linear(module: Any) -> tuple[Any, Any, str]:
    import numpy as np

    from coach.models.serve import ACTIVATIONS

    activation = type(module.activation_function).__name__
    plain = module.module_input_name == module.module_output_name == "sentence_embedding" and not module.use_residual
    if activation not in ACTIVATIONS or not plain:
        raise _unsupported(f"a linear layer with {activation}")
    weight = module.linear.weight.detach().numpy()
    bias = module.linear.bias.detach().numpy() if module.bias else np.zeros(len(weight), dtype=np.float32)
    return weight, bias, activation


def _unsupported(what: str) -> ConfigError:
    return ConfigError(
        f"The embedding model uses what coach cannot serve: {what}.",
        "Choose another with COACH_EMBEDDING_MODEL; most sentence-transformers models work.",
    )


def _save_tokenizer(tokenizer: Any, target: Path) -> None:
    backend = tokenizer.backend_tokenizer
    backend.no_padding()
    backend.no_truncation()
    (target / stamps.TOKENIZER).write_text(backend.to_str(), encoding="utf-8")


def _save_array(path: Path, array: Any) -> None:
    import numpy as np

    np.save(path, np.ascontiguousarray(array, dtype=np.float32))


def _trace(model: Any, recipe: Recipe, path: Path) -> None:
    """Write the transformer alone: token ids in, the last layer's states out, any batch and any length."""
    import torch

    class States(torch.nn.Module):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.transformer = model[0].auto_model

        def forward(self, *given: Any) -> Any:
            return self.transformer(**dict(zip(recipe.inputs, given, strict=True))).last_hidden_state

    # Two rows of different lengths, so that no length and no mask is taken for a constant.
    sample = model.tokenizer(["a short one", "a text longer than the other one"], padding=True, return_tensors="pt")
    axes = {name: {0: "row", 1: "place"} for name in (*recipe.inputs, "states")}
    try:
        with torch.no_grad():
            torch.onnx.export(
                States().eval(),
                tuple(sample[name] for name in recipe.inputs),
                str(path),
                dynamo=False,
                opset_version=_OPSET,
                input_names=list(recipe.inputs),
                output_names=["states"],
                dynamic_axes=axes,
            )
    except (RuntimeError, ValueError, TypeError, AttributeError, KeyError) as problem:
        raise _unsupported(f"a transformer that cannot be exported ({type(problem).__name__})") from problem


def _fused(plain: Path, config: Any) -> Any:
    """The graph with attention and normalisation as one node each: faster and sooner loaded. None where it fails."""
    try:
        from onnxruntime.transformers.optimizer import optimize_model

        return optimize_model(
            str(plain),
            model_type="bert",
            num_heads=config.num_attention_heads,
            hidden_size=config.hidden_size,
            opt_level=0,
        ).model
    except (ArithmeticError, AssertionError, AttributeError, ImportError, LookupError, RuntimeError) as problem:
        return _without_fusing(problem)
    except (TypeError, ValueError) as problem:
        return _without_fusing(problem)


def _without_fusing(problem: Exception) -> None:
    sys.stderr.write(f"Not fused: {type(problem).__name__}: {problem}\n")


def _settle(graph: Any, target: Path, stamp: Stamp, expected: Any) -> bool:
    """Write the graph as ``serve`` reads it, and say whether it serves the expected vectors."""
    import onnx

    from coach.errors import StoreCorrupt
    from coach.models.serve import OnnxEmbedder

    (target / stamps.WEIGHTS).unlink(missing_ok=True)
    onnx.save(
        graph,
        str(target / stamps.GRAPH),
        save_as_external_data=True,
        all_tensors_to_one_file=True,
        location=stamps.WEIGHTS,
        size_threshold=_INLINE_BYTES,
    )
    try:
        embedder = OnnxEmbedder(target, stamp)
        served = embedder.vectors(_PROBES)
    except StoreCorrupt as problem:
        sys.stderr.write(f"Not served: {problem.__cause__}\n")
        return False
    cosines = (served * expected).sum(axis=1)
    sys.stderr.write(f"Least cosine to sentence-transformers: {cosines.min():.8f}\n")
    return bool((cosines >= LEAST_COSINE).all())


def _finished(target: Path, stamp: Stamp) -> Stamp:
    from coach.models.serve import PROBE, OnnxEmbedder, processor

    embedder = OnnxEmbedder(target, stamp)
    return replace(
        stamp,
        artefacts={path.name: Artefact(path.stat().st_size, stamps.digest(path)) for path in sorted(target.iterdir())},
        probe=tuple(round(float(value), 6) for value in embedder.vectors([PROBE])[0]),
        processor=processor() if embedder.rows_are_independent() else "",
    )
