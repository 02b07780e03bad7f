/** The defences as switches: gold with them beside gold without, on the same seeds, and the difference with its interval. */
import { useSignal } from "@preact/signals";
import { Choice } from "../../controls/Choice.tsx";
import { Slider } from "../../controls/Slider.tsx";
import { Switch } from "../../controls/Switch.tsx";
import { drawIntervalRows, intervalRowsHeight } from "../../drawers/intervalRows.ts";
import { drawPaths, type MarkedPlace, type Path } from "../../drawers/paths.ts";
import { Canvas } from "../../figures/Canvas.tsx";
import { Figure } from "../../figures/Figure.tsx";
import { KeyList } from "../../figures/KeyList.tsx";
import { fixed } from "../../figures/numberWords.ts";
import { seriesStyle } from "../../figures/seriesStyle.ts";
import { useHeld } from "../../figures/useHeld.ts";
import { usePlaying } from "../../page/motion.ts";
import { useStudy } from "../../studies/useStudy.ts";
import type { Interval } from "./curve.ts";
import { pathsOf, said, seedsOf } from "./shown.ts";
import { FEWEST } from "./sizes.ts";
import type { DefencesInput, DefencesOutput, Ensemble } from "./studies/defences.ts";

const ENSEMBLES: readonly { value: Ensemble; text: string }[] = [
  { value: "one", text: "one reward model" },
  { value: "mean", text: "mean of 4" },
  { value: "worst", text: "worst of 4 (WCO)" },
  { value: "uncertainty", text: "mean less variance of 4 (UWO)" },
];

export function DefencesFigure() {
  const playing = usePlaying();
  const optimiser = useSignal<"best of n" | "rloo">("best of n");
  const hasBudget = useSignal(true);
  const budget = useSignal(1.2);
  const beta = useSignal(0);
  const earlyStop = useSignal(false);
  const ensemble = useSignal<Ensemble>("one");
  const pairs = useSignal(400);
  const seeds = useSignal(6);
  const { output, error } = useStudy<typeof import("./studies/defences.ts")>("10-reward-hacking/defences", () => ({
    ...{ optimiser: optimiser.value, budget: hasBudget.value ? budget.value : undefined },
    ...{ beta: optimiser.value === "rloo" ? beta.value : 0, earlyStop: earlyStop.value, ensemble: ensemble.value },
    ...{ pairs: pairs.value, seeds: seedsOf(seeds.value) },
  }));
  const { now, begun } = useHeld(playing, output);
  return (
    <Figure
      id="reward-hacking-defences"
      title="What holds it back"
      playing={playing}
      source="theory 28, Coste et al. 2023"
      file="src/estimators/preferences/ensembleReward.ts"
      controls={
        <>
          <Choice
            label="Optimised by"
            value={optimiser}
            options={[
              { value: "best of n", text: "best of n" },
              { value: "rloo", text: "RLOO" },
            ]}
          />
          <Switch label="KL budget" value={hasBudget} />
          <Slider
            label="Budget, √KL"
            value={budget}
            stops={[0.4, 0.6, 0.8, 1, 1.2, 1.4, 1.6, 1.8, 2, 2.4, 2.8]}
            disabled={!hasBudget.value}
          />
          <Switch label="Early stop, by a judge of other comparisons" value={earlyStop} />
          <Choice label="Proxy" value={ensemble} options={ENSEMBLES} />
          <Slider
            label="Comparisons"
            value={pairs}
            stops={[400, 1600, 6400]}
            format={(count) => count.toLocaleString("en-GB")}
          />
          <Slider
            label="RLOO's KL penalty β"
            value={beta}
            stops={[0, 0.05, 0.1, 0.2, 0.3, 0.5, 1]}
            disabled={optimiser.value !== "rloo"}
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
        const { ends, done, doing } = found;
        const under = doing ? ` ${doing}.` : "";
        if (!ends) return under.trim();
        const some = `${done} ${done === 1 ? "seed" : "seeds"}`;
        const sure = apart(ends.gain);
        return `With ${named(found.of)} gold ends at ${said(ends.with)}, without at ${said(ends.without)}: a gain of ${said(ends.gain)} in pairs of ${some}${done > 1 ? " (95 % intervals)" : ""}${sure}. It ends at √KL ${fixed(ends.distance.value)}.${under}`;
      }}
      table={() => {
        const columns = ["seeds", "gold without", "gold with", "gain"];
        const found = now();
        if (!found?.ends) return { columns, rows: [["mean", "not yet", "", ""]] };
        const { without, with: own, gain } = found.ends;
        return {
          columns,
          rows: [
            ["mean", without.value, own.value, gain.value],
            ["95 % low", without.low, own.low, gain.low],
            ["95 % high", without.high, own.high, gain.high],
            ...found.each.map((end) => [`seed ${end.seed}`, end.without, end.with, end.with - end.without]),
          ],
        };
      }}
    >
      <Canvas
        label="Gold reward against the square root of the KL divergence, with the defences and without, and where each ends"
        height={300}
        draw={(context, size, theme) => {
          drawPaths(context, size, theme, {
            ...{ x: "√KL to π_ref", y: "gold, in deviations" },
            range: { right: 3.2, bottom: -2, top: 1.5 },
            ...picture(now()),
            ...limitOf(now()),
          });
        }}
      />
      <KeyList
        keys={[
          { kind: "line", text: "gold without defence", style: 1 },
          { kind: "line", text: "gold with the defences", style: 0 },
        ]}
      />
      <Canvas
        label="Gold at the end with the defences and without, and the gain, with intervals"
        height={intervalRowsHeight(3)}
        draw={(context, size, theme) => {
          const ends = now()?.ends;
          const rows = ends
            ? [
                { name: "without", ...ends.without, colour: seriesStyle(1, theme).colour },
                { name: "with", ...ends.with, colour: seriesStyle(0, theme).colour },
                { name: "gain", ...ends.gain, colour: theme.ink },
              ]
            : [];
          const wide = rows.reduce((most, { low, high }) => Math.max(most, Math.abs(low) || 0, Math.abs(high) || 0), 2);
          const most = Math.min(6, Math.ceil(wide));
          drawIntervalRows(context, size, theme, rows, { name: "gold at the end, in deviations", least: -most, most });
        }}
      />
    </Figure>
  );
}

/** The defences in words. */
function named({ optimiser, budget, earlyStop, ensemble, pairs, beta }: DefencesInput): string {
  const all = [
    budget !== undefined && `a budget of √KL ≤ ${budget}`,
    earlyStop && "early stopping",
    ensemble !== "one" && `an ensemble (${ENSEMBLES.find(({ value }) => value === ensemble)?.text})`,
    pairs > FEWEST && `${pairs.toLocaleString("en-GB")} comparisons`,
    optimiser === "rloo" && beta > 0 && `β = ${beta}`,
  ].filter((one) => one !== false);
  return all.length === 0 ? "no defence" : all.join(", ");
}

/** Whether an interval leaves 0 on one side. */
function apart({ low, high }: Interval): string {
  if (!Number.isFinite(low + high) || low === high) return "";
  return low > 0 || high < 0 ? ", apart from chance" : ", not apart from chance";
}

function limitOf(found: DefencesOutput | undefined) {
  const budget = found?.of.budget;
  return budget === undefined ? {} : { limit: { at: budget, text: "budget" } };
}

function picture(found: DefencesOutput | undefined): { paths: Path[]; places: MarkedPlace[] } {
  if (!found?.without || !found.with || !found.ends) return { paths: [], places: [] };
  const { ends, without } = found;
  const last = without.distance[without.distance.length - 1];
  return {
    // The dashes on top: where both are the same, both are seen.
    paths: [...pathsOf(found.with, { gold: 0 }), ...pathsOf(without, { gold: 1 })],
    places: [
      { x: last, y: ends.without.value, style: 1, text: "without" },
      { x: ends.distance.value, y: ends.with.value, style: 0, text: "with" },
    ],
  };
}
