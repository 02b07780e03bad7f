/**
 * What the compiler knows of environments: the built-in ones by their ids, and the spaces that an id, a spec or a factory
 * brings with it. Types alone; what is there when a program runs is in environmentRegistry.ts.
 */

import type { EnvironmentSpec } from "./batched.ts";
import type { Environment, EnvironmentFactory, Spaces } from "./environment.ts";
import type { Box, Discrete, Space, SpaceOf, ValueLike, ValueOf } from "./spaces.ts";

/**
 * The spaces of environments by id.
 *
 * @example To be known for one of your own: declare module "ascent-rl" { interface KnownEnvironments { "Walk-v0": Spaces<Box, Discrete> } }
 */
export interface KnownEnvironments {
  "CartPole-v1": Spaces<Box, Discrete>;
  "Acrobot-v1": Spaces<Box, Discrete>;
  "Pendulum-v1": Spaces<Box, Box>;
  "MountainCar-v0": Spaces<Box, Discrete>;
  "MountainCarContinuous-v0": Spaces<Box, Box>;
  "CartPoleNoVelocity-v1": Spaces<Box, Discrete>;
  "PendulumNoVelocity-v1": Spaces<Box, Box>;
  "MaskedCorridor-v1": Spaces<Discrete, Discrete>;
  "GridImage-v1": Spaces<Box, Discrete>;
  "CartPoleImage-v1": Spaces<Box, Discrete>;
  "LunarLander-v3": Spaces<Box, Discrete>;
  "LunarLanderContinuous-v3": Spaces<Box, Box>;
  "BipedalWalker-v3": Spaces<Box, Box>;
  "BipedalWalkerHardcore-v3": Spaces<Box, Box>;
  "HalfCheetah-v5": Spaces<Box, Box>;
  "Hopper-v5": Spaces<Box, Box>;
  "Walker2d-v5": Spaces<Box, Box>;
  "Ant-v5": Spaces<Box, Box>;
  "Humanoid-v5": Spaces<Box, Box>;
  "HumanoidStandup-v5": Spaces<Box, Box>;
  "Swimmer-v5": Spaces<Box, Box>;
  "Reacher-v5": Spaces<Box, Box>;
  "Pusher-v5": Spaces<Box, Box>;
  "InvertedPendulum-v5": Spaces<Box, Box>;
  "InvertedDoublePendulum-v5": Spaces<Box, Box>;
}

/** A built-in one, or one that was registered. */
export type EnvironmentId = keyof KnownEnvironments | (string & {});

/** Where environments come from: an id, a spec, or a function that makes one. */
export type EnvironmentSource = EnvironmentId | EnvironmentSpec | EnvironmentFactory;

/** One environment of a known id, for people: typed values. */
export type SingleOf<Id> = Id extends keyof KnownEnvironments ? Known<KnownEnvironments[Id]> : Environment;

type Known<S> =
  S extends Spaces<infer ObservationSpace, infer ActionSpace>
    ? Environment<ValueOf<ObservationSpace>, ValueLike<ActionSpace>, ObservationSpace, ActionSpace>
    : never;

/** The spaces that environments of this source have; of one that hides them, those that its values can be of. */
export type SpacesOf<Source> = Source extends keyof KnownEnvironments
  ? KnownEnvironments[Source]
  : Source extends { makeSingle(): infer Single }
    ? SpacesIn<Single>
    : Source extends () => infer Single
      ? SpacesIn<Single>
      : Spaces;

type SpacesIn<Single> =
  Single extends Environment<infer Observation, infer Action, infer ObservationSpace, infer ActionSpace>
    ? Spaces<Narrower<ObservationSpace, Observation>, Narrower<ActionSpace, Action>>
    : Spaces;

type Narrower<S extends Space, Value> = Space extends S ? SpaceOf<Value> : S;
