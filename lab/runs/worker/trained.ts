/** What a worker trains, whether a policy or a language model: the part of both that a session needs. */
import type { JsonValue, Learner } from "ascent-rl";
import type { Sample, StartedFacts } from "../protocol.ts";
import type { SettingChange } from "../runSettings.ts";

/** Something that acts in an environment of its own, to be looked at. */
export interface Acting {
  on(): void;
  off(): void;
}

export interface Trained {
  readonly learner: Learner;
  readonly facts: StartedFacts;
  /** Complete, those of now. */
  options(): Readonly<Record<string, unknown>>;
  changes(): readonly SettingChange[];
  /** @throws AscentError for what cannot change. */
  change(options: Readonly<Record<string, JsonValue>>, atStep?: number): void;
  /** The file of what is trained, as `ascent train` writes it. */
  file(): Uint8Array<ArrayBuffer>;
  /** Of a policy in an environment that draws itself. */
  readonly acting?: Acting;
  /** Of a language model: completions to look at, where it is time to. */
  samples?(): Promise<readonly Sample[] | undefined>;
  close(): void;
}
