"""A training step of a small GPT in JAX with Optax, one thread: the same work as bench/workloads/gptStep.ts from the same weights and
tokens, as one jitted call. Compiling is not counted.

    gpt_step_jax.py FOLDER   prints {"version", "forms": {form: {"milliseconds", "losses"}}}
"""

import json
import os
import sys

# XLA takes as many threads as there are cores it may run on.
os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
os.environ["JAX_PLATFORMS"] = "cpu"

import jax
import jax.numpy as jnp
import optax
from gpt_given import read
from timing import best_of

settings, given, inputs, targets = read(sys.argv[1])
heads, layers, epsilon = settings["heads"], settings["layers"], settings["normEpsilon"]
optimiser = optax.chain(
    optax.clip_by_global_norm(settings["maximumNorm"]),
    optax.adamw(settings["learningRate"], weight_decay=settings["weightDecay"]),
)


def loss_of(p):
    rows, length = inputs.shape

    def linear(x, name):
        return x @ p[f"{name}.weight"] + p[f"{name}.bias"]

    def norm(x, name):
        centred = x - x.mean(-1, keepdims=True)
        scaled = centred * jax.lax.rsqrt(jnp.square(centred).mean(-1, keepdims=True) + epsilon)
        return scaled * p[f"{name}.weight"] + p[f"{name}.bias"]

    table = p["transformer.wte.weight"]
    x = table[inputs] + p["transformer.wpe.weight"][:length]
    width = x.shape[-1]
    causal = jnp.tril(jnp.ones((length, length), bool))
    for i in range(layers):
        layer = f"transformer.h.{i}"
        parts = linear(norm(x, f"{layer}.ln_1"), f"{layer}.attn.c_attn").reshape(rows, length, 3, heads, -1)
        query, key, value = (parts[:, :, k].transpose(0, 2, 1, 3) for k in range(3))
        scores = query @ key.transpose(0, 1, 3, 2) / (width // heads) ** 0.5
        found = jax.nn.softmax(jnp.where(causal, scores, -1e30)) @ value
        x = x + linear(found.transpose(0, 2, 1, 3).reshape(rows, length, width), f"{layer}.attn.c_proj")
        raised = jax.nn.gelu(linear(norm(x, f"{layer}.ln_2"), f"{layer}.mlp.c_fc"), approximate=settings["approximate"] == "tanh")
        x = x + linear(raised, f"{layer}.mlp.c_proj")
    logits = norm(x, "transformer.ln_f") @ table.T
    return optax.softmax_cross_entropy_with_integer_labels(logits, targets).mean()


@jax.jit
def update(parameters, moments):
    loss, gradient = jax.value_and_grad(loss_of)(parameters)
    changes, moments = optimiser.update(gradient, moments, parameters)
    return optax.apply_updates(parameters, changes), moments, loss


parameters = {name: jnp.asarray(value) for name, value in given.items()}
state = (parameters, optimiser.init(parameters))


def step():
    global state
    *state, loss = jax.block_until_ready(update(*state))
    return float(loss)


print(json.dumps({"version": jax.__version__, "forms": {"jit": best_of(step)}}))
