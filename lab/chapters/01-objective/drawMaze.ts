/** The maze with the trajectories drawn so far, and ∇J and its estimate as arrows of every place. */
import { drawArrow } from "../../drawers/arrow.ts";
import type { Size } from "../../figures/Canvas.tsx";
import { seriesStyle } from "../../figures/seriesStyle.ts";
import type { Theme } from "../../page/theme.ts";
import type { MazeOutput } from "./studies/maze.ts";
import { MAZE } from "./worlds.ts";

const COLUMNS = MAZE[0].length;
const ROWS = MAZE.length;
/** Trajectories drawn at once: the last ones. */
const KEPT = 24;

/** @param shown trajectories so far; a fraction is the share of the last one's steps. */
export function drawMaze(
  context: CanvasRenderingContext2D,
  { width, height }: Size,
  theme: Theme,
  found: MazeOutput | undefined,
  shown: number,
): void {
  const legend = 26;
  const side = Math.min(width / COLUMNS, (height - legend) / ROWS);
  const left = (width - side * COLUMNS) / 2;
  const centre = (place: number): [number, number] => [
    left + ((place % COLUMNS) + 0.5) * side,
    (Math.floor(place / COLUMNS) + 0.5) * side,
  ];
  for (let place = 0; place < COLUMNS * ROWS; place++) drawPlace(context, theme, centre(place), side, place);
  if (!found) return;
  const complete = Math.min(Math.ceil(shown), found.offsets.length - 1);
  for (let i = Math.max(0, complete - KEPT); i < complete; i++) {
    const share = i === complete - 1 ? shown - i : 1;
    const age = complete - 1 - i;
    drawTrajectory(context, found, i, share, centre, side, {
      colour: theme.accent3,
      opacity: age === 0 ? 1 : 0.4 * (1 - age / KEPT) + 0.05,
      isLast: age === 0,
    });
  }
  const [exact, estimate] = [seriesStyle(0, theme), seriesStyle(1, theme)];
  const longest = Math.max(...found.exactArrows.map(Math.abs));
  const scale = (0.46 * side) / longest;
  const row = Math.max(0, Math.floor(shown) - 1) * found.exactArrows.length;
  const arrowsOf = (arrows: Float64Array, at: number, colour: string, dash: readonly number[], thick: number) => {
    for (let place = 0; place < COLUMNS * ROWS; place++) {
      const [x, y] = centre(place);
      const [right, up] = [arrows[at + 2 * place], arrows[at + 2 * place + 1]];
      const length = Math.hypot(right, up) * scale;
      // Early estimates are many times too long: they are cut at the next place's middle.
      const shrink = scale * Math.min(1, (0.9 * side) / length);
      drawArrow(context, [x, y], [x + shrink * right, y - shrink * up], { colour, dash, width: thick });
    }
  };
  if (shown >= 1) arrowsOf(found.arrows, row, estimate.colour, estimate.dash, 2);
  arrowsOf(found.exactArrows, 0, exact.colour, [], 3);
  drawLegend(context, theme, left + 4, ROWS * side + 15);
}

function drawPlace(
  context: CanvasRenderingContext2D,
  theme: Theme,
  [x, y]: [number, number],
  side: number,
  place: number,
): void {
  const letter = MAZE[Math.floor(place / COLUMNS)][place % COLUMNS];
  context.fillStyle = letter === "#" ? theme.faint : theme.ground;
  context.strokeStyle = theme.grid;
  context.lineWidth = 1;
  context.fillRect(x - side / 2, y - side / 2, side, side);
  context.strokeRect(x - side / 2 + 0.5, y - side / 2 + 0.5, side - 1, side - 1);
  const word = { G: "goal +1", X: "pit −1", S: "start" }[letter];
  if (!word) return;
  context.fillStyle = letter === "G" ? theme.good : letter === "X" ? theme.bad : theme.muted;
  context.font = `600 12px ${theme.font}`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillText(word, x, letter === "S" ? y + side * 0.4 : y);
}

interface TrajectoryStyle {
  colour: string;
  opacity: number;
  isLast: boolean;
}

function drawTrajectory(
  context: CanvasRenderingContext2D,
  { offsets, states, finalStates }: MazeOutput,
  i: number,
  share: number,
  centre: (place: number) => [number, number],
  side: number,
  { colour, opacity, isLast }: TrajectoryStyle,
): void {
  const steps = offsets[i + 1] - offsets[i];
  const until = share * steps;
  // Each trajectory keeps to a lane of its own, so that they do not hide each other.
  const lane = (((i * 7) % 11) / 11 - 0.5) * 0.34 * side;
  const at = (t: number): [number, number] => {
    const [x, y] = centre(t < steps ? states[offsets[i] + t] : finalStates[i]);
    return [x + lane, y + lane];
  };
  context.save();
  context.globalAlpha = opacity;
  context.strokeStyle = colour;
  context.lineWidth = isLast ? 2 : 1.25;
  context.lineJoin = "round";
  context.beginPath();
  context.moveTo(...at(0));
  for (let t = 1; t <= Math.floor(until); t++) context.lineTo(...at(t));
  const rest = until - Math.floor(until);
  const [from, to] = [at(Math.floor(until)), at(Math.min(steps, Math.floor(until) + 1))];
  const head: [number, number] = [from[0] + rest * (to[0] - from[0]), from[1] + rest * (to[1] - from[1])];
  context.lineTo(...head);
  context.stroke();
  if (isLast) {
    context.fillStyle = colour;
    context.beginPath();
    context.arc(...head, 4.5, 0, 2 * Math.PI);
    context.fill();
  }
  context.restore();
}

function drawLegend(context: CanvasRenderingContext2D, theme: Theme, x: number, y: number): void {
  const [exact, estimate] = [seriesStyle(0, theme), seriesStyle(1, theme)];
  context.font = `12px ${theme.font}`;
  context.textAlign = "left";
  context.textBaseline = "middle";
  const entry = (left: number, text: string, colour: string, dash: readonly number[], width: number) => {
    drawArrow(context, [left, y], [left + 26, y], { colour, dash, width });
    context.fillStyle = theme.ink;
    context.fillText(text, left + 32, y);
  };
  entry(x, "∇J", exact.colour, [], 3);
  entry(x + 66, "estimate", estimate.colour, estimate.dash, 2);
  context.strokeStyle = theme.accent3;
  context.lineWidth = 2;
  context.beginPath();
  context.moveTo(x + 166, y);
  context.lineTo(x + 190, y);
  context.stroke();
  context.fillStyle = theme.ink;
  context.fillText("episodes", x + 196, y);
}
