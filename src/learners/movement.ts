/**
 * How far one update moves the policy's parameters (docs/theory.md, 12: the problem of slow updates, in the parameters' own
 * unit).
 */

import { floatsOf, GRANULE, type Region } from "../tensor/engine.ts";
import type { ParameterBlock } from "../tensor/parameters.ts";

export interface Movement {
  /** Remembers the parameters as they are. */
  begin(): void;
  /** ‖θ' − θ‖₂ since then. */
  distance(): number;
}

/** @param blocks their parameters named "policy.…" count; a critic's do not. */
export function policyMovement(blocks: readonly ParameterBlock[]): Movement {
  const stretches = blocks
    .flatMap(policyStretches)
    .map((region) => ({ region, before: new Float32Array(region.length) }));
  return {
    begin: () => {
      for (const { region, before } of stretches) before.set(floatsOf(region));
    },
    distance: () => {
      let squares = 0;
      for (const { region, before } of stretches) squares += squaredDistance(floatsOf(region), before);
      return Math.sqrt(squares);
    },
  };
}

/** Where the policy's parameters lie, neighbours as one stretch: the gaps between them are 0 and stay so. */
function policyStretches(block: ParameterBlock): Region[] {
  const stretches: Region[] = [];
  let joins = false;
  block.names.forEach((name, i) => {
    const isPolicy = name.startsWith("policy.");
    if (isPolicy) {
      const region = block.regionOf(i);
      const first = joins ? stretches.pop()! : region;
      const end = (region.pointer - first.pointer) / 4 + region.length;
      stretches.push({ ...first, length: Math.ceil(end / GRANULE) * GRANULE });
    }
    joins = isPolicy;
  });
  return stretches;
}

/** Σ (x − y)² of vectors of whole granules, in four sums that do not wait for one another. */
function squaredDistance(x: Float32Array, y: Float32Array): number {
  let first = 0;
  let second = 0;
  let third = 0;
  let fourth = 0;
  for (let i = 0; i < x.length; i += 4) {
    const a = x[i] - y[i];
    const b = x[i + 1] - y[i + 1];
    const c = x[i + 2] - y[i + 2];
    const d = x[i + 3] - y[i + 3];
    first += a * a;
    second += b * b;
    third += c * c;
    fourth += d * d;
  }
  return first + second + (third + fourth);
}
