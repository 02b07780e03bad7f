/** The bench: two sides, their settings and their runs. The default export of the page's lazily loaded part. */

import { catalogue } from "virtual:catalogue";
import { useSignalEffect } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import { announce } from "../page/announce.tsx";
import { Agents } from "./Agents.tsx";
import "./bench.css";
import { BenchState } from "./benchState.ts";
import { Copies } from "./Copies.tsx";
import { CurvesView } from "./CurvesView.tsx";
import { Differences } from "./Differences.tsx";
import { DifferenceView } from "./DifferenceView.tsx";
import { Files } from "./Files.tsx";
import { Hashes } from "./Hashes.tsx";
import { LiveControls } from "./LiveControls.tsx";
import { MetricsTable } from "./MetricsTable.tsx";
import { Problems } from "./Problems.tsx";
import { RunBar } from "./RunBar.tsx";
import { endText } from "./runWords.ts";
import { Saved } from "./Saved.tsx";
import { SettingsPanel } from "./SettingsPanel.tsx";
import { SideHead } from "./SideHead.tsx";
import { Warnings } from "./Warnings.tsx";

export default function Bench() {
  const bench = useMemo(() => new BenchState(catalogue, location.hash), []);
  useEffect(() => bench.connect(), [bench]);
  useAnnouncedPhases(bench);
  const hasB = bench.settings.value.b !== undefined;
  return (
    <div class="bench">
      <div class="bench-set">
        <div class={hasB ? "bench-sides two" : "bench-sides"}>
          <SideHead bench={bench} name="a" />
          <SideHead bench={bench} name="b" />
        </div>
        <Differences bench={bench} />
        <SettingsPanel bench={bench} />
      </div>
      <div class="bench-runs">
        <Problems bench={bench} />
        <RunBar bench={bench} />
        <Warnings bench={bench} />
        <div class="bench-seen">
          <CurvesView bench={bench} />
          <Agents bench={bench} />
        </div>
        <DifferenceView bench={bench} />
        <LiveControls bench={bench} />
        <Hashes bench={bench} />
        <Copies bench={bench} />
        <div class="bench-pair">
          <Saved bench={bench} />
          <Files bench={bench} />
        </div>
        <MetricsTable bench={bench} />
      </div>
    </div>
  );
}

/** Says when training begins, when a run sees something wrong, and when all have come to their end; nothing in between. */
function useAnnouncedPhases(bench: BenchState): void {
  const said = useMemo(() => ({ over: true, warnings: 0 }), []);
  useSignalEffect(() => {
    const runs = bench.runs.value;
    if (runs === undefined) return;
    const over = runs.isOver.value;
    if (over !== said.over) announce(over ? endText(runs, bench.figure) : "Training.");
    said.over = over;
  });
  useSignalEffect(() => {
    const warnings = bench.runs.value?.all.flatMap((run) => [...run.warnings.value]) ?? [];
    const last = warnings.at(-1);
    if (warnings.length > said.warnings && last !== undefined) announce(`${last.what}. ${last.fix}`);
    said.warnings = warnings.length;
  });
}
