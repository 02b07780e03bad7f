/** What the results tables consist of: runs, seeds and the levels they are held against. */

export interface Row {
  name: string;
  algorithm: string;
  environment: string;
  steps: number;
  seeds: number;
  /** Mean final return to be reached; absent where the row is there to compare. */
  level?: number;
  /** Return whose first reaching is reported. */
  threshold?: number;
  /** What else publishes for this task, with its steps. */
  published?: string;
  options?: Record<string, unknown>;
  /** As in Job. */
  hideMasks?: boolean;
  expert?: { algorithm: string; episodes: number };
}

export interface Suite {
  title: string;
  intro: string;
  /** Of the picture; default: environment steps, and the training return. */
  xLabel?: string;
  yLabel?: string;
  rows: readonly Row[];
  /** Hours long: runs are kept one by one (keptRuns.ts), and the table is of those that there are. */
  keep?: boolean;
}

const zoo = (text: string) => `${text} (Stable-Baselines3 zoo)`;

/** A preset as it is, over five seeds. */
function preset(
  algorithm: string,
  environment: string,
  steps: number,
  level: number,
  threshold: number,
  published?: string,
): Row {
  return { name: `${algorithm} ${environment}`, algorithm, environment, steps, seeds: 5, level, threshold, published };
}

function reinforce(name: string, options: Record<string, unknown>, level?: number): Row {
  const environment = "CartPole-v1";
  return { name, algorithm: "reinforce", environment, steps: 500_000, seeds: 5, level, threshold: 475, options };
}

function corridor(name: string, more: Partial<Row>): Row {
  const options = { nEnvs: 8, nSteps: 64, batchSize: 128, nEpochs: 8, learningRate: 1e-3 };
  const common = { algorithm: "ppo", environment: "MaskedCorridor-v1", steps: 30_000, seeds: 5, threshold: 16 };
  return { name, ...common, options, ...more };
}

/** The PPO paper's own settings (its appendix A) in one environment, with the normalisers of the code it came with. */
export const paperSettings: Readonly<Record<string, unknown>> = {
  nEnvs: 1,
  nSteps: 2048,
  batchSize: 64,
  nEpochs: 10,
  gamma: 0.99,
  gaeLambda: 0.95,
  learningRate: 3e-4,
  clipRange: 0.2,
  vfCoef: 0.5,
  entCoef: 0,
  normalizeAdvantage: true,
  recomputeAdvantages: false,
  logStdInit: 0,
  normalizeObservations: true,
  normalizeRewards: true,
};

function mujoco(algorithm: string, environment: string, seeds: number, level: number, published: string): Row {
  const [name, steps] = [`${algorithm} ${environment}`, 1_000_000];
  return { name, algorithm, environment, steps, seeds, level, published };
}

export const suites: Readonly<Record<string, Suite>> = {
  mujoco: {
    title: "MuJoCo: PPO and TRPO at a million steps",
    intro: "Presets of `ascent train ppo` and `ascent train trpo`, and the PPO paper's settings.",
    keep: true,
    rows: [
      mujoco("ppo", "HalfCheetah-v5", 5, 3000, "paper ~1,800; CleanRL 1,443; Tianshou 5,784; zoo 5,819"),
      {
        ...mujoco("ppo", "HalfCheetah-v5", 5, 1600, "paper ~1,800; CleanRL 1,443"),
        name: "ppo HalfCheetah-v5, the paper's settings",
        options: paperSettings,
      },
      mujoco("ppo", "Hopper-v5", 5, 2400, "paper ~2,330; CleanRL 2,383; Tianshou 2,609"),
      mujoco("ppo", "Walker2d-v5", 5, 3000, "paper ~3,460; CleanRL 2,288; Tianshou 3,589"),
      mujoco("ppo", "Swimmer-v5", 5, 110, "paper ~108; Tianshou 67"),
      mujoco("ppo", "Reacher-v5", 5, -6, "paper ~−7; Tianshou −4.1"),
      mujoco("ppo", "InvertedPendulum-v5", 5, 950, "paper ~1,000; Tianshou 1,000"),
      mujoco("ppo", "InvertedDoublePendulum-v5", 5, 8000, "paper ~8,000; Tianshou 9,231"),
      mujoco("trpo", "HalfCheetah-v5", 3, 1500, "baselines 1,290; sb3-contrib 1,803"),
      mujoco("trpo", "Hopper-v5", 3, 2500, "baselines 1,913; sb3-contrib 3,372"),
      mujoco("trpo", "Walker2d-v5", 3, 2300, "baselines 2,343; sb3-contrib 4,502"),
    ],
  },
  ppo: {
    title: "PPO on classic control",
    intro: "Presets of `ascent train ppo`, unchanged.",
    rows: [
      {
        name: "CartPole-v1",
        algorithm: "ppo",
        environment: "CartPole-v1",
        steps: 100_000,
        seeds: 10,
        level: 495,
        threshold: 475,
        published: zoo("500.0 ± 0 @ 100k"),
      },
      {
        name: "Pendulum-v1",
        algorithm: "ppo",
        environment: "Pendulum-v1",
        steps: 100_000,
        seeds: 10,
        level: -200,
        threshold: -200,
        published: zoo("−172.2 ± 104 @ 100k"),
      },
      {
        name: "Acrobot-v1",
        algorithm: "ppo",
        environment: "Acrobot-v1",
        steps: 500_000,
        seeds: 5,
        level: -85,
        threshold: -85,
        published: `${zoo("−73.5 ± 18 @ 1M")}; −86.4 @ 500k (CleanRL)`,
      },
      {
        name: "MountainCar-v0",
        algorithm: "ppo",
        environment: "MountainCar-v0",
        steps: 1_000_000,
        seeds: 5,
        level: -120,
        threshold: -110.4,
        published: `${zoo("−110.4 ± 19 @ 1M")}; −200 @ 500k (CleanRL)`,
      },
      {
        name: "MountainCarContinuous-v0",
        algorithm: "ppo",
        environment: "MountainCarContinuous-v0",
        steps: 100_000,
        seeds: 5,
        level: 88,
        threshold: 88.3,
        published: zoo("88.3 ± 2.6 @ 20k"),
      },
    ],
  },
  reinforce: {
    title: "REINFORCE on CartPole-v1: what each variance reduction does",
    intro: "`ascent train reinforce`, one row a variant, all other options alike (16 whole episodes a batch).",
    rows: [
      reinforce("total return", { weighting: "total", baseline: "none" }),
      reinforce("reward to go", { weighting: "toGo", baseline: "none" }),
      reinforce("to go + mean", { weighting: "toGo", baseline: "mean" }),
      reinforce("to go + time-step mean", { weighting: "toGo", baseline: "timeStep" }),
      reinforce("to go + value", { weighting: "toGo", baseline: "value" }, 475),
      reinforce("GAE(0.95)", { weighting: "gae", baseline: "value" }),
    ],
  },
  a2c: {
    title: "A2C on classic control",
    intro: "Presets of `ascent train a2c`, unchanged.",
    rows: [
      preset("a2c", "CartPole-v1", 500_000, 490, 475, zoo("500.0 ± 0 @ 500k")),
      preset("a2c", "Acrobot-v1", 500_000, -90, -90, zoo("−83.4 ± 17 @ 500k")),
      preset("a2c", "Pendulum-v1", 1_000_000, -200, -200, zoo("−163.0 ± 103 @ 1M")),
    ],
  },
  "trust-region": {
    title: "Natural gradient and TRPO on classic control",
    intro: "Presets of `ascent train npg` and `ascent train trpo`, unchanged.",
    rows: (["npg", "trpo"] as const).flatMap((algorithm) => [
      preset(algorithm, "CartPole-v1", 100_000, 490, 475, zoo("TRPO 500.0 ± 0 @ 100k")),
      preset(algorithm, "Acrobot-v1", 200_000, -90, -90, zoo("TRPO −83.1 ± 19 @ 100k")),
      preset(algorithm, "Pendulum-v1", 200_000, -200, -200, zoo("TRPO −174.6 ± 128 @ 100k")),
    ]),
  },
  recurrent: {
    title: "PPO with a memory: CartPole without velocities",
    intro: "The preset of `ascent train ppo --env CartPoleNoVelocity-v1` (LSTM), unchanged.",
    rows: [preset("ppo", "CartPoleNoVelocity-v1", 200_000, 450, 450, zoo("ppo_lstm 500 ± 0 @ 100k"))],
  },
  "off-policy": {
    title: "Off-policy policy gradient on CartPole-v1",
    intro:
      "`ascent train off-policy-pg`: the preset (4 gradient steps a batch, replay of 2) beside the same without replay, one gradient step a batch, given as many gradient steps.",
    rows: [
      preset("off-policy-pg", "CartPole-v1", 200_000, 450, 450),
      {
        ...preset("off-policy-pg", "CartPole-v1", 800_000, 450, 450),
        name: "on policy: no replay, 1 step a batch",
        options: { replayBatches: 1, gradientSteps: 1 },
      },
    ],
  },
  masks: {
    title: "What action masks are worth: MaskedCorridor-v1",
    intro:
      "PPO on a corridor where 2 to 4 of 40 actions are valid in each place, with its masks and without (an invalid action then does nothing and costs the step); all options alike. The best return is near 17.",
    rows: [corridor("masked", { level: 16 }), corridor("masks hidden", { hideMasks: true })],
  },
  bc: {
    title: "Behaviour cloning from 20 expert episodes",
    intro:
      "The expert is the preset of `ascent train ppo`, trained with the same seed; `ascent train bc` with its defaults learns from 20 of its episodes until early stopping. Steps are samples seen.",
    xLabel: "samples",
    yLabel: "return of 20 evaluation episodes",
    rows: [
      {
        ...preset("bc", "CartPole-v1", 1_000_000, 450, 450),
        name: "bc CartPole-v1",
        expert: { algorithm: "ppo", episodes: 20 },
      },
    ],
  },
};
