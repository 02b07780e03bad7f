/** Something to be done. */
import type { ComponentChildren } from "preact";

export interface ButtonProps {
  children: ComponentChildren;
  onClick: () => void;
  disabled?: boolean;
  /** For a button that stays in or out. */
  pressed?: boolean;
  /** Where the words inside do not say it alone. */
  label?: string;
  quiet?: boolean;
}

export function Button({ children, onClick, disabled, pressed, label, quiet }: ButtonProps) {
  return (
    <button
      type="button"
      class={quiet ? "button quiet" : "button"}
      disabled={disabled}
      aria-pressed={pressed}
      aria-label={label}
      onClick={onClick}
    >
      {children}
    </button>
  );
}
