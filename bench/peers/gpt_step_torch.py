"""A training step of a small GPT in PyTorch, one thread: the same work as bench/workloads/gptStep.ts from the same weights and
tokens. Eager as most people write it, and with the loss through torch.compile; fused attention and a fused AdamW in both.

    gpt_step_torch.py FOLDER   prints {"version", "forms": {form: {"milliseconds", "losses"}}}
"""

import json
import sys

import torch
from gpt_given import read
from timing import best_of
from torch.nn import functional as F

settings, given, inputs, targets = read(sys.argv[1])
inputs, targets = torch.from_numpy(inputs).long(), torch.from_numpy(targets).long()
heads, layers, epsilon = settings["heads"], settings["layers"], settings["normEpsilon"]


def loss_of(p):
    rows, length = inputs.shape

    def linear(x, name):
        return torch.addmm(p[f"{name}.bias"], x, p[f"{name}.weight"])

    def norm(x, name):
        return F.layer_norm(x, x.shape[-1:], p[f"{name}.weight"], p[f"{name}.bias"], epsilon)

    table = p["transformer.wte.weight"]
    x = (F.embedding(inputs, table) + p["transformer.wpe.weight"][:length]).view(rows * length, -1)
    width = x.shape[1]
    for i in range(layers):
        layer = f"transformer.h.{i}"
        parts = linear(norm(x, f"{layer}.ln_1"), f"{layer}.attn.c_attn").view(rows, length, 3, heads, -1)
        query, key, value = (parts[:, :, k].transpose(1, 2) for k in range(3))
        found = F.scaled_dot_product_attention(query, key, value, is_causal=True)
        x = x + linear(found.transpose(1, 2).reshape(rows * length, width), f"{layer}.attn.c_proj")
        raised = F.gelu(linear(norm(x, f"{layer}.ln_2"), f"{layer}.mlp.c_fc"), approximate=settings["approximate"])
        x = x + linear(raised, f"{layer}.mlp.c_proj")
    return F.cross_entropy(norm(x, "transformer.ln_f") @ table.T, targets.reshape(-1))


def make_step(compiled):
    parameters = {name: torch.nn.Parameter(torch.from_numpy(value.copy())) for name, value in given.items()}
    optimiser = torch.optim.AdamW(
        parameters.values(), lr=settings["learningRate"], weight_decay=settings["weightDecay"], fused=True
    )
    loss_function = torch.compile(loss_of) if compiled else loss_of

    def step():
        loss = loss_function(parameters)
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(parameters.values(), settings["maximumNorm"])
        optimiser.step()
        return loss.item()

    return step


torch.set_num_threads(1)
forms = {form: best_of(make_step(compiled)) for form, compiled in (("eager", False), ("compiled", True))}
print(json.dumps({"version": torch.__version__, "forms": forms}))
