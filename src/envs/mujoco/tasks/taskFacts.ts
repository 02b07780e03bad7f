/**
 * What lists and spaces need to know of the eleven tasks, without their models: the registry holds these at once, and the physics is
 * loaded for whom uses one. Limits and thresholds are those Gymnasium 1.3 registers.
 */
export const facts = {
  "HalfCheetah-v5": {
    id: "HalfCheetah-v5",
    summary: "run fast on two legs in a plane (MuJoCo)",
    maxEpisodeSteps: 1000,
    rewardThreshold: 4800,
  },
  "Hopper-v5": {
    id: "Hopper-v5",
    summary: "hop forwards on one leg without falling (MuJoCo)",
    maxEpisodeSteps: 1000,
    rewardThreshold: 3800,
  },
  "Walker2d-v5": {
    id: "Walker2d-v5",
    summary: "walk on two legs in a plane without falling (MuJoCo)",
    maxEpisodeSteps: 1000,
  },
  "Ant-v5": {
    id: "Ant-v5",
    summary: "walk forwards on four legs (MuJoCo)",
    maxEpisodeSteps: 1000,
    rewardThreshold: 6000,
  },
  "Humanoid-v5": {
    id: "Humanoid-v5",
    summary: "walk forwards on two legs without falling (MuJoCo)",
    maxEpisodeSteps: 1000,
  },
  "HumanoidStandup-v5": {
    id: "HumanoidStandup-v5",
    summary: "get up from lying on the back (MuJoCo)",
    maxEpisodeSteps: 1000,
  },
  "Swimmer-v5": {
    id: "Swimmer-v5",
    summary: "swim forwards as a chain of three rods (MuJoCo)",
    maxEpisodeSteps: 1000,
    rewardThreshold: 360,
  },
  "Reacher-v5": {
    id: "Reacher-v5",
    summary: "bring the tip of an arm to a target (MuJoCo)",
    maxEpisodeSteps: 50,
    rewardThreshold: -3.75,
  },
  "Pusher-v5": {
    id: "Pusher-v5",
    summary: "push a cylinder to a mark with an arm (MuJoCo)",
    maxEpisodeSteps: 100,
    rewardThreshold: 0,
  },
  "InvertedPendulum-v5": {
    id: "InvertedPendulum-v5",
    summary: "keep a pole upright on a cart (MuJoCo)",
    maxEpisodeSteps: 1000,
    rewardThreshold: 950,
  },
  "InvertedDoublePendulum-v5": {
    id: "InvertedDoublePendulum-v5",
    summary: "keep two poles upright on a cart (MuJoCo)",
    maxEpisodeSteps: 1000,
    rewardThreshold: 9100,
  },
} as const;

export type MujocoId = keyof typeof facts;
