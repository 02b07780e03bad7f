/** Controls that belong together, under a name. */
import type { ComponentChildren } from "preact";

export function Group({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <fieldset class="control-group">
      <legend>{name}</legend>
      {children}
    </fieldset>
  );
}
