/** Policies as files: exporting what a run has learnt, and looking at one that was trained elsewhere. */
import { useSignal } from "@preact/signals";
import { useId } from "preact/hooks";
import { Button } from "../controls/Button.tsx";
import { announce } from "../page/announce.tsx";
import type { SideName } from "./benchRuns.ts";
import type { BenchState } from "./benchState.ts";
import { LoadedPolicy } from "./LoadedPolicy.tsx";

/** Bytes of the largest file that is read: many times any policy of this library. */
const MOST_BYTES = 200e6;

export function Files({ bench }: { bench: BenchState }) {
  const id = useId();
  const problem = useSignal<string | undefined>(undefined);
  const loaded = useSignal<{ bytes: Uint8Array; name: string } | undefined>(undefined);
  if (bench.isHidden("files")) return null;
  const refuse = (text: string) => {
    problem.value = text;
    announce(text);
  };
  const load = async (file: File | undefined) => {
    if (file === undefined) return;
    problem.value = undefined;
    if (file.size > MOST_BYTES) {
      return refuse(
        `${file.name} is no policy of this library: got ${file.size} bytes, expected at most ${MOST_BYTES}.`,
      );
    }
    loaded.value = { bytes: new Uint8Array(await file.arrayBuffer()), name: file.name };
  };
  return (
    <section class="bench-files" aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>Policies as files</h2>
      <div class="bench-buttons">
        {(["a", "b"] as const).map((side) => (
          <Export key={side} bench={bench} side={side} onProblem={refuse} />
        ))}
      </div>
      <div class="control">
        <label class="control-label" for={`${id}-file`}>
          Watch a policy.safetensors
        </label>
        <input
          id={`${id}-file`}
          type="file"
          accept=".safetensors"
          onChange={(event) => load(event.currentTarget.files?.[0])}
        />
      </div>
      {problem.value !== undefined && (
        <p class="message" data-bench="file-problem">
          {problem.value}
        </p>
      )}
      {loaded.value && (
        <LoadedPolicy
          {...loaded.value}
          key={loaded.value}
          onRefused={(text) => {
            loaded.value = undefined;
            refuse(text);
          }}
        />
      )}
    </section>
  );
}

interface ExportProps {
  bench: BenchState;
  side: SideName;
  onProblem: (text: string) => void;
}

/** The policy of a side's first seed as it is now: of a finished run, the one with the hash that is shown. */
function Export({ bench, side, onProblem }: ExportProps) {
  const run = bench.runs.value?.of(side)[0];
  if (run === undefined) return null;
  const { seed } = run.settings;
  const write = async () => {
    try {
      download(await run.policy(), `policy-${side}-${seed}.safetensors`);
    } catch (error) {
      onProblem(
        `The policy of ${side.toUpperCase()} could not be written: ${error instanceof Error ? error.message : error}`,
      );
    }
  };
  return (
    <Button onClick={write} disabled={run.version.value === 0}>
      Export {side.toUpperCase()}, seed {seed}
    </Button>
  );
}

function download(bytes: Uint8Array, name: string): void {
  const address = URL.createObjectURL(new Blob([bytes as Uint8Array<ArrayBuffer>]));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  // Not at once: the browser reads it after this turn.
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
