/**
 * BipedalWalker, after Gymnasium 1.3's version 3: four motors, a lidar, and as far as the legs go. Constants and the order of
 * creation are the reference's; random numbers are this library's, and every episode has a world of its own. Ground: walkerTerrain.ts,
 * picture: bipedalWalkerScene.ts.
 */
import type { Body, RevoluteJoint, World } from "planck";
import { cos, sin } from "../../math/deterministic.ts";
import { checkSeed, RandomStream } from "../../random/stream.ts";
import { streams } from "../../random/streams.ts";
import type { Scene } from "../../scenes/scene.ts";
import { refuseBeforeReset } from "../checks.ts";
import type { Environment, ResetResult, StepResult } from "../environment.ts";
import { type Box, box } from "../spaces.ts";
import { walkerScene } from "./bipedalWalkerScene.ts";
import { createWorld, engineFor, type Planck, touches } from "./engine.ts";
import { type EpisodeLog, parseLog } from "./episodeLog.ts";
import {
  TERRAIN_GRASS,
  TERRAIN_HEIGHT,
  TERRAIN_LENGTH,
  TERRAIN_START,
  TERRAIN_STEP,
  type WalkerTerrain,
  walkerTerrain,
} from "./walkerTerrain.ts";

const FPS = 50;
const SCALE = 30;
const MOTOR_TORQUE = 80;
const HIP_SPEED = 4;
const KNEE_SPEED = 6;
const LIDAR_RANGE = 160 / SCALE;
const LIDAR_RAYS = 10;
const INITIAL_FORCE = 5;
const HULL: readonly (readonly [number, number])[] = [
  [-30, 9],
  [6, 9],
  [34, 1],
  [34, -8],
  [-30, -8],
];
const LEG_DOWN = -8 / SCALE;
const LEG_WIDTH = 8 / SCALE;
const LEG_HEIGHT = 34 / SCALE;
const FRICTION = 2.5;
const VELOCITY_ITERATIONS = 180;
const POSITION_ITERATIONS = 60;
const GROUND = 0x001;
const WALKER = 0x0020;
const VIEW_WIDTH = 600 / SCALE;
const VIEW_HEIGHT = 400 / SCALE;
const MOTORS = 4;
const COST = 0.00035 * MOTOR_TORQUE;

export class BipedalWalker implements Environment<Float32Array, Float32Array> {
  /** Without bounds: the reference's are left by joints that hit the ground hard, which it does not look at. */
  readonly observationSpace: Box = box({ low: -Infinity, high: Infinity, shape: [24] });
  readonly actionSpace: Box = box({ low: -1, high: 1, shape: [MOTORS] });
  readonly #id: string;
  readonly #planck: Planck;
  readonly #hardcore: boolean;
  #random = new RandomStream(0, streams.environmentStates);
  #log: EpisodeLog | undefined;
  #world!: World;
  #terrain!: WalkerTerrain;
  #hull!: Body;
  /** Upper and lower of one side, then of the other. */
  #legs!: Body[];
  #joints!: RevoluteJoint[];
  /** Of the lower legs. */
  #feet: [boolean, boolean] = [false, false];
  #fell = false;
  #shaping: number | undefined;
  readonly #lidar = new Float64Array(LIDAR_RAYS);

  /** @throws AscentError "state" while the physics is not loaded. */
  constructor(id: string, hardcore: boolean) {
    this.#id = id;
    this.#planck = engineFor(id);
    this.#hardcore = hardcore;
  }

  reset(options?: { seed?: number }): ResetResult<Float32Array> {
    if (options?.seed !== undefined) {
      checkSeed(options.seed);
      this.#random = new RandomStream(options.seed, streams.environmentStates);
    }
    const { seed, counter } = this.#random;
    this.#log = { seed, counter, actions: [] };
    return { observation: this.#begin() };
  }

  /** Begins where a recording's episode did: see `recordedWalker`. */
  startFrom(recorded: Readonly<Record<string, readonly number[]>>): Float32Array {
    const { seed, counter } = this.#random;
    const copied = Object.fromEntries(Object.entries(recorded).map(([name, values]) => [name, [...values]]));
    this.#log = { seed, counter, actions: [], recorded: copied };
    return this.#begin();
  }

  #begin(): Float32Array {
    const recorded = this.#log?.recorded;
    this.#terrain = walkerTerrain(this.#random, this.#hardcore);
    if (recorded?.["heights"] !== undefined) this.#terrain = { heights: recorded["heights"], blocks: [] };
    this.#fell = false;
    this.#shaping = undefined;
    this.#feet = [false, false];
    this.#build();
    const force = this.#random.uniformBetween(-INITIAL_FORCE, INITIAL_FORCE);
    this.#hull.applyForceToCenter(new this.#planck.Vec2(recorded?.["force"]?.[0] ?? force, 0), true);
    return this.#advance([0, 0, 0, 0]).observation;
  }

  #build(): void {
    const { Vec2, Edge, Polygon } = this.#planck;
    const world = createWorld(this.#planck, -10);
    world.on("begin-contact", (contact) => {
      if (touches(contact, this.#hull)) this.#fell = true;
      for (const foot of [0, 1]) if (touches(contact, this.#legs[2 * foot + 1])) this.#feet[foot] = true;
    });
    world.on("end-contact", (contact) => {
      for (const foot of [0, 1]) if (touches(contact, this.#legs[2 * foot + 1])) this.#feet[foot] = false;
    });
    const { heights, blocks } = this.#terrain;
    for (const block of blocks) {
      const shape = new Polygon(block.map(([x, y]) => new Vec2(x, y)));
      world.createBody().createFixture({ shape, friction: FRICTION });
    }
    for (let i = 0; i < TERRAIN_LENGTH - 1; i++) {
      const [from, to] = [i, i + 1].map((k) => new Vec2(k * TERRAIN_STEP, heights[k]));
      world.createBody().createFixture({ shape: new Edge(from, to), friction: FRICTION, filterCategoryBits: GROUND });
    }
    const [x, y] = [(TERRAIN_STEP * TERRAIN_START) / 2, TERRAIN_HEIGHT + 2 * LEG_HEIGHT];
    this.#world = world;
    this.#hull = world.createBody({ type: "dynamic", position: new Vec2(x, y) });
    this.#hull.createFixture({
      shape: new Polygon(HULL.map(([px, py]) => new Vec2(px / SCALE, py / SCALE))),
      ...{ density: 5, friction: 0.1, restitution: 0, filterCategoryBits: WALKER, filterMaskBits: GROUND },
    });
    this.#legs = [];
    this.#joints = [];
    for (const side of [-1, 1]) {
      const upper = this.#leg(x, y - LEG_HEIGHT / 2 - LEG_DOWN, side, 1);
      this.#joint(this.#hull, upper, LEG_DOWN, side, -0.8, 1.1);
      const lower = this.#leg(x, y - (LEG_HEIGHT * 3) / 2 - LEG_DOWN, side, 0.8);
      this.#joint(upper, lower, -LEG_HEIGHT / 2, 1, -1.6, -0.1);
    }
  }

  #leg(x: number, y: number, side: number, width: number): Body {
    const { Vec2, Box: BoxShape } = this.#planck;
    const leg = this.#world.createBody({ type: "dynamic", position: new Vec2(x, y), angle: side * 0.05 });
    leg.createFixture({
      shape: new BoxShape((width * LEG_WIDTH) / 2, LEG_HEIGHT / 2),
      ...{ density: 1, restitution: 0, filterCategoryBits: WALKER, filterMaskBits: GROUND },
    });
    this.#legs.push(leg);
    return leg;
  }

  #joint(above: Body, below: Body, anchor: number, motorSpeed: number, lowerAngle: number, upperAngle: number): void {
    const { Vec2, RevoluteJoint: Joint } = this.#planck;
    const joint = new Joint({
      localAnchorA: new Vec2(0, anchor),
      localAnchorB: new Vec2(0, LEG_HEIGHT / 2),
      referenceAngle: below.getAngle() - above.getAngle(),
      ...{ enableMotor: true, enableLimit: true, maxMotorTorque: MOTOR_TORQUE, motorSpeed, lowerAngle, upperAngle },
      bodyA: above,
      bodyB: below,
    });
    this.#joints.push(this.#world.createJoint(joint) as RevoluteJoint);
  }

  step(action: Float32Array): StepResult<Float32Array> {
    if (this.#log === undefined) refuseBeforeReset(this.#id, "step");
    for (let motor = 0; motor < MOTORS; motor++) this.#log.actions.push(action[motor]);
    return this.#advance(action);
  }

  #advance(action: ArrayLike<number>): StepResult<Float32Array> {
    for (let motor = 0; motor < MOTORS; motor++) {
      const speed = motor % 2 === 0 ? HIP_SPEED : KNEE_SPEED;
      this.#joints[motor].setMotorSpeed(speed * Math.sign(action[motor]));
      this.#joints[motor].setMaxMotorTorque(Math.fround(MOTOR_TORQUE * strength(action[motor])));
    }
    this.#world.step(1 / FPS, VELOCITY_ITERATIONS, POSITION_ITERATIONS);
    this.#scan();
    const { x } = this.#hull.getPosition();
    const velocity = this.#hull.getLinearVelocity();
    const angle = this.#hull.getAngle();
    const leg = (side: number) => {
      const [hip, knee] = [this.#joints[2 * side], this.#joints[2 * side + 1]];
      return [
        hip.getJointAngle(),
        hip.getJointSpeed() / HIP_SPEED,
        knee.getJointAngle() + 1,
        knee.getJointSpeed() / KNEE_SPEED,
        this.#feet[side] ? 1 : 0,
      ];
    };
    const observation = Float32Array.from([
      angle,
      (2 * this.#hull.getAngularVelocity()) / FPS,
      (0.3 * velocity.x * VIEW_WIDTH) / FPS,
      (0.3 * velocity.y * VIEW_HEIGHT) / FPS,
      ...leg(0),
      ...leg(1),
      ...this.#lidar,
    ]);
    const shaping = (130 * x) / SCALE - 5 * Math.abs(angle);
    let reward = this.#shaping === undefined ? 0 : shaping - this.#shaping;
    this.#shaping = shaping;
    for (let motor = 0; motor < MOTORS; motor++) reward -= Math.fround(COST * strength(action[motor]));
    const fell = this.#fell || x < 0;
    if (fell) reward = -100;
    const arrived = x > (TERRAIN_LENGTH - TERRAIN_GRASS) * TERRAIN_STEP;
    return { observation, reward, terminated: fell || arrived, truncated: false };
  }

  /** How far each ray gets before it meets the ground, as a share of its length. */
  #scan(): void {
    const { Vec2 } = this.#planck;
    const { x, y } = this.#hull.getPosition();
    const from = new Vec2(x, y);
    for (let ray = 0; ray < LIDAR_RAYS; ray++) {
      const angle = (1.5 * ray) / 10;
      let nearest = 1;
      this.#world.rayCast(
        from,
        new Vec2(x + sin(angle) * LIDAR_RANGE, y - cos(angle) * LIDAR_RANGE),
        (fixture, _point, _normal, fraction) => {
          if ((fixture.getFilterCategoryBits() & GROUND) === 0) return -1;
          nearest = fraction;
          return fraction;
        },
      );
      this.#lidar[ray] = nearest;
    }
  }

  scene(): Scene {
    if (this.#log === undefined) refuseBeforeReset(this.#id, "scene");
    return walkerScene({ hull: this.#hull, legs: this.#legs, feet: this.#feet, fell: this.#fell, ...this.#terrain });
  }

  saveState(): unknown {
    if (this.#log === undefined) refuseBeforeReset(this.#id, "saveState");
    return { ...this.#log, actions: [...this.#log.actions] };
  }

  loadState(state: unknown): void {
    const log = parseLog(this.#id, state, MOTORS);
    this.#log = log;
    this.#random = new RandomStream(log.seed, streams.environmentStates);
    this.#random.counter = log.counter;
    this.#begin();
    for (let i = 0; i < log.actions.length; i += MOTORS) this.#advance(log.actions.slice(i, i + MOTORS));
  }
}

function strength(action: number): number {
  return Math.min(1, Math.abs(action));
}

/** What `startFrom` needs of a recorded episode: the ground's heights, and the force that the hull was pushed with. */
export function recordedWalker(episode: Readonly<Record<string, unknown>>): Record<string, number[]> | undefined {
  type Recorded = { mass: number; vx: number };
  const { terrain_y: heights, hull, legs } = episode as { terrain_y?: number[]; hull?: Recorded; legs?: Recorded[] };
  if (heights?.length !== TERRAIN_LENGTH || hull === undefined || legs?.length !== 4) return undefined;
  const momentum = [hull, ...legs].reduce((sum, { mass, vx }) => sum + mass * vx, 0);
  return { heights, force: [momentum * FPS] };
}
