"""A run of the wire against a real server: llama.cpp's, with a tiny model of random weights that this script makes.

    pip install xllamacpp gguf      # not needed by coach itself; together 35 MB, no model is downloaded
    python benchmarks/real_server.py

The model talks nonsense. What is looked at is the wire: that requests are taken, streams arrive, usage is counted, a
schema is kept to even by nonsense (the server enforces it), and that a prompt beyond the context, a wrong key, an
unknown path and a deadline come out as the errors they are. Prints one line a check; the exit status is 1 where one fails.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from coach import llm
from coach.errors import BackendUnreachable, CoachError, ConfigError, Ungradable
from coach.llm.access import Access
from coach.llm.chat import Chat
from coach.llm.memory import Memory
from coach.llm.prices import TABLE, Prices
from coach.llm.providers import PROVIDERS
from coach.ports import Message

NEEDED = ("xllamacpp", "gguf")
WIDTH, LAYERS, HEADS, INNER, CONTEXT = 64, 2, 4, 128, 2048
KEY = "key-of-the-real-server"
MESSAGES = (Message("system", "You grade answers."), Message("user", "Is salting a key of use?"))
SCHEMA = {
    "title": "verdict",
    "type": "object",
    "properties": {
        "points": {
            "type": "array",
            "minItems": 2,
            "maxItems": 2,
            "items": {
                "type": "object",
                "properties": {
                    "id": {"enum": ["p1", "p2"]},
                    "verdict": {"enum": ["covered", "partial", "missing"]},
                },
            },
        }
    },
}


def missing() -> str:
    """Which package is not there; empty when all are."""
    return next((name for name in NEEDED if find_spec(name) is None), "")


def make_model(path: Path) -> None:
    """Write a llama of random weights whose vocabulary is the 256 bytes."""
    import gguf
    import numpy as np

    random = np.random.default_rng(7)
    writer = gguf.GGUFWriter(str(path), "llama")
    writer.add_name("random")
    writer.add_context_length(CONTEXT)
    writer.add_embedding_length(WIDTH)
    writer.add_block_count(LAYERS)
    writer.add_feed_forward_length(INNER)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(HEADS)
    writer.add_rope_dimension_count(WIDTH // HEADS)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_file_type(0)
    tokens = [b"<unk>", b"<s>", b"</s>", *(f"<0x{byte:02X}>".encode() for byte in range(256)), "\u2581".encode()]
    kinds = [gguf.TokenType.UNKNOWN, gguf.TokenType.CONTROL, gguf.TokenType.CONTROL]
    kinds += [gguf.TokenType.BYTE] * 256 + [gguf.TokenType.NORMAL]
    writer.add_vocab_size(len(tokens))
    writer.add_tokenizer_model("llama")
    writer.add_token_list(tokens)
    writer.add_token_scores([0.0] * len(tokens))
    writer.add_token_types(kinds)
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.add_unk_token_id(0)
    writer.add_chat_template("{% for m in messages %}{{ m.role }}: {{ m.content }}\n{% endfor %}assistant: ")

    def add(name: str, *shape: int) -> None:
        writer.add_tensor(name, random.normal(0, 0.2, shape).astype(np.float32))

    def add_norm(name: str) -> None:
        writer.add_tensor(name, np.ones(WIDTH, dtype=np.float32))

    add("token_embd.weight", len(tokens), WIDTH)
    add("output.weight", len(tokens), WIDTH)
    add_norm("output_norm.weight")
    for layer in range(LAYERS):
        for name in ("attn_q", "attn_k", "attn_v", "attn_output"):
            add(f"blk.{layer}.{name}.weight", WIDTH, WIDTH)
        add(f"blk.{layer}.ffn_gate.weight", INNER, WIDTH)
        add(f"blk.{layer}.ffn_up.weight", INNER, WIDTH)
        add(f"blk.{layer}.ffn_down.weight", WIDTH, INNER)
        add_norm(f"blk.{layer}.attn_norm.weight")
        add_norm(f"blk.{layer}.ffn_norm.weight")
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def serve(model: str) -> None:
    """Run llama.cpp's server in this process and say where it listens; ends with standard input."""
    import xllamacpp

    parameters = xllamacpp.CommonParams()
    parameters.model.path = model
    parameters.n_ctx = CONTEXT
    parameters.n_parallel = 1
    parameters.cpuparams.n_threads = 1
    parameters.hostnames = ["127.0.0.1"]
    parameters.port = 0
    parameters.api_keys = [KEY]
    parameters.warmup = False
    server = xllamacpp.Server(parameters)
    print(json.dumps({"address": server.listening_address}), flush=True)
    sys.stdin.read()


class Looks:
    """What is tried, and what it has to come to; each returns what it saw, or raises."""

    def __init__(self, url: str, folder: Path) -> None:
        self.access = Access(PROVIDERS["llamacpp"], url, "", KEY, timeout=60.0, max_retries=0)
        self.folder = folder

    def model(self, **changes: Any) -> Chat:
        """The model, its access changed."""
        return Chat(replace(self.access, **changes), Memory(self.folder), Prices(TABLE))

    def connection(self) -> str:
        """The test that ``coach doctor --llm`` makes."""
        found = llm.check(self.model())
        form = found.rung or f"none ({found.why_not})"
        speed = f"first word after {found.first_word_after} s, then {found.tokens_a_second} tokens/s"
        return f"listed {found.listed}, structured output by {form}, context {found.context}, {speed}"

    def prose(self) -> str:
        """A reply in one piece."""
        try:
            usage = self.model().complete(MESSAGES, 40).usage
        except Ungradable as problem:  # nonsense seldom comes to its end within a limit
            return f"as it should: {problem.message}"
        return f"{usage.prompt_tokens} + {usage.completion_tokens} tokens"

    def stream(self) -> str:
        """A reply in pieces."""
        pieces: list[str] = []
        try:
            for piece in self.model().stream(MESSAGES, 40):
                pieces.append(piece)
        except Ungradable as problem:
            return f"{len(pieces)} pieces, then as it should: {problem.message}"
        return f"{len(pieces)} pieces"

    def structured(self) -> str:
        """A reply in a form that the server enforces."""
        value, usage = self.model().structured(MESSAGES, SCHEMA, _verdicts, 200)
        return f"{value}, {usage.prompt_tokens} + {usage.completion_tokens} tokens, {usage.cost_usd} dollars"

    def prompt_beyond_the_context(self) -> str:
        """More than the model reads."""
        return self._fails(Ungradable, [Message("user", "words and more words " * 400)])

    def wrong_key(self) -> str:
        """A key that the server does not know."""
        return self._fails(ConfigError, key="another-key-altogether")

    def unknown_path(self) -> str:
        """An address with nothing behind it."""
        return self._fails(ConfigError, base_url=self.access.base_url.removesuffix("/v1") + "/v7")

    def deadline(self) -> str:
        """Less time than a reply takes."""
        return self._fails(BackendUnreachable, timeout=0.05)

    def _fails(self, kind: type[CoachError], messages: Sequence[Message] = MESSAGES, **changes: Any) -> str:
        try:
            self.model(**{"model": "random"} | changes).complete(messages, 2000)
        except kind as problem:
            return f"{kind.__name__}: {problem.message}"
        raise AssertionError(f"no {kind.__name__}")


LOOKS = (
    "connection", "prose", "stream", "structured", "prompt_beyond_the_context", "wrong_key", "unknown_path", "deadline",
)  # fmt: skip


def _verdicts(body: Any) -> list[str]:
    return [row["verdict"] for row in body["points"]]


def main() -> int:
    """Make the model, start the server, run every check."""
    if name := missing():
        print(f"{name} is not installed: pip install {' '.join(NEEDED)}", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "random.gguf"
        make_model(path)
        command = [sys.executable, __file__, "--serve", str(path)]
        with subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        ) as server:
            assert server.stdout is not None
            url = ""
            for line in server.stdout:
                if line.startswith('{"address"'):
                    url = f"{json.loads(line)['address'].rstrip('/')}/v1"
                    break
            failed = 0
            looks = Looks(url, Path(folder))
            for name in LOOKS:
                started = time.perf_counter()
                try:
                    mark, said = "ok  ", getattr(looks, name)()
                except (CoachError, AssertionError) as problem:
                    mark, said, failed = "FAIL", f"{type(problem).__name__}: {problem}", 1
                print(f"{mark} {name.replace('_', ' ')}: {said} ({time.perf_counter() - started:.2f} s)")
            assert server.stdin is not None
            server.stdin.close()
            server.terminate()
    return failed


if __name__ == "__main__":
    if sys.argv[1:2] == ["--serve"]:
        serve(sys.argv[2])
    else:
        sys.exit(main())
