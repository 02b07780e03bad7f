/** A story in four tries: what happened, the weight that each step's score gets, and what the batch does to the policy. */
import { useSignal } from "@preact/signals";
import { Button } from "../../controls/Button.tsx";
import { Choice } from "../../controls/Choice.tsx";
import { Slider } from "../../controls/Slider.tsx";
import { Switch } from "../../controls/Switch.tsx";
import { drawPairedBars, pairedBarsHeight } from "../../drawers/pairedBars.ts";
import { Canvas } from "../../figures/Canvas.tsx";
import { Figure } from "../../figures/Figure.tsx";
import { digitsOf } from "../../figures/numberWords.ts";
import { useAnimation } from "../../figures/useAnimation.ts";
import { prefersReducedMotion, usePlaying } from "../../page/motion.ts";
import { useStudy } from "../../studies/useStudy.ts";
import { reinforceOnCartPole } from "../benchSettings.ts";
import { BASELINES, type Baseline, chosenWeights } from "./baselines.ts";
import { drawTry, TRY_HEIGHT } from "./drawStory.ts";
import { type StoryOutput, TRIES } from "./studies/story.ts";
import { reinforceOnWalker } from "./walkerSource.ts";
import { type StoryName, storyWorld } from "./worlds.ts";

const SEED = 0;
/** Steps drawn in a second. */
const PACE = 3;
const GAMMAS = [0.5, 0.7, 0.8, 0.9, 0.95, 1] as const;

const TRY_NUMBERS = Array.from({ length: TRIES }, (_, i) => i);

export interface StoryFigureProps {
  story: StoryName;
  id: string;
  title: string;
  /** The batch that tells the story. */
  firstDraw: number;
  /** Of which states the logits' pushes are drawn. */
  pushes: readonly { state: number; action: number }[];
  most: number;
}

export function StoryFigure({ story, id, title, firstDraw, pushes, most }: StoryFigureProps) {
  const { states, actions } = storyWorld(story, 1);
  const playing = usePlaying();
  const causality = useSignal(false);
  const baseline = useSignal<Baseline>("none");
  const gamma = useSignal(1);
  const inFront = useSignal(false);
  const draw = useSignal(firstDraw);
  const shown = useSignal(playing.value ? 0 : Number.POSITIVE_INFINITY);
  const { output, error } = useStudy<typeof import("./studies/story.ts")>("02-stories/story", () => ({
    story,
    ...chosenWeights(causality.value, baseline.value),
    discounting: inFront.value ? ("exact" as const) : ("standard" as const),
    ...{ gamma: gamma.value, seed: SEED, draw: draw.value },
  }));
  useAnimation(playing, (elapsed) => {
    const steps = output.value?.weights.length;
    if (steps === undefined) return;
    if (shown.value <= steps) shown.value += (PACE * elapsed) / 1000;
    else {
      shown.value = Number.POSITIVE_INFINITY;
      playing.value = false;
    }
  });
  const another = () => {
    draw.value++;
    if (prefersReducedMotion()) return;
    shown.value = 0;
    playing.value = true;
  };
  const nameOf = ({ state, action }: { state: number; action: number }) => `${actions[action]}, ${states[state]}`;
  const pairs = (now: StoryOutput | undefined) =>
    pushes.map((push) => {
      const at = push.state * actions.length + push.action;
      return { name: nameOf(push), exact: now?.exact[at] ?? 0, estimate: now?.estimate[at] ?? 0 };
    });
  return (
    <Figure
      id={id}
      title={title}
      playing={playing}
      source="theory 3, 7, 8 and 10, Williams 1992"
      file="src/estimators/reinforceWeights.ts"
      bench={() => {
        const plain = { weighting: "total", baseline: "none" };
        const { gaeLambda: _, ...chosen } = chosenWeights(causality.value, baseline.value);
        const discounting = inFront.value ? "exact" : "standard";
        const b = { ...chosen, gaeLambda: 0, ...(gamma.value < 1 && { gamma: gamma.value, discounting }) };
        return story === "walker" ? reinforceOnWalker(8, plain, b) : reinforceOnCartPole(plain, "stories", b);
      }}
      controls={
        <>
          <Switch label="Causality" value={causality} disabled={baseline.value === "oneStep"} />
          <Choice label="Baseline" value={baseline} options={BASELINES} />
          <Slider label="Discount γ" value={gamma} stops={GAMMAS} />
          <Switch
            label="γᵗ in front of each score"
            value={inFront}
            disabled={gamma.value === 1 || (!causality.value && baseline.value !== "oneStep")}
          />
          <Button onClick={another}>Four other tries</Button>
        </>
      }
      summary={() => {
        if (error.value) return error.value;
        const now = output.value;
        if (!now) return "Four tries are being played.";
        const taught = TRY_NUMBERS.filter((i) =>
          now.weights.subarray(now.offsets[i], now.offsets[i + 1]).some((weight) => weight !== 0),
        ).length;
        const returns = [...now.returns].map((value) => digitsOf(value)).join(", ");
        const largest = now.estimate.reduce((best, value, at) => (value > now.estimate[best] ? at : best), 0);
        const push = { state: Math.floor(largest / actions.length), action: largest % actions.length };
        return `Returns ${returns} (seed ${SEED}, batch ${draw.value}; J = ${digitsOf(now.objective)} exactly). Tries with weights other than 0: ${taught} of ${TRIES}. The batch pushes most towards “${nameOf(push)}”, by ${digitsOf(now.estimate[largest])}; exactly it should be ${digitsOf(now.exact[largest])}.`;
      }}
      table={() => {
        const columns = ["try", "step", "state", "action", "reward", "weight", "V, exact"];
        const now = output.value;
        if (!now) return { columns, rows: [] };
        const rows = TRY_NUMBERS.flatMap((i) =>
          Array.from({ length: now.offsets[i + 1] - now.offsets[i] }, (_, t) => {
            const k = now.offsets[i] + t;
            const what = [states[now.states[k]], actions[now.actions[k]]];
            return [i + 1, t + 1, ...what, now.rewards[k], now.weights[k], now.values[k]];
          }),
        );
        return { columns, rows };
      }}
    >
      <div class="figure-pair">
        {TRY_NUMBERS.map((i) => (
          <Canvas
            key={i}
            label={`Try ${i + 1}, step by step, with the weight of each step as a bar: upwards for more of it, downwards for less`}
            height={TRY_HEIGHT}
            draw={(context, size, theme) => drawTry(context, size, theme, story, output.value, i, shown.value)}
          />
        ))}
      </div>
      <Canvas
        label="What the batch does to the logits, beside the exact gradient"
        height={pairedBarsHeight(pushes.length)}
        draw={(context, size, theme) =>
          drawPairedBars(context, size, theme, pairs(output.value), { name: "∂J / ∂logit", most })
        }
      />
    </Figure>
  );
}
