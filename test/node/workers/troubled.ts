/** Writes a module of a user's whose environments fail where they are told to: in which call, of which environment, and how. */
import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { batchFromFactory, registerEnvironment } from "../../../src/envs/index.ts";

/** A module that registers environments named Troubled-CALL-HOW, which fail in environment 3 (in `make`, in the second worker). */
export function writeTroubled(folder: string): string {
  const file = join(folder, "troubled.mjs");
  const dist = (path: string) => JSON.stringify(pathToFileURL(resolve("dist", path)).href);
  writeFileSync(
    file,
    `import { isMainThread, threadId } from "node:worker_threads";
     import * as library from ${dist("index.js")};
     const ways = {
       throw: (call) => { throw new RangeError("the " + call + " of it"); },
       exit: () => process.exit(7),
       hang: () => { for (;;); },
       sleep: () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0),
     };
     const calls = ["make", "reset", "step", "close"];
     class Walk {
       observationSpace = library.box({ low: [-100], high: [100] });
       actionSpace = library.discrete(2);
       at = 0;
       constructor(number, call, how) {
         this.fail = (now) => { if (!isMainThread && number === 3 && now === call) ways[how](now); };
         this.fail("make");
       }
       reset({ seed } = {}) { this.at = seed % 7; this.steps = 0; this.fail("reset"); return { observation: [this.at], info: { seed } }; }
       step(action) {
         this.at += action === 1 ? 1 : -1;
         if (++this.steps === 4) this.fail("step");
         const info = { at: this.at };
         return { observation: [this.at], reward: this.at, terminated: this.at > 8, truncated: false, info };
       }
       saveState() { return { at: this.at, steps: this.steps }; }
       loadState({ at, steps }) { this.at = at; this.steps = steps; }
       close() { this.fail("close"); }
     }
     export function register({ batchFromFactory, registerEnvironment }) {
     for (const call of [...calls, "never"]) for (const how of Object.keys(ways)) {
       const id = "Troubled-" + call + "-" + how;
       const makeSingle = () => new Walk(0, call, how);
       const make = (count, firstIndex = 0) => {
         let number = firstIndex;
         return batchFromFactory(() => new Walk(number++, call, how), count, { id }, firstIndex);
       };
       registerEnvironment({ id, maxEpisodeSteps: undefined, summary: "fails on purpose", make, makeSingle });
     }
     registerEnvironment({
       id: "Unheeding-v0", maxEpisodeSteps: undefined, summary: "ignores where its slice begins",
       make: (count) => batchFromFactory(() => new Walk(0, "never", "throw"), count, { id: "Unheeding-v0" }),
       makeSingle: () => new Walk(0, "never", "throw"),
     });
     }
     register(library);`,
  );
  return file;
}

/** Has them registered in this process's sources too: the module itself registers them in the compiled library, as a user's does. */
export async function registerTroubled(file: string): Promise<void> {
  const { register } = await import(pathToFileURL(file).href);
  register({ batchFromFactory, registerEnvironment });
}
