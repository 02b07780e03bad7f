/** One of a few: a list to choose from. */
import { useId } from "preact/hooks";
import { type Bound, change, currentValue } from "./bound.ts";

export interface ChoiceProps<T extends string> extends Bound<T> {
  label: string;
  /** Names as values, or each value with the words shown for it. */
  options: readonly T[] | readonly { value: T; text: string }[];
  disabled?: boolean;
}

export function Choice<T extends string>(props: ChoiceProps<T>) {
  const id = useId();
  const value = currentValue(props);
  const options = props.options.map((option) =>
    typeof option === "string" ? { value: option, text: option } : option,
  );
  return (
    <div class="control">
      <label class="control-label" for={id}>
        {props.label}
      </label>
      <select
        id={id}
        value={value}
        disabled={props.disabled}
        onChange={(event) => {
          const chosen = options[event.currentTarget.selectedIndex];
          if (chosen) change(props, chosen.value);
        }}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value} selected={option.value === value}>
            {option.text}
          </option>
        ))}
      </select>
    </div>
  );
}
