/**
 * The control of one setting on one side, by its kind: a switch, a list, or a field for what is typed after --set. Cleared, a field
 * goes back to the preset's value or the default. What does not fit is said and not taken.
 */
import { useSignal } from "@preact/signals";
import type { JsonValue } from "ascent-rl";
import { useId } from "preact/hooks";
import type { OptionFacts } from "../catalogue/catalogue.ts";
import { expectedInstead } from "../catalogue/checkValue.ts";
import { valueOfText } from "../catalogue/valueText.ts";
import { type Effective, shownValue } from "./variants.ts";

export interface SettingControlProps {
  option: OptionFacts;
  /** "A" or "B". */
  side: string;
  effective: Effective;
  /** undefined: back to the preset's value or the default. */
  onChange: (value: JsonValue | undefined) => void;
  /** In place of the option's name and side. */
  label?: string;
}

/** In a list: no value. */
const UNSET = "";

export function SettingControl(props: SettingControlProps) {
  const { option, side, effective, onChange } = props;
  const label = props.label ?? `${option.name}, ${side}`;
  if (option.kind === "boolean") {
    return (
      <span class="switch bench-switch">
        <input
          type="checkbox"
          role="switch"
          aria-label={label}
          aria-checked={effective.value === true}
          checked={effective.value === true}
          onChange={(event) => onChange(event.currentTarget.checked)}
        />
      </span>
    );
  }
  if (option.kind === "choice") {
    const hasNone = option.default === undefined;
    return (
      <select
        aria-label={label}
        class={effective.origin === "you" ? "own" : ""}
        value={shownValue(effective.value)}
        onChange={(event) => {
          const chosen = event.currentTarget.value;
          onChange(chosen === UNSET ? null : chosen);
        }}
      >
        {hasNone && <option value={UNSET}>unset</option>}
        {option.choices!.map((choice) => (
          <option key={choice} value={choice} selected={choice === effective.value}>
            {choice}
          </option>
        ))}
      </select>
    );
  }
  return <SettingField {...props} label={label} />;
}

function SettingField({ option, effective, onChange, label }: SettingControlProps) {
  const id = useId();
  const problem = useSignal<string | undefined>(undefined);
  const take = (text: string) => {
    if (text.trim() === "") {
      problem.value = undefined;
      return onChange(undefined);
    }
    const value = valueOfText(option, text.trim());
    const expected = value === undefined ? option.expected : expectedInstead(option, value);
    problem.value = expected === undefined ? undefined : `Expected ${expected}.`;
    if (expected === undefined) onChange(value);
  };
  return (
    <>
      <input
        type="text"
        aria-label={label}
        class={effective.origin === "you" ? "own" : ""}
        inputMode={option.kind === "integer" ? "numeric" : undefined}
        autocomplete="off"
        spellcheck={false}
        value={shownValue(effective.value)}
        placeholder={option.default === undefined ? "unset" : undefined}
        aria-invalid={problem.value !== undefined}
        aria-describedby={problem.value === undefined ? undefined : `${id}-problem`}
        onChange={(event) => take(event.currentTarget.value)}
      />
      {problem.value !== undefined && (
        <span id={`${id}-problem`} class="control-problem">
          {problem.value}
        </span>
      )}
    </>
  );
}
