/**
 * The page's one polite live region. What is announced are changes that someone waits for (a run that ends, an error, the
 * answer to a key), never an iteration.
 */
import { signal } from "@preact/signals";

const words = signal("");

/** Says it to screen readers, once nothing newer has come for a moment. The same words again are said again. */
export function announce(text: string): void {
  clearTimeout(waiting);
  words.value = "";
  waiting = setTimeout(() => {
    words.value = text;
  }, 150);
}

let waiting: ReturnType<typeof setTimeout> | undefined;

export function Announcements() {
  return (
    <div id="announcements" class="hidden-text" aria-live="polite" aria-atomic="true">
      {words}
    </div>
  );
}
