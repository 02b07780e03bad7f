/** Controllers without learning, by the rules of Gymnasium's own heuristics, to compare what they reach there and here. */

const clip = (x: number, bound: number) => Math.min(bound, Math.max(-bound, x));

/** Turns towards the pad and brakes what sinks: throttles of the main engine and of the side engines. */
function wishes(s: ArrayLike<number>): { turn: number; hover: number } {
  if (s[6] !== 0 || s[7] !== 0) return { turn: 0, hover: -s[3] * 0.5 };
  const angle = clip(s[0] * 0.5 + s[2], 0.4);
  return {
    turn: (angle - s[4]) * 0.5 - s[5],
    hover: (0.55 * Math.abs(s[0]) - s[1]) * 0.5 - s[3] * 0.5,
  };
}

export function landDiscrete(s: ArrayLike<number>): number {
  const { turn, hover } = wishes(s);
  if (hover > Math.abs(turn) && hover > 0.05) return 2;
  if (turn < -0.05) return 3;
  return turn > 0.05 ? 1 : 0;
}

export function landContinuous(s: ArrayLike<number>): Float32Array {
  const { turn, hover } = wishes(s);
  return Float32Array.of(clip(hover * 20 - 1, 1), clip(-turn * 20, 1));
}
