"""One PPO minibatch update in JAX with Optax, one thread: the same work as bench/workloads/ppoMinibatch.ts, as one jitted call
an update and as a hundred updates in one jitted scan, which is how PureJaxRL trains. Compiling is not counted.

    ppo_update_jax.py BATCH [BATCH ...]   prints {"version", "forms": {form: {batch: microseconds}}}
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
from timing import best_microseconds

SCANNED = 100


def layer(key, inputs, outputs):
    bound = inputs**-0.5
    return {"weight": jax.random.uniform(key, (inputs, outputs), minval=-bound, maxval=bound), "bias": jnp.zeros(outputs)}


def network(key, outputs):
    keys = jax.random.split(key, 3)
    return [layer(keys[0], 4, 64), layer(keys[1], 64, 64), layer(keys[2], 64, outputs)]


def forward(layers, x):
    for hidden in layers[:-1]:
        x = jnp.tanh(x @ hidden["weight"] + hidden["bias"])
    return x @ layers[-1]["weight"] + layers[-1]["bias"]


def make_updates(batch):
    """The two forms as calls, each waiting until its result is there."""
    keys = jax.random.split(jax.random.PRNGKey(0), 6)
    parameters = {"policy": network(keys[0], 2), "value": network(keys[1], 1)}
    optimiser = optax.chain(optax.clip_by_global_norm(0.5), optax.adam(3e-4, eps=1e-5))
    observations = jax.random.uniform(keys[2], (batch, 4), minval=-2, maxval=2)
    actions = jax.random.randint(keys[3], (batch,), 0, 2)
    old_log_probs = jnp.full((batch,), -0.6931472)
    advantages = jax.random.uniform(keys[4], (batch,), minval=-2, maxval=2)
    returns = jax.random.uniform(keys[5], (batch,), minval=-2, maxval=2)

    def loss_of(p):
        log_probs = jax.nn.log_softmax(forward(p["policy"], observations))
        ratio = jnp.exp(jnp.take_along_axis(log_probs, actions[:, None], 1)[:, 0] - old_log_probs)
        advantage = (advantages - advantages.mean()) / (advantages.std(ddof=1) + 1e-8)
        policy_loss = -jnp.minimum(ratio * advantage, jnp.clip(ratio, 0.8, 1.2) * advantage).mean()
        value_loss = jnp.square(forward(p["value"], observations)[:, 0] - returns).mean()
        entropy = -(jnp.exp(log_probs) * log_probs).sum(1).mean()
        return policy_loss + 0.5 * value_loss - 0.01 * entropy

    def update(state):
        p, moments = state
        changes, moments = optimiser.update(jax.grad(loss_of)(p), moments, p)
        return optax.apply_updates(p, changes), moments

    one = jax.jit(update)
    many = jax.jit(lambda state: jax.lax.scan(lambda carry, _: (update(carry), None), state, None, SCANNED)[0])

    def calling(function):
        state = (parameters, optimiser.init(parameters))

        def call():
            nonlocal state
            state = jax.block_until_ready(function(state))

        return call

    return calling(one), calling(many)


result = {"one call": {}, "scanned": {}}
for size in sys.argv[1:]:
    one, many = make_updates(int(size))
    result["one call"][size] = best_microseconds(one)
    result["scanned"][size] = best_microseconds(many, SCANNED)
print(json.dumps({"version": jax.__version__, "forms": result}))
