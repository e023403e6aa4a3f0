"""Fine-tune MiniLM into the claims encoder: right ways to say a key point lie together, misconceptions lie apart.

    python training/train_claims.py --out /tmp/claims            # about half an hour on two idle cores
    python training/train_claims.py --out /tmp/x --hold-out 10   # leaves 10 questions out and reports on them

Data: the hand-made rubrics, confusions beyond the corpus, fluent nonsense, and with --beetle the training split of Beetle (no
answer of the gold set, of SAF or SciEntsBank), plus statements made from them by rule: a right phrasing negated, with two of
its words swapped, or with content words of a neighbour in place of its own. Loss: supervised contrastive (Khosla et al. 2020) within a batch of points, with the misconceptions
of the same point as hard negatives, and a term that keeps the cosine between statements of different points where the
published model has it, so that relatedness survives.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from coach.catalogue.rubrics import parse
from coach.config import DEFAULT_MODEL, Settings
from coach.models.weights import locate
from coach.text.terms import FUNCTION_WORDS, words

TEMPERATURE = 0.05
KEEP = 10.0
"""Weight of the term that keeps relatedness."""
POINTS_A_QUESTION, QUESTIONS_A_BATCH = 2, 3
ASIDES_A_BATCH = 8
"""Pairs of asides that join each batch, drawn from its questions."""
FROZEN = 3
"""Layers, of six, that are not trained: half the time, and hardly a difference."""
GENERAL_A_BATCH = 24
"""Lines of the general confusions that join each batch."""
MADE_SHARE = 0.3
"""Share of the wrong statements of a batch that are made by rule."""


GENERAL = "general"
"""Stands for the question of what belongs to none of the corpus."""


@dataclass(frozen=True)
class Point:
    """One key point as training material."""

    question: str
    right: tuple[str, ...]
    wrong: tuple[str, ...]


def main() -> None:
    """Train, report, save."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--out", type=Path, required=True)
    options.add_argument("--epochs", type=int, default=8)
    options.add_argument("--rate", type=float, default=5e-5)
    options.add_argument("--hold-out", type=int, default=0)
    options.add_argument("--seed", type=int, default=7)
    options.add_argument(
        "--beetle", type=Path, help="SemEval-2013 Beetle as CSV: student answers, right and contradictory"
    )
    options.add_argument("--init", type=Path, help="go on from this trained folder rather than the published weights")
    chosen = options.parse_args()
    random.seed(chosen.seed)
    torch.manual_seed(chosen.seed)
    points = read_points() + (beetle_points(chosen.beetle) if chosen.beetle else [])
    questions = sorted({point.question for point in points})
    random.shuffle(questions)
    held = set(questions[: chosen.hold_out])
    train = [point for point in points if point.question not in held]
    test = [point for point in points if point.question in held]
    base = _published_vectors(Encoder(), train)
    model = Encoder(chosen.init)
    print(f"{len(train)} points of {len(questions) - len(held)} questions; held out: {len(test)} points")
    if test:
        print("before", separation(model, test))
    learn(model, base, train, test, chosen.epochs, chosen.rate)
    model.save(chosen.out)


def read_points() -> list[Point]:
    """Every point of every shipped rubric."""
    import tomllib

    nonsense: dict[str, list[str]] = {}
    for line in (ROOT / "training" / "nonsense.tsv").read_text(encoding="utf-8").splitlines():
        name, sentence = line.split("\t")
        nonsense.setdefault(name, []).append(sentence)
    found = []
    for path in sorted((ROOT / "corpus" / "rubrics").glob("*/*.toml")):
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        rubric = parse(data, path.stem, "shipped", str(path))
        # Fluent nonsense belongs to no point; each point takes a share of it among its false statements.
        bluff = nonsense.get(f"{path.parent.name}/{path.stem}", [])
        for at, point in enumerate(rubric.points):
            right = (point.text, *point.right)
            false = tuple(text for wrong in point.misconceptions for text in (wrong.text, *wrong.also))
            found.append(Point(data["question"], right, (*false, *bluff[at :: len(rubric.points)])))
        # A right aside has no other phrasing: given twice it is its own positive, apart by dropout (Gao et al. 2021).
        found += [Point(data["question"], (aside.right, aside.right), (aside.wrong,)) for aside in rubric.asides]
    return found + general_points()


def general_points() -> list[Point]:
    """Confusions beyond the corpus: the files of training/confusions. Those in its folders came later; the encoder that ships
    never saw them, and one trained on them too graded no better (docs/grading.md).
    """
    found = []
    for path in sorted((ROOT / "training" / "confusions").glob("*.tsv")):
        for line in path.read_text(encoding="utf-8").splitlines():
            columns = [column.strip() for column in line.split("\t")]
            if len(columns) == 4 and all(columns):
                reference, agrees, contradicts, beside = columns
                found.append(Point(GENERAL, (reference, agrees), (contradicts,)))
                found.append(Point(GENERAL, (beside, beside), (contradicts,)))
    return found


def beetle_points(path: Path) -> list[Point]:
    """Each question's references and correct answers against its contradictory ones (training split)."""
    import csv
    import json

    with path.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["split"] == "train"]
    found = []
    for name in sorted({row["question_id"] for row in rows}):
        own = [row for row in rows if row["question_id"] == name]
        references = [text for _, text in json.loads(own[0]["all_references"])]
        right = [row["student_answer"] for row in own if row["label_3way"] == "correct"]
        wrong = [row["student_answer"] for row in own if row["label_3way"] == "contradictory"]
        if wrong:
            found.append(Point(GENERAL, tuple(references + right), tuple(wrong)))
    return found


class Layer(torch.nn.Module):
    """One transformer layer of BERT (post-norm), with the weights of a loaded one."""

    def __init__(self, source: torch.nn.Module) -> None:
        super().__init__()
        attention = source.attention
        self.parts = torch.nn.ModuleDict(
            {
                "query": attention.self.query,
                "key": attention.self.key,
                "value": attention.self.value,
                "out": attention.output.dense,
                "norm": attention.output.LayerNorm,
                "up": source.intermediate.dense,
                "down": source.output.dense,
                "last": source.output.LayerNorm,
            }
        )
        self.heads = attention.self.num_attention_heads
        self.drop = torch.nn.Dropout(0.1)

    def forward(self, x: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """States of shape (n, t, d) to the next layer's; ``mask`` (n, t) is true where there is a token."""
        part, (n, t, d) = self.parts, x.shape
        split = [part[name](x).view(n, t, self.heads, d // self.heads).transpose(1, 2) for name in _ATTENTION]
        seen = torch.nn.functional.scaled_dot_product_attention(*split, attn_mask=mask[:, None, None, :])
        x = part["norm"](x + self.drop(part["out"](seen.transpose(1, 2).reshape(n, t, d))))
        return part["last"](x + self.drop(part["down"](torch.nn.functional.gelu(part["up"](x)))))


_ATTENTION = ("query", "key", "value")


class Encoder:
    """MiniLM with mean pooling. The layers below FROZEN stay as they are: each text passes them once, and is kept."""

    def __init__(self, start: Path | None = None) -> None:
        from transformers import AutoModel, AutoTokenizer

        self.folder = Path(locate(DEFAULT_MODEL, Settings()).folder)
        self.tokenizer = AutoTokenizer.from_pretrained(self.folder)
        self.model = AutoModel.from_pretrained(start or self.folder).eval()
        self.upper = torch.nn.ModuleList(Layer(layer) for layer in self.model.encoder.layer[FROZEN:])
        self.states: dict[str, torch.Tensor] = {}

    def __call__(self, texts: list[str]) -> torch.Tensor:
        """Unit vectors with gradients, shape (n, d)."""
        self._pass_below([text for text in texts if text not in self.states])
        states = [self.states[text] for text in texts]
        x = torch.nn.utils.rnn.pad_sequence(states, batch_first=True).float()
        lengths = torch.tensor([len(state) for state in states])
        mask = torch.arange(x.shape[1])[None] < lengths[:, None]
        for layer in self.upper:
            x = layer(x, mask)
        return torch.nn.functional.normalize((x * mask[..., None]).sum(1) / lengths[:, None], dim=1)

    def _pass_below(self, texts: list[str]) -> None:
        order = sorted(dict.fromkeys(texts), key=len)
        with torch.no_grad():
            for start in range(0, len(order), 64):
                part = order[start : start + 64]
                batch = self.tokenizer(part, padding=True, truncation=True, max_length=64, return_tensors="pt")
                mask = batch["attention_mask"].bool()
                x = self.model.embeddings(batch["input_ids"])
                for layer in self.model.encoder.layer[:FROZEN]:
                    x = Layer(layer).eval()(x, mask)
                for text, state, length in zip(part, x, mask.sum(1), strict=True):
                    self.states[text] = state[: int(length)].half()

    def vectors(self, texts: list[str]) -> np.ndarray:
        """Without gradients, shape (n, d)."""
        self.upper.eval()
        order = sorted(range(len(texts)), key=lambda at: len(texts[at]))
        result = np.empty((len(texts), 384), dtype=np.float32)
        with torch.no_grad():
            for start in range(0, len(order), 128):
                part = order[start : start + 128]
                result[part] = self([texts[at] for at in part]).numpy()
        return result

    def save(self, out: Path) -> None:
        """As a sentence-transformers folder: the published one with these weights."""
        import shutil

        shutil.copytree(self.folder, out, dirs_exist_ok=True)
        self.model.save_pretrained(out)


def learn(
    model: Encoder, base: dict[str, np.ndarray], train: list[Point], test: list[Point], epochs: int, rate: float
) -> None:
    """The training loop; ``base`` has the published model's vector of every statement."""
    by_question: dict[str, list[Point]] = {}
    for point in train:
        by_question.setdefault(point.question, []).append(point)
    optimizer = torch.optim.AdamW(model.upper.parameters(), lr=rate, weight_decay=0.01)
    total = epochs * len(_batches(by_question))
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min(1, (step + 1) / 30) * max(0.03, 1 - step / total)
    )
    started = time.time()
    for epoch in range(epochs):
        model.upper.train()
        losses = []
        for batch in _batches(by_question):
            texts, owner, truth = _statements(batch, by_question)
            loss = _loss(model(texts), owner, truth, np.stack([_base(base, model, text) for text in texts]))
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.upper.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            losses.append(loss.item())
        report = separation(model, test) if test else ""
        print(f"epoch {epoch + 1}  loss {np.mean(losses):.3f}  {time.time() - started:.0f} s  {report}", flush=True)


def separation(model: Encoder, points: list[Point]) -> dict[str, float]:
    """Each statement in turn against all others of its question: is the nearest one on its own side? Shares, and AUC."""
    right_ok, wrong_ok, margins, sides = [], [], [], []
    for question in sorted({point.question for point in points}):
        own = [point for point in points if point.question == question]
        rows = [(text, True) for point in own for text in dict.fromkeys(point.right)] + [
            (t, False) for p in own for t in p.wrong
        ]
        vectors = model.vectors([text for text, _ in rows])
        cosine = vectors @ vectors.T
        np.fill_diagonal(cosine, -9)
        side = np.array([truth for _, truth in rows])
        margin = cosine[:, side].max(1) - cosine[:, ~side].max(1)
        right_ok += list(margin[side] > 0)
        wrong_ok += list(margin[~side] < 0)
        margins += list(margin)
        sides += list(side)
    order = np.argsort(np.argsort(margins))
    flags = np.array(sides)
    auc = (order[flags].sum() - flags.sum() * (flags.sum() - 1) / 2) / (flags.sum() * (~flags).sum())
    return {
        "right": round(float(np.mean(right_ok)), 3),
        "wrong": round(float(np.mean(wrong_ok)), 3),
        "auc": round(float(auc), 3),
    }


def negated(text: str) -> str:
    """A statement turned round by a rule."""
    auxiliary = re.search(
        r"\b(is|are|was|were|can|could|will|would|should|must|does|do|has|have|had|did|may)\b(?! not|n't)", text
    )
    if auxiliary:
        return f"{text[: auxiliary.end()]} not{text[auxiliary.end() :]}"
    return f"It isn't true that {text[:1].lower()}{text[1:]}"


def mixed(text: str, other: str, every: bool = False) -> str:
    """A statement with two or three of its content words (or every one: word salad) replaced by those of another."""
    own = [word for word in words(text) if word.text not in FUNCTION_WORDS and len(word.text) > 3]
    theirs = [word.span.of(other) for word in words(other) if word.text not in FUNCTION_WORDS and len(word.text) > 3]
    if len(own) < 3 or len(theirs) < 3:
        return negated(text)
    chosen = own if every else random.sample(own, 3 if len(own) > 5 else 2)
    for word in sorted(chosen, key=lambda word: -word.span.start):
        text = text[: word.span.start] + random.choice(theirs) + text[word.span.end :]
    return text


def swapped(text: str) -> str:
    """A statement in which two of its content words, in different places of it, have taken each other's."""
    found = [word for word in words(text) if word.text not in FUNCTION_WORDS and len(word.text) > 3]
    pairs = [(one, two) for at, one in enumerate(found) for two in found[at + 2 :] if one.stem != two.stem]
    if not pairs:
        return negated(text)
    one, two = random.choice(pairs)
    first, second = one.span.of(text), two.span.of(text)
    between = text[one.span.end : two.span.start]
    return f"{text[: one.span.start]}{second}{between}{first}{text[two.span.end :]}"


def _published_vectors(model: Encoder, points: list[Point]) -> dict[str, np.ndarray]:
    texts = sorted({text for point in points for text in (*point.right, *point.wrong)})
    return dict(zip(texts, model.vectors(texts), strict=True))


def _base(base: dict[str, np.ndarray], model: Encoder, text: str) -> np.ndarray:
    # Statements made by rule have no published vector: NaN leaves them out of the term that keeps relatedness.
    return base.get(text, np.full(384, np.nan, dtype=np.float32))


def _batches(by_question: dict[str, list[Point]]) -> list[list[Point]]:
    groups = []
    for name, every in by_question.items():
        if name == GENERAL:
            continue
        points = [point for point in every if len(point.wrong) > 1]
        shuffled = random.sample(points, len(points))
        groups += [shuffled[at : at + POINTS_A_QUESTION] for at in range(0, len(shuffled), POINTS_A_QUESTION)]
    random.shuffle(groups)
    joined = [
        groups[at : at + QUESTIONS_A_BATCH] for at in range(0, len(groups) - QUESTIONS_A_BATCH + 1, QUESTIONS_A_BATCH)
    ]
    batches = [[point for group in batch for point in group] for batch in joined]
    for batch in batches:
        asides = [p for name in sorted({p.question for p in batch}) for p in by_question[name] if len(p.wrong) == 1]
        batch += random.sample(asides, min(ASIDES_A_BATCH, len(asides)))
        general = by_question.get(GENERAL, [])
        batch += random.sample(general, min(GENERAL_A_BATCH, len(general)))
    return batches


def _statements(
    batch: list[Point], by_question: dict[str, list[Point]]
) -> tuple[list[str], torch.Tensor, torch.Tensor]:
    texts: list[str] = []
    owner: list[int] = []
    truth: list[int] = []
    for number, point in enumerate(batch):
        right = random.sample(point.right, min(5, len(point.right)))
        wrong = random.sample(point.wrong, min(5, len(point.wrong)))
        for at in range(len(wrong)):
            if len(wrong) > 1 and random.random() < MADE_SHARE:
                source = random.choice(point.right)
                wrong[at] = _made(source, by_question[point.question])
        texts += [*right, *wrong]
        owner += [number] * (len(right) + len(wrong))
        truth += [1] * len(right) + [0] * len(wrong)
    return texts, torch.tensor(owner), torch.tensor(truth)


def _made(source: str, points: list[Point]) -> str:
    """A wrong statement by rule: negated, two words swapped, with some words of a neighbour, or with all words of several."""
    kind = random.random()
    if kind < 0.3:
        return negated(source)
    if kind < 0.55:
        return swapped(source)
    if kind < 0.8:
        return mixed(source, random.choice(random.choice(points).right))
    return mixed(source, " ".join(random.choice(random.choice(points).right) for _ in range(3)), every=True)


def _loss(vectors: torch.Tensor, owner: torch.Tensor, truth: torch.Tensor, base: np.ndarray) -> torch.Tensor:
    own = torch.eye(len(vectors), dtype=torch.bool)
    cosine = vectors @ vectors.T
    scaled = (cosine / TEMPERATURE).masked_fill(own, -1e4)
    same = (owner[:, None] == owner[None]) & (truth[:, None] == truth[None]) & ~own
    log_share = scaled - torch.logsumexp(scaled, 1, keepdim=True)
    each = -(log_share * same).sum(1) / same.sum(1).clamp(min=1)
    # Two false claims about one point need not be alike, two right ways to say it are.
    contrast = (each * torch.where(truth == 1, 1.0, 0.6)).mean()
    known = torch.tensor(base @ base.T)
    across = (owner[:, None] != owner[None]) & ~torch.isnan(known)
    return contrast + KEEP * ((cosine - torch.nan_to_num(known)) ** 2)[across].mean()


if __name__ == "__main__":
    main()
