import { train } from "ascent-rl";
import { mujocoSpec } from "ascent-rl/mujoco";

/** A weight slides along a beam; tilting the beam must keep it in the middle. */
const beam = mujocoSpec({
  id: "Beam-v0",
  model: `<mujoco><size memory="256K"/><worldbody>
    <body><joint name="tilt" axis="0 1 0" damping="1"/><geom type="box" size="1 0.1 0.02"/>
      <body pos="0 0 0.07"><joint type="slide" axis="1 0 0"/><geom size="0.05"/></body></body></worldbody>
    <actuator><motor joint="tilt" gear="20" ctrllimited="true" ctrlrange="-1 1"/></actuator></mujoco>`,
  frameSkip: 10,
  maxEpisodeSteps: 200,
  start({ qpos }, random) {
    qpos[1] = random.uniformBetween(-0.5, 0.5);
  },
  judge({ qpos }, step) {
    const distance = Math.abs(qpos[1] ?? 0);
    step.reward = 1 - distance;
    step.terminated = distance > 1;
  },
});

export const { metrics, policy } = await train("ppo", { environment: beam, steps: 20_000, options: { nEnvs: 8 } });
