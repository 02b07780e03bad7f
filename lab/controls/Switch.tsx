/** On or off. */
import { type Bound, change, currentValue } from "./bound.ts";

export interface SwitchProps extends Bound<boolean> {
  label: string;
  disabled?: boolean;
}

export function Switch(props: SwitchProps) {
  return (
    <label class="switch">
      <input
        type="checkbox"
        role="switch"
        aria-checked={currentValue(props)}
        checked={currentValue(props)}
        disabled={props.disabled}
        onChange={(event) => change(props, event.currentTarget.checked)}
      />
      {props.label}
    </label>
  );
}
