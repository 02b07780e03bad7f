/**
 * Vitest's global set-up of the browser suite: runs in Node before the browser starts, computes the reference there and
 * hands it to the tests, which read it with `inject("reference")`.
 */
import type { TestProject } from "vitest/node";
import { computeReference, type Reference } from "./reference.ts";

declare module "vitest" {
  export interface ProvidedContext {
    reference: Reference;
  }
}

export default async function setup(project: TestProject): Promise<void> {
  project.provide("reference", await computeReference());
}
