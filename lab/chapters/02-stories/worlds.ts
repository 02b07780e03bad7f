/** The notes' two stories as worlds whose every number is exact: a walker paid for velocity, and a jacket to fold. */

import { type PolicyModel, type TabularMdp, tabularMdp, tabularSoftmax } from "ascent-rl/mdp";

export type StoryName = "walker" | "jacket";

export interface StoryWorld {
  readonly mdp: TabularMdp;
  readonly model: PolicyModel;
  readonly theta: Float64Array;
  /** Of states and actions, for tables and drawings. */
  readonly states: readonly string[];
  readonly actions: readonly string[];
}

export const WALKER_STATES = ["upright", "braced", "striding", "down"] as const;
export const WALKER_ACTIONS = ["step back", "step forward", "fall forward"] as const;
/** Steps after which the clock ends an episode. */
export const WALKER_STEPS = 10;

/**
 * Rewards are velocities. Falling forward is fast and ends everything. A step forward from standing still stumbles four times in
 * five; whoever steps back first is braced, at the price of going the wrong way and of tipping over once in five, and then walks.
 */
export function walker(gamma = 1): StoryWorld {
  const [UPRIGHT, BRACED, STRIDING, DOWN] = [0, 1, 2, 3];
  const [BACK, FORWARD, FALL] = [0, 1, 2];
  const transition = new Float64Array(4 * 3 * 4);
  const reward = new Float64Array(4 * 3);
  const leads = (state: number, action: number, velocity: number, to: number, downs: number) => {
    const pair = state * 3 + action;
    reward[pair] = velocity;
    transition[pair * 4 + to] += 1 - downs;
    transition[pair * 4 + DOWN] += downs;
  };
  for (const state of [UPRIGHT, BRACED, STRIDING]) {
    leads(state, BACK, -1, BRACED, 0.2);
    leads(state, FALL, 2, DOWN, 1);
  }
  leads(UPRIGHT, FORWARD, 1, STRIDING, 0.8);
  leads(BRACED, FORWARD, 1, STRIDING, 0);
  leads(STRIDING, FORWARD, 1, STRIDING, 0.05);
  for (let action = 0; action < 3; action++) transition[(DOWN * 3 + action) * 4 + DOWN] = 1;
  const mdp = tabularMdp({
    ...{ states: 4, actions: 3, transition, reward, gamma, terminal: [0, 0, 0, 1], horizon: WALKER_STEPS },
  });
  const model = tabularSoftmax(4, 3);
  const theta = new Float64Array(model.parameterCount);
  return { mdp, model, theta, states: WALKER_STATES, actions: WALKER_ACTIONS };
}

export const FOLDS = ["lay flat", "left sleeve", "right sleeve", "fold over"] as const;
export const JACKET_ACTIONS = ["smooth", "crease"] as const;
/** π(smooth) of every fold: four in a row come off once in four tries. */
export const SMOOTH = Math.SQRT1_2;

/** Four folds in a row; the reward is 1 after the last one if none went wrong, and 0 otherwise. A crease stays. */
export function jacket(gamma = 1): StoryWorld {
  const END = 2 * FOLDS.length;
  const states = END + 1;
  const transition = new Float64Array(states * 2 * states);
  const reward = new Float64Array(states * 2);
  for (let fold = 0; fold < FOLDS.length; fold++) {
    for (let creased = 0; creased < 2; creased++) {
      for (let action = 0; action < 2; action++) {
        const pair = (2 * fold + creased) * 2 + action;
        const isLast = fold === FOLDS.length - 1;
        const spoilt = creased === 1 || action === 1;
        transition[pair * states + (isLast ? END : 2 * (fold + 1) + (spoilt ? 1 : 0))] = 1;
        if (isLast && !spoilt) reward[pair] = 1;
      }
    }
  }
  for (let action = 0; action < 2; action++) transition[(END * 2 + action) * states + END] = 1;
  const terminal = Uint8Array.from({ length: states }, (_, state) => (state === END ? 1 : 0));
  const mdp = tabularMdp({ states, actions: 2, transition, reward, gamma, terminal, horizon: FOLDS.length });
  const model = tabularSoftmax(states, 2);
  const theta = new Float64Array(model.parameterCount);
  for (let pair = 0; pair < theta.length; pair += 2) theta[pair] = Math.log(SMOOTH / (1 - SMOOTH));
  const names = Array.from({ length: states }, (_, state) =>
    state === END ? "folded" : `${FOLDS[state >> 1]}${state % 2 === 1 ? ", creased" : ""}`,
  );
  return { mdp, model, theta, states: names, actions: JACKET_ACTIONS };
}

export function storyWorld(name: StoryName, gamma: number): StoryWorld {
  return name === "walker" ? walker(gamma) : jacket(gamma);
}
