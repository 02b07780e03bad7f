/** A policy from a file, acting in the environment that it was trained in. The library's acting part is loaded with the first one. */
import { useSignal } from "@preact/signals";
import type { Scene } from "ascent-rl/scenes";
import { useEffect, useMemo } from "preact/hooks";
import { Button } from "../controls/Button.tsx";
import { drawScene } from "../drawers/scene.ts";
import { Canvas } from "../figures/Canvas.tsx";
import { useAnimation } from "../figures/useAnimation.ts";
import { usePlaying } from "../page/motion.ts";
import { figureText } from "./figureText.ts";
import type { PlayedPolicy } from "./playedPolicy.ts";

export interface LoadedPolicyProps {
  bytes: Uint8Array;
  /** Of the file. */
  name: string;
  onRefused: (text: string) => void;
}

/** Milliseconds of a step. */
const STEP = 33;

export function LoadedPolicy({ bytes, name, onRefused }: LoadedPolicyProps) {
  const scene = useSignal<Scene | undefined>(undefined);
  const returns = useSignal("");
  const playing = usePlaying();
  const player = useSignal<PlayedPolicy | undefined>(undefined);
  useEffect(() => {
    let gone = false;
    const load = async () => (await import("./playedPolicy.ts")).playedPolicy(bytes, name);
    load().then(
      (found) => {
        if (gone) return found.now.close();
        player.value = found;
        scene.value = found.now.state.scene;
      },
      (error: unknown) => gone || onRefused(error instanceof Error ? error.message : String(error)),
    );
    return () => {
      gone = true;
      player.peek()?.now.close();
    };
  }, []);
  const state = useMemo(() => ({ waited: 0, episode: 0, isMaking: false }), []);
  useAnimation(playing, (elapsed) => {
    const found = player.peek();
    if (found === undefined || state.isMaking) return;
    state.waited += elapsed;
    if (state.waited < STEP) return;
    state.waited = 0;
    const { ended, episodeReturn, step } = found.now.state;
    if (ended === undefined) {
      scene.value = found.now.step().scene;
      return;
    }
    returns.value = `Last episode: return ${figureText(episodeReturn)} in ${step} steps.`;
    state.isMaking = true;
    found.now.close();
    found.next(++state.episode).then((now) => {
      player.value = { ...found, now };
      state.isMaking = false;
    });
  });
  const words = player.value?.words;
  if (words === undefined) return <p class="bench-note">Reading {name} …</p>;
  return (
    <figure class="bench-agent" data-bench-loaded={name}>
      <figcaption>
        {words} {returns.value}
      </figcaption>
      <Canvas
        label={`The policy of ${name}, acting`}
        height={180}
        draw={(context, size, theme) => {
          if (scene.value !== undefined) drawScene(context, size, theme, scene.value);
        }}
      />
      <Button
        quiet
        label={`${playing.value ? "Pause" : "Play"}: the policy of ${name}`}
        onClick={() => {
          playing.value = !playing.value;
        }}
      >
        {playing.value ? "Pause" : "Play"}
      </Button>
    </figure>
  );
}
