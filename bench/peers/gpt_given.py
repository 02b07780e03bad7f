"""What the GPT's training step starts from, as bench/workloads/gptStep.ts wrote it into a folder: settings, weights by
Transformers' names (linear ones [in, out], as GPT-2 has them), and rows of tokens."""

import json
import pathlib

import numpy


def read(folder):
    """Settings, weights by name, what is read and what is to be predicted."""
    path = pathlib.Path(folder)
    settings = json.loads((path / "settings.json").read_text())
    numbers = numpy.fromfile(path / "weights.bin", dtype="<f4")
    weights, at = {}, 0
    for name, shape in settings["weights"]:
        size = int(numpy.prod(shape))
        weights[name] = numbers[at : at + size].reshape(shape).copy()
        at += size
    tokens = numpy.fromfile(path / "tokens.bin", dtype="<i4").reshape(settings["rows"], -1)
    return settings, weights, tokens[:, :-1].copy(), tokens[:, 1:].copy()
