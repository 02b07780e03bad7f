/** What was wrong with the link that was opened. */
import { Button } from "../controls/Button.tsx";
import type { BenchState } from "./benchState.ts";

export function Problems({ bench }: { bench: BenchState }) {
  const problems = bench.problems.value;
  if (problems.length === 0) return null;
  return (
    <section class="message bench-problems" role="alert" data-bench="problems">
      <p>Not all of the link could be read. The rest of it is applied.</p>
      <ul>
        {problems.map((problem) => (
          <li key={problem}>{problem}</li>
        ))}
      </ul>
      <Button
        quiet
        onClick={() => {
          bench.problems.value = [];
        }}
      >
        Close
      </Button>
    </section>
  );
}
