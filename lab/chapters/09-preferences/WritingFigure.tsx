/** A small transformer that is really trained, here: what it writes before it learns to please, and after. */
import { useSignal } from "@preact/signals";
import { Choice } from "../../controls/Choice.tsx";
import { Slider } from "../../controls/Slider.tsx";
import { Curves } from "../../figures/Curves.tsx";
import { Figure } from "../../figures/Figure.tsx";
import { fixed, intervalWords } from "../../figures/numberWords.ts";
import { useHeld } from "../../figures/useHeld.ts";
import { usePlaying } from "../../page/motion.ts";
import { useStudy } from "../../studies/useStudy.ts";
import type { Interval, WritingMethod, WritingOutput, WritingWorld, Written } from "./studies/writing.ts";

const SEED = 0;
const WORLDS: readonly { value: WritingWorld; text: string }[] = [
  { value: "names", text: "names: paid by the vowel" },
  { value: "random-walks", text: "random walks: paid for short ways" },
];
const METHODS: readonly { value: WritingMethod; text: string }[] = [
  { value: "grpo", text: "GRPO, on its own texts" },
  { value: "dpo", text: "DPO, on pairs" },
];
const BETAS = [0, 0.02, 0.05, 0.1, 0.2, 0.5] as const;
/** Steps of the sft preset of both worlds. */
const DEMONSTRATIONS = 10_000;

export function WritingFigure() {
  const playing = usePlaying();
  const world = useSignal<WritingWorld>("names");
  const method = useSignal<WritingMethod>("grpo");
  const beta = useSignal(0.02);
  const { output, error } = useStudy<typeof import("./studies/writing.ts")>("09-preferences/writing", () => ({
    ...{ world: world.value, method: methodNow(world.value, method.value), seed: SEED },
    beta: betaNow(methodNow(world.value, method.value), beta.value),
  }));
  const { now, begun } = useHeld(playing, output);
  const used = () => methodNow(world.value, method.value);
  const usedBeta = () => betaNow(used(), beta.value);
  return (
    <Figure
      id="preferences-writing"
      title="What a small model writes, before and after"
      playing={playing}
      source="theory 25 to 27, Shao et al. 2024, Rafailov et al. 2023"
      file="src/algorithms/language/grpo.ts"
      bench={() => ({
        a: { algorithm: "sft", environment: world.value, steps: DEMONSTRATIONS, options: {} },
        ...{ seeds: [SEED], hide: [], chapter: "preferences" },
      })}
      controls={
        <>
          <Choice label="World" value={world} options={WORLDS} />
          <Choice
            label="Then"
            value={used()}
            onChange={(next: WritingMethod) => {
              method.value = next;
            }}
            options={METHODS.filter(({ value }) => value === "grpo" || world.value === "names")}
          />
          <Slider
            label="β"
            value={usedBeta()}
            onChange={(next) => {
              beta.value = next;
            }}
            stops={used() === "dpo" ? BETAS.filter((one) => one > 0) : BETAS}
          />
        </>
      }
      summary={() => {
        if (error.value) return error.value;
        if (!begun.value)
          return `Nothing is trained yet: Play begins, with ${DEMONSTRATIONS.toLocaleString("en-GB")} demonstrations.`;
        const found = now();
        if (!found) return "The model is being made.";
        const percent = Math.round(100 * found.share);
        if (found.phase === "demonstrations" || !found.before || !found.after)
          return `The model learns from ${DEMONSTRATIONS.toLocaleString("en-GB")} demonstrations (sft): ${percent} % done.`;
        const { of, before, after, measure, total } = found;
        const measured = `the share that ${measureWords(measure)}`;
        const said = (what: Interval) => `${fixed(what.value)} ${intervalWords(what)}`;
        const progress = found.phase === "done" ? "After" : `${percent} % of`;
        return `${progress} ${total.toLocaleString("en-GB")} ${of.method === "dpo" ? "pairs" : "completions"} of ${of.method} at β = ${of.beta} (seed ${SEED}), over ${after.count} texts with 95 % intervals: reward ${said(before.reward)} before, ${said(after.reward)} now; ${measured}, which nothing is trained on, ${said(before.measure)} before, ${said(after.measure)} now.`;
      }}
      table={() => {
        const what = world.value === "names" ? "names" : "arrivals";
        const columns = [
          ...["samples", "reward", "reward, 95 % low", "reward, high"],
          ...[what, `${what}, 95 % low`, `${what}, high`],
        ];
        const found = now();
        if (!found || found.steps.length === 0) return { columns, rows: [["not yet", "", "", "", "", "", ""]] };
        const parts = ({ value, low, high }: Interval) => [value, low, high];
        return {
          columns,
          rows: Array.from(found.steps, (steps, i) => [steps, ...parts(found.reward[i]), ...parts(found.measured[i])]),
        };
      }}
    >
      <div class="figure-pair">
        <Texts title="Before: after sft" written={() => now()?.before} of={now} />
        <Texts title={`Now: after ${used()}`} written={() => now()?.after} of={now} />
      </div>
      <div class="figure-pair">
        <Curves
          x={used() === "dpo" ? "pairs" : "completions"}
          y="reward"
          series={() => curve(now(), "reward", 0, ({ reward }) => reward)}
        />
        <Curves
          x={used() === "dpo" ? "pairs" : "completions"}
          y={world.value === "names" ? "share of names" : "share that arrives"}
          series={() =>
            curve(
              now(),
              world.value === "names" ? "names, which nothing is trained on" : "arrivals",
              1,
              ({ measured }) => measured,
            )
          }
          yRange={[0, 1]}
        />
      </div>
    </Figure>
  );
}

/** There are no pairs of walks. */
const methodNow = (world: WritingWorld, method: WritingMethod): WritingMethod => (world === "names" ? method : "grpo");
/** DPO's β is above 0. */
const betaNow = (method: WritingMethod, beta: number) => (method === "dpo" ? Math.max(beta, 0.02) : beta);

function measureWords(measure: string): string {
  return measure === "isName" ? "the names' rules could have written" : "arrives";
}

function curve(
  found: WritingOutput | undefined,
  name: string,
  colour: number,
  of: (output: WritingOutput) => readonly Interval[],
) {
  if (!found || found.steps.length === 0) return [];
  const values = of(found);
  const part = (which: keyof Interval) => Float64Array.from(values, (value) => value[which]);
  return [{ name, colour, x: found.steps, y: part("value"), low: part("low"), high: part("high") }];
}

interface TextsProps {
  title: string;
  written: () => Written | undefined;
  of: () => WritingOutput | undefined;
}

function Texts({ title, written, of }: TextsProps) {
  const found = written();
  const walks = (found?.samples ?? []).some(({ prompt }) => prompt !== "");
  return (
    <div class="written">
      <h4>{title}</h4>
      {found === undefined ? (
        <p class="written-waiting">{of() === undefined ? "Not begun." : "It still learns to write."}</p>
      ) : (
        <table>
          <thead>
            <tr>
              {walks && <th scope="col">from</th>}
              <th scope="col">text</th>
              <th scope="col">reward</th>
              <th scope="col">{of()?.measure === "isName" ? "name" : "arrives"}</th>
            </tr>
          </thead>
          <tbody>
            {found.samples.map(({ prompt, text, reward, measure }, i) => (
              <tr key={i}>
                {walks && <td class="written-text">{prompt}</td>}
                <td class="written-text">{text}</td>
                <td class="number">{fixed(reward)}</td>
                <td>{measure > 0 ? "yes" : "no"}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </div>
  );
}
