import { box, discrete, type Environment, RandomStream, streams, train } from "ascent-rl";

/** A walk along a line in steps of 0.1, from near 0: the right end is the goal, the left end is a pit. */
class Walk implements Environment<number[], number> {
  observationSpace = box({ low: -2, high: 2, shape: [1] });
  actionSpace = discrete(2);
  position = 0;

  reset({ seed = 0 } = {}) {
    this.position = new RandomStream(seed, streams.user).uniformBetween(-0.5, 0.5);
    return { observation: [this.position] };
  }

  step(action: number) {
    this.position += action === 1 ? 0.1 : -0.1;
    const terminated = Math.abs(this.position) >= 1;
    const reward = terminated ? Math.sign(this.position) : -0.01;
    return { observation: [this.position], reward, terminated, truncated: false };
  }
}

const environment = () => new Walk();
const options = { nEnvs: 8, nSteps: 64, learningRate: 1e-3 };
export const { policy, metrics } = await train("ppo", { environment, options, steps: 20_000 });
console.log(`return ${metrics.episodeReturn.toFixed(2)}; at 0.2 it takes action ${policy.act([0.2])}`);
