"""Hosts environments of Gymnasium for a parent process: the Python half of `gymnasium:` environments.

Frames go over standard input and output: a header of three little-endian uint32 (magic, kind, length of the body) and the body.
The parent asks: OPEN (JSON), RESET and STEP (binary). This answers: READY (JSON), RESULT (binary) or FAILURE (JSON), after which
it ends. It ends too when its input does. What environments print goes to standard error.

RESET: count x uint32, the seeds. STEP: count x uint32, the seed of each environment's next episode should this one end now, then
count x actionSize float32. RESULT: count float64 rewards; count uint8 terminated; count uint8 truncated; count x maskSize uint8
action masks; padding to 8 bytes; count x observationSize numbers, of the dtype READY names; padding to 8; then one row of the same
for every environment whose episode ended, in order: the observation it ended on.

It needs nothing but Gymnasium, and NumPy, which Gymnasium needs itself.
"""

import json
import os
import signal
import struct
import sys
import traceback

MAGIC = 0x31435341
OPEN, RESET, STEP = 1, 2, 3
READY, RESULT, FAILURE = 1, 2, 3
HEADER = struct.Struct("<III")
VERSION = 1


class Refused(Exception):
    """Something that has a sort of its own in the parent's messages."""

    def __init__(self, sort, **facts):
        super().__init__(sort)
        self.facts = {"sort": sort, **facts}


class Pipe:
    """Both ends of the exchange, out of reach of whatever environments print or read."""

    def __init__(self):
        self.source = os.fdopen(os.dup(0), "rb", buffering=0)
        self.sink = os.fdopen(os.dup(1), "wb", buffering=0)
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, 0)
        os.close(nothing)
        os.dup2(2, 1)
        sys.stdout = sys.stderr

    def _read(self, size):
        parts = []
        while size > 0:
            part = self.source.read(size)
            if not part:
                sys.exit(0)
            parts.append(part)
            size -= len(part)
        return b"".join(parts)

    def receive(self):
        magic, kind, length = HEADER.unpack(self._read(HEADER.size))
        if magic != MAGIC:
            raise Refused("protocol", text=f"a frame begins with {magic:#x}")
        return kind, self._read(length)

    def send(self, kind, body):
        frame = memoryview(HEADER.pack(MAGIC, kind, len(body)) + body)
        try:
            while frame:
                frame = frame[self.sink.write(frame) :]
        except BrokenPipeError:
            os._exit(0)

    def send_json(self, kind, value):
        self.send(kind, json.dumps(value).encode())


def array_index(name):
    """The number, where JavaScript lists members of this name first, in numerical order."""
    return int(name) if name.isdigit() and str(int(name)) == name and int(name) < 2**32 - 1 else None


def in_order(names):
    """The order in which the parent's objects list their members."""
    numbered = sorted((name for name in names if array_index(name) is not None), key=int)
    return numbered + [name for name in names if array_index(name) is None]


class Leaf:
    """One part of a space: how it is described, and how its values become columns and columns its values."""

    def __init__(self, space, path, np, spaces):
        self.np = np
        self.space = space
        self.path = path
        self.kind = type(space).__name__
        if isinstance(space, spaces.Box):
            self.kind, self.shape = "box", space.shape
            self.dtype = space.dtype
        elif isinstance(space, spaces.Discrete):
            self.kind, self.shape = "discrete", ()
            self.dtype = np.dtype(np.float32)
        elif isinstance(space, spaces.MultiDiscrete):
            self.kind, self.shape = "multiDiscrete", space.nvec.shape
            self.dtype = np.dtype(np.float32)
            start = getattr(space, "start", None)
            self.start = np.zeros(self.shape, np.int64) if start is None else np.asarray(start, np.int64)
        elif isinstance(space, spaces.MultiBinary):
            self.kind, self.shape = "multiBinary", space.shape
            self.dtype = np.dtype(np.uint8)
        else:
            raise Refused("space", space=str(space), part=path)
        self.size = int(np.prod(self.shape, dtype=np.int64))

    def described(self):
        space = self.space
        if self.kind == "box":
            # A number alone, a Box without axes, is a vector of one.
            shape = [int(n) for n in space.shape] or [1]
            return {"kind": "box", "shape": shape, "low": self.bound(space.low), "high": self.bound(space.high)}
        if self.kind == "discrete":
            return {"kind": "discrete", "n": int(space.n), "start": int(space.start)}
        if self.kind == "multiDiscrete":
            return {"kind": "multiDiscrete", "categories": [int(n) for n in space.nvec.reshape(-1)]}
        return {"kind": "multiBinary", "n": self.size}

    def bound(self, bound):
        flat = self.np.asarray(bound, self.np.float64).reshape(-1)
        as_json = lambda x: x if self.np.isfinite(x) else ("inf" if x > 0 else "-inf")
        if flat.size > 0 and (flat == flat[0]).all():
            return as_json(float(flat[0]))
        return [as_json(float(x)) for x in flat]

    def write(self, value, row):
        value = self.np.asarray(value)
        if value.shape != self.shape:
            where = f" of {self.path}" if self.path else ""
            raise ValueError(f"the observation{where} has the shape {value.shape}; its space has {self.shape}")
        row[:] = (value - self.start if self.kind == "multiDiscrete" else value).reshape(-1)

    def read(self, row):
        np = self.np
        if self.kind == "discrete":
            # NumPy's integers, as the space's own samples are.
            return np.int64(row[0])
        if self.kind == "multiDiscrete":
            return (row.astype(np.int64).reshape(self.shape) + self.start).astype(self.space.dtype)
        if self.kind == "multiBinary":
            return row.astype(self.space.dtype).reshape(self.shape)
        value = np.rint(row) if np.issubdtype(self.dtype, np.integer) else row
        # The parent's bounds are rounded to float32.
        value = value.astype(np.float64).reshape(self.shape)
        return np.clip(value, self.space.low, self.space.high).astype(self.dtype)


class Layout:
    """A space as columns."""

    def __init__(self, space, np, spaces, path=""):
        self.fields = None
        if isinstance(space, spaces.Dict):
            self.fields = []
            at = 0
            for name in in_order(list(space.spaces)):
                inner = Layout(space.spaces[name], np, spaces, f"{path}.{name}" if path else name)
                self.fields.append((name, inner, at, at + inner.size))
                at += inner.size
            self.size = at
        else:
            self.leaf = Leaf(space, path, np, spaces)
            self.size = self.leaf.size
            self.write = self.leaf.write
            self.read = self.leaf.read

    def described(self):
        if self.fields is None:
            return self.leaf.described()
        return {"kind": "dict", "fields": [[name, inner.described()] for name, inner, _, _ in self.fields]}

    def leaves(self):
        if self.fields is None:
            return [self.leaf]
        return [leaf for _, inner, _, _ in self.fields for leaf in inner.leaves()]

    def write(self, value, row):
        for name, inner, start, end in self.fields:
            inner.write(value[name], row[start:end])

    def read(self, row):
        return {name: inner.read(row[start:end]) for name, inner, start, end in self.fields}

    def mask_size(self):
        sizes = {"discrete": lambda s: int(s.n), "multiDiscrete": lambda s: int(s.nvec.sum())}
        return sum(sizes[leaf.kind](leaf.space) for leaf in self.leaves() if leaf.kind in sizes)


def numbers_of(layout, np):
    """The narrowest of the three kinds of numbers that holds every part exactly, or as Gymnasium has it."""
    dtypes = [leaf.dtype for leaf in layout.leaves()]
    for name in ("uint8", "float32"):
        if all(np.can_cast(dtype, np.dtype(name)) for dtype in dtypes):
            return np.dtype(name)
    return np.dtype("float64")


def flat_mask(mask, np):
    """Masks in the form of Gymnasium's spaces: an array, a tuple of them, or a dict of either."""
    if isinstance(mask, dict):
        return np.concatenate([flat_mask(mask[name], np) for name in in_order(list(mask))])
    if isinstance(mask, (tuple, list)) and len(mask) > 0 and not np.isscalar(mask[0]):
        return np.concatenate([flat_mask(part, np) for part in mask])
    return np.asarray(mask).reshape(-1).astype(np.uint8)


class Host:
    """The environments, and where each one is."""

    def __init__(self, request):
        self.index = None
        self.call = "making the environments"
        self.episode_steps = []
        self.first = request["first"]
        try:
            import gymnasium
            import numpy as np
        except ImportError as error:
            raise Refused("package", text=str(error), python=sys.executable) from error
        self.np = np
        self.reset_options = request.get("resetOptions")
        self.envs = []
        name = request["id"]
        if name.startswith("ALE/"):
            try:
                import ale_py

                gymnasium.register_envs(ale_py)
            except ImportError as error:
                raise Refused("atari", text=str(error), python=sys.executable) from error
        errors = gymnasium.error
        for index in range(request["count"]):
            self.index = index
            try:
                self.envs.append(gymnasium.make(name, **request["arguments"]))
            except (errors.UnregisteredEnv, errors.DeprecatedEnv) as error:
                raise Refused("unknown", text=str(error)) from error
            except errors.DependencyNotInstalled as error:
                raise Refused("dependency", text=str(error), python=sys.executable) from error
            except errors.Error as error:
                if "alformed environment ID" not in str(error):
                    raise
                raise Refused("unknown", text=str(error)) from error
        env = self.envs[0]
        self.observation = Layout(env.observation_space, np, gymnasium.spaces)
        self.action = Layout(env.action_space, np, gymnasium.spaces)
        self.dtype = numbers_of(self.observation, np)
        self.episode_steps = [0] * len(self.envs)
        self.index, self.call = 0, "reset"
        _, info = env.reset(seed=0, options=self.reset_options)
        self.mask_size = self.action.mask_size() if "action_mask" in info else 0
        self.version = gymnasium.__version__
        self.allocate()

    def allocate(self):
        np, count, size = self.np, len(self.envs), self.observation.size
        up = lambda n: (n + 7) // 8 * 8
        flags = 8 * count
        masks = flags + 2 * count
        rows = up(masks + count * self.mask_size)
        finals = up(rows + count * size * self.dtype.itemsize)
        self.answer = bytearray(finals + count * size * self.dtype.itemsize)
        view = lambda kind, n, at: np.frombuffer(self.answer, kind, n, at)
        self.rewards = view("<f8", count, 0)
        self.terminated = view("u1", count, flags)
        self.truncated = view("u1", count, flags + count)
        self.masks = view("u1", count * self.mask_size, masks).reshape(count, self.mask_size)
        self.rows = view(self.dtype, count * size, rows).reshape(count, size)
        self.finals = view(self.dtype, count * size, finals).reshape(count, size)
        self.finals_at = finals
        self.final_bytes = size * self.dtype.itemsize

    def described(self):
        return {
            "version": VERSION,
            "gymnasium": self.version,
            "observationSpace": self.observation.described(),
            "actionSpace": self.action.described(),
            "numbers": self.dtype.name,
            "maskSize": self.mask_size,
        }

    def start(self, i, seed):
        self.call = "reset"
        observation, info = self.envs[i].reset(seed=seed, options=self.reset_options)
        self.episode_steps[i] = 0
        self.observation.write(observation, self.rows[i])
        self.read_mask(i, info)

    def read_mask(self, i, info):
        if self.mask_size > 0:
            mask = flat_mask(info["action_mask"], self.np)
            if mask.size != self.mask_size:
                raise ValueError(f"the action_mask has {mask.size} entries; its space has {self.mask_size}")
            self.masks[i] = mask

    def reset(self, body):
        seeds = self.np.frombuffer(body, "<u4")
        self.rewards[:] = 0
        self.terminated[:] = 0
        self.truncated[:] = 0
        for i in range(len(self.envs)):
            self.index = i
            self.start(i, int(seeds[i]))
        return memoryview(self.answer)[: self.finals_at]

    def step(self, body):
        count = len(self.envs)
        seeds = self.np.frombuffer(body, "<u4", count)
        actions = self.np.frombuffer(body, "<f4", -1, 4 * count).reshape(count, self.action.size)
        ended = 0
        for i, env in enumerate(self.envs):
            self.index, self.call = i, "step"
            action = self.action.read(actions[i])
            observation, reward, terminated, truncated, info = env.step(action)
            self.episode_steps[i] += 1
            self.rewards[i] = reward
            self.terminated[i] = bool(terminated)
            self.truncated[i] = bool(truncated)
            if terminated or truncated:
                self.observation.write(observation, self.finals[ended])
                ended += 1
                self.start(i, int(seeds[i]))
            else:
                self.observation.write(observation, self.rows[i])
                self.read_mask(i, info)
        return memoryview(self.answer)[: self.finals_at + ended * self.final_bytes]

    def place(self):
        """Where something went wrong, for the message."""
        where = {"call": self.call}
        if self.index is not None:
            where["environment"] = self.first + self.index
            if self.episode_steps:
                where["step"] = self.episode_steps[self.index]
        return where


def raised(error, host):
    lines = "".join(traceback.format_exception(type(error), error, error.__traceback__)).strip().splitlines()
    place = host.place() if host is not None else {"call": "making the environments"}
    return {"sort": "raised", "text": str(error), "type": type(error).__name__, "traceback": lines[-6:], **place}


def serve(pipe):
    host = None
    try:
        _, body = pipe.receive()
        host = Host.__new__(Host)
        host.__init__(json.loads(body))
        pipe.send_json(READY, host.described())
        while True:
            kind, body = pipe.receive()
            pipe.send(RESULT, host.reset(body) if kind == RESET else host.step(body))
    except Refused as refused:
        pipe.send_json(FAILURE, refused.facts)
    except Exception as error:
        pipe.send_json(FAILURE, raised(error, host))
    sys.exit(1)


if __name__ == "__main__":
    # Ctrl-C in a terminal reaches every process of the group: it is the parent that decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    serve(Pipe())
