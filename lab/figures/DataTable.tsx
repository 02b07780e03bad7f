/** The numbers of a figure as a table, made when it is opened, 25 rows at a time. */
import { useSignal } from "@preact/signals";
import { Button } from "../controls/Button.tsx";

export interface TableData {
  columns: readonly string[];
  rows: readonly (readonly (string | number)[])[];
}

const PAGE = 25;

export function DataTable({ title, table }: { title: string; table: () => TableData }) {
  const open = useSignal(false);
  return (
    <details
      class="data-table"
      data-figure-table
      onToggle={(event) => {
        open.value = event.currentTarget.open;
      }}
    >
      <summary>
        Table<span class="hidden-text"> of: {title}</span>
      </summary>
      {open.value && <Rows title={title} table={table} />}
    </details>
  );
}

function Rows({ title, table }: { title: string; table: () => TableData }) {
  const page = useSignal(0);
  const { columns, rows } = table();
  const pages = Math.max(1, Math.ceil(rows.length / PAGE));
  const at = Math.min(page.value, pages - 1);
  const shown = rows.slice(at * PAGE, (at + 1) * PAGE);
  return (
    <div>
      {/* A region that scrolls has to be reachable by keyboard. */}
      <section class="data-table-scroll" tabIndex={0} aria-label={`Table of: ${title}`}>
        <table>
          <thead>
            <tr>
              {columns.map((column) => (
                <th scope="col" key={column}>
                  {column}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map((row, i) => (
              <tr key={at * PAGE + i}>
                {row.map((cell, j) => (
                  <td key={columns[j]} class={typeof cell === "number" ? "number" : undefined}>
                    {typeof cell === "number" ? cellNumber(cell) : cell}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      {pages > 1 && (
        <div class="data-table-pages">
          <Button quiet disabled={at === 0} onClick={() => (page.value = at - 1)} label="Earlier rows">
            ‹
          </Button>
          <span>
            rows {at * PAGE + 1}–{at * PAGE + shown.length} of {rows.length}
          </span>
          <Button quiet disabled={at === pages - 1} onClick={() => (page.value = at + 1)} label="Later rows">
            ›
          </Button>
        </div>
      )}
    </div>
  );
}

/** Six digits are enough to compare by, and few enough to read. */
function cellNumber(value: number): string {
  return Number.isFinite(value) ? String(Number(value.toPrecision(6))).replace("-", "−") : String(value);
}
