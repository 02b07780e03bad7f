/**
 * Several learners of the same kind as one: each makes its own updates, the figures are their means. Where the members come apart, so does
 * what they say of new texts (Coste et al. 2023).
 */

import { z } from "zod";
import { AscentError } from "../../errors.ts";
import { partsOfSnapshot, requireForm, requireSame } from "../../files/savedState.ts";
import { iterations } from "../../learners/iterations.ts";
import type { LanguageLearner } from "../../learners/languageLearner.ts";
import type { Figures, IterationTimes, LearnerSnapshot, Metrics } from "../../learners/learner.ts";
import type { Work } from "../../pauses.ts";

const savedForm = z.object({ members: z.array(z.custom<LearnerSnapshot["state"]>()) });

/**
 * @param members at least one; the first one's `steps` are the run's.
 * @param spread a figure whose standard deviation over the members is told as well, as `FIGURE_std`.
 */
export function ensembleLearner(members: readonly LanguageLearner[], spread: string): LanguageLearner {
  const [first, ...others] = members;
  const times: IterationTimes = { act: 0, env: 0, learn: 0 };

  function* iteration(): Work<Metrics> {
    times.learn = 0;
    const found: Metrics[] = [];
    for (const member of members) {
      found.push(yield* member.iteration());
      times.learn += member.times.learn;
    }
    const mean = (name: string) => found.reduce((total, metrics) => total + metrics[name], 0) / members.length;
    const figures: Figures = Object.fromEntries(Object.keys(found[0]).map((name) => [name, mean(name)]));
    const squares = found.reduce((total, metrics) => total + (metrics[spread] - figures[spread]) ** 2, 0);
    const deviation = members.length > 1 ? Math.sqrt(squares / (members.length - 1)) : Number.NaN;
    return { ...figures, steps: first.steps, [`${spread}_std`]: deviation };
  }

  const own = iterations(first.algorithm, iteration);
  return {
    algorithm: first.algorithm,
    get steps() {
      return first.steps;
    },
    stepsPerIteration: first.stepsPerIteration,
    times,
    exactResume: true,
    ...(first.dropped !== undefined && { dropped: first.dropped }),
    iterate: own.iterate,
    iteration: own.iteration,
    save() {
      own.requireSavable();
      const saved = members.map((member) => member.save());
      const arrays = saved.flatMap((snapshot, i) =>
        Object.entries(snapshot.arrays).map(([name, array]) => [`${i}.${name}`, array] as const),
      );
      return {
        arrays: Object.fromEntries(arrays),
        state: {
          algorithm: first.algorithm,
          // The run's schedules go by the first one's.
          ...annealing(saved[0]),
          members: saved.map(({ state }) => state),
        },
      };
    },
    load(snapshot) {
      own.requireLoadable();
      const { state } = partsOfSnapshot(snapshot);
      requireSame("algorithm", state["algorithm"], first.algorithm);
      const { members: saved } = requireForm(savedForm, state);
      if (saved.length !== members.length) {
        throw new AscentError("file", {
          what: `${first.algorithm}: the saved state is of another ensemble`,
          got: `${saved.length} members`,
          expected: `${members.length}`,
          fix: "Resume with the options that the run was started with.",
        });
      }
      const before = members.map((member) => member.save());
      try {
        members.forEach((member, i) => {
          member.load(partOf(snapshot, saved[i], i));
        });
      } catch (error) {
        members.forEach((member, i) => {
          member.load(before[i]);
        });
        throw error;
      }
      own.loaded();
    },
    model: () => first.model(),
    others: () => others.map((member) => member.model()),
  };
}

function annealing({ state }: LearnerSnapshot) {
  return { annealSteps: (state as { annealSteps: number }).annealSteps };
}

function partOf({ arrays }: LearnerSnapshot, state: LearnerSnapshot["state"], member: number): LearnerSnapshot {
  const prefix = `${member}.`;
  const own = Object.entries(arrays).filter(([name]) => name.startsWith(prefix));
  return { arrays: Object.fromEntries(own.map(([name, array]) => [name.slice(prefix.length), array])), state };
}
