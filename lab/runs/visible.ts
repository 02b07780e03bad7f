/** Whether the page is shown: in a hidden tab runs go on, and nothing is drawn. */
import { type ReadonlySignal, signal } from "@preact/signals";

const shown = signal(true);

if (typeof document === "object") {
  const look = () => {
    shown.value = document.visibilityState !== "hidden";
  };
  document.addEventListener("visibilitychange", look);
  look();
}

export const isShown: ReadonlySignal<boolean> = shown;
