/** What `ascent variance --off-policy` measures: how the weights of whole trajectories spread with their length. */
import { AscentError } from "../errors.ts";
import { softmaxPolicy, type TabularMdp } from "../mdp/index.ts";
import { RandomStream, streams } from "../random/index.ts";
import { exactWorld, exactWorldNames, type WeightVarianceRow, weightVarianceByHorizon } from "../variance/index.ts";

/** A random softmax policy and one near it, on an exact world. @throws AscentError "option" for other names. */
export function weightVarianceOnWorld(
  name: string,
  seed: number,
  horizons: readonly number[],
  trajectories: number,
): WeightVarianceRow[] {
  const world: TabularMdp | undefined = exactWorld(name);
  if (world === undefined) {
    throw new AscentError("option", {
      what: "--off-policy compares with a closed form, which only exact worlds have",
      got: `--env ${name}`,
      expected: `one of ${exactWorldNames.join(", ")}`,
      fix: "Name one of them, such as --env random-mdp:0.",
    });
  }
  const random = new RandomStream(seed, streams.parameters);
  const logits = Float64Array.from({ length: world.states * world.actions }, () => 0.5 * random.normal());
  const moved = logits.map((logit) => logit + 0.5 * random.normal());
  const [behaviour, target] = [softmaxPolicy(logits, world.actions), softmaxPolicy(moved, world.actions)];
  const sampling = new RandomStream(seed, streams.episodeBatches);
  return weightVarianceByHorizon(world, behaviour, target, { horizons, trajectories, random: sampling });
}
