"""Every failure that coach can explain, as one tree.

    CoachError                     70   a fault of ours
    |-- UsageError                  2   the command line or the input cannot be used
    |   `-- UnreadableInput         2   binary, too large, or not text
    |-- NotFound                    3   a file, question or deck that is not there
    |-- ConfigError                 4   a setting or a key that cannot be used
    |-- BackendUnreachable          5   the model server does not answer
    |-- Ungradable                  6   no usable model output, or nothing to grade by
    `-- StoreError                  7   store or history cannot be used
        |-- StoreLocked             7   another process is writing
        |-- StoreCorrupt            7   what is on disk cannot be read
        `-- StoreUnwritable         7   read-only or full disk

``message`` says what happened, ``hint`` what to do next. Both are meant for the person at the terminal.
"""


class CoachError(Exception):
    """Root of the tree; on its own it stands for a fault of coach itself."""

    exit_code = 70

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()


class UsageError(CoachError):
    """The command was called in a way that makes no sense."""

    exit_code = 2


class UnreadableInput(UsageError):
    """An input file that is not text of a reasonable size."""


class NotFound(CoachError):
    """A file, a question or a deck that does not exist."""

    exit_code = 3


class ConfigError(CoachError):
    """A setting that cannot be used, or a key that was refused."""

    exit_code = 4


class BackendUnreachable(CoachError):
    """A model server that does not answer."""

    exit_code = 5


class Ungradable(CoachError):
    """No grade could be made: the attempt stays ungraded, it never becomes a number."""

    exit_code = 6


class StoreError(CoachError):
    """The vector store or the history cannot be used."""

    exit_code = 7


class StoreLocked(StoreError):
    """Another process holds the writer's lock."""


class StoreCorrupt(StoreError):
    """What lies on disk is damaged, or was written by something else."""


class StoreUnwritable(StoreError):
    """The disk is full, or the folder may not be written."""
