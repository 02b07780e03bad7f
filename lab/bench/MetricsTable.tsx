/** The figures of the last iteration, the mean over seeds, each with its definition. */
import type { BenchRuns, SideName } from "./benchRuns.ts";
import type { BenchState } from "./benchState.ts";
import { figureNames } from "./figureNames.ts";
import { figureText } from "./figureText.ts";

export function MetricsTable({ bench }: { bench: BenchState }) {
  const runs = bench.runs.value;
  if (bench.isHidden("metrics") || runs === undefined) return null;
  const hasB = runs.groups.value.b !== undefined;
  const definitions = new Map(bench.catalogue.metrics.map(({ name, definition }) => [name, definition]));
  return (
    <section class="bench-metrics" aria-labelledby="bench-metrics-title">
      <h2 id="bench-metrics-title">Figures of the last iteration</h2>
      <table>
        <thead>
          <tr>
            <th scope="col">Figure</th>
            <th scope="col">A</th>
            {hasB && <th scope="col">B</th>}
          </tr>
        </thead>
        <tbody>
          {figureNames(bench).map((name) => (
            <tr key={name}>
              <th scope="row">
                {definitions.has(name) ? (
                  <details>
                    <summary>{name}</summary>
                    {definitions.get(name)}
                  </details>
                ) : (
                  name
                )}
              </th>
              <td>{latest(runs, "a", name)}</td>
              {hasB && <td>{latest(runs, "b", name)}</td>}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function latest(runs: BenchRuns, side: SideName, name: string): string {
  const values = runs.of(side).map(({ history }) => history.last(name));
  const known = values.filter((value): value is number => value !== undefined && !Number.isNaN(value));
  if (known.length === 0) return "–";
  return figureText(known.reduce((sum, value) => sum + value, 0) / known.length);
}
