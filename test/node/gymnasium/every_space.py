"""An environment with every kind of space, whose observations repeat the last action, for real.test.ts."""

import gymnasium
import numpy as np
from gymnasium import spaces


class EverySpace(gymnasium.Env):
    def __init__(self):
        self.action_space = spaces.Dict(
            {
                "turn": spaces.Discrete(3, start=-1),
                "push": spaces.Box(np.array([-1.0, 0.0]), np.array([1.0, 0.1]), dtype=np.float64),
                "keys": spaces.MultiBinary(2),
                "gear": spaces.MultiDiscrete([2, 4]),
            }
        )
        self.observation_space = spaces.Dict({**self.action_space.spaces, "10": spaces.Discrete(9), "9": spaces.Discrete(9)})
        self.steps = 0

    def mask(self):
        return {"action_mask": {"turn": np.array([1, 0, 1], np.int8), "gear": (np.array([1, 0]), np.array([1, 1, 0, 1]))}}

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        print("environments may print")
        self.steps = 0
        zero = {"turn": 0, "push": np.zeros(2), "keys": np.zeros(2, np.int8), "gear": np.zeros(2, np.int64)}
        return {**zero, "9": 3, "10": 4}, self.mask()

    def step(self, action):
        assert self.action_space.contains(action), action
        self.steps += 1
        return {**action, "9": 5, "10": 6}, 1.0, False, self.steps == 2, self.mask()


gymnasium.register("EverySpace-v0", EverySpace, disable_env_checker=True)
