/**
 * The physics package, `planck` (Box2D 2.3 in JavaScript): loading it once, and worlds that find contacts in Box2D's order. The order
 * decides what the solver makes of several contacts; planck reports pairs as its tree gives them, Box2D sorts them first.
 */
import type { Contact, World } from "planck";
import { AscentError } from "../../errors.ts";

export type Planck = typeof import("planck");

export const PACKAGE = "planck";
export const INSTALL = "npm install planck@1.5";

let loading: Promise<void> | undefined;
let loaded: Planck | undefined;

/**
 * Loads the physics, once: who asks again gets the same. A failure can be tried again.
 *
 * @throws AscentError "environment" with the line that installs it, where it is missing.
 */
export function loadEngine(importPackage: () => Promise<Planck>): Promise<void> {
  loading ??= importPackage()
    .catch((cause: unknown) => {
      throw new AscentError(
        "environment",
        {
          what: `Environments of Box2D need the package ${PACKAGE}, and it cannot be loaded`,
          got: (cause instanceof Error ? cause.message : String(cause)).split("\n")[0],
          expected: "an installed package",
          fix: `Install it beside this one: ${INSTALL}`,
        },
        { cause },
      );
    })
    .then((module) => {
      requireMasses(module);
      loaded = module;
    })
    .catch((error: unknown) => {
      loading = undefined;
      throw error;
    });
  return loading;
}

/**
 * Releases before 1.5 leave a polygon's centre of mass at the mean of its corners, and npm takes such a one by itself on Node below
 * 24: everything would run, and no lander fly as it should.
 *
 * @throws AscentError "environment" for such a release.
 */
function requireMasses({ Polygon, Vec2, World: PlanckWorld }: Planck): void {
  const body = new PlanckWorld().createBody({ type: "dynamic" });
  // Of this trapezium the mean of the corners is ½ high, the centre of mass 4/9.
  const corners = [new Vec2(0, 0), new Vec2(2, 0), new Vec2(1.5, 1), new Vec2(0.5, 1)];
  body.createFixture({ shape: new Polygon(corners), density: 1 });
  const { y } = body.getLocalCenter();
  if (Math.abs(y - 4 / 9) < 1e-6) return;
  throw new AscentError("environment", {
    what: `This release of ${PACKAGE} computes masses wrongly`,
    got: `a centre of mass at ${y} for a shape that has it at ${4 / 9}`,
    expected: "release 1.5 or newer",
    fix: `Install it: ${INSTALL} (on Node below 24 npm warns, and it works).`,
  });
}

/** The package's name is no literal here: bundlers must not look for what most programs do without. */
export function prepareBox2d(): Promise<void> {
  const name: string = PACKAGE;
  return loadEngine(() => import(/* @vite-ignore */ /* webpackIgnore: true */ name) as Promise<Planck>);
}

/** @throws AscentError "state" while the physics is not loaded. */
export function engineFor(id: string): Planck {
  if (loaded !== undefined) return loaded;
  throw new AscentError("state", {
    what: `${id} cannot be made yet: its physics is not loaded`,
    fix: `Await prepareEnvironment("${id}") before, or loadPlanck() of "ascent-rl/box2d"; train and the commands do so by themselves.`,
  });
}

/** What planck's broad phase hands out: an end of a pair. */
interface Proxy {
  readonly proxyId: number;
}
type PairCallback = (a: Proxy, b: Proxy) => void;
interface BroadPhase {
  updatePairs(callback: PairCallback): void;
}

/** Where a world keeps its broad phase; not a part of planck's public types. */
interface WithBroadPhase {
  m_broadPhase: BroadPhase;
}

/** A world in which new pairs are sorted and taken once, as b2BroadPhase::UpdatePairs does. */
export function createWorld(planck: Planck, gravity: number): World {
  const world = new planck.World({ gravity: new planck.Vec2(0, gravity) });
  const broadPhase = (world as unknown as WithBroadPhase).m_broadPhase;
  const find = broadPhase.updatePairs.bind(broadPhase);
  const pairs: [Proxy, Proxy][] = [];
  broadPhase.updatePairs = (callback) => {
    pairs.length = 0;
    find((a, b) => pairs.push(a.proxyId < b.proxyId ? [a, b] : [b, a]));
    pairs.sort(([a, b], [c, d]) => a.proxyId - c.proxyId || b.proxyId - d.proxyId);
    pairs.forEach(([a, b], i) => {
      const before = pairs[i - 1];
      if (before === undefined || before[0] !== a || before[1] !== b) callback(a, b);
    });
  };
  return world;
}

/** Of a contact, whether one of the two bodies is this one. */
export function touches(contact: Contact, body: object): boolean {
  return contact.getFixtureA().getBody() === body || contact.getFixtureB().getBody() === body;
}
