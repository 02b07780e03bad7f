/** Settings that can change while the runs go on: from the next iterations on, of every seed of a side at the same step. */
import { algorithmOf } from "../catalogue/catalogue.ts";
import { liveSettings } from "../catalogue/groups.ts";
import { textOfValue } from "../catalogue/valueText.ts";
import { Button } from "../controls/Button.tsx";
import { isOver, type SideName } from "./benchRuns.ts";
import type { BenchState } from "./benchState.ts";
import { changedValue, withoutChange } from "./liveChanges.ts";
import { SettingControl } from "./SettingControl.tsx";
import { effectiveValue, grouped } from "./variants.ts";

export function LiveControls({ bench }: { bench: BenchState }) {
  if (bench.isHidden("live")) return null;
  return (
    <section class="bench-live" aria-labelledby="bench-live-title">
      <h2 id="bench-live-title">Change while it runs</h2>
      <p class="bench-note">
        Counts from the next iterations on, of every seed of a side at the same step. It is marked on the chart, and
        stands in link, command and code.
      </p>
      {bench.runs.value?.refusal.value !== undefined && (
        <p class="message" role="alert">
          {bench.runs.value.refusal.value}
        </p>
      )}
      <div class="bench-pair">
        <LiveSide bench={bench} name="a" />
        <LiveSide bench={bench} name="b" />
      </div>
    </section>
  );
}

function LiveSide({ bench, name }: { bench: BenchState; name: SideName }) {
  const runs = bench.runs.value;
  const side = bench.side(name);
  if (side === undefined) return null;
  const options = algorithmOf(bench.catalogue, side.algorithm)!.options.filter(
    ({ name, isChangeable }) => isChangeable && liveSettings.includes(name),
  );
  const letter = name.toUpperCase();
  const goes = runs?.of(name).some(({ state }) => !isOver(state.value)) && !bench.isStale.value;
  const shown = options.filter(({ name: option }) => !bench.isHidden(option));
  const { changes = [] } = side;
  return (
    <fieldset disabled={!goes} class="bench-live-side">
      <legend>{letter}</legend>
      {shown.length === 0 && <p class="bench-note">{side.algorithm} has no such setting.</p>}
      {shown.map((option) => {
        const changed = changedValue(changes, Number.POSITIVE_INFINITY, option.name);
        const effective = effectiveValue(bench.catalogue, side, option);
        return (
          <div class="bench-live-line" key={option.name}>
            <code>{option.name}</code>
            <SettingControl
              option={option}
              side={letter}
              label={`${option.name} of ${letter}, from now on`}
              effective={changed === undefined ? effective : { value: changed, origin: "you" }}
              onChange={(value) => value !== undefined && bench.change(name, option.name, value)}
            />
          </div>
        );
      })}
      <Changes bench={bench} name={name} />
    </fieldset>
  );
}

function Changes({ bench, name }: { bench: BenchState; name: SideName }) {
  const changes = bench.side(name)?.changes ?? [];
  if (changes.length === 0) return null;
  return (
    <ul class="bench-changes">
      {changes.flatMap(({ atStep, options }) =>
        Object.entries(options).map(([option, value]) => (
          <li key={`${atStep} ${option}`}>
            {option} {textOfValue(value)} from {grouped(atStep)} steps on{" "}
            <Button
              quiet
              label={`Take back: ${option} at ${grouped(atStep)} steps`}
              onClick={() =>
                bench.editSide(name, ({ changes: old = [], ...side }) => {
                  const left = withoutChange(old, atStep, option);
                  return left.length === 0 ? side : { ...side, changes: left };
                })
              }
            >
              Take back
            </Button>
          </li>
        )),
      )}
    </ul>
  );
}
