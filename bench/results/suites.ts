/** What the results tables consist of: runs, seeds and the levels they are held against. */

export interface Row {
  name: string;
  algorithm: string;
  environment: string;
  steps: number;
  seeds: number;
  /** Mean final return to be reached. */
  level: number;
  /** Return whose first reaching is reported. */
  threshold?: number;
  /** What else publishes for this task, with its steps. */
  published?: string;
  options?: Record<string, unknown>;
}

export interface Suite {
  title: string;
  intro: string;
  rows: readonly Row[];
}

const zoo = (text: string) => `${text} (Stable-Baselines3 zoo)`;

export const suites: Readonly<Record<string, Suite>> = {
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
};
