/**
 * LunarLander, after Gymnasium 1.3's version 3: land between the flags. Constants, order of creation and of random numbers are the
 * reference's; random numbers themselves are this library's. The picture is lunarLanderScene.ts.
 */
import type { Body, World } from "planck";
import { cos, sin, tanh } from "../../math/deterministic.ts";
import { checkSeed, RandomStream } from "../../random/stream.ts";
import { streams } from "../../random/streams.ts";
import type { Scene } from "../../scenes/scene.ts";
import { refuseBeforeReset } from "../checks.ts";
import type { Environment, ResetResult, StepResult } from "../environment.ts";
import { type Box, box, type Discrete, discrete } from "../spaces.ts";
import { createWorld, engineFor, type Planck, touches } from "./engine.ts";
import { type EpisodeLog, parseLog } from "./episodeLog.ts";
import { type Fire, landerScene } from "./lunarLanderScene.ts";
import type { LunarLanderOptions } from "./taskFacts.ts";

const FPS = 50;
const SCALE = 30;
const MAIN_ENGINE_POWER = 13;
const SIDE_ENGINE_POWER = 0.6;
const INITIAL_FORCE = 1000;
const HULL: readonly (readonly [number, number])[] = [
  [-14, 17],
  [-17, 0],
  [-17, -10],
  [17, -10],
  [17, 0],
  [14, 17],
];
const LEG_AWAY = 20;
const LEG_DOWN = 18;
const LEG_WIDTH = 2;
const LEG_HEIGHT = 8;
const LEG_SPRING_TORQUE = 40;
const SIDE_ENGINE_HEIGHT = 14;
/** Where the reference has 17 in place of the height above. */
const SIDE_ENGINE_LOW = 17;
const SIDE_ENGINE_AWAY = 12;
const MAIN_ENGINE_LOW = 4;
const CHUNKS = 11;
const WIDTH = 600 / SCALE;
const HEIGHT = 400 / SCALE;
const VELOCITY_ITERATIONS = 180;
const POSITION_ITERATIONS = 60;
const GROUND = 0x001;
const LANDER = 0x0010;
const LEG = 0x0020;

export class LunarLander implements Environment<Float32Array, number | Float32Array> {
  /** Without bounds: the reference's, such as two turns, are left by landers that tumble, which it does not look at. */
  readonly observationSpace: Box = box({ low: -Infinity, high: Infinity, shape: [8] });
  readonly actionSpace: Box | Discrete;
  readonly #id: string;
  readonly #planck: Planck;
  readonly #options: Required<LunarLanderOptions>;
  readonly #actionSize: number;
  #random = new RandomStream(0, streams.environmentStates);
  #log: EpisodeLog | undefined;
  #world!: World;
  #lander!: Body;
  #legs!: readonly [Body, Body];
  #legContacts: [boolean, boolean] = [false, false];
  #heights!: readonly number[];
  #crashed = false;
  #shaping: number | undefined;
  #wind = 0;
  #turbulence = 0;
  /** 0 while a recording is followed that was made so. */
  #dispersion = 1;
  #fire: Fire = { main: 0, side: 0 };

  /** @throws AscentError "state" while the physics is not loaded. */
  constructor(id: string, options: Required<LunarLanderOptions>) {
    this.#id = id;
    this.#planck = engineFor(id);
    this.#options = options;
    this.actionSpace = options.continuous ? box({ low: -1, high: 1, shape: [2] }) : discrete(4);
    this.#actionSize = options.continuous ? 2 : 1;
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

  /** Begins where a recording's episode did: see `recordedLander`. */
  startFrom(recorded: Readonly<Record<string, readonly number[]>>): Float32Array {
    const { seed, counter } = this.#random;
    const copied = Object.fromEntries(Object.entries(recorded).map(([name, values]) => [name, [...values]]));
    this.#log = { seed, counter, actions: [], recorded: copied };
    return this.#begin();
  }

  #begin(): Float32Array {
    const recorded = this.#log?.recorded;
    const random = this.#random;
    const heights = Array.from({ length: CHUNKS + 1 }, () => random.uniformBetween(0, HEIGHT / 2));
    const middle = CHUNKS >> 1;
    for (let i = middle - 2; i <= middle + 2; i++) heights[i] = HEIGHT / 4;
    const smooth = Array.from(
      { length: CHUNKS },
      (_, i) => 0.33 * (heights[(i + CHUNKS) % (CHUNKS + 1)] + heights[i] + heights[i + 1]),
    );
    this.#heights = recorded?.["heights"] ?? smooth;
    this.#dispersion = recorded === undefined ? 1 : 0;
    this.#crashed = false;
    this.#shaping = undefined;
    this.#legContacts = [false, false];
    this.#build();
    const force = [
      random.uniformBetween(-INITIAL_FORCE, INITIAL_FORCE),
      random.uniformBetween(-INITIAL_FORCE, INITIAL_FORCE),
    ];
    const [x, y] = recorded?.["force"] ?? force;
    this.#lander.applyForceToCenter(new this.#planck.Vec2(x, y), true);
    if (this.#options.enableWind) {
      this.#wind = random.integer(19998) - 9999;
      this.#turbulence = random.integer(19998) - 9999;
    }
    return this.#advance(0, 0, 0).observation;
  }

  #build(): void {
    const { World: _, Vec2, Edge, Polygon, Box: BoxShape, RevoluteJoint } = this.#planck;
    const world = createWorld(this.#planck, this.#options.gravity);
    world.on("begin-contact", (contact) => {
      if (touches(contact, this.#lander)) this.#crashed = true;
      this.#legs.forEach((leg, i) => {
        if (touches(contact, leg)) this.#legContacts[i] = true;
      });
    });
    world.on("end-contact", (contact) => {
      this.#legs.forEach((leg, i) => {
        if (touches(contact, leg)) this.#legContacts[i] = false;
      });
    });
    const moon = world.createBody();
    moon.createFixture({ shape: new Edge(new Vec2(0, 0), new Vec2(WIDTH, 0)) });
    for (let i = 0; i < CHUNKS - 1; i++) {
      const [from, to] = [i, i + 1].map((k) => new Vec2((WIDTH / (CHUNKS - 1)) * k, this.#heights[k]));
      moon.createFixture({ shape: new Edge(from, to), density: 0, friction: 0.1 });
    }
    this.#lander = world.createBody({ type: "dynamic", position: new Vec2(WIDTH / 2, HEIGHT), angle: 0 });
    this.#lander.createFixture({
      shape: new Polygon(HULL.map(([x, y]) => new Vec2(x / SCALE, y / SCALE))),
      density: 5,
      friction: 0.1,
      filterCategoryBits: LANDER,
      filterMaskBits: GROUND,
      restitution: 0,
    });
    this.#legs = [-1, 1].map((side) => {
      const leg = world.createBody({
        type: "dynamic",
        position: new Vec2(WIDTH / 2 - (side * LEG_AWAY) / SCALE, HEIGHT),
        angle: side * 0.05,
      });
      leg.createFixture({
        shape: new BoxShape(LEG_WIDTH / SCALE, LEG_HEIGHT / SCALE),
        density: 1,
        restitution: 0,
        filterCategoryBits: LEG,
        filterMaskBits: GROUND,
      });
      world.createJoint(
        new RevoluteJoint({
          localAnchorA: new Vec2(0, 0),
          localAnchorB: new Vec2((side * LEG_AWAY) / SCALE, LEG_DOWN / SCALE),
          referenceAngle: leg.getAngle() - this.#lander.getAngle(),
          enableMotor: true,
          enableLimit: true,
          maxMotorTorque: LEG_SPRING_TORQUE,
          motorSpeed: 0.3 * side,
          lowerAngle: side < 0 ? 0.9 - 0.5 : -0.9,
          upperAngle: side < 0 ? 0.9 : -0.9 + 0.5,
          bodyA: this.#lander,
          bodyB: leg,
        }),
      );
      return leg;
    }) as unknown as [Body, Body];
    this.#world = world;
  }

  step(action: number | Float32Array): StepResult<Float32Array> {
    if (this.#log === undefined) refuseBeforeReset(this.#id, "step");
    if (typeof action === "number") this.#log.actions.push(action);
    else this.#log.actions.push(action[0], action[1]);
    return this.#act(action);
  }

  #act(action: number | Float32Array): StepResult<Float32Array> {
    if (typeof action === "number")
      return this.#advance(action === 2 ? 1 : 0, action === 1 || action === 3 ? 1 : 0, action - 2);
    const [main, side] = [clip(action[0], -1, 1), clip(action[1], -1, 1)];
    return this.#advance(
      main > 0 ? (main + 1) * 0.5 : 0,
      Math.abs(side) > 0.5 ? clip(Math.abs(side), 0.5, 1) : 0,
      Math.sign(side),
    );
  }

  /** One step with the engines at these powers; `direction` of the side engines. */
  #advance(mainPower: number, sidePower: number, direction: number): StepResult<Float32Array> {
    const { Vec2 } = this.#planck;
    const lander = this.#lander;
    const random = this.#random;
    this.#blow();
    const angle = lander.getAngle();
    const tip = [sin(angle), cos(angle)];
    const side = [-tip[1], tip[0]];
    const spread = [0, 0].map(() => (this.#dispersion * random.uniformBetween(-1, 1)) / SCALE);
    const push = (ox: number, oy: number, power: number, x: number, y: number) =>
      lander.applyLinearImpulse(new Vec2(-ox * power, -oy * power), new Vec2(x, y), true);
    const { x, y } = lander.getPosition();
    if (mainPower > 0) {
      const ox = tip[0] * (MAIN_ENGINE_LOW / SCALE + 2 * spread[0]) + side[0] * spread[1];
      const oy = -tip[1] * (MAIN_ENGINE_LOW / SCALE + 2 * spread[0]) - side[1] * spread[1];
      push(ox, oy, MAIN_ENGINE_POWER * mainPower, x + ox, y + oy);
    }
    if (sidePower > 0) {
      const away = 3 * spread[1] + (direction * SIDE_ENGINE_AWAY) / SCALE;
      const ox = tip[0] * spread[0] + side[0] * away;
      const oy = -tip[1] * spread[0] - side[1] * away;
      const at = [x + ox - (tip[0] * SIDE_ENGINE_LOW) / SCALE, y + oy + (tip[1] * SIDE_ENGINE_HEIGHT) / SCALE];
      push(ox, oy, SIDE_ENGINE_POWER * sidePower, at[0], at[1]);
    }
    this.#fire = { main: mainPower, side: sidePower * direction };
    this.#world.step(1 / FPS, VELOCITY_ITERATIONS, POSITION_ITERATIONS);
    return this.#judge(mainPower, sidePower);
  }

  #blow(): void {
    const { enableWind, windPower, turbulencePower } = this.#options;
    if (!enableWind || this.#legContacts[0] || this.#legContacts[1]) return;
    const gust = (index: number) => tanh(sin(0.02 * index) + sin(Math.PI * 0.01 * index));
    this.#lander.applyForceToCenter(new this.#planck.Vec2(gust(this.#wind++) * windPower, 0), true);
    this.#lander.applyTorque(gust(this.#turbulence++) * turbulencePower, true);
  }

  #judge(mainPower: number, sidePower: number): StepResult<Float32Array> {
    const { x, y } = this.#lander.getPosition();
    const velocity = this.#lander.getLinearVelocity();
    const state = [
      (x - WIDTH / 2) / (WIDTH / 2),
      (y - (HEIGHT / 4 + LEG_DOWN / SCALE)) / (HEIGHT / 2),
      (velocity.x * (WIDTH / 2)) / FPS,
      (velocity.y * (HEIGHT / 2)) / FPS,
      this.#lander.getAngle(),
      (20 * this.#lander.getAngularVelocity()) / FPS,
      this.#legContacts[0] ? 1 : 0,
      this.#legContacts[1] ? 1 : 0,
    ];
    const shaping =
      -100 * Math.sqrt(state[0] * state[0] + state[1] * state[1]) -
      100 * Math.sqrt(state[2] * state[2] + state[3] * state[3]) -
      100 * Math.abs(state[4]) +
      10 * state[6] +
      10 * state[7];
    let reward = this.#shaping === undefined ? 0 : shaping - this.#shaping;
    this.#shaping = shaping;
    reward -= mainPower * 0.3 + sidePower * 0.03;
    const asleep = !this.#lander.isAwake();
    const lost = this.#crashed || Math.abs(state[0]) >= 1;
    if (lost) reward = -100;
    if (asleep) reward = 100;
    return { observation: Float32Array.from(state), reward, terminated: lost || asleep, truncated: false };
  }

  scene(): Scene {
    if (this.#log === undefined) refuseBeforeReset(this.#id, "scene");
    return landerScene({
      lander: this.#lander,
      legs: this.#legs,
      contacts: this.#legContacts,
      heights: this.#heights,
      fire: this.#fire,
      crashed: this.#crashed,
    });
  }

  saveState(): unknown {
    if (this.#log === undefined) refuseBeforeReset(this.#id, "saveState");
    return { ...this.#log, actions: [...this.#log.actions] };
  }

  loadState(state: unknown): void {
    const log = parseLog(this.#id, state, this.#actionSize);
    this.#log = log;
    this.#random = new RandomStream(log.seed, streams.environmentStates);
    this.#random.counter = log.counter;
    this.#begin();
    for (let i = 0; i < log.actions.length; i += this.#actionSize) {
      this.#act(this.#actionSize === 1 ? log.actions[i] : Float32Array.from(log.actions.slice(i, i + 2)));
    }
  }
}

function clip(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}

/** A body as recordings have it. */
interface RecordedBody {
  x: number;
  y: number;
  vx: number;
  vy: number;
  mass: number;
}

/** The momentum that bodies have after a first step of gravity and of one force on one of them; joints change nothing of it. */
export function forceBehind(bodies: readonly RecordedBody[], gravity: number): [x: number, y: number] {
  const mass = bodies.reduce((sum, body) => sum + body.mass, 0);
  const momentum = (name: "vx" | "vy") => bodies.reduce((sum, body) => sum + body.mass * body[name], 0);
  return [momentum("vx") * FPS, momentum("vy") * FPS - mass * gravity];
}

/** What `startFrom` needs of a recorded episode: the terrain's heights, and the force that the lander was thrown with. */
export function recordedLander(
  episode: Readonly<Record<string, unknown>>,
  gravity: number,
): Record<string, number[]> | undefined {
  const { terrain, lander, legs } = episode as {
    terrain?: number[][][];
    lander?: RecordedBody;
    legs?: RecordedBody[];
  };
  if (terrain?.length !== CHUNKS - 1 || lander === undefined || legs?.length !== 2) return undefined;
  const heights = [...terrain.map(([from]) => from[1]), terrain[CHUNKS - 2][1][1]];
  return { heights, force: forceBehind([lander, ...legs], gravity) };
}
