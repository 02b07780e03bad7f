/** Opens the bench with these settings: what a figure's "Open in the bench" does. */
import type { BenchSettings } from "./benchSettings.ts";
import { linkOf } from "./linkOf.ts";

export function openBench(settings: BenchSettings): void {
  location.hash = linkOf(settings);
}
