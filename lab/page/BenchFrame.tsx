/** The bench's place at the end of the page. A link's settings are in the address, which the bench reads itself. */
import type { ComponentType } from "preact";
import { useRef } from "preact/hooks";
import { LazyPart } from "./LazyPart.tsx";

const files = import.meta.glob<{ default: ComponentType }>("../bench/Bench.tsx");
const load = files["../bench/Bench.tsx"];

export const hasBench = load !== undefined;

export function BenchFrame() {
  const place = useRef<HTMLElement>(null);
  return (
    <section id="bench" class="chapter" ref={place} aria-labelledby="bench-title">
      <h2 id="bench-title" tabIndex={-1}>
        The bench
      </h2>
      <p class="chapter-lead">
        Every algorithm on every environment with every setting, one or two sides, up to sixteen seeds. A link holds all
        of it and repeats it bit for bit.
      </p>
      <LazyPart name="bench" place={place} load={async () => (await load()).default} height={1400} />
    </section>
  );
}
