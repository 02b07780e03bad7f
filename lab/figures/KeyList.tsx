/** What the signs of a drawing stand for, below it. */

import { theme } from "../page/theme.ts";
import { seriesStyle } from "./seriesStyle.ts";

export interface Key {
  kind: "line" | "arrow" | "cross" | "dot";
  text: string;
  /** Of lines and arrows: which of the palette's styles. */
  style?: number;
  /** Of arrows; lines have that of their style. */
  dash?: string;
}

export function KeyList({ keys }: { keys: readonly Key[] }) {
  return (
    <ul class="curves-legend">
      {keys.map((key) => (
        <li key={key.text}>
          <svg width="30" height="12" viewBox="0 -6 30 12" aria-hidden="true">
            <Sign of={key} />
          </svg>
          {key.text}
        </li>
      ))}
    </ul>
  );
}

function Sign({ of: key }: { of: Key }) {
  if (key.kind === "cross") return <path d="M11-4L19 4M11 4L19-4" stroke={theme.value.bad} stroke-width="2" />;
  if (key.kind === "dot") return <circle cx="15" cy="0" r="5" fill={theme.value.good} />;
  const { colour, dash } = seriesStyle(key.style ?? 0, theme.value);
  const line = (
    <path
      d="M0 0H24"
      stroke={colour}
      stroke-width="2.5"
      stroke-dasharray={key.dash ?? (key.kind === "line" ? dash.join(" ") : "")}
    />
  );
  if (key.kind === "line") return line;
  return (
    <>
      {line}
      <path d="M30 0L20-5V5Z" fill={colour} />
    </>
  );
}
