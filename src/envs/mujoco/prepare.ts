/**
 * Loading the physics where nobody has loaded it yet. The package's name is no literal here: bundlers must not look for what most
 * programs do without. "ascent-rl/mujoco" has it as one, for pages.
 */
import { loadEngine, type MujocoPackage, PACKAGE } from "./engine.ts";

/** @throws AscentError "environment" with the line that installs the package. */
export function prepareMujoco(): Promise<void> {
  const name: string = PACKAGE;
  return loadEngine(() => import(/* @vite-ignore */ /* webpackIgnore: true */ name) as Promise<MujocoPackage>);
}
