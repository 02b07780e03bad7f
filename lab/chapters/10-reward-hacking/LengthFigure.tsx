/** A proxy that pays for every word: best of n writes long, gold falls, and taking out what length explains cures it. */
import { useSignal } from "@preact/signals";
import { Switch } from "../../controls/Switch.tsx";
import { drawPaths } from "../../drawers/paths.ts";
import { Canvas } from "../../figures/Canvas.tsx";
import { Curves } from "../../figures/Curves.tsx";
import { Figure } from "../../figures/Figure.tsx";
import { KeyList } from "../../figures/KeyList.tsx";
import { fixed } from "../../figures/numberWords.ts";
import { useStudy } from "../../studies/useStudy.ts";
import { peakOf } from "./peak.ts";
import { CURVE_COLUMNS, curveRows, pathsOf, riseAndFall, said, seedsOf } from "./shown.ts";

const SEEDS = 5;

export function LengthFigure() {
  const takenOut = useSignal(false);
  const { output, error } = useStudy<typeof import("./studies/length.ts")>("10-reward-hacking/length", () => ({
    ...{ takenOut: takenOut.value, seeds: seedsOf(SEEDS) },
  }));
  return (
    <Figure
      id="reward-hacking-length"
      title="A proxy that pays for length"
      source="theory 28, Singhal et al. 2023"
      file="src/overoptimisation/lengthWorld.ts"
      controls={<Switch label="Take out of the proxy what length explains" value={takenOut} />}
      summary={() => {
        if (error.value) return error.value;
        const now = output.value;
        if (!now) return "The first world is being drawn.";
        const { curve, words } = now;
        const proxy = now.of.takenOut ? "With length taken out" : "Paid by the word";
        return `${proxy}, the best of n goes from ${fixed(words[0].value, 1)} words to ${said(words[words.length - 1], 1)}, and ${riseAndFall(curve)} (${curve.seeds} worlds, 95 % intervals).`;
      }}
      table={() => {
        const now = output.value;
        const columns = ["n", "words", "words, 95 % low", "words, high", ...CURVE_COLUMNS];
        if (!now) return { columns, rows: [] };
        const rows = curveRows(now.curve);
        return {
          columns,
          rows: now.words.map(({ value, low, high }, i) => [now.draws[i], value, low, high, ...rows[i]]),
        };
      }}
    >
      <div class="figure-pair">
        <div>
          <Canvas
            label="Gold and proxy against the square root of the KL divergence, means over worlds with bands"
            height={250}
            draw={(context, size, theme) => {
              const curve = output.value?.curve;
              drawPaths(context, size, theme, {
                ...{ x: "√KL to π_ref", y: "reward, in deviations" },
                range: { right: 3, bottom: -1.5, top: 3 },
                paths: curve ? pathsOf(curve, { gold: 0, proxy: 1 }) : [],
                places: curve ? [peakOf(curve)] : [],
              });
            }}
          />
          <KeyList
            keys={[
              { kind: "line", text: "gold", style: 0 },
              { kind: "line", text: "proxy", style: 1 },
            ]}
          />
        </div>
        <Curves
          x="n"
          y="words of the best of n"
          logX
          height={250}
          yRange={[0, 7.5]}
          series={() => {
            const now = output.value;
            if (!now) return [];
            const part = (which: "value" | "low" | "high") => Float64Array.from(now.words, (word) => word[which]);
            return [{ name: "words", colour: 2, x: now.draws, y: part("value"), low: part("low"), high: part("high") }];
          }}
        />
      </div>
    </Figure>
  );
}
