/** The episodes that have ended, the last one first. */
import { type Finished, returnWords } from "./usePlayed.ts";

export function FinishedTable({ finished }: { finished: readonly Finished[] }) {
  if (finished.length === 0) return null;
  return (
    <section aria-labelledby="finished-heading">
      <h2 id="finished-heading">Episodes</h2>
      <section class="table-frame" aria-label="The table, to be scrolled" tabIndex={0}>
        <table class="play-table">
          <thead>
            <tr>
              <th scope="col">Seed</th>
              <th scope="col">Return</th>
              <th scope="col">Steps</th>
              <th scope="col">Ended by</th>
              <th scope="col">Actions</th>
            </tr>
          </thead>
          <tbody>
            {finished.map(({ seed, episodeReturn, steps, ended, taken, stochastic }, i) => (
              <tr key={finished.length - i}>
                <td>{seed}</td>
                <td>{returnWords(episodeReturn)}</td>
                <td>{steps}</td>
                <td>{ended === "terminated" ? "the task" : "the time limit"}</td>
                <td>
                  {stochastic ? "sampled" : "most probable"}
                  {taken > 0 && `, ${taken} of yours`}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </section>
  );
}
