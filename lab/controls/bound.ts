/** A control's value: a signal that it writes to, or a plain value with a function that is told of changes. */
import { Signal } from "@preact/signals";

export interface Bound<T> {
  value: T | Signal<T>;
  /** Called with each new value; with a signal, after it is set. */
  onChange?: (value: T) => void;
}

export function currentValue<T>({ value }: Bound<T>): T {
  return value instanceof Signal ? value.value : value;
}

export function change<T>({ value, onChange }: Bound<T>, next: T): void {
  if (value instanceof Signal) value.value = next;
  onChange?.(next);
}
