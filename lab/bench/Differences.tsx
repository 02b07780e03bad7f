/** What B has otherwise than A, as a list. */
import type { BenchState } from "./benchState.ts";
import { differencesOf } from "./variants.ts";

export function Differences({ bench }: { bench: BenchState }) {
  const { a, b } = bench.settings.value;
  if (b === undefined || bench.isHidden("b")) return null;
  const all = differencesOf(bench.catalogue, a, b);
  // What an algorithm does not have at all is no choice of anyone's.
  const shown = a.algorithm === b.algorithm ? all : all.filter((one) => one.a !== "–" && one.b !== "–");
  return (
    <section class="bench-differences" aria-label="How A and B differ">
      <h2>A and B differ in</h2>
      {shown.length === 0 ? (
        <p>Nothing: the same run twice, the same bits.</p>
      ) : (
        <ul>
          {shown.map(({ name, a: inA, b: inB }) => (
            <li key={name}>
              <code>{name}</code>: {inA || "none"} <span aria-hidden="true">|</span>
              <span class="hidden-text"> against </span> {inB || "none"}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
