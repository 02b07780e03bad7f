/** MaskedCorridor as a picture: its places in a row, the walker, and each valid move with the code that stands for it here. */
import { rectangle } from "../../scenes/forms.ts";
import type { Point, Scene, Shape } from "../../scenes/scene.ts";

/** A move that is valid now: where it leads, and the action that stands for it. */
export interface ValidMove {
  name: string;
  to: number;
  action: number;
}

/** @param places that can be walked; the goal lies behind the last one. */
export function corridorScene(place: number, places: number, moves: readonly ValidMove[]): Scene {
  const shapes: Shape[] = [];
  for (let p = 0; p <= places; p++) {
    const goal = p === places;
    shapes.push(
      {
        kind: "polygon",
        points: rectangle(p + 0.04, 0, p + 0.96, 1),
        ...{ fill: goal ? "good" : "sky", stroke: goal ? "good" : "faint", strokeWidth: 0.05 },
      },
      {
        kind: "text",
        x: p + 0.5,
        y: -0.55,
        ...{ text: goal ? "goal" : String(p), size: 0.5, paint: "muted", anchor: "middle" },
      },
    );
  }
  for (const move of moves) {
    shapes.push(...drawMove(place, move));
  }
  shapes.push({ kind: "circle", x: place + 0.5, y: 0.5, radius: 0.32, fill: "accent1" });
  return { left: -0.6, bottom: -1.1, right: places + 1.6, top: 3.4, shapes, words: words() };

  function words(): string {
    if (place === places) return "The walker has reached the goal.";
    const allowed = moves.map(({ name, action }) => `${action} (${name})`).join(", ");
    return `The walker is at place ${place}, ${places - place} from the goal; valid actions are ${allowed}.`;
  }
}

/** An arch from the walker to where the move leads, higher for a longer one; waiting is a stroke upwards. The code stands on it. */
function drawMove(place: number, { to, action }: ValidMove): Shape[] {
  const from = place + 0.5;
  const end = to + 0.5;
  const rise = to === place ? 1.35 : 0.55 + 0.5 * Math.abs(to - place);
  const points: Point[] = Array.from({ length: 13 }, (_, i) => {
    const t = i / 12;
    return to === place ? [from, 1.05 + t * rise] : [from + t * (end - from), 1.05 + 4 * rise * t * (1 - t)];
  });
  const x = to === place ? from : (from + end) / 2;
  return [
    {
      kind: "polyline",
      points,
      ...{ stroke: "accent2", strokeWidth: 0.08, arrow: to !== place, dashed: to === place },
    },
    {
      kind: "text",
      x,
      y: 1.2 + rise,
      ...{ text: String(action), size: 0.5, paint: "ink", anchor: "middle" },
    },
  ];
}
