"""Timing as bench/workloads/timing.ts does it: the shortest of several rounds' means, in microseconds."""

import time

ROUNDS, SECONDS = 20, 0.1


def best_microseconds(call, updates_a_call=1):
    for _ in range(20):
        call()
    start = time.perf_counter()
    for _ in range(10):
        call()
    count = max(1, round(SECONDS / ((time.perf_counter() - start) / 10)))
    best = float("inf")
    for _ in range(ROUNDS):
        start = time.perf_counter()
        for _ in range(count):
            call()
        best = min(best, (time.perf_counter() - start) / count)
    return best * 1e6 / updates_a_call


def best_of(step, rounds=12):
    """Milliseconds of the shortest of some steps, behind three that are not counted; and the losses of the first five."""
    losses = [step() for _ in range(3)]
    best = float("inf")
    for _ in range(rounds):
        start = time.perf_counter()
        losses.append(step())
        best = min(best, time.perf_counter() - start)
    return {"milliseconds": best * 1e3, "losses": losses[:5]}
