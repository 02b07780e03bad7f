"""Steps per second of Gymnasium's AsyncVectorEnv and SyncVectorEnv with random actions: GYM_ID COUNT SECONDS. Prints one JSON line."""

import json
import sys
import time

import gymnasium
import numpy as np
from gymnasium.vector import AsyncVectorEnv, AutoresetMode, SyncVectorEnv


def speed(make, name, count, seconds):
    envs = make([lambda: gymnasium.make(name)] * count, autoreset_mode=AutoresetMode.SAME_STEP)
    envs.reset(seed=0)
    actions = [envs.action_space.sample() for _ in range(64)]
    best = 0.0
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        start = time.perf_counter()
        for action in actions:
            envs.step(action)
        best = max(best, len(actions) * count / (time.perf_counter() - start))
    envs.close()
    return best


if __name__ == "__main__":
    name, count, seconds = sys.argv[1], int(sys.argv[2]), float(sys.argv[3])
    speeds = {make.__name__: speed(make, name, count, seconds) for make in (AsyncVectorEnv, SyncVectorEnv)}
    print(json.dumps({**speeds, "gymnasium": gymnasium.__version__, "numpy": np.__version__}))
