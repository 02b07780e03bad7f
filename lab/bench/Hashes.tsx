/** The SHA-256 of each finished run's policy.safetensors: what `ascent train` writes has the same. */
import type { BenchState } from "./benchState.ts";

export function Hashes({ bench }: { bench: BenchState }) {
  const runs = bench.runs.value;
  const finished = (["a", "b"] as const).flatMap((side) =>
    (runs?.of(side) ?? []).flatMap(({ hash, settings }) =>
      hash.value === undefined ? [] : [{ side, seed: settings.seed, hash: hash.value }],
    ),
  );
  if (finished.length === 0) return null;
  return (
    <section class="bench-hashes" aria-labelledby="bench-hashes-title">
      <h2 id="bench-hashes-title">policy.safetensors, SHA-256</h2>
      <p class="bench-note">
        The copied command and code write files with the same hashes, and so does this link, anywhere.
      </p>
      <ul>
        {finished.map(({ side, seed, hash }) => (
          <li key={`${side} ${seed}`}>
            {side.toUpperCase()}, seed {seed}: <code data-bench-hash={`${side}-${seed}`}>{hash}</code>
          </li>
        ))}
      </ul>
    </section>
  );
}
