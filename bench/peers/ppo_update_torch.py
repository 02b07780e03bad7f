"""One PPO minibatch update in PyTorch, one thread: the same work as bench/workloads/ppoMinibatch.ts. Eager as most people
write it, with Adam fused, and with the loss through torch.compile besides.

    ppo_update_torch.py BATCH [BATCH ...]   prints {"version", "forms": {form: {batch: microseconds}}}
"""

import json
import sys

import torch
from timing import best_microseconds
from torch import nn


def network(outputs):
    return nn.Sequential(nn.Linear(4, 64), nn.Tanh(), nn.Linear(64, 64), nn.Tanh(), nn.Linear(64, outputs))


def make_update(batch, compiled, fused):
    torch.manual_seed(0)
    policy, value = network(2), network(1)
    parameters = [*policy.parameters(), *value.parameters()]
    optimiser = torch.optim.Adam(parameters, lr=3e-4, eps=1e-5, fused=fused)
    observations = torch.rand(batch, 4) * 4 - 2
    actions = torch.randint(0, 2, (batch,))
    old_log_probs = torch.full((batch,), -0.6931472)
    advantages, returns = torch.rand(batch) * 4 - 2, torch.rand(batch) * 4 - 2

    def loss_of():
        log_probs = torch.log_softmax(policy(observations), 1)
        ratio = (log_probs.gather(1, actions[:, None])[:, 0] - old_log_probs).exp()
        advantage = (advantages - advantages.mean()) / (advantages.std() + 1e-8)
        policy_loss = -torch.min(ratio * advantage, ratio.clamp(0.8, 1.2) * advantage).mean()
        value_loss = (value(observations)[:, 0] - returns).square().mean()
        entropy = -(log_probs.exp() * log_probs).sum(1).mean()
        return policy_loss + 0.5 * value_loss - 0.01 * entropy

    loss_function = torch.compile(loss_of) if compiled else loss_of

    def update():
        loss = loss_function()
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(parameters, 0.5)
        optimiser.step()

    return update


torch.set_num_threads(1)
forms = {"eager": (False, False), "eager, fused Adam": (False, True), "compiled, fused Adam": (True, True)}
result = {
    form: {batch: best_microseconds(make_update(int(batch), *variant)) for batch in sys.argv[1:]}
    for form, variant in forms.items()
}
print(json.dumps({"version": torch.__version__, "forms": result}))
