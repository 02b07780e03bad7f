/** A run that trains a policy: the library's learner in one of its environments, or in one of one's own. */
import {
  algorithmNamed,
  algorithms,
  createEngine,
  createLearner,
  decodePolicy,
  type EnvironmentSource,
  encodePolicy,
  type PolicyLearner,
} from "ascent-rl";
import { givenOptions, type RunSettings, type SettingChange } from "../runSettings.ts";
import { actingPolicy } from "./actingPolicy.ts";
import type { Post } from "./outbox.ts";
import type { decodeSnapshot } from "./snapshot.ts";
import type { Trained } from "./trained.ts";

interface PolicyStart {
  resume?: ReturnType<typeof decodeSnapshot>;
  initialPolicy?: Uint8Array;
  post: Post;
  /** In place of the environment's id. */
  own?: EnvironmentSource;
}

export function trainsPolicies(algorithm: string): boolean {
  return Object.hasOwn(algorithms, algorithm);
}

export async function policyRun(settings: RunSettings, start: PolicyStart): Promise<Trained> {
  const { algorithm, environment, environmentOptions, steps, seed, options, changes } = settings;
  const { resume, initialPolicy, post, own } = start;
  const engine = await createEngine({ build: (resume?.kernels as RunSettings["kernels"]) ?? settings.kernels });
  const source: EnvironmentSource = own ?? environment;
  const ownOptions = own === undefined ? undefined : { id: environment, ...environmentOptions };
  const given = givenOptions(options);
  const created = await createLearner(algorithmNamed(algorithm).name, {
    environment: source,
    ...(ownOptions && { environmentOptions: ownOptions }),
    options: given,
    ...(changes && { changes }),
    steps,
    seed,
    engine,
    ...(resume && { resumeFrom: resume.snapshot }),
    ...(!resume && initialPolicy && { initialPolicy: decodePolicy(initialPolicy) }),
  });
  const learner: PolicyLearner = created.learner;
  const file = () => encodePolicy(learner.policy()) as Uint8Array<ArrayBuffer>;
  return {
    learner,
    facts: {
      total: created.steps,
      steps: learner.steps,
      options: JSON.parse(JSON.stringify(created.options)),
      kernels: engine.build as "simd" | "fma",
      exactResume: learner.exactResume,
      trains: "policy",
    },
    options: () => created.options,
    changes: () => created.changes as readonly SettingChange[],
    change: (changed, atStep) => void created.change(changed, atStep),
    file,
    acting: actingPolicy(() => learner.policy(), source, ownOptions, engine.build as "simd" | "fma", post),
    close: () => learner.close?.(),
  };
}
