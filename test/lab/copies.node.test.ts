/** What the bench copies is run, in a shell and by Node, and gives the bits of the same run here. */
import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import { encodePolicy, type JsonValue, train } from "ascent-rl";
import { afterAll, beforeAll, expect, test } from "vitest";
import { describeCatalogue } from "../../lab/catalogue/describe.ts";
import { type BenchSettings, sidesOf, type Variant } from "../../lab/link/benchSettings.ts";
import { copyCode } from "../../lab/link/copyCode.ts";
import { copyCommand } from "../../lab/link/copyCommand.ts";

const catalogue = describeCatalogue({ release: "1.2.3", metrics: "" });

/** Within the package, so that the code finds it by its name. */
const folder = resolve(".test-reports", `copies-${process.pid}`);
const hashOf = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
const hashOfFile = (...path: string[]) => hashOf(readFileSync(join(folder, ...path)));

beforeAll(() => {
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, "ascent"),
    `#!/bin/sh\nexec "${process.execPath}" "${resolve("dist/cli/main.js")}" "$@"\n`,
  );
  chmodSync(join(folder, "ascent"), 0o755);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function shell(lines: string): void {
  const path = [folder, process.env["PATH"]].join(delimiter);
  execFileSync("sh", ["-ec", lines], { cwd: folder, env: { ...process.env, PATH: path }, stdio: "pipe" });
}

async function hashHere({ algorithm, environment, steps, options, changes }: Variant, seed: number): Promise<string> {
  const set = (given: Readonly<Record<string, JsonValue>>) =>
    Object.fromEntries(Object.entries(given).map(([name, value]) => [name, value ?? undefined]));
  const { policy } = await train(algorithm as "ppo", {
    environment,
    steps,
    seed,
    kernels: "simd",
    options: set(options),
    ...(changes !== undefined && { changes }),
  });
  return hashOf(encodePolicy(policy.description));
}

const side: Variant = { algorithm: "ppo", environment: "CartPole-v1", steps: 768, options: {} };
const settings: BenchSettings = {
  a: {
    ...side,
    options: { gaeLambda: 1, hidden: [16], maxGradNormVf: null, learningRate: { kind: "linear", from: 1e-3, to: 0 } },
    changes: [
      { atStep: 256, options: { learningRate: 1e-4, clipRange: { kind: "cosine", from: 0.3 } } },
      { atStep: 512, options: { entCoef: 0.01, clipRange: null } },
    ],
  },
  b: { ...side, algorithm: "a2c", options: { hidden: [8, 8] } },
  seeds: [0, 3],
  hide: [],
  kernels: "simd",
};

test("the copied command gives the same policies", async () => {
  shell(copyCommand(settings, catalogue));
  for (const [name, variant] of [
    ["a", settings.a],
    ["b", settings.b!],
  ] as const) {
    for (const seed of settings.seeds) {
      const there = hashOfFile("runs", `bench-${name}-${seed}`, "policy.safetensors");
      expect(there, `${name}, seed ${seed}`).toBe(await hashHere(variant, seed));
    }
  }
});

test("the copied code gives the same policies", async () => {
  writeFileSync(join(folder, "bench.mjs"), copyCode(settings, catalogue));
  execFileSync(process.execPath, [join(folder, "bench.mjs")], { cwd: folder, stdio: "pipe" });
  for (const [name, variant] of sidesOf(settings)) {
    for (const seed of settings.seeds) {
      expect(hashOfFile(`policy-${name}-${seed}.safetensors`)).toBe(await hashHere(variant, seed));
    }
  }
});

test("the copied code is good TypeScript", () => {
  writeFileSync(join(folder, "bench.mts"), copyCode(settings, catalogue));
  const compiler = resolve("node_modules/typescript/lib/tsc.js");
  const flags =
    "--ignoreConfig --noEmit --strict --skipLibCheck --module nodenext --target es2022 --types node bench.mts".split(
      " ",
    );
  const { stdout } = spawnSync(process.execPath, [compiler, ...flags], { cwd: folder, encoding: "utf8" });
  expect(stdout).toBe("");
});

const walk = `import { box } from "ascent-rl";

class Walk {
  observationSpace = box({ low: -2, high: 2, shape: [1] });
  actionSpace = discrete(2);
  reset() {
    this.at = 0;
    return { observation: [0] };
  }
  step(action) {
    this.at += action === 1 ? 0.25 : -0.25; // "quotes", \`ticks\` and \${dollars}
    return { observation: [this.at], reward: this.at, terminated: Math.abs(this.at) >= 1, truncated: false };
  }
}
export default () => new Walk();
`;

test("an environment of one's own is in the code, and the command runs it", () => {
  const own: BenchSettings = {
    a: {
      algorithm: "reinforce",
      environment: "own",
      environmentOptions: { maxEpisodeSteps: 20 },
      steps: 400,
      options: { hidden: [8], nEnvs: 4 },
      source: walk,
    },
    seeds: [1],
    hide: [],
    kernels: "simd",
  };
  shell(copyCommand(own, catalogue));
  const first = hashOfFile("policy-a-1.safetensors");
  writeFileSync(join(folder, "own.mjs"), copyCode(own, catalogue));
  execFileSync(process.execPath, [join(folder, "own.mjs")], { cwd: folder, stdio: "pipe" });
  expect(hashOfFile("policy-a-1.safetensors")).toBe(first);
});

test("code for a world of text runs", () => {
  const text: BenchSettings = {
    a: { algorithm: "sft", environment: "names", steps: 16, options: { batchSize: 8 } },
    seeds: [0],
    hide: [],
  };
  const code = copyCode(text, catalogue);
  expect(code).toContain('const a = await trainLanguageModel("sft", {');
  expect(copyCommand(text, catalogue)).toBe(
    "ascent train sft --world names --steps 16 --seed 0 --set batchSize=8 --out runs/bench-a-0",
  );
  writeFileSync(join(folder, "text.mjs"), code);
  execFileSync(process.execPath, [join(folder, "text.mjs")], { cwd: folder, stdio: "pipe" });
});

test("what a shell would take apart is in quotes", () => {
  const odd: Variant = {
    ...side,
    algorithm: "dpo",
    environment: "names",
    options: { loss: "sigmoid:0.8+sft", stopTokens: [], x: "it's" },
  };
  const line = copyCommand({ a: odd, seeds: [0], hide: [] }, catalogue);
  expect(line).toContain("--set loss=sigmoid:0.8+sft --set 'stopTokens=[]' --set 'x=it'\\''s'");
});
