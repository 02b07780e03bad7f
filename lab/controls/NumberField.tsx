/** A number typed in. It is taken when it is one and within the limits; until then the field says what is wrong. */
import { useSignal } from "@preact/signals";
import { useId } from "preact/hooks";
import { type Bound, change, currentValue } from "./bound.ts";

export interface NumberFieldProps extends Bound<number> {
  label: string;
  min?: number;
  max?: number;
  /** Default "any". */
  step?: number;
  /** Whole numbers only. */
  whole?: boolean;
  disabled?: boolean;
  /** What someone else found wrong with the value. */
  problem?: string;
}

export function NumberField(props: NumberFieldProps) {
  const id = useId();
  const { label, min, max, step, whole, disabled } = props;
  const own = useSignal<string | undefined>(undefined);
  const problem = own.value ?? props.problem;
  const take = (text: string) => {
    const value = text.trim() === "" ? Number.NaN : Number(text);
    const inside = value >= (min ?? -Infinity) && value <= (max ?? Infinity);
    const good = Number.isFinite(value) && inside && (!whole || Number.isInteger(value));
    own.value = good ? undefined : expected(props);
    if (good) change(props, value);
  };
  return (
    <div class="control">
      <label class="control-label" for={id}>
        {label}
      </label>
      <input
        id={id}
        type="number"
        inputMode={whole ? "numeric" : "decimal"}
        min={min}
        max={max}
        step={step ?? (whole ? 1 : "any")}
        value={String(currentValue(props))}
        disabled={disabled}
        aria-invalid={problem !== undefined}
        aria-describedby={problem === undefined ? undefined : `${id}-problem`}
        onChange={(event) => take(event.currentTarget.value)}
      />
      {problem !== undefined && (
        <span id={`${id}-problem`} class="control-problem">
          {problem}
        </span>
      )}
    </div>
  );
}

function expected({ min, max, whole }: NumberFieldProps): string {
  const kind = whole ? "a whole number" : "a number";
  if (min !== undefined && max !== undefined) return `Expected ${kind} from ${min} to ${max}.`;
  if (min !== undefined) return `Expected ${kind} of at least ${min}.`;
  if (max !== undefined) return `Expected ${kind} of at most ${max}.`;
  return `Expected ${kind}.`;
}
