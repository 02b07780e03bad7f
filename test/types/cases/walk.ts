/** The README's walk along a line, as a class that says its values; never run. */

import { box, discrete, type Environment } from "ascent-rl";

export class Walk implements Environment<number[], number> {
  observationSpace = box({ low: -2, high: 2, shape: [1] });
  actionSpace = discrete(2);

  reset() {
    return { observation: [0] };
  }

  step(action: number) {
    return { observation: [action], reward: 0, terminated: true, truncated: false };
  }
}
