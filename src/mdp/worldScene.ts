/** A tabular MDP as a picture: its places, where the agent is, and, where given, a policy as arrows and values as numbers. */
import {
  checkArguments,
  checkOptions,
  numbers,
  type OptionChecks,
  optional,
  wholeNumber,
} from "../arguments/checks.ts";
import { rectangle } from "../scenes/forms.ts";
import { spoken } from "../scenes/phrases.ts";
import type { Paint, Point, Scene, Shape } from "../scenes/scene.ts";
import { mdpCheck } from "./argumentChecks.ts";
import { type Direction, type Layout, usualLayout } from "./layout.ts";
import { requireLength } from "./linearAlgebra.ts";
import { requirePolicy, type TabularMdp } from "./tabularMdp.ts";

export interface WorldSceneOptions {
  /** Where the agent is. Default: no agent. */
  state?: number;
  /** π(a|s) [states × actions]: an arrow for each action, as long as it is probable; for a bandit, bars. */
  policy?: ArrayLike<number>;
  /** V(s) [states], written into the places. */
  values?: ArrayLike<number>;
}

const ACROSS: Readonly<Record<Direction, Point>> = { up: [0, 1], right: [1, 0], down: [0, -1], left: [-1, 0] };
const FILL: Readonly<Record<string, Paint>> = { "#": "muted", G: "good", X: "bad" };
const NAMES: Readonly<Record<string, string>> = { G: "the goal", X: "a pit" };

/**
 * Grids and corridors as cells in reading order, a bandit as its arms with their rewards; any other world as numbered cells.
 *
 * @throws AscentError "option" for a state that is none, "shape" for tables of wrong lengths.
 */
export function worldScene(mdp: TabularMdp, options: WorldSceneOptions = {}): Scene {
  checkArguments("worldScene", { mdp: mdpCheck }, { mdp });
  const sceneOptions: OptionChecks<WorldSceneOptions> = {
    state: optional(wholeNumber(0, mdp.states - 1)),
    policy: optional(numbers),
    values: optional(numbers),
  };
  checkOptions("worldScene", sceneOptions, options);
  if (options.policy !== undefined) requirePolicy(mdp, Float64Array.from(options.policy));
  if (options.values !== undefined) requireLength("worldScene: values", options.values, mdp.states);
  const layout = mdp.layout ?? usualLayout(mdp.terminal);
  return layout.kind === "arms" ? armsScene(mdp, options) : gridScene(mdp, layout, options);
}

function gridScene(mdp: TabularMdp, layout: Layout & { kind: "grid" }, options: WorldSceneOptions): Scene {
  const { columns, letters, moves } = layout;
  const { state, policy, values } = options;
  const rows = Math.ceil(letters.length / columns);
  const centre = (s: number): Point => [(s % columns) + 0.5, rows - Math.floor(s / columns) - 0.5];
  const shapes: Shape[] = [];
  for (let s = 0; s < letters.length; s++) {
    const [x, y] = centre(s);
    const letter = letters[s];
    const fill = FILL[letter] ?? "sky";
    const corners = rectangle(x - 0.47, y - 0.47, x + 0.47, y + 0.47);
    shapes.push({ kind: "polygon", points: corners, fill, stroke: "faint", strokeWidth: 0.02 });
    if (letter === "#") continue;
    const ends = letter === "G" || letter === "X";
    const label = ends || letter === "S" ? letter : moves.length === 0 ? String(s) : "";
    if (label !== "") {
      const paint = ends ? "ground" : "muted";
      shapes.push({ kind: "text", x: x - 0.4, y: y + 0.22, text: label, size: 0.22, paint });
    }
    if (ends) continue;
    if (policy !== undefined) shapes.push(...arrows(centre(s), moves, policy, s * mdp.actions));
    if (values !== undefined) {
      const text = spoken(values[s], 2);
      shapes.push({ kind: "text", x: x + 0.42, y: y + 0.26, text, size: 0.15, paint: "muted", anchor: "end" });
    }
  }
  if (state !== undefined) {
    const [x, y] = centre(state);
    shapes.push({ kind: "circle", x, y, radius: 0.2, fill: "accent1", stroke: "ground", strokeWidth: 0.04 });
  }
  const window = { left: -0.1, bottom: -0.1, right: columns + 0.1, top: rows + 0.1 };
  return { ...window, shapes, words: gridWords(layout, rows, options, mdp.actions) };
}

/** Arrows from the edge of the agent's place to where the actions lead. */
function arrows(centre: Point, moves: readonly Direction[], policy: ArrayLike<number>, from: number): Shape[] {
  return moves.flatMap((move, a): Shape[] => {
    const probability = policy[from + a];
    if (probability < 0.02) return [];
    const [dx, dy] = ACROSS[move];
    const reach = (part: number): Point => [centre[0] + part * dx, centre[1] + part * dy];
    const points = [reach(0.06), reach(0.14 + 0.28 * probability)];
    return [{ kind: "polyline", points, stroke: "accent2", strokeWidth: 0.02 + 0.02 * probability, arrow: true }];
  });
}

function gridWords(
  { letters, columns, moves }: Layout & { kind: "grid" },
  rows: number,
  { state, policy, values }: WorldSceneOptions,
  actions: number,
): string {
  const size = rows === 1 ? `a corridor of ${columns} places` : `a grid of ${rows} rows and ${columns} columns`;
  if (state === undefined) return `The world is ${size}.`;
  const place =
    rows === 1 ? `place ${state + 1}` : `row ${Math.floor(state / columns) + 1}, column ${(state % columns) + 1}`;
  const there = NAMES[letters[state]];
  const at = `The agent is at ${place} of ${size}${there === undefined ? "" : `, ${there}`}`;
  const worth = values === undefined ? "" : `; its value is ${spoken(values[state], 2)}`;
  if (policy === undefined || moves.length === 0 || there !== undefined) return `${at}${worth}.`;
  const row = Array.from({ length: actions }, (_, a) => policy[state * actions + a]);
  const best = row.indexOf(Math.max(...row));
  return `${at}${worth}; its most probable move is ${moves[best]}, with ${spoken(100 * row[best], 0)} %.`;
}

/** Bars of the arms' rewards from a line at zero, and of their probabilities beside them. */
function armsScene(mdp: TabularMdp, { state, policy }: WorldSceneOptions): Scene {
  const { actions, reward } = mdp;
  const rewards = Array.from({ length: actions }, (_, a) => reward[a]);
  const greatest = Math.max(...rewards.map(Math.abs), 1e-12);
  const low = rewards.some((one) => one < 0) ? -1 : 0;
  const shapes: Shape[] = [];
  rewards.forEach((one, a) => {
    const top = one / greatest;
    const bar = rectangle(a + 0.15, Math.min(0, top), a + 0.5, Math.max(0, top));
    shapes.push({ kind: "polygon", points: bar, fill: one < 0 ? "bad" : "good" });
    const label = { size: 0.14, anchor: "middle" } as const;
    shapes.push({ kind: "text", x: a + 0.32, y: Math.max(0, top) + 0.06, text: spoken(one, 2), ...label });
    shapes.push({ kind: "text", x: a + 0.5, y: low - 0.22, text: `arm ${a}`, paint: "muted", ...label });
    if (policy === undefined) return;
    const probability = policy[a];
    const beside = rectangle(a + 0.55, 0, a + 0.85, probability);
    shapes.push({ kind: "polygon", points: beside, fill: "sky", stroke: "accent1", strokeWidth: 0.02 });
    const text = `${spoken(100 * probability, 0)} %`;
    shapes.push({ kind: "text", x: a + 0.7, y: probability + 0.06, text, paint: "accent1", ...label });
  });
  shapes.push({
    kind: "polyline",
    points: [
      [0, 0],
      [actions, 0],
    ],
    stroke: "muted",
    strokeWidth: 0.015,
  });
  const chosen = state === 1 ? " An arm has been chosen." : "";
  const arms = rewards.map((one, a) => {
    const with_ = policy === undefined ? "" : ` with ${spoken(100 * policy[a], 0)} %`;
    return `arm ${a} gives ${spoken(one, 2)}${with_}`;
  });
  const words = `A bandit: ${arms.join(", ")}.${chosen}`;
  return { left: -0.1, bottom: low - 0.35, right: actions + 0.1, top: 1.3, shapes, words };
}
