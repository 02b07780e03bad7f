/**
 * The bench's settings as the part of an address behind "#": flat keys that people can read and write, what is not said left out.
 * parseLink.ts reads them again.
 *
 *   #bench?v=1&env=CartPole-v1&steps=50000&a=ppo&a.gaeLambda=1&b=ppo&seeds=0-7
 */
import { algorithmOf, type Catalogue, presetOf } from "../catalogue/catalogue.ts";
import { textOfValue } from "../catalogue/valueText.ts";
import type { BenchSettings, Variant } from "./benchSettings.ts";
import { textOfSeeds } from "./seedText.ts";

export const LINK_VERSION = 1;

/** @param catalogue with it the link names the release and leaves out lengths that are the preset's. */
export function linkOf(settings: BenchSettings, catalogue?: Catalogue): string {
  const { a, b, seeds, hide, metric, kernels, chapter } = settings;
  const pairs: [string, string][] = [["v", `${LINK_VERSION}`]];
  if (catalogue !== undefined) pairs.push(["release", catalogue.release]);
  pairs.push(["env", a.environment]);
  const usual = presetSteps(a, catalogue);
  if (a.steps !== usual) pairs.push(["steps", `${a.steps}`]);
  pairs.push(["a", a.algorithm], ...settingsOf("a", a));
  if (b !== undefined) {
    pairs.push(["b", b.algorithm]);
    if (b.environment !== a.environment) pairs.push(["b.env", b.environment]);
    const implied = a.steps === usual ? presetSteps(b, catalogue) : a.steps;
    if (b.steps !== implied) pairs.push(["b.steps", `${b.steps}`]);
    pairs.push(...settingsOf("b", b));
  }
  const seedText = textOfSeeds(seeds);
  if (seedText !== "0") pairs.push(["seeds", seedText]);
  if (hide.length > 0) pairs.push(["hide", hide.join()]);
  if (metric !== undefined) pairs.push(["metric", metric]);
  if (kernels !== undefined) pairs.push(["kernels", kernels]);
  if (chapter !== undefined) pairs.push(["chapter", chapter]);
  return `#bench?${pairs.map(([key, value]) => `${written(key)}=${written(value)}`).join("&")}`;
}

/** The length that need not be said; undefined where nothing is known of presets. */
function presetSteps({ algorithm, environment }: Variant, catalogue: Catalogue | undefined): number | undefined {
  const facts = catalogue && algorithmOf(catalogue, algorithm);
  return facts && presetOf(facts, environment).steps;
}

function settingsOf(side: string, { options, changes = [], environmentOptions = {}, source }: Variant) {
  const pairs: [string, string][] = Object.entries(options).map(([name, value]) => [
    `${side}.${name}`,
    textOfValue(value),
  ]);
  for (const { atStep, options: changed } of changes) {
    for (const [name, value] of Object.entries(changed)) {
      pairs.push([`${side}.at${atStep}.${name}`, textOfValue(value)]);
    }
  }
  for (const [name, value] of Object.entries(environmentOptions)) {
    pairs.push([`${side}.env.${name}`, textOfValue(value)]);
  }
  if (source !== undefined) pairs.push([`${side}.source`, source]);
  return pairs;
}

/** Commas, colons and slashes need no code behind "#", and are read more easily without. */
function written(text: string): string {
  return encodeURIComponent(text).replace(/%2C/g, ",").replace(/%3A/g, ":").replace(/%2F/g, "/");
}
