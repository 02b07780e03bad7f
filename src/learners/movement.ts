/**
 * How far one update moves the policy's parameters (docs/theory.md, 12: the problem of slow updates, in the parameters' own
 * unit).
 */

import type { ParameterBlock } from "../tensor/parameters.ts";

export interface Movement {
  /** Remembers the parameters as they are. */
  begin(): void;
  /** ‖θ' − θ‖₂ since then. */
  distance(): number;
}

/** @param blocks their parameters named "policy.…" count; a critic's do not. */
export function policyMovement(blocks: readonly ParameterBlock[]): Movement {
  const parts = blocks.flatMap((block) =>
    block.names
      .filter((name) => name.startsWith("policy."))
      .map((name) => ({ values: () => block.values(name), before: block.values(name).slice() })),
  );
  return {
    begin: () => {
      for (const { values, before } of parts) before.set(values());
    },
    distance: () => {
      let squares = 0;
      for (const { values, before } of parts) {
        const now = values();
        for (let j = 0; j < now.length; j++) squares += (now[j] - before[j]) * (now[j] - before[j]);
      }
      return Math.sqrt(squares);
    },
  };
}
