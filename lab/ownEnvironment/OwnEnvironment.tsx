/** The reader's own environment: written here, checked, drawn, trained. The default export of a lazily loaded part of the page. */
import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { Button } from "../controls/Button.tsx";
import { Choice } from "../controls/Choice.tsx";
import { announce } from "../page/announce.tsx";
import type { OwnFinding } from "./checkProtocol.ts";
import { type CheckOutcome, checkSource } from "./checkSource.ts";
import { Editor } from "./Editor.tsx";
import { examples } from "./examples.ts";
import "./ownEnvironment.css";
import { ScenesView } from "./ScenesView.tsx";
import { TrainOwn } from "./TrainOwn.tsx";

const NONE = "Example …";

export default function OwnEnvironment() {
  const source = useSignal(examples[0].source);
  const outcome = useSignal<{ of: string; found: CheckOutcome } | undefined>(undefined);
  const checking = useSignal(false);
  const goTo = useRef<(line: number) => void>(() => {});
  const ending = useRef(new AbortController());
  useEffect(() => () => ending.current.abort(), []);

  const check = async () => {
    ending.current.abort();
    ending.current = new AbortController();
    const { signal } = ending.current;
    const of = source.value;
    checking.value = true;
    const found = await checkSource(of, signal);
    if (signal.aborted) return;
    checking.value = false;
    outcome.value = { of, found };
    announce(summaryOf(found));
  };

  const found = outcome.value?.found;
  const current = outcome.value?.of === source.value;
  const marked = new Map(
    (current ? (found?.findings ?? []) : []).flatMap(({ line, level }) => (line === undefined ? [] : [[line, level]])),
  );
  const scenes = found?.checked?.scenes ?? [];
  const ready = current && found?.checked !== undefined && !found.findings.some(({ level }) => level === "error");
  return (
    <div class="own" data-own>
      <div class="own-columns">
        <div>
          <div class="own-line">
            <Choice
              label="Begin with"
              value={examples.find((example) => example.source === source.value)?.name ?? NONE}
              options={[NONE, ...examples.map(({ name }) => name)]}
              onChange={(name) => {
                const example = examples.find((one) => one.name === name);
                if (example) source.value = example.source;
              }}
            />
          </div>
          <Editor
            label="Your environment"
            value={source.value}
            onInput={(text) => {
              source.value = text;
            }}
            marked={marked as ReadonlyMap<number, "error" | "warning">}
            onReady={(go) => {
              goTo.current = go;
            }}
          />
          <div class="own-line">
            <Button onClick={() => void check()} disabled={checking.value}>
              {checking.value ? "Checking …" : "Check and draw"}
            </Button>
          </div>
        </div>
        <div>
          <section aria-labelledby="own-findings-heading">
            <h3 id="own-findings-heading">What the checker says</h3>
            <Findings outcome={found} current={current} onLine={(line) => goTo.current(line)} />
          </section>
          {scenes.length > 0 && (
            <section aria-labelledby="own-scenes-heading">
              <h3 id="own-scenes-heading">Random actions</h3>
              <ScenesView scenes={scenes} />
            </section>
          )}
          <TrainOwn source={source.value} ready={ready} draws={scenes.length > 0} />
        </div>
      </div>
    </div>
  );
}

interface FindingsProps {
  outcome: CheckOutcome | undefined;
  /** Whether they are about the text as it stands. */
  current: boolean;
  onLine: (line: number) => void;
}

function Findings({ outcome, current, onLine }: FindingsProps) {
  if (outcome === undefined) return <p class="small">Not checked yet.</p>;
  const { findings, checked } = outcome;
  return (
    <>
      <p class="small" id="own-summary">
        {!current && "The text has changed since. "}
        {summaryOf(outcome)}
        {checked && ` It sees ${checked.observationSpace} and acts in ${checked.actionSpace}.`}
      </p>
      <ul class="own-findings">
        {findings.map((finding) => (
          <FindingItem key={`${finding.rule} ${finding.message}`} finding={finding} onLine={onLine} />
        ))}
      </ul>
    </>
  );
}

function FindingItem({ finding, onLine }: { finding: OwnFinding; onLine: (line: number) => void }) {
  const { level, rule, message, line } = finding;
  return (
    <li class={level} data-rule={rule}>
      <strong>
        {level === "error" ? "Error" : "Advice"}, {rule}
      </strong>
      {line !== undefined && (
        <>
          {" "}
          <button type="button" class="link-button" onClick={() => onLine(line)}>
            line {line}
          </button>
        </>
      )}
      : {message}
    </li>
  );
}

function summaryOf({ findings }: CheckOutcome): string {
  const errors = findings.filter(({ level }) => level === "error").length;
  const advice = findings.length - errors;
  const count = (n: number, one: string, many: string) => (n === 1 ? `1 ${one}` : `${n} ${many}`);
  if (findings.length === 0) return "No faults found.";
  const lines = errors === 1 ? findings.find(({ level }) => level === "error")?.line : undefined;
  const where = lines === undefined ? "" : ` in line ${lines}`;
  if (errors === 0) return `No errors, ${count(advice, "piece of advice", "pieces of advice")}.`;
  return `${count(errors, "error", "errors")}${where}${advice > 0 ? `, ${count(advice, "piece of advice", "pieces of advice")}` : ""}.`;
}
