/** The head of a side: algorithm, environment, length; back to the preset; from one side to the other. */
import { algorithmOf, presetOf } from "../catalogue/catalogue.ts";
import { Button } from "../controls/Button.tsx";
import { Choice } from "../controls/Choice.tsx";
import { NumberField } from "../controls/NumberField.tsx";
import type { SideName } from "./benchRuns.ts";
import type { BenchState } from "./benchState.ts";
import { backToPreset, withAlgorithm, withEnvironment } from "./variants.ts";

export function SideHead({ bench, name }: { bench: BenchState; name: SideName }) {
  const side = bench.side(name);
  if (side === undefined) return null;
  const { catalogue } = bench;
  const letter = name.toUpperCase();
  const algorithm = algorithmOf(catalogue, side.algorithm)!;
  const hasPreset = Object.hasOwn(algorithm.presets, side.environment);
  const isAtPreset = Object.keys(side.options).length === 0 && side.changes === undefined;
  const environments = side.source === undefined ? algorithm.environments : [side.environment];
  return (
    <fieldset class={`bench-side side-${name}`}>
      <legend>
        <span class="bench-letter" aria-hidden="true">
          {letter}
        </span>
        <span class="hidden-text">Side {letter}</span>
      </legend>
      {!bench.isHidden("algorithm") && (
        <Choice
          label="Algorithm"
          value={side.algorithm}
          options={catalogue.algorithms.map((one) => one.name)}
          onChange={(chosen) => bench.editSide(name, (old) => withAlgorithm(catalogue, old, chosen))}
        />
      )}
      {!bench.isHidden("environment") && (
        <Choice
          label="Environment"
          value={side.environment}
          options={environments}
          onChange={(chosen) => bench.editSide(name, (old) => withEnvironment(catalogue, old, chosen))}
        />
      )}
      {!bench.isHidden("steps") && (
        <NumberField
          label={`Length, ${algorithm.unit}`}
          value={side.steps}
          min={1}
          max={1e9}
          whole
          onChange={(steps) => bench.editSide(name, (old) => ({ ...old, steps }))}
        />
      )}
      <p class="bench-note">
        {hasPreset
          ? `Preset of ${side.environment}: ${presetOf(algorithm, side.environment).steps.toLocaleString("en")} steps.`
          : `No preset for ${side.environment}: the defaults.`}
      </p>
      <div class="bench-buttons">
        <Button
          quiet
          disabled={isAtPreset && side.steps === presetOf(algorithm, side.environment).steps}
          label={`${letter} back to the ${hasPreset ? "preset" : "defaults"}`}
          onClick={() => bench.editSide(name, (old) => backToPreset(catalogue, old))}
        >
          Back to {hasPreset ? "preset" : "defaults"}
        </Button>
        {!bench.isHidden("b") && <Across bench={bench} name={name} />}
      </div>
    </fieldset>
  );
}

function Across({ bench, name }: { bench: BenchState; name: SideName }) {
  const { a, b } = bench.settings.value;
  if (name === "b") {
    return (
      <>
        <Button quiet label="Copy B to A" onClick={() => bench.edit({ a: b! })}>
          Copy to A
        </Button>
        <Button quiet label="Remove B" onClick={() => bench.removeB()}>
          Remove
        </Button>
      </>
    );
  }
  return (
    <Button quiet label={b === undefined ? "Add B, a copy of A" : "Copy A to B"} onClick={() => bench.edit({ b: a })}>
      {b === undefined ? "Add B" : "Copy to B"}
    </Button>
  );
}
