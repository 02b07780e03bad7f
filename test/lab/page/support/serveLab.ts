/** Before the suite: builds the page if anything has changed, and serves it below a path, the way static hosts do. */
import { cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { TestProject } from "vitest/node";
import { servePages } from "../../../../src/node/pages/pageServer.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Of the built page, with a slash at its end. */
    labAddress: string;
    /** Where its files lie. */
    labFolder: string;
  }
}

export default async function serveLab(project: TestProject): Promise<() => Promise<void>> {
  const { setUp } = (await import(pathToFileURL("scripts/setup.mjs").href)) as {
    setUp(options: { through: string }): void;
  };
  setUp({ through: "lab" });
  const host = mkdtempSync(join(tmpdir(), "ascent-lab-"));
  const folder = join(host, "some/where");
  mkdirSync(folder, { recursive: true });
  cpSync("dist/lab", folder, { recursive: true });
  const server = await servePages({ folder: host });
  project.provide("labAddress", `${server.address}some/where/`);
  project.provide("labFolder", folder);
  return async () => {
    await server.close();
    rmSync(host, { recursive: true });
  };
}
