/** What the policy chooses its next action from: bars of probabilities, or where a number lies within its bounds. */
import type { DecisionPart, Space } from "ascent-rl";
import { numberWords } from "./takeOver.ts";

/** Of many choices, the most probable ones. */
const MOST_CHOICES = 8;

export interface DecisionViewProps {
  decision: readonly DecisionPart[] | undefined;
  chosen: readonly number[] | undefined;
  space: Space;
  /** Of a choice of one part. */
  names: readonly string[];
}

export function DecisionView({ decision, chosen, space, names }: DecisionViewProps) {
  if (decision === undefined) return <p class="small">The episode has ended.</p>;
  const bounds = space.kind === "box" ? space : undefined;
  return (
    <div class="decision">
      {decision.map((part, i) => (
        <div key={part.name} class="decision-part">
          {decision.length > 1 && <h3>{part.name}</h3>}
          {part.kind === "number" ? (
            <NumberPart part={part} chosen={chosen?.[i]} low={bounds?.low[i]} high={bounds?.high[i]} />
          ) : (
            <Bars part={part} chosen={chosen?.[i]} names={decision.length === 1 ? names : []} />
          )}
        </div>
      ))}
    </div>
  );
}

interface BarsProps {
  part: Exclude<DecisionPart, { kind: "number" }>;
  chosen: number | undefined;
  names: readonly string[];
}

function Bars({ part, chosen, names }: BarsProps) {
  const all =
    part.kind === "switch"
      ? [
          { value: 1, name: "on", probability: part.probability },
          { value: 0, name: "off", probability: 1 - part.probability },
        ]
      : part.probabilities.map((probability, i) => ({
          value: part.start + i,
          name: names[i] ?? `Action ${part.start + i}`,
          probability,
        }));
  const shown =
    all.length > MOST_CHOICES ? [...all].sort((a, b) => b.probability - a.probability).slice(0, MOST_CHOICES) : all;
  return (
    <ul class="bars">
      {shown.map(({ value, name, probability }) => (
        <li key={value} class={value === chosen ? "bar chosen" : "bar"}>
          <span class="bar-name">
            {name}
            {value === chosen && <span class="bar-mark"> – chosen</span>}
          </span>
          <span class="bar-line" aria-hidden="true">
            <span style={{ width: `${100 * probability}%` }} />
          </span>
          <span class="bar-value">{(100 * probability).toFixed(1)} %</span>
        </li>
      ))}
    </ul>
  );
}

interface NumberPartProps {
  part: Extract<DecisionPart, { kind: "number" }>;
  chosen: number | undefined;
  low: number | undefined;
  high: number | undefined;
}

function NumberPart({ part, chosen, low = part.low, high = part.high }: NumberPartProps) {
  const from = Number.isFinite(low) ? low : part.low;
  const to = Number.isFinite(high) && high > from ? high : Math.max(part.high, from + 1e-9);
  const at = (value: number) => 100 * Math.min(Math.max((value - from) / (to - from), 0), 1);
  const spread = (part.high - part.low) / 2;
  return (
    <div class="number-part">
      <svg viewBox="-3 0 106 14" role="presentation" aria-hidden="true">
        <line class="range" x1="0" y1="7" x2="100" y2="7" />
        <line class="spread" x1={at(part.low)} y1="7" x2={at(part.high)} y2="7" />
        <circle class="centre" cx={at(part.centre)} cy="7" r="2.6" />
        {chosen !== undefined && <path class="chosen-mark" d={`M${at(chosen)} 1v12`} />}
      </svg>
      <p class="small">
        μ ± σ: {numberWords(part.centre)} ± {numberWords(spread)}, of {numberWords(from)} to {numberWords(to)}
        {chosen !== undefined && <>; it has chosen {numberWords(chosen)}</>}
      </p>
    </div>
  );
}
