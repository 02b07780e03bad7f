/** How somebody acts in a policy's place: which actions there are to choose, what they are called, and which keys they have. */
import type { Space } from "ascent-rl";

export interface Choice {
  name: string;
  /** As flat columns. */
  action: number[];
  /** As KeyboardEvent.key has it; undefined for choices that have a button only. */
  key: "ArrowLeft" | "ArrowRight" | "ArrowDown" | "ArrowUp" | undefined;
}

const NAMES: Readonly<Record<string, readonly string[]>> = {
  "CartPole-v1": ["Left", "Right"],
  "CartPoleNoVelocity-v1": ["Left", "Right"],
  "MountainCar-v0": ["Left", "Coast", "Right"],
  "Acrobot-v1": ["Clockwise", "No torque", "Counter-clockwise"],
};

/** Of environments whose first action turns clockwise, which is to the right at the top. */
const MIRRORED: readonly string[] = ["Acrobot-v1", "Pendulum-v1", "PendulumNoVelocity-v1"];

const SIDEWAYS = ["ArrowLeft", "ArrowDown", "ArrowRight"] as const;

/** Choices for one choice or one number; empty for actions of more parts, which no key can say. */
export function choicesFor(space: Space, environment: string): Choice[] {
  const mirrored = MIRRORED.includes(environment);
  if (space.kind === "discrete") {
    const names = NAMES[environment];
    return Array.from({ length: space.n }, (_, i) => {
      const place = space.n === 2 ? 2 * i : space.n === 3 ? i : undefined;
      return {
        name: names?.[i] ?? `Action ${space.start + i}`,
        action: [space.start + i],
        key: place === undefined ? undefined : SIDEWAYS[mirrored ? 2 - place : place],
      };
    });
  }
  if (space.kind !== "box" || space.low.length !== 1) return [];
  const [low, high] = [space.low[0], space.high[0]];
  const least = Number.isFinite(low) ? low : -1;
  const most = Number.isFinite(high) ? high : 1;
  const middle = least < 0 && most > 0 ? 0 : (least + most) / 2;
  return [least, middle, most].map((value, i) => ({
    name:
      mirrored && value !== middle
        ? `${numberWords(value)}, ${value < 0 ? "clockwise" : "counter-clockwise"}`
        : numberWords(value),
    action: [value],
    key: SIDEWAYS[mirrored ? 2 - i : i],
  }));
}

/** The arrow on a key, for buttons. */
export const KEY_SIGNS: Readonly<Record<NonNullable<Choice["key"]>, string>> = {
  ArrowLeft: "←",
  ArrowRight: "→",
  ArrowDown: "↓",
  ArrowUp: "↑",
};

export function numberWords(value: number): string {
  return Number(value.toPrecision(3)).toString().replace("-", "−");
}
