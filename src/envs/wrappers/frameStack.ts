/** The last observations together, for what one of them does not show, such as velocities in pictures. */
import { z } from "zod";
import { checkArguments, wholeNumber } from "../../arguments/checks.ts";
import { environmentCheck } from "../contract.ts";
import type { Environment } from "../environment.ts";
import { exactNumber } from "../exactNumberForm.ts";
import { fromExact, toExact } from "../exactNumbers.ts";
import { imageLayoutOf } from "../spaces/imageLayout.ts";
import { type Box, box, type Space } from "../spaces.ts";
import { boxOf } from "./boxOf.ts";
import { passThrough, remembering } from "./passThrough.ts";

const stackArguments = {
  environment: environmentCheck,
  count: { ...wholeNumber(1), fix: "Give how many observations are seen together." },
};

/**
 * The last `count` observations as one, the oldest first; where an episode begins the first one stands for those before it. Images
 * (shapes of rank 3) become images with `count` times the channels, these where `imageLayoutOf` sees them; all other shapes get a first
 * axis of `count`, so that [height, width] becomes an image.
 *
 * @throws AscentError "space" unless observations are a Box, "option" unless count is an integer ≥ 1.
 */
export function frameStack<Action, ActionSpace extends Space>(
  environment: Environment<ArrayLike<number>, Action, Space, ActionSpace>,
  count: number,
): Environment<Float32Array, Action, Box, ActionSpace> {
  checkArguments("frameStack", stackArguments, { environment, count });
  const fix = "Stack the field that holds pictures or vectors before it is put into another space.";
  const inner = boxOf("frameStack", "observations", environment.observationSpace, fix);
  const { shape, chunk } = stackedShape(inner.shape, count);
  const size = inner.low.length;
  /** Observation `frame` of the stack goes to every count-th chunk. */
  const place = (frame: number, j: number) => (Math.floor(j / chunk) * count + frame) * chunk + (j % chunk);
  const write = (observation: ArrayLike<number>, frame: number, out: Float32Array | number[]) => {
    for (let j = 0; j < size; j++) out[place(frame, j)] = observation[j];
  };
  const bounds = (bound: readonly number[]) => {
    const all = new Array<number>(size * count);
    for (let frame = 0; frame < count; frame++) write(bound, frame, all);
    return all;
  };
  let stack = new Float32Array(size * count);

  return passThrough(environment, {
    observationSpace: box({ low: bounds(inner.low), high: bounds(inner.high), shape }),
    reset(options) {
      const result = environment.reset(options);
      for (let frame = 0; frame < count; frame++) write(result.observation, frame, stack);
      return { ...result, observation: stack.slice() };
    },
    step(action) {
      const result = environment.step(action);
      const next = new Float32Array(stack.length);
      for (let frame = 1; frame < count; frame++)
        for (let j = 0; j < size; j++) next[place(frame - 1, j)] = stack[place(frame, j)];
      write(result.observation, count - 1, next);
      stack = next;
      return { ...result, observation: stack.slice() };
    },
    ...remembering("frameStack", environment, {
      form: z.object({ frames: z.array(exactNumber).length(size * count) }),
      save: () => ({ frames: toExact(stack) }),
      load: ({ frames }) => stack.set(fromExact(frames)),
    }),
  });
}

/** The shape of the stack, and how many elements of one observation lie together in it. */
function stackedShape(shape: readonly number[], count: number): { shape: number[]; chunk: number } {
  const all = shape.reduce((product, n) => product * n, 1);
  if (shape.length !== 3) return { shape: [count, ...shape], chunk: all };
  const [first, second, third] = shape;
  return imageLayoutOf(shape).layout === "chw"
    ? { shape: [count * first, second, third], chunk: all }
    : { shape: [first, second, count * third], chunk: third };
}
