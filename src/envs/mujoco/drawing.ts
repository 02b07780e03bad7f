/**
 * A figure seen from the side (x and z) or from above (x and y), as plain data: capsules as thick lines, spheres as circles, what
 * has edges as its outline, the floor with a mark at every metre. It has data of its own, so that looking changes nothing.
 */

import { spoken } from "../../scenes/phrases.ts";
import type { Paint, Point, Scene, Shape } from "../../scenes/scene.ts";
import { convexHull } from "./convexHull.ts";
import type { MujocoEngine, MujocoModel } from "./engine.ts";
import { Physics } from "./physics.ts";

export interface View {
  /** "side": x to the right, z up. "above": x to the right, y up. Default "side". */
  from?: "side" | "above";
  /** Of the window, in metres; default 6 wide, and 4 high. */
  width?: number;
  height?: number;
  /** The window's middle; default x 0, and as high that the floor is seen. */
  center?: Point;
  /** Name of the body that the window moves along with; from the side sideways only. */
  follow?: string;
  /** The state in one sentence; default says where the first body is. */
  words?(physics: Physics): string;
}

const WIDTH = 6;
const HEIGHT = 4;
const GEOM = { plane: 0, sphere: 2, capsule: 3, cylinder: 5 } as const;
const LIMBS: readonly Paint[] = ["accent2", "accent3", "accent4"];
/** How far a limb's ground-coloured rim reaches beyond it, of the window's width. */
const RIM = 1 / 450;

/** A geom in the plane of the picture: its middle, half its main axis and how far away it is. */
interface Placed {
  geom: number;
  middle: Point;
  axis: Point;
  depth: number;
}

export class Drawing {
  readonly #physics: Physics;
  readonly #model: MujocoModel;
  readonly #view: View;
  readonly #id: string;
  readonly #paints: readonly Paint[];
  readonly #boxes: Float64Array;

  constructor(engine: MujocoEngine, model: MujocoModel, { id, view = {} }: { id: string; view?: View }) {
    this.#physics = new Physics(engine, model);
    this.#model = model;
    this.#view = view;
    this.#id = id;
    this.#paints = paintsOf(model);
    this.#boxes = model.geom_aabb.slice();
  }

  scene(qpos: ArrayLike<number>): Scene {
    const physics = this.#physics;
    physics.reset();
    physics.qpos.set(qpos);
    physics.place();
    const view = this.#view;
    const above = view.from === "above";
    const { width = WIDTH, height = HEIGHT } = view;
    const body = view.follow === undefined ? -1 : 3 * physics.indexOf("body", view.follow);
    const [x, y] = view.center ?? [0, above ? 0 : 0.37 * height];
    const middleX = x + (body < 0 ? 0 : physics.xpos[body]);
    const middleY = y + (body < 0 || !above ? 0 : physics.xpos[body + 1]);
    const window = {
      left: middleX - width / 2,
      right: middleX + width / 2,
      bottom: middleY - height / 2,
      top: middleY + height / 2,
    };
    const placed = this.#placed(above).sort((a, b) => b.depth - a.depth);
    const shapes = [...this.#floor(window, above), ...placed.flatMap((one) => this.#shapes(one, above))];
    return { ...window, shapes, words: view.words?.(physics) ?? this.#words(above) };
  }

  close(): void {
    this.#physics.close();
  }

  #placed(above: boolean): Placed[] {
    const { geom_xpos: at, geom_xmat: turned } = this.#physics;
    const { geom_type: types, geom_size: sizes } = this.#model;
    const up = above ? 1 : 2;
    const placed: Placed[] = [];
    for (let geom = 0; geom < types.length; geom++) {
      if (types[geom] === GEOM.plane) continue;
      const half = sizes[3 * geom + 1];
      placed.push({
        geom,
        middle: [at[3 * geom], at[3 * geom + up]],
        // The third column of the rotation: where the geom's own z axis points.
        axis: [half * turned[9 * geom + 2], half * turned[9 * geom + 3 * up + 2]],
        depth: above ? -at[3 * geom + 2] : at[3 * geom + 1],
      });
    }
    return placed;
  }

  #shapes({ geom, middle: [x, y], axis: [dx, dy] }: Placed, above: boolean): Shape[] {
    const type = this.#model.geom_type[geom];
    const radius = this.#model.geom_size[3 * geom];
    const fill = this.#paints[geom];
    const rim = RIM * (this.#view.width ?? WIDTH);
    const length = Math.sqrt(dx * dx + dy * dy);
    const round = type === GEOM.sphere || ((type === GEOM.capsule || type === GEOM.cylinder) && length < 1e-3 * radius);
    if (round) return [{ kind: "circle", x, y, radius, fill, stroke: "ground", strokeWidth: rim }];
    if (type === GEOM.capsule) {
      const points: Point[] = [
        [x - dx, y - dy],
        [x + dx, y + dy],
      ];
      return [
        { kind: "polyline", points, stroke: "ground", strokeWidth: 2 * (radius + rim) },
        { kind: "polyline", points, stroke: fill, strokeWidth: 2 * radius },
      ];
    }
    return [{ kind: "polygon", points: this.#outline(geom, above), fill, stroke: "ground", strokeWidth: rim }];
  }

  /** Of the box around the geom, whatever it is. */
  #outline(geom: number, above: boolean): Point[] {
    const { geom_xpos: at, geom_xmat: turned } = this.#physics;
    const box = this.#boxes;
    const up = above ? 1 : 2;
    const corners: Point[] = [];
    for (let corner = 0; corner < 8; corner++) {
      const local = [0, 1, 2].map((k) => box[6 * geom + k] + ((corner >> k) & 1 ? 1 : -1) * box[6 * geom + 3 + k]);
      const along = (row: number) =>
        at[3 * geom + row] + local.reduce((sum, value, k) => sum + turned[9 * geom + 3 * row + k] * value, 0);
      corners.push([along(0), along(up)]);
    }
    return convexHull(corners);
  }

  /** The ground with a mark at every metre, and its number at every fifth, so that motion is seen; from above a grid. */
  #floor({ left, right, bottom, top }: Omit<Scene, "shapes" | "words">, above: boolean): Shape[] {
    const lines: Shape[] = [];
    const line = (points: readonly Point[], strokeWidth: number) =>
      lines.push({ kind: "polyline", points, stroke: "faint", strokeWidth });
    const wide = right - left;
    const step = wide > 2 ? 1 : 0.1;
    if (above) {
      for (let i = Math.ceil(left / step); i <= right / step; i++)
        line(
          [
            [i * step, bottom],
            [i * step, top],
          ],
          wide / 600,
        );
      for (let i = Math.ceil(bottom / step); i <= top / step; i++)
        line(
          [
            [left, i * step],
            [right, i * step],
          ],
          wide / 600,
        );
      return lines;
    }
    const floor = this.#floorHeight();
    if (floor === undefined || floor < bottom) return [];
    lines.push({
      kind: "polygon",
      points: [
        [left, bottom],
        [right, bottom],
        [right, floor],
        [left, floor],
      ],
      fill: "sky",
    });
    line(
      [
        [left, floor],
        [right, floor],
      ],
      wide / 250,
    );
    const size = wide / 40;
    for (let i = Math.ceil(left / step); i <= right / step; i++) {
      const x = i * step;
      line(
        [
          [x, floor],
          [x, floor - (i % 5 === 0 ? 0.8 : 0.4) * size],
        ],
        wide / 400,
      );
      if (i % 5 === 0 && floor - 2 * size > bottom) {
        const text = spoken(x, step < 1 ? 1 : 0);
        lines.push({ kind: "text", x, y: floor - 1.9 * size, text, size, paint: "muted", anchor: "middle" });
      }
    }
    return lines;
  }

  #floorHeight(): number | undefined {
    const plane = this.#model.geom_type.indexOf(GEOM.plane);
    return plane < 0 ? undefined : this.#physics.geom_xpos[3 * plane + 2];
  }

  #words(above: boolean): string {
    const [x, y, z] = this.#physics.xpos.subarray(3, 6);
    const place = above
      ? `x ${spoken(x, 2)}, y ${spoken(y, 2)}`
      : `x ${spoken(x, 2)}, ${spoken(z, 2)} above the ground`;
    return `${this.#id.replace(/-v\d+$/, "")} is at ${place}.`;
  }
}

/** What stands still is muted, the first body is one colour, and each limb that hangs on it another. */
function paintsOf(model: MujocoModel): Paint[] {
  const parents = model.body_parentid.slice();
  const limbs: number[] = [];
  const paintOf = (body: number): Paint => {
    if (body === 0) return "muted";
    if (parents[body] === 0) return body === 1 ? "accent1" : "good";
    let limb = body;
    while (parents[parents[limb]] !== 0) limb = parents[limb];
    if (!limbs.includes(limb)) limbs.push(limb);
    return LIMBS[limbs.indexOf(limb) % LIMBS.length];
  };
  return Array.from(model.geom_bodyid, paintOf);
}
