/** An arrow from one place of a canvas to another, in CSS pixels. */

export interface ArrowStyle {
  colour: string;
  /** Default 2.5. */
  width?: number;
  dash?: readonly number[];
}

export function drawArrow(
  context: CanvasRenderingContext2D,
  from: readonly [number, number],
  to: readonly [number, number],
  { colour, width = 2.5, dash = [] }: ArrowStyle,
): void {
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
  const length = Math.hypot(dx, dy);
  if (length < 1) return;
  const head = Math.min(11, 0.6 * length);
  const [ux, uy] = [dx / length, dy / length];
  const neck: readonly [number, number] = [to[0] - head * ux, to[1] - head * uy];
  context.save();
  context.strokeStyle = colour;
  context.fillStyle = colour;
  context.lineWidth = width;
  context.setLineDash([...dash]);
  context.beginPath();
  context.moveTo(...from);
  context.lineTo(...neck);
  context.stroke();
  context.setLineDash([]);
  context.beginPath();
  context.moveTo(...to);
  context.lineTo(neck[0] - 0.45 * head * uy, neck[1] + 0.45 * head * ux);
  context.lineTo(neck[0] + 0.45 * head * uy, neck[1] - 0.45 * head * ux);
  context.closePath();
  context.fill();
  context.restore();
}
