/** MuJoCo tasks for the comparison of engines: all that some steps of random actions give, in float64. No Node modules here. */
import { makeBatched, prepareEnvironment } from "../../src/envs/index.ts";
import { sampleFlat } from "../../src/envs/spaces.ts";
import { loadMujoco } from "../../src/mujoco/index.ts";
import { RandomStream, streams } from "../../src/random/index.ts";

export async function mujocoNumbers(): Promise<Record<string, Float64Array>> {
  await loadMujoco();
  const ids = ["HalfCheetah-v5", "Ant-v5", "Humanoid-v5", "Reacher-v5", "InvertedDoublePendulum-v5"];
  const numbers: Record<string, Float64Array> = {};
  for (const id of ids) {
    // The tasks; the physics is there already.
    await prepareEnvironment(id);
    const batch = makeBatched(id, 2);
    const random = new RandomStream(4, streams.user);
    const actions = new Float32Array(2 * batch.actionSize);
    const seen: number[] = [];
    batch.reset(5);
    for (let t = 0; t < 60; t++) {
      for (let i = 0; i < 2; i++) sampleFlat(batch.actionSpace, random, actions, i * batch.actionSize);
      batch.step(actions);
      seen.push(...(batch.exactObservations ?? []), ...batch.rewards);
    }
    numbers[id] = Float64Array.from(seen);
    batch.close?.();
  }
  return numbers;
}
