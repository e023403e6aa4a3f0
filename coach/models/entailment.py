"""A claim checker by name: any cross-encoder for natural language inference, by sentence-transformers.

It takes the place of the known statements (``shipped.open_known``) where COACH_NLI_MODEL is set. Loading torch takes
seconds; that is the price of the choice.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coach.config import Settings
from coach.errors import ConfigError
from coach.models.weights import HUB_NAME, hub_folder

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SETTING = "COACH_NLI_MODEL"
ORDER = ("entail", "neutral", "contradict")
"""How the labels of such models begin, in the order of ``ports.ClaimChecker``."""


class NamedChecker:
    """``ports.ClaimChecker`` by a model that the user names."""

    def __init__(self, name: str, model: Any, columns: Sequence[int]) -> None:
        self.name = name
        self._model = model
        self._columns = list(columns)

    def check(self, pairs: Sequence[tuple[str, str]]) -> NDArray[np.float32]:
        """Probabilities that each claim entails its statement, is neutral to it, contradicts it: shape (n, 3)."""
        import numpy as np

        if not pairs:
            return np.zeros((0, 3), dtype=np.float32)
        found = self._model.predict(list(pairs), apply_softmax=True, show_progress_bar=False)
        return np.asarray(found, dtype=np.float32)[:, self._columns]


def open_named(settings: Settings) -> NamedChecker:
    """The model that the settings name. Raises ConfigError where it is missing or has other labels than NLI's,
    BackendUnreachable where it has to be fetched and cannot be.
    """
    name = settings.nli_model
    local = Path(name).expanduser()
    if not local.is_dir() and not HUB_NAME.fullmatch(name):
        raise ConfigError(f"{SETTING} names {name!r}, which is no folder.", "Give a folder or a hub name, or unset it.")
    folder = local if local.is_dir() else hub_folder(name, settings, SETTING)
    os.environ.setdefault("TRANSFORMERS_NO_ADVISORY_WARNINGS", "1")
    from sentence_transformers import CrossEncoder

    try:
        model = CrossEncoder(str(folder), device="cpu", local_files_only=True)
        labels = {int(at): str(label).lower() for at, label in model.config.id2label.items()}
    except (OSError, ValueError, KeyError, ImportError, AttributeError, RuntimeError) as problem:
        raise ConfigError(
            f"sentence-transformers cannot load the entailment model in {folder}: {problem}", f"Check {SETTING}."
        ) from problem
    columns = [next((at for at, label in labels.items() if label.startswith(start)), None) for start in ORDER]
    if None in columns or len(labels) != len(ORDER):
        raise ConfigError(
            f"The model {name} has the labels {', '.join(labels.values())}, not entailment, neutral and contradiction.",
            f"Name a model for natural language inference in {SETTING}, or unset it.",
        )
    return NamedChecker(local.name if local.is_dir() else name, model, [at for at in columns if at is not None])
