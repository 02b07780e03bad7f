/** The estimate of one derivative closing in on the exact one, as episodes are added. */
import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import { Slider } from "../../controls/Slider.tsx";
import { Curves } from "../../figures/Curves.tsx";
import { Figure } from "../../figures/Figure.tsx";
import { useAnimation } from "../../figures/useAnimation.ts";
import { usePlaying } from "../../page/motion.ts";
import { useStudy } from "../../studies/useStudy.ts";

const EPISODES = 10_000;
const SEED = 7;
/** How long the curve takes to be drawn, in ms. */
const DURATION = 6000;

const show = (value: number) => value.toFixed(3).replace("-", "−");

export function BanditFigure() {
  const playing = usePlaying();
  const preference = useSignal(0);
  /** The share of the curve shown. */
  const shown = useSignal(playing.value ? 0.05 : 1);
  const { output, error } = useStudy<typeof import("./studies/bandit.ts")>("01-objective/bandit", () => ({
    rewards: [1, 0],
    preference: preference.value,
    episodes: EPISODES,
    seed: SEED,
  }));
  const pause = useRef(0);
  useAnimation(playing, (elapsed) => {
    if (shown.value < 1) shown.value = Math.min(1, shown.value + elapsed / DURATION);
    else {
      // The whole curve stands for a while before it is drawn again.
      pause.current += elapsed;
      if (pause.current > DURATION / 2) {
        pause.current = 0;
        shown.value = 0.05;
      }
    }
  });
  const cut = () => {
    const all = output.value;
    if (!all) return undefined;
    const count = Math.max(1, Math.ceil(all.episodes.length * shown.value));
    const part = (values: Float64Array) => values.subarray(0, count);
    return {
      ...all,
      episodes: part(all.episodes),
      estimate: part(all.estimate),
      low: part(all.low),
      high: part(all.high),
    };
  };
  return (
    <Figure
      id="objective-bandit"
      title="Two arms: the estimate beside the exact derivative"
      playing={playing}
      source="theory 2 and 3, Williams 1992"
      file="src/mdp/policyGradientTheorem.ts"
      controls={
        <Slider
          label="θ₁ − θ₂"
          value={preference}
          min={-4}
          max={4}
          step={0.1}
          format={(value) => show(value).slice(0, -2)}
        />
      }
      summary={() => {
        if (error.value) return error.value;
        const now = cut();
        if (!now) return "The first episodes are being sampled.";
        const at = now.episodes.length - 1;
        const interval = `[${show(now.low[at])}, ${show(now.high[at])}]`;
        return `J = ${show(now.objective)}. After ${now.episodes[at].toLocaleString("en-GB")} episodes (seed ${SEED}) the estimate of ∂J/∂θ₁ is ${show(now.estimate[at])}, 95 % interval ${interval}; exactly it is ${show(now.exact)}.`;
      }}
      table={() => {
        const all = output.value;
        const rows = all
          ? Array.from(all.episodes, (n, i) => [n, all.estimate[i], all.low[i], all.high[i], all.exact])
          : [];
        return { columns: ["episodes", "estimate", "95 % low", "95 % high", "exact"], rows };
      }}
    >
      <Curves
        x="episodes"
        y="∂J/∂θ₁"
        logX
        series={() => {
          const now = cut();
          if (!now) return [];
          return [
            {
              name: "REINFORCE, with its 95 % interval",
              colour: 0,
              x: now.episodes,
              y: now.estimate,
              low: now.low,
              high: now.high,
            },
            { name: "exact", colour: 1, x: output.value!.episodes, y: output.value!.episodes.map(() => now.exact) },
          ];
        }}
      />
    </Figure>
  );
}
