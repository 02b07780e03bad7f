/** Where the states of a tabular MDP lie, for pictures: places of a grid, or the one decision of a bandit. */
import { AscentError } from "../errors.ts";

export type Direction = "up" | "right" | "down" | "left";

export type Layout =
  | {
      kind: "grid";
      columns: number;
      /** A letter for each state in reading order, as of `gridWorld`: "S", ".", "#", "G", "X". */
      letters: string;
      /** Where each action goes; empty where actions have no direction. */
      moves: readonly Direction[];
    }
  | { kind: "arms" };

/** @throws AscentError "shape" unless the layout has a letter for each state and a direction for each action, or none. */
export function requireLayout(layout: Layout, states: number, actions: number): void {
  if (layout.kind === "arms" && states === 2) return;
  if (layout.kind === "grid") {
    const { letters, moves, columns } = layout;
    const directed = moves.length === 0 || moves.length === actions;
    if (letters.length === states && directed && Number.isInteger(columns) && columns > 0) return;
  }
  throw new AscentError("shape", {
    what: "tabularMdp: the layout does not fit the states and actions",
    got: layout.kind === "grid" ? `${layout.letters.length} letters, ${layout.moves.length} moves` : layout.kind,
    expected: `"arms" with 2 states, or "grid" with ${states} letters, columns, and ${actions} moves or none`,
    fix: "Give one letter a state and one direction an action, or leave the layout out.",
  });
}

/** For worlds without one: states in rows, terminal ones as goals, actions without directions. */
export function usualLayout(terminal: Uint8Array): Layout & { kind: "grid" } {
  const columns = Math.ceil(Math.sqrt(terminal.length));
  const letters = Array.from(terminal, (ends) => (ends !== 0 ? "G" : ".")).join("");
  return { kind: "grid", columns, letters, moves: [] };
}
