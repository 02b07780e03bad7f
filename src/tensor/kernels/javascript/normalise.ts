/** Rows normalised, and the gradient of that, in plain JavaScript, as assembly/normalise.ts. Places are in words. */

import { fourSums, toFloat32 } from "./lanes.ts";
import type { Views } from "./views.ts";

const f = Math.fround;

/** @param places of out, x and gradient; 0 for none. */
export function normalise(
  { floats }: Views,
  places: readonly number[],
  rows: number,
  n: number,
  epsilonBits: number,
  centred: boolean,
): void {
  const epsilon = toFloat32(epsilonBits);
  const meanOf = (term: (i: number, total: number) => number) => f(fourSums(n, term) / n);
  for (let row = 0; row < rows; row++) {
    const [out, x, gradient] = places.map((place) => place + row * n);
    const mean = centred ? meanOf((i, total) => total + floats[x + i]) : 0;
    const deviation = (i: number) => f(floats[x + i] - mean);
    const square = meanOf((i, total) => f(deviation(i) ** 2) + total);
    const r = f(1 / f(Math.sqrt(f(square + epsilon))));
    const y = (i: number) => f(deviation(i) * r);
    if (places[2] === 0) {
      for (let i = 0; i < n; i++) floats[out + i] = y(i);
      continue;
    }
    const g = (i: number) => floats[gradient + i];
    const meanG = centred ? meanOf((i, total) => total + g(i)) : 0;
    const meanGY = meanOf((i, total) => f(g(i) * y(i)) + total);
    for (let i = 0; i < n; i++) floats[out + i] = r * f(f(g(i) - meanG) - f(y(i) * meanGY));
  }
}
