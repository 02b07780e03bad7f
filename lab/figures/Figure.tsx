/**
 * The frame of a figure: its name, what can be set, the picture, the numbers now shown in a sentence, a table of them, where
 * they come from. Pictures stand inside; nothing here draws.
 */
import { effect, type Signal, useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { Button } from "../controls/Button.tsx";
import type { BenchSettings } from "../link/benchSettings.ts";
import { useInSight } from "../page/inSight.ts";
import { DataTable, type TableData } from "./DataTable.tsx";
import { sightOf } from "./useAnimation.ts";

export interface FigureProps {
  /** Begins with the chapter's name: "objective-cloud". It is the figure's address too. */
  id: string;
  title: string;
  /** The numbers now shown in a sentence or two, with sample sizes and intervals. */
  summary: () => string;
  table: () => TableData;
  /** What the bench is opened with: the settings shown. */
  bench?: BenchSettings | (() => BenchSettings);
  controls?: ComponentChildren;
  /** Steps of docs/theory.md and the paper: "theory 2, Williams 1992". */
  source: string;
  /** Where the library computes it. */
  file: string;
  /** For figures that move: whether this one does. */
  playing?: Signal<boolean>;
  children: ComponentChildren;
}

/** A summary changes at most this often while a figure moves. */
const SUMMARY_MS = 500;

export function Figure(props: FigureProps) {
  const { id, title, table, bench, controls, source, file, playing, children } = props;
  const element = useRef<HTMLElement>(null);
  const inSight = useInSight(element);
  const summary = useSummary(props.summary, inSight);
  useEffect(() => {
    if (!playing) return undefined;
    const sight = sightOf(playing);
    return effect(() => {
      sight.value = inSight.value;
    });
  }, [playing]);
  return (
    <figure
      id={id}
      data-figure={id}
      class="figure"
      ref={element}
      aria-labelledby={`${id}-title`}
      aria-describedby={`${id}-summary`}
    >
      <div class="figure-head">
        <h3 id={`${id}-title`}>{title}</h3>
        <div class="figure-actions">
          {playing && (
            <Button
              onClick={() => {
                playing.value = !playing.value;
              }}
              label={`${playing.value ? "Pause" : "Play"}: ${title}`}
            >
              {playing.value ? "Pause" : "Play"}
            </Button>
          )}
          {bench && (
            <Button onClick={() => open(bench)} quiet label={`Open in the bench: ${title}`}>
              Open in the bench
            </Button>
          )}
        </div>
      </div>
      {controls && <div class="figure-controls">{controls}</div>}
      <div class="figure-body">{children}</div>
      <p id={`${id}-summary`} class="figure-summary">
        {summary}
      </p>
      <div class="figure-foot">
        <DataTable title={title} table={table} />
        <span>
          {source} · <code>{file}</code>
        </span>
      </div>
    </figure>
  );
}

/** Links know all settings of the library, which no page needs before one is made. */
async function open(bench: BenchSettings | (() => BenchSettings)): Promise<void> {
  const { openBench } = await import("../link/openBench.ts");
  openBench(typeof bench === "function" ? bench() : bench);
}

/** The summary's words, followed only while the figure is in sight, and not faster than one can read. */
function useSummary(summary: () => string, inSight: { readonly value: boolean }): Signal<string> {
  const words = useSignal("");
  const latest = useRef(summary);
  latest.current = summary;
  useEffect(() => {
    let next = "";
    let waiting: ReturnType<typeof setTimeout> | undefined;
    const show = () => {
      waiting = undefined;
      words.value = next;
    };
    const stop = effect(() => {
      if (!inSight.value) return;
      next = latest.current();
      if (words.peek() === "") words.value = next;
      else waiting ??= setTimeout(show, SUMMARY_MS);
    });
    return () => {
      stop();
      clearTimeout(waiting);
    };
  }, []);
  return words;
}
