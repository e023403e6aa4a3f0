"""``python -m coach.tui``: the app alone, as ``coach serve`` starts it for each browser window."""

import os


def main() -> None:
    """Run the app on whatever Textual's driver holds."""
    # onnxruntime reports its users to its maker unless told not to before it is loaded.
    os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
    from coach.tui.leaving import run
    from coach.wiring import open_session

    said: list[str] = []
    run(open_session(notice=said.append), said)


if __name__ == "__main__":
    main()
