/** A number within limits, or one of a list of stops, with its value beside it. */
import { useId } from "preact/hooks";
import { type Bound, change, currentValue } from "./bound.ts";

interface Common extends Bound<number> {
  label: string;
  /** How the value is shown and read out. */
  format?: (value: number) => string;
  disabled?: boolean;
}

export type SliderProps = Common &
  ({ min: number; max: number; step: number; stops?: undefined } | { stops: readonly number[] });

export function Slider(props: SliderProps) {
  const id = useId();
  const { label, format = String, disabled } = props;
  const value = currentValue(props);
  const { stops } = props;
  // A slider over stops moves over their places.
  const range = stops
    ? { min: 0, max: stops.length - 1, step: 1 }
    : { min: props.min, max: props.max, step: props.step };
  const place = stops ? nearest(stops, value) : value;
  return (
    <div class="control">
      <label class="control-label" for={id}>
        {label}
      </label>
      <div class="slider-line">
        <input
          id={id}
          type="range"
          {...range}
          value={place}
          aria-valuetext={format(value)}
          disabled={disabled}
          onInput={(event) => {
            const at = event.currentTarget.valueAsNumber;
            change(props, stops ? stops[at] : at);
          }}
        />
        <output for={id}>{format(value)}</output>
      </div>
    </div>
  );
}

function nearest(stops: readonly number[], value: number): number {
  let best = 0;
  for (let i = 1; i < stops.length; i++) if (Math.abs(stops[i] - value) < Math.abs(stops[best] - value)) best = i;
  return best;
}
