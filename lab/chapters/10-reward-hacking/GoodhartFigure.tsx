/** Gold and proxy over √KL while a proxy learnt from comparisons is optimised, seed after seed. */
import { useSignal } from "@preact/signals";
import { Choice } from "../../controls/Choice.tsx";
import { Slider } from "../../controls/Slider.tsx";
import { drawPaths, type MarkedPlace, type Path } from "../../drawers/paths.ts";
import { Canvas } from "../../figures/Canvas.tsx";
import { Figure } from "../../figures/Figure.tsx";
import { KeyList } from "../../figures/KeyList.tsx";
import { fixed } from "../../figures/numberWords.ts";
import { useHeld } from "../../figures/useHeld.ts";
import { usePlaying } from "../../page/motion.ts";
import { useStudy } from "../../studies/useStudy.ts";
import { peakOf } from "./peak.ts";
import { CURVE_COLUMNS, curveRows, pathsOf, riseAndFall, seedsOf } from "./shown.ts";
import type { GoodhartOutput, Optimiser } from "./studies/goodhart.ts";

const OPTIMISERS: readonly { value: Optimiser; text: string }[] = [
  { value: "best of n", text: "best of n" },
  { value: "rloo", text: "RLOO, no KL penalty" },
  { value: "optimum", text: "perfect, at smaller and smaller β" },
];

export function GoodhartFigure() {
  const playing = usePlaying();
  const optimiser = useSignal<Optimiser>("best of n");
  const pairs = useSignal(400);
  const seeds = useSignal(6);
  const { output, error } = useStudy<typeof import("./studies/goodhart.ts")>("10-reward-hacking/goodhart", () => ({
    ...{ optimiser: optimiser.value, pairs: pairs.value, seeds: seedsOf(seeds.value) },
  }));
  const { now, begun } = useHeld(playing, output);
  return (
    <Figure
      id="reward-hacking-goodhart"
      title="Gold and proxy part"
      playing={playing}
      source="theory 28, Gao et al. 2022"
      file="src/overoptimisation/pressure.ts"
      controls={
        <>
          <Choice label="Optimised by" value={optimiser} options={OPTIMISERS} />
          <Slider
            label="Comparisons the proxy learns from"
            value={pairs}
            stops={[400, 1600, 6400]}
            format={(count) => count.toLocaleString("en-GB")}
          />
          <Slider label="Seeds" value={seeds} stops={[3, 6, 10]} />
        </>
      }
      summary={() => {
        if (error.value) return error.value;
        const found = now();
        if (!found)
          return begun.value
            ? `Seed ${seedsOf(1)[0]} begins.`
            : `Nothing is optimised yet: Play begins, with seed ${seedsOf(1)[0]}.`;
        const { curve, underWay } = found;
        const doing = underWay ? ` Seed ${underWay.seed}: ${underWay.doing.toLowerCase()}.` : "";
        if (!curve) return doing.trim();
        const form = found.of.optimiser === "best of n" ? "d(α − βd)" : "d(α − β log d)";
        const fit = curve.fit
          ? ` ${form} with α ${fixed(curve.fit.alpha)} and β ${fixed(curve.fit.beta)} fits gold with R² ${fixed(curve.fit.r2)}.`
          : "";
        const sure =
          curve.seeds > 1 ? `Over ${curve.seeds} seeds (95 % intervals)` : "Of one seed, without an interval,";
        return `${sure} ${riseAndFall(curve)}; the proxy ends at ${fixed(curve.proxy.mean[curve.proxy.mean.length - 1])}.${fit}${doing}`;
      }}
      table={() => {
        const found = now();
        if (found?.curve) return { columns: CURVE_COLUMNS, rows: curveRows(found.curve) };
        const path = found?.underWay?.path ?? [];
        const rows = path.map(({ distance, gold, proxy }) => [distance, gold, "", "", proxy, "", ""]);
        return { columns: CURVE_COLUMNS, rows: rows.length > 0 ? rows : [["not yet", "", "", "", "", "", ""]] };
      }}
    >
      <Canvas
        label="Gold and proxy reward against the square root of the KL divergence to the starting policy, means over seeds with bands"
        height={320}
        draw={(context, size, theme) => {
          const found = now();
          drawPaths(context, size, theme, {
            ...{ x: "√KL to π_ref", y: "reward, in deviations" },
            range: { right: 3.2, bottom: -1, top: 3 },
            ...picture(found),
          });
        }}
      />
      <KeyList
        keys={[
          { kind: "line", text: "gold: what is wanted", style: 0 },
          { kind: "line", text: "proxy: what is optimised", style: 1 },
          { kind: "line", text: "gold of the seed under way", style: 2 },
        ]}
      />
    </Figure>
  );
}

function picture(found: GoodhartOutput | undefined): { paths: Path[]; places: MarkedPlace[] } {
  const paths: Path[] = [];
  const places: MarkedPlace[] = [];
  if (found?.curve) {
    paths.push(...pathsOf(found.curve, { gold: 0, proxy: 1 }));
    places.push(peakOf(found.curve));
  }
  const path = found?.underWay?.path ?? [];
  if (path.length > 0) {
    const x = path.map(({ distance }) => distance);
    if (!found?.curve) paths.push({ x, y: path.map(({ proxy }) => proxy), style: 1, thin: true });
    paths.push({ x, y: path.map(({ gold }) => gold), style: 2, thin: true });
    const last = path[path.length - 1];
    places.push({ x: last.distance, y: last.gold, style: 2, text: `seed ${found?.underWay?.seed}` });
  }
  return { paths, places };
}
