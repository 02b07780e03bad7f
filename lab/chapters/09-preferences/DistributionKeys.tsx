/** What bars and signs of distributions stand for, below them. */
import type { ComponentChildren } from "preact";
import { type SignStyle, signOf } from "../../drawers/distributionBars.ts";
import { theme } from "../../page/theme.ts";

export interface DistributionKeysProps {
  hollow?: string;
  filled?: { text: string; colour: number };
  goal?: string;
  signs?: readonly { text: string; style: SignStyle }[];
}

export function DistributionKeys({ hollow, filled, goal, signs = [] }: DistributionKeysProps) {
  const now = theme.value;
  return (
    <ul class="curves-legend">
      {hollow !== undefined && (
        <li key={hollow}>
          <Sign>
            <rect x="9" y="-5" width="12" height="10" fill="none" stroke={now.muted} stroke-width="1.5" />
          </Sign>
          {hollow}
        </li>
      )}
      {filled !== undefined && (
        <li key={filled.text}>
          <Sign>
            <rect x="9" y="-5" width="12" height="10" fill={now.series[filled.colour]} />
          </Sign>
          {filled.text}
        </li>
      )}
      {goal !== undefined && (
        <li key={goal}>
          <Sign>
            <rect x="5" y="-1" width="20" height="2" fill={now.ink} />
          </Sign>
          {goal}
        </li>
      )}
      {signs.map(({ text, style }) => {
        const { colour, shape, size } = signOf(style, now);
        return (
          <li key={text}>
            <Sign>
              <path d={shape} transform={`translate(15 0) scale(${size})`} fill={colour} />
            </Sign>
            {text}
          </li>
        );
      })}
    </ul>
  );
}

function Sign({ children }: { children: ComponentChildren }) {
  return (
    <svg width="30" height="12" viewBox="0 -6 30 12" aria-hidden="true">
      {children}
    </svg>
  );
}
