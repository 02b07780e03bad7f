/**
 * The worker of a run in an environment of one's own: its text, and the run's worker loaded beside it. A script and no module, since
 * browsers name the line of an error only there; what the page says before all is loaded waits.
 */
import { ownEnvironmentCode } from "../link/ownEnvironmentCode.ts";

export interface OwnWorkerText {
  text: string;
  /** Lines before the first of the environment's text. */
  firstLine: number;
}

/** @param address of the run's worker, complete. */
export function ownWorkerText(source: string, address: string): OwnWorkerText {
  const { code, names } = ownEnvironmentCode("environment", source);
  const before = [
    '"use strict";',
    "const early = [];",
    "const keep = (event) => early.push(event.data);",
    'addEventListener("message", keep);',
    `import(${JSON.stringify(address)}).then(() => {`,
    `const { ${names.join(", ")} } = globalThis.ascentOffered;`,
  ];
  const behind = [
    "globalThis.ascentOwn(environment);",
    "})",
    ".catch((error) => globalThis.ascentRefuse ? globalThis.ascentRefuse(error) : setTimeout(() => { throw error; }))",
    ".then(() => {",
    'removeEventListener("message", keep);',
    'for (const data of early) dispatchEvent(new MessageEvent("message", { data }));',
    "});",
  ];
  // The code begins with a line of its own: const environment = (() => {
  return { text: [...before, code, ...behind].join("\n"), firstLine: before.length + 1 };
}
