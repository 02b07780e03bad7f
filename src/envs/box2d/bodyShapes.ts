/** Bodies of the physics as shapes of a picture. */
import type { Body } from "planck";
import type { Paint, Shape } from "../../scenes/scene.ts";

/** Every polygon of a body, where it is now. */
export function bodyShapes(body: Body, fill: Paint, stroke: Paint = "ink"): Shape[] {
  const shapes: Shape[] = [];
  for (let fixture = body.getFixtureList(); fixture; fixture = fixture.getNext()) {
    const shape = fixture.getShape();
    if (shape.getType() !== "polygon") continue;
    const { m_vertices: vertices } = shape as unknown as { m_vertices: { x: number; y: number }[] };
    const points = vertices.map((vertex) => pointOf(body, vertex.x, vertex.y));
    shapes.push({ kind: "polygon", points, fill, stroke });
  }
  return shapes;
}

/** A point of a body, in the world. */
export function pointOf(body: Body, x: number, y: number): readonly [number, number] {
  const point = body.getWorldPoint({ x, y });
  return [point.x, point.y];
}
