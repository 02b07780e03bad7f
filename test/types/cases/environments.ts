/** What `act` takes and gives, from environments that say more or less of their spaces. */

import {
  type Box,
  box,
  type Dict,
  type Discrete,
  dict,
  discrete,
  type Environment,
  type EnvironmentSource,
  type EnvironmentSpec,
  environmentSpec,
  type MultiBinary,
  type MultiDiscrete,
  multiBinary,
  multiDiscrete,
  type Policy,
  type Space,
  timeLimit,
  train,
} from "ascent-rl";
import { typeOf } from "./typeOf.js";
import { Walk } from "./walk.js";

/** One step of an environment that is never run. */
const end = { reward: 0, terminated: true, truncated: false };

// Built-in environments, by their ids.
const { policy: pole } = await train("ppo", { environment: "CartPole-v1" });
typeOf(pole).is<Policy<Box, Discrete>>();
typeOf(pole.act([0, 0, 0, 0])).is<number>();
const { policy: pendulum } = await train("ppo", { environment: "Pendulum-v1" });
typeOf(pendulum.act(new Float32Array(3))).is<Float32Array>();
const { policy: corridor } = await train("ppo", { environment: "MaskedCorridor-v1" });
typeOf(corridor.act(3)).is<number>();
// @ts-expect-error a number is not four
pole.act(0);
// @ts-expect-error text
pole.act(["0", "0", "0", "0"]);
// @ts-expect-error nothing
pole.act(undefined);
// @ts-expect-error a place is a number
corridor.act([3]);
// @ts-expect-error an action is a number, which has no length
pole.act([0, 0, 0, 0]).length;

// An id that only the running program knows may stand for any spaces.
const { policy: any } = await train("ppo", { environment: "Walk-v0" as string });
typeOf(any).is<Policy>();
const anyAction: unknown = any.act([0]);
// @ts-expect-error text is in no space
any.act("left");

/** A class that says its values. */
const { policy: walk } = await train("trpo", { environment: () => new Walk() });
typeOf(walk).is<Policy<Box, Discrete>>();
typeOf(walk.act([0.2])).is<number>();
typeOf(walk.actionSpace.n).is<number>();

/** A factory whose type hides the spaces: the values are as `reset` and `step` say. */
const hidden = (): Environment<number[], number> => new Walk();
const { policy: fromHidden } = await train("ppo", { environment: hidden });
typeOf(fromHidden.act([0.2])).is<number>();
// @ts-expect-error an object is no array of numbers
fromHidden.act({ position: 0.2 });

/** Wrappers keep them. */
const { policy: limited } = await train("ppo", { environment: () => timeLimit(new Walk(), 100) });
typeOf(limited).is<Policy<Box, Discrete>>();

/** A factory without one annotation but its action's. */
const { policy: plain } = await train("ppo", {
  environment: () => ({
    observationSpace: multiDiscrete([3, 2]),
    actionSpace: box({ low: -1, high: 1, shape: [2] }),
    reset: () => ({ observation: [0, 0] }),
    step: (action: Float32Array) => ({ ...end, observation: [0, Math.round(action[0] ?? 0)] }),
  }),
});
typeOf(plain).is<Policy<MultiDiscrete, Box>>();
typeOf(plain.act([2, 1])).is<Float32Array>();

/** Dict both ways; an observation declared as an interface. */
interface Car {
  readonly position: readonly number[];
  readonly gear: number;
}
class Parking implements Environment<Car, { wheel: Float32Array; pedals: Uint8Array; signal: Int32Array }> {
  observationSpace = dict({ position: box({ low: [-1, -1], high: [1, 1] }), gear: discrete(3) });
  actionSpace = dict({ wheel: box({ low: -1, high: 1 }), pedals: multiBinary(2), signal: multiDiscrete([3]) });

  reset(): { observation: Car } {
    return { observation: { position: [0, 0], gear: 0 } };
  }

  step(action: { wheel: Float32Array; pedals: Uint8Array; signal: Int32Array }) {
    return { ...end, observation: { position: [action.wheel[0] ?? 0, 0], gear: action.signal[0] ?? 0 } };
  }
}
const { policy: parking } = await train("a2c", { environment: () => new Parking() });
const car: Car = { position: [0.5, 0.5], gear: 1 };
const turn = parking.act(car);
typeOf(turn.wheel).is<Float32Array>();
typeOf(turn.pedals).is<Uint8Array>();
typeOf(turn.signal).is<Int32Array>();
typeOf(parking).is<
  Policy<Dict<{ position: Box; gear: Discrete }>, Dict<{ wheel: Box; pedals: MultiBinary; signal: MultiDiscrete }>>
>();
parking.act({ position: new Float32Array(2), gear: 2 });
// @ts-expect-error a field is missing
parking.act({ position: [0, 0] });
// @ts-expect-error a gear is a number
parking.act({ position: [0, 0], gear: [1] });
// @ts-expect-error no such field
turn.horn;
// Where the spaces are not known, an interface is an object like any other.
any.act(car);
const hiddenCar = (): Environment<Car, number> => ({ ...new Walk(), reset: () => ({ observation: car }) }) as never;
const { policy: fromHiddenCar } = await train("ppo", { environment: hiddenCar });
fromHiddenCar.act(car);
// @ts-expect-error no gear
fromHiddenCar.act({ position: [0] });

// Single environments of a known id have typed values; specs bring those of what they make.
const single = environmentSpec("Pendulum-v1").makeSingle();
typeOf(single.reset().observation).is<Float32Array>();
single.step([0.5]);
// @ts-expect-error a torque is an array
single.step(0.5);
const { policy: ofSpec } = await train("ppo", { environment: environmentSpec("CartPole-v1") });
typeOf(ofSpec).is<Policy<Box, Discrete>>();

// What takes environments of any kind takes each of these.
const sources: EnvironmentSource[] = [
  "CartPole-v1",
  "Walk-v0",
  () => new Walk(),
  hidden,
  environmentSpec("Acrobot-v1"),
];
const spec: EnvironmentSpec = environmentSpec("Pendulum-v1");
const policies: Policy[] = [pole, walk, parking, any];
const space: Space = pole.observationSpace;

export { anyAction, policies, sources, space, spec };

// @ts-expect-error a class is not a function that makes one
await train("ppo", { environment: Walk });
// @ts-expect-error an environment is not a function that makes one
await train("ppo", { environment: new Walk() });
// @ts-expect-error no step
await train("ppo", { environment: () => ({ observationSpace: discrete(2), actionSpace: discrete(2), reset() {} }) });
// @ts-expect-error an option that environments of one's own do not have
await train("ppo", { environment: () => new Walk(), environmentOptions: { maxSteps: 100 } });
// @ts-expect-error a limit is a number
await train("ppo", { environment: () => new Walk(), environmentOptions: { maxEpisodeSteps: "100" } });
// @ts-expect-error bounds are numbers
box({ low: "-1", high: 1 });
