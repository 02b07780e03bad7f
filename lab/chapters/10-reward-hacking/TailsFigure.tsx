/** What the tail of a proxy's error does: light ones leave something to gain, heavy ones take it all back. */
import { useSignal } from "@preact/signals";
import { Choice } from "../../controls/Choice.tsx";
import { Switch } from "../../controls/Switch.tsx";
import { drawPaths } from "../../drawers/paths.ts";
import { Canvas } from "../../figures/Canvas.tsx";
import { Figure } from "../../figures/Figure.tsx";
import { KeyList } from "../../figures/KeyList.tsx";
import { fixed } from "../../figures/numberWords.ts";
import { useStudy } from "../../studies/useStudy.ts";
import { peakOf } from "./peak.ts";
import { CURVE_COLUMNS, curveRows, pathsOf, riseAndFall, seedsOf } from "./shown.ts";

const ANSWERS = 20_000;
const SEEDS = 5;

export function TailsFigure() {
  const heavy = useSignal(true);
  const optimiser = useSignal<"best of n" | "optimum">("best of n");
  const { output, error } = useStudy<typeof import("./studies/tails.ts")>("10-reward-hacking/tails", () => ({
    ...{ error: heavy.value ? ("student" as const) : ("normal" as const), optimiser: optimiser.value },
    ...{ answers: ANSWERS, seeds: seedsOf(SEEDS) },
  }));
  return (
    <Figure
      id="reward-hacking-tails"
      title="The tail of the error decides"
      source="theory 28, Kwa et al. 2024"
      file="src/overoptimisation/tails.ts"
      controls={
        <>
          <Switch label="Heavy tails: Student's t of 3 degrees of freedom" value={heavy} />
          <Choice
            label="Optimised by"
            value={optimiser}
            options={[
              { value: "best of n", text: "best of n" },
              { value: "optimum", text: "a KL penalty, at smaller and smaller β" },
            ]}
          />
        </>
      }
      summary={() => {
        if (error.value) return error.value;
        const now = output.value;
        if (!now) return "The first world is being drawn.";
        const { gold, proxy } = now;
        const end = gold.mean.length - 1;
        return `Gold and error are independent and of deviation 1, ${ANSWERS.toLocaleString("en-GB")} answers in each of ${now.seeds} worlds (95 % intervals over worlds). With ${now.of.error === "student" ? "heavy" : "normal"} tails ${riseAndFall(now)}: at the end the proxy is ${fixed(proxy.mean[end])}, of which ${fixed(gold.mean[end])} is gold.`;
      }}
      table={() => ({ columns: CURVE_COLUMNS, rows: output.value ? curveRows(output.value) : [] })}
    >
      <Canvas
        label="Gold and proxy against the square root of the KL divergence, means over worlds with bands"
        height={260}
        draw={(context, size, theme) => {
          const now = output.value;
          drawPaths(context, size, theme, {
            ...{ x: "√KL to π_ref", y: "reward, in deviations" },
            range: { right: 3, bottom: 0, top: 4 },
            paths: now ? pathsOf(now, { gold: 0, proxy: 1 }) : [],
            places: now ? [peakOf(now)] : [],
          });
        }}
      />
      <KeyList
        keys={[
          { kind: "line", text: "gold", style: 0 },
          { kind: "line", text: "proxy: gold + error", style: 1 },
        ]}
      />
    </Figure>
  );
}
