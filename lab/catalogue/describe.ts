/** The catalogue, read off the library's public entries. Runs when the page is built, never in it. */
import {
  type Algorithm,
  algorithms,
  describe as describeSpace,
  type LanguageAlgorithm,
  languageAlgorithms,
  listEnvironments,
  type Preset,
} from "ascent-rl";
import { fixedSettings } from "ascent-rl/algorithms";
import { textWorldNamed, textWorldNames } from "ascent-rl/language";
import type { AlgorithmFacts, Catalogue, EnvironmentFacts, OptionFacts, PresetFacts } from "./catalogue.ts";
import { commonRank } from "./groups.ts";
import { metricDefinitions } from "./metricDefinitions.ts";
import { optionFacts } from "./optionFacts.ts";

export interface CatalogueSources {
  /** The library's version. */
  release: string;
  /** The text of docs/metrics.md. */
  metrics: string;
}

export function describeCatalogue({ release, metrics }: CatalogueSources): Catalogue {
  // What has to load physics first cannot run under the page's rules.
  const atOnce = listEnvironments().filter(({ prepare }) => prepare === undefined);
  const environments = [...atOnce.map(environmentFacts), ...textWorldNames.map(worldFacts)];
  const acting = Object.values(algorithms).filter(({ learnsFrom }) => learnsFrom === "environment");
  return {
    release,
    algorithms: [
      ...acting.map((algorithm) => policyAlgorithm(algorithm, environments)),
      ...Object.values(languageAlgorithms).map((algorithm) => languageAlgorithm(algorithm)),
    ],
    environments,
    metrics: metricDefinitions(metrics),
  };
}

function environmentFacts(spec: ReturnType<typeof listEnvironments>[number]): EnvironmentFacts {
  const one = spec.make(1);
  try {
    return {
      id: spec.id,
      summary: spec.summary ?? "",
      kind: "environment",
      observation: describeSpace(one.observationSpace),
      action: describeSpace(one.actionSpace),
      ...(spec.maxEpisodeSteps !== undefined && { maxEpisodeSteps: spec.maxEpisodeSteps }),
      ...(spec.rewardThreshold !== undefined && { rewardThreshold: spec.rewardThreshold }),
    };
  } finally {
    one.close?.();
  }
}

function worldFacts(name: (typeof textWorldNames)[number]): EnvironmentFacts {
  const world = textWorldNamed(name);
  return {
    id: name,
    summary: world.summary,
    kind: "world of text",
    observation: "a prompt",
    action: `a completion of at most ${world.maxNewTokens} tokens`,
  };
}

function policyAlgorithm(algorithm: Algorithm, environments: readonly EnvironmentFacts[]): AlgorithmFacts {
  const fitting = environments.filter(({ kind }) => kind === "environment");
  return { ...factsOf(algorithm, 100_000), trains: "policy", environments: fitting.map(({ id }) => id) };
}

/** Its environments are the worlds that have its kind of data. */
function languageAlgorithm(algorithm: LanguageAlgorithm): AlgorithmFacts {
  const needsPairs = algorithm.learnsFrom === "preference" || algorithm.learnsFrom === "unpaired";
  const fitting = textWorldNames.filter((name) => !needsPairs || textWorldNamed(name).preferences !== undefined);
  return { ...factsOf(algorithm, 3000), trains: "language model", environments: fitting };
}

function factsOf(algorithm: Algorithm | LanguageAlgorithm, steps: number) {
  const { name, summary, unit, curves, options, presets } = algorithm;
  // Runs of language models keep their settings.
  const changes = algorithm.learnsFrom === "environment";
  return {
    name,
    summary,
    unit,
    steps: algorithm.steps ?? steps,
    curves,
    options: Object.entries(options.shape)
      // Seeds are chosen for both sides at once.
      .filter(([option]) => option !== "seed")
      .map(([option, field]) => optionFacts(option, field, changes && !fixedSettings.includes(option)))
      .sort(commonFirst),
    presets: Object.fromEntries(Object.entries(presets).map(([id, preset]) => [id, presetFacts(options, preset)])),
  };
}

function commonFirst(a: OptionFacts, b: OptionFacts): number {
  return commonRank(a.name) - commonRank(b.name);
}

/** As its schema completes them, and as JSON holds them: what is unset in a preset is not there. */
function presetFacts({ shape }: Algorithm["options"], { steps, options }: Preset): PresetFacts {
  const entries = Object.entries(options).map(([name, value]) => [name, shape[name].parse(value)]);
  return { steps, options: JSON.parse(JSON.stringify(Object.fromEntries(entries))) };
}
