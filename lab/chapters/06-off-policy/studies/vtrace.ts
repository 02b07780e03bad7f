/**
 * V-trace at work on a world where every value is known (docs/theory.md, 16): V from trajectories of the behaviour policy over
 * seeds, the same on average, and the value that ρ̄ makes it end at, between those of the two policies.
 */
import { logRatios, type MeanInterval, meanInterval, vTrace } from "ascent-rl/estimators";
import {
  objective,
  sampleTrajectories,
  stateValues,
  trajectoryLogProb,
  vTracePolicy,
  vTraceTargets,
} from "ascent-rl/mdp";
import { RandomStream, streams } from "ascent-rl/random";
import type { Study } from "../../../studies/study.ts";
import { type PolicyPair, policyPair } from "../policies.ts";
import { ITERATIONS, RATE, SEEDS, TRAJECTORIES } from "../shown.ts";

export interface VTraceInput {
  distance: number;
  /** Infinity for none. */
  rhoBar: number;
  cBar: number;
  /** Steps of a trajectory. */
  steps: number;
  seed: number;
}

export interface VTraceOutput {
  /** J of the behaviour μ, of the target π, and of π_ρ̄, where V-trace ends. */
  behaviour: number;
  target: number;
  fixedPoint: number;
  /** V(s) of the three [states]. */
  values: { behaviour: Float64Array; target: Float64Array; fixedPoint: Float64Array; learnt: Float64Array };
  iterations: Float64Array;
  /** Σ p(s₁) V(s₁) after each iteration: of the targets on average, and over seeds. */
  exact: Float64Array;
  mean: Float64Array;
  low: Float64Array;
  high: Float64Array;
  seeds: number;
}

const EVERY = 4;

export const vtraceWorld = { states: 5, actions: 3, gamma: 0.9 };

export const study: Study<VTraceInput, VTraceOutput> = function* ({ distance, rhoBar, cBar, steps, seed }) {
  const pair = policyPair({ ...vtraceWorld, horizon: steps, distance, seed });
  const { mdp, behaviour, target } = pair;
  const between = vTracePolicy(behaviour, target, mdp.actions, rhoBar);
  const bars = { rhoBar, cBar };
  const startValue = (values: Float64Array) => mdp.start.reduce((sum, p, s) => sum + p * values[s], 0);
  const runs = Array.from({ length: SEEDS }, (_, i) => ({
    values: new Float64Array(mdp.states),
    random: new RandomStream(seed, streams.user, 16 + i),
  }));
  let average = new Float64Array(mdp.states);
  const exact: number[] = [];
  const measured: MeanInterval[] = [];
  for (let k = 0; k <= ITERATIONS; k++) {
    exact.push(startValue(average));
    measured.push(meanInterval(runs.map(({ values }) => startValue(values))));
    if (k % EVERY === 0) {
      yield {
        behaviour: objective(mdp, behaviour),
        target: objective(mdp, target),
        fixedPoint: objective(mdp, between),
        values: {
          behaviour: stateValues(mdp, behaviour),
          target: stateValues(mdp, target),
          fixedPoint: stateValues(mdp, between),
          learnt: Float64Array.from({ length: mdp.states }, (_, s) => meanInterval(runs.map((r) => r.values[s])).value),
        },
        iterations: Float64Array.from(exact, (_, i) => i),
        exact: Float64Array.from(exact),
        mean: Float64Array.from(measured, ({ value }) => value),
        low: Float64Array.from(measured, ({ low }) => low),
        high: Float64Array.from(measured, ({ high }) => high),
        seeds: SEEDS,
      };
    }
    const goal = vTraceTargets(mdp, behaviour, target, average, { ...bars, steps });
    average = average.map((v, s) => v + RATE * (goal[s] - v));
    for (const run of runs) learn(pair, run.values, run.random, bars);
  }
};

/** V moves towards the mean target of each state's visits, in place. */
function learn(
  { mdp, behaviour, target }: PolicyPair,
  values: Float64Array,
  random: RandomStream,
  bars: { rhoBar: number; cBar: number },
): void {
  const drawn = sampleTrajectories(mdp, behaviour, TRAJECTORIES, random);
  const ratios = new Float64Array(drawn.states.length);
  const { actions } = mdp;
  logRatios(trajectoryLogProb(drawn, target, actions), trajectoryLogProb(drawn, behaviour, actions), ratios);
  const at = (states: ArrayLike<number>) => Float64Array.from(states, (s) => values[s]);
  const inputs = { ...drawn, values: at(drawn.states), finalValues: at(drawn.finalStates), gamma: mdp.gamma };
  const targets = new Float64Array(ratios.length);
  vTrace({ ...inputs, logRatios: ratios, ...bars }, targets, new Float64Array(ratios.length));
  const [sums, visits] = [new Float64Array(mdp.states), new Float64Array(mdp.states)];
  drawn.states.forEach((s, k) => {
    sums[s] += targets[k];
    visits[s]++;
  });
  for (let s = 0; s < mdp.states; s++) if (visits[s] > 0) values[s] += RATE * (sums[s] / visits[s] - values[s]);
}
