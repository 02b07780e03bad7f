/**
 * Lines with bands against one axis, drawn by uPlot, which is loaded when the first of them comes into sight. The lines' names stand
 * in a list below, with the colour, dash and marker of each; numbers are the figure's table.
 */
import { effect, useSignal } from "@preact/signals";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { useInSight } from "../page/inSight.ts";
import { theme } from "../page/theme.ts";
import type { CurvesLevel, CurvesMark, SeriesData } from "./curvesData.ts";
import type { CurvesPlot } from "./curvesPlot.ts";
import { drawInFrames } from "./drawInFrames.ts";
import { seriesStyle } from "./seriesStyle.ts";

export type { CurvesLevel, CurvesMark, SeriesData } from "./curvesData.ts";

export interface CurvesProps {
  series: () => readonly SeriesData[];
  /** Names of the axes. */
  x: string;
  y: string;
  /** What is drawn, in words; "y against x" where it is not given. */
  label?: string;
  marks?: () => readonly CurvesMark[];
  levels?: () => readonly CurvesLevel[];
  logX?: boolean;
  logY?: boolean;
  /** In pixels; default 220. */
  height?: number;
  /** Limits of y where the data should not decide. */
  yRange?: readonly [number, number];
}

export function Curves(props: CurvesProps) {
  const { x, y, label = `${y} against ${x}`, height = 220, logX = false, logY = false, yRange } = props;
  const place = useRef<HTMLDivElement>(null);
  const inSight = useInSight(place, "50px");
  const latest = useRef(props);
  latest.current = props;
  const failed = useSignal<string | undefined>(undefined);
  useLayoutEffect(() => {
    let plot: CurvesPlot | undefined;
    let end = () => {};
    let gone = false;
    let begun = false;
    const begin = () =>
      import("./curvesPlot.ts").then((module) => {
        if (gone) return;
        plot = module.curvesPlot(place.current!, { x, y, height, logX, logY, yRange });
        end = drawInFrames(() => {
          if (!inSight.value) return;
          const { series, marks, levels } = latest.current;
          plot?.draw(series(), marks?.() ?? [], levels?.() ?? [], theme.value);
        });
      });
    const endWaiting = effect(() => {
      if (!inSight.value || begun) return;
      begun = true;
      begin().catch(() => {
        failed.value = "The chart could not be loaded. Load the page again; the numbers are in the table below.";
      });
    });
    const observer = new ResizeObserver(() => plot?.resize());
    observer.observe(place.current!);
    return () => {
      gone = true;
      endWaiting();
      end();
      observer.disconnect();
      plot?.end();
    };
  }, [x, y, height, logX, logY, yRange?.[0], yRange?.[1]]);
  return (
    <div>
      <div class="curves" ref={place} role="img" aria-label={label} style={{ minHeight: `${height}px` }} />
      {failed.value && <p class="message">{failed.value}</p>}
      <Legend series={props.series} />
    </div>
  );
}

/** Names only: it is made again when they change, not when a number does. */
function Legend({ series }: { series: () => readonly SeriesData[] }) {
  const names = useSignal<readonly { name: string; colour: number }[]>([]);
  const latest = useRef(series);
  latest.current = series;
  useEffect(
    () =>
      drawInFrames(() => {
        const now = latest.current().map(({ name, colour }) => ({ name, colour }));
        if (JSON.stringify(now) !== JSON.stringify(names.peek())) names.value = now;
      }),
    [],
  );
  return (
    <ul class="curves-legend">
      {names.value.map(({ name, colour }) => {
        const style = seriesStyle(colour, theme.value);
        return (
          <li key={name}>
            <svg width="30" height="12" viewBox="0 -6 30 12" aria-hidden="true">
              <path d="M0 0H30" stroke={style.colour} stroke-width="2" stroke-dasharray={style.dash.join(" ")} />
              <path d={style.marker} transform="translate(15 0)" fill={style.colour} />
            </svg>
            {name}
          </li>
        );
      })}
    </ul>
  );
}
