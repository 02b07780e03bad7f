/**
 * Runs of a figure: each side a group of seeds, begun when the figure is first seen and plays, paused while it does not play or is out of
 * sight, begun anew when a side's settings are others. The other side goes on meanwhile.
 */
import { effect, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { sightOf } from "../figures/useAnimation.ts";
import { type RunGroup, startGroup } from "./runGroup.ts";
import type { VariantSettings } from "./runSettings.ts";

/** A side of a figure. */
export interface Side {
  /** What it is called in legends and sentences. */
  name: string;
  settings: VariantSettings;
}

export interface TrainedSide {
  name: string;
  group: RunGroup;
}

export interface Training {
  /** Empty until the runs begin. */
  sides: ReadonlySignal<readonly TrainedSide[]>;
  restart: () => void;
}

/** Settings that a slider passes on its way are not begun. */
const SETTLED_MS = 250;

/** @param sides read inside an effect: signals in it are followed. */
export function useTraining(
  playing: Signal<boolean>,
  seeds: readonly number[],
  sides: () => readonly Side[],
): Training {
  const latest = useRef(sides);
  latest.current = sides;
  const { training, follow } = useMemo(() => startTraining(playing, seeds, () => latest.current()), []);
  useEffect(follow, []);
  return training;
}

/** Seed by seed, so that all sides get on alike where there are fewer workers than runs. */
function resumeInTurns(sides: readonly TrainedSide[]): void {
  const most = Math.max(0, ...sides.map(({ group }) => group.runs.length));
  for (let i = 0; i < most; i++) for (const { group } of sides) group.runs[i]?.resume();
}

function startTraining(playing: Signal<boolean>, seeds: readonly number[], sides: () => readonly Side[]) {
  const now = signal<readonly TrainedSide[]>([]);
  let keys: readonly string[] = [];

  const goOrStand = (goes: boolean) => {
    if (goes) resumeInTurns(now.peek());
    else for (const { group } of now.peek()) group.pause();
  };

  function begin(wanted: readonly Side[]): void {
    const before = now.peek();
    const newKeys = wanted.map(({ settings }) => JSON.stringify(settings));
    now.value = wanted.map(({ name, settings }, i) => {
      const isOld = keys[i] === newKeys[i] && before[i] !== undefined;
      return { name, group: isOld ? before[i].group : startGroup(settings, seeds, { paused: true }) };
    });
    resumeInTurns(now.peek());
    for (const [i, { group }] of before.entries()) if (now.peek()[i]?.group !== group) group.end();
    keys = newKeys;
  }

  function follow(): () => void {
    const sight = sightOf(playing);
    let waiting: ReturnType<typeof setTimeout> | undefined;
    const stopSides = effect(() => {
      const wanted = sides();
      const goes = playing.value && sight.value;
      clearTimeout(waiting);
      if (now.peek().length === 0) {
        // In the next turn: what the beginning reads is not what this waits for.
        if (goes) waiting = setTimeout(() => begin(wanted));
      } else waiting = setTimeout(() => begin(wanted), SETTLED_MS);
    });
    const stopPlaying = effect(() => {
      const goes = playing.value && sight.value;
      queueMicrotask(() => goOrStand(goes));
    });
    return () => {
      clearTimeout(waiting);
      stopSides();
      stopPlaying();
      for (const { group } of now.peek()) group.end();
      now.value = [];
      keys = [];
    };
  }

  const training: Training = {
    sides: now,
    restart: () => {
      playing.value = true;
      for (const { group } of now.peek()) group.restart();
    },
  };
  return { training, follow };
}
