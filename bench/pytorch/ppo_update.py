"""One PPO minibatch update in PyTorch, eager, one thread: the same work as bench/workloads/ppoMinibatch.ts.

    ppo_update.py BATCH [BATCH ...]   prints {"version", "microseconds": {batch: best}}
"""

import json
import sys
import time

import torch
from torch import nn

ROUNDS, SECONDS = 20, 0.1


def network(outputs):
    return nn.Sequential(nn.Linear(4, 64), nn.Tanh(), nn.Linear(64, 64), nn.Tanh(), nn.Linear(64, outputs))


def make_update(batch):
    torch.manual_seed(0)
    policy, value = network(2), network(1)
    parameters = [*policy.parameters(), *value.parameters()]
    optimiser = torch.optim.Adam(parameters, lr=3e-4, eps=1e-5)
    observations = torch.rand(batch, 4) * 4 - 2
    actions = torch.randint(0, 2, (batch,))
    old_log_probs = torch.full((batch,), -0.6931472)
    advantages, returns = torch.rand(batch) * 4 - 2, torch.rand(batch) * 4 - 2

    def update():
        log_probs = torch.log_softmax(policy(observations), 1)
        ratio = (log_probs.gather(1, actions[:, None])[:, 0] - old_log_probs).exp()
        advantage = (advantages - advantages.mean()) / (advantages.std() + 1e-8)
        policy_loss = -torch.min(ratio * advantage, ratio.clamp(0.8, 1.2) * advantage).mean()
        value_loss = (value(observations)[:, 0] - returns).square().mean()
        entropy = -(log_probs.exp() * log_probs).sum(1).mean()
        loss = policy_loss + 0.5 * value_loss - 0.01 * entropy
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(parameters, 0.5)
        optimiser.step()

    return update


def best_microseconds(update):
    for _ in range(20):
        update()
    start = time.perf_counter()
    for _ in range(10):
        update()
    count = max(1, round(SECONDS / ((time.perf_counter() - start) / 10)))
    best = float("inf")
    for _ in range(ROUNDS):
        start = time.perf_counter()
        for _ in range(count):
            update()
        best = min(best, (time.perf_counter() - start) / count)
    return best * 1e6


torch.set_num_threads(1)
result = {batch: best_microseconds(make_update(int(batch))) for batch in sys.argv[1:]}
print(json.dumps({"version": torch.__version__, "microseconds": result}))
