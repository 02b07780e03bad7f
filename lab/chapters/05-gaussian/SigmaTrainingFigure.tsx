/** What σ does in a real training: PPO on a pendulum, from different σ and with a bonus for entropy. */
import { useSignal } from "@preact/signals";
import { Slider } from "../../controls/Slider.tsx";
import { fixed } from "../../figures/numberWords.ts";
import { TrainingFigure } from "../../figures/TrainingFigure.tsx";
import { usePlaying } from "../../page/motion.ts";

const SEEDS = [0, 1, 2];
const STARTS = [-2, -1, 0, 1];
const BONUSES = [0, 0.01, 0.05];

export function SigmaTrainingFigure() {
  const playing = usePlaying();
  const a = { logStdInit: useSignal(0), entCoef: useSignal(0) };
  const b = { logStdInit: useSignal(-2), entCoef: useSignal(0) };
  const side = (name: string, { logStdInit, entCoef }: typeof a) => ({
    name: `${name}: log σ from ${fixed(logStdInit.value, 0)}, bonus ${entCoef.value}`,
    settings: {
      algorithm: "ppo",
      environment: "Pendulum-v1",
      steps: 60_000,
      options: { logStdInit: logStdInit.value, entCoef: entCoef.value },
    },
  });
  return (
    <TrainingFigure
      id="gaussian-training"
      title="σ in training: PPO on Pendulum-v1, A beside B"
      source="theory 13"
      file="src/algorithms/ppo.ts"
      chapter="gaussian"
      playing={playing}
      seeds={SEEDS}
      sides={() => [side("A", a), side("B", b)]}
      metrics={[
        { metric: "episodeReturn", name: "return" },
        { metric: "logStd", name: "σ", of: Math.exp },
      ]}
      controls={
        <>
          <Slider label="A: log σ at the start" value={a.logStdInit} stops={STARTS} format={(x) => fixed(x, 0)} />
          <Slider label="A: entropy bonus" value={a.entCoef} stops={BONUSES} />
          <Slider label="B: log σ at the start" value={b.logStdInit} stops={STARTS} format={(x) => fixed(x, 0)} />
          <Slider label="B: entropy bonus" value={b.entCoef} stops={BONUSES} />
        </>
      }
      note="σ is in the environment's units, twice the network's here."
    />
  );
}
