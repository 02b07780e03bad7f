/** The bench's settings as a program for Node that gives the same bits: TypeScript that is JavaScript too. Text alone. */
import type { JsonValue } from "ascent-rl";
import { algorithmOf, type Catalogue } from "../catalogue/catalogue.ts";
import { type BenchSettings, sidesOf, type Variant } from "./benchSettings.ts";
import { ownEnvironmentCode } from "./ownEnvironmentCode.ts";

/** @returns lines that end without a line break. */
export function copyCode(settings: BenchSettings, catalogue: Catalogue): string {
  const { seeds, kernels } = settings;
  const sides = sidesOf(settings).map(([name, variant]) => ({
    name,
    variant,
    isLanguage: algorithmOf(catalogue, variant.algorithm)?.trains === "language model",
    own:
      variant.source === undefined
        ? undefined
        : ownEnvironmentCode(`environmentOf${name.toUpperCase()}`, variant.source),
  }));
  const names = sides.flatMap(({ isLanguage, own }) => [
    ...(isLanguage ? ["trainLanguageModel"] : ["encodePolicy", "train"]),
    ...(own?.names ?? []),
  ]);
  const files = sides.some(({ isLanguage }) => !isLanguage) ? ['import { writeFileSync } from "node:fs";'] : [];
  const runs = sides.flatMap((side) => runCode(side, kernels));
  const isSeveral = seeds.length > 1;
  return [
    ...files,
    `import { ${[...new Set(names)].sort().join(", ")} } from "ascent-rl";`,
    ...sides.flatMap(({ own }) => (own === undefined ? [] : ["", own.code])),
    "",
    isSeveral ? `for (const seed of [${seeds.join(", ")}]) {` : `const seed = ${seeds[0]};`,
    ...runs.map((line) => (isSeveral ? `  ${line}` : line)),
    ...(isSeveral ? ["}"] : []),
  ].join("\n");
}

interface Side {
  name: string;
  variant: Variant;
  isLanguage: boolean;
  own: { code: string } | undefined;
}

function runCode({ name, variant, isLanguage, own }: Side, kernels: BenchSettings["kernels"]): string[] {
  const { algorithm, environment, environmentOptions, steps, options, changes } = variant;
  const where = isLanguage ? "world" : "environment";
  const fields = [
    `${where}: ${own === undefined ? JSON.stringify(environment) : `environmentOf${name.toUpperCase()}`}`,
    // Its name stands in the policy's file.
    ...(own === undefined ? [] : [`environmentOptions: ${literal({ id: environment, ...environmentOptions })}`]),
    `steps: ${steps}`,
    "seed",
    ...(kernels === undefined ? [] : [`kernels: "${kernels}"`]),
    `options: ${literal(options)}`,
    ...(changes === undefined ? [] : [`changes: [${changes.map(changeLiteral).join(", ")}]`]),
  ];
  const call = [
    `const ${name} = await ${isLanguage ? "trainLanguageModel" : "train"}("${algorithm}", {`,
    ...fields.map((field) => `  ${field},`),
    "});",
  ];
  if (isLanguage) return [...call, `console.log("${name}, seed", seed, ${name}.metrics);`];
  return [
    ...call,
    `writeFileSync(\`policy-${name}-\${seed}.safetensors\`, encodePolicy(${name}.policy.description));`,
    `console.log("${name}, seed", seed, "return", ${name}.metrics.episodeReturn);`,
  ];
}

function changeLiteral({ atStep, options }: NonNullable<Variant["changes"]>[number]): string {
  // In changes null itself goes back to the default.
  return `{ atStep: ${atStep}, options: ${literal(options, "null")} }`;
}

/** As people write it: names without quotes. @param unset what stands for going back to the algorithm's default. */
function literal(value: JsonValue | undefined, unset = "undefined"): string {
  if (value === null || value === undefined) return unset;
  if (typeof value !== "object") return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((one) => literal(one, unset)).join(", ")}]`;
  const entries = Object.entries(value).filter(([, one]) => one !== undefined);
  const isPlain = (key: string) => /^[A-Za-z_$][\w$]*$/.test(key);
  const fields = entries.map(([key, one]) => `${isPlain(key) ? key : JSON.stringify(key)}: ${literal(one, unset)}`);
  return fields.length === 0 ? "{}" : `{ ${fields.join(", ")} }`;
}
