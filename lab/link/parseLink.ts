/**
 * From the address' hash to the bench's settings. What cannot be read is left out and said in words (what, got, expected, what to
 * do); all else is applied. Values are checked by the catalogue, which comes from the library's schemas; the library judges
 * them once more where the run begins.
 */
import { didYouMean } from "ascent-rl";
import { type AlgorithmFacts, algorithmOf, type Catalogue, presetOf } from "../catalogue/catalogue.ts";
import { type BenchSettings, hideable, MOST_SEEDS, type Variant } from "./benchSettings.ts";
import { LINK_VERSION } from "./linkOf.ts";
import { linkPairs } from "./linkPairs.ts";
import { LinkReader } from "./linkReader.ts";
import { shown } from "./problem.ts";
import { seedsOfText } from "./seedText.ts";
import { readSide } from "./sideOfLink.ts";

export interface ParsedLink {
  readonly settings: BenchSettings;
  /** In words; empty where all of the link was read. */
  readonly problems: readonly string[];
}

/** What the bench shows where nothing is said: with and without bootstrapping in the advantages. */
export function startingSettings(catalogue: Catalogue): BenchSettings {
  const environment = "CartPole-v1";
  const { steps } = presetOf(algorithmOf(catalogue, "ppo")!, environment);
  const side: Variant = { algorithm: "ppo", environment, steps, options: {} };
  return { a: side, b: { ...side, options: { gaeLambda: 1 } }, seeds: [0, 1], hide: [] };
}

/** @param hash such as "#bench?v=1&env=CartPole-v1&a=ppo&seeds=0-7"; without keys, the starting settings. */
export function parseLink(hash: string, catalogue: Catalogue): ParsedLink {
  const { pairs, problems } = linkPairs(hash);
  if (pairs.size === 0) return { settings: startingSettings(catalogue), problems };
  const reader = new LinkReader(pairs, problems);
  readVersion(reader, catalogue);
  const a = readSide(reader, catalogue, "a");
  const b = reader.hasSide("b") ? readSide(reader, catalogue, "b", a) : undefined;
  const settings: BenchSettings = {
    a,
    ...(b !== undefined && { b }),
    seeds: readSeeds(reader),
    hide: readHidden(reader, catalogue),
    ...readMetric(reader, catalogue),
    ...readKernels(reader),
    ...readChapter(reader),
  };
  reader.refuseRest(knownKeys([a, b], catalogue));
  return { settings, problems: reader.problems };
}

function readVersion(reader: LinkReader, { release }: Catalogue): void {
  const version = reader.take("v") ?? `${LINK_VERSION}`;
  const isNewer = /^\d{1,9}$/.test(version) && Number(version) > LINK_VERSION;
  if (isNewer) {
    reader.refuse({
      what: "The link is of a newer form than this page reads",
      got: `v=${version}`,
      expected: `v=${LINK_VERSION}`,
      fix: "What is known of it is applied; for all of it open it with a newer page.",
    });
  } else if (version !== `${LINK_VERSION}`) {
    reader.refuse({
      what: "The link's version is none",
      got: shown(version),
      expected: `v=${LINK_VERSION}`,
      fix: `It is read as ${LINK_VERSION}.`,
    });
  }
  const made = reader.take("release");
  if (made !== undefined && made !== release) {
    reader.refuse({
      what: "The link was made with another release of the library",
      got: shown(made),
      expected: release,
      fix: "The settings are applied; presets and the last bits of the numbers may not be the same.",
    });
  }
}

function readSeeds(reader: LinkReader): readonly number[] {
  const text = reader.take("seeds");
  if (text === undefined) return [0];
  const seeds = seedsOfText(text, MOST_SEEDS);
  if (seeds !== undefined) return seeds;
  reader.refuse({
    what: "seeds in the link are none",
    got: shown(text),
    expected: `1 to ${MOST_SEEDS} different whole numbers, such as 0-7 or 3,7,11`,
    fix: "Seed 0 is used.",
  });
  return [0];
}

function readHidden(reader: LinkReader, { algorithms }: Catalogue): readonly string[] {
  const options = new Set(algorithms.flatMap((algorithm) => algorithm.options.map(({ name }) => name)));
  const names = (reader.take("hide") ?? "").split(",").filter((name) => name !== "");
  return [...new Set(names)].filter((name) => {
    if (hideable.includes(name) || options.has(name)) return true;
    reader.refuse({
      what: "hide in the link names nothing that there is",
      got: shown(name),
      expected: `one of ${hideable.join(", ")}, or a setting`,
      fix: `${didYouMean(name, [...hideable, ...options])}It is passed over.`,
    });
    return false;
  });
}

function readMetric(reader: LinkReader, { metrics }: Catalogue): { metric?: string } {
  const metric = reader.take("metric");
  if (metric === undefined) return {};
  const names = metrics.map(({ name }) => name);
  if (names.includes(metric)) return { metric };
  reader.refuse({
    what: "metric in the link is no figure that there is",
    got: shown(metric),
    expected: "a name of docs/metrics.md, such as episodeReturn",
    fix: `${didYouMean(metric, names)}The learning curve is drawn.`,
  });
  return {};
}

function readKernels(reader: LinkReader): { kernels?: "simd" | "fma" } {
  const kernels = reader.take("kernels");
  if (kernels === undefined) return {};
  if (kernels === "simd" || kernels === "fma") return { kernels };
  reader.refuse({
    what: "kernels in the link are none",
    got: shown(kernels),
    expected: "simd or fma",
    fix: "The best that this browser has are used.",
  });
  return {};
}

function readChapter(reader: LinkReader): { chapter?: string } {
  const chapter = reader.take("chapter");
  return chapter === undefined ? {} : { chapter };
}

/** For "did you mean": all keys that a link of these sides could have had. */
function knownKeys(sides: readonly (Variant | undefined)[], catalogue: Catalogue): string[] {
  const own = ["v", "release", "env", "steps", "a", "b", "b.env", "b.steps", "seeds", "hide", "metric", "kernels"];
  const options = sides.flatMap((side, i) => {
    const facts: AlgorithmFacts | undefined = side && algorithmOf(catalogue, side.algorithm);
    return (facts?.options ?? []).map(({ name }) => `${"ab"[i]}.${name}`);
  });
  return [...own, ...options];
}
