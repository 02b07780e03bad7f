/** What repeats the bench elsewhere: a link, a command, code. */
import { useSignal } from "@preact/signals";
import { Button } from "../controls/Button.tsx";
import type { BenchSettings } from "../link/benchSettings.ts";
import { copyCode } from "../link/copyCode.ts";
import { copyCommand } from "../link/copyCommand.ts";
import { linkOf } from "../link/linkOf.ts";
import { announce } from "../page/announce.tsx";
import type { BenchState } from "./benchState.ts";

type Kind = "link" | "command" | "code";

const WORDS: Readonly<Record<Kind, { button: string; done: string }>> = {
  link: { button: "Copy link", done: "The link is in the clipboard." },
  command: { button: "Copy command", done: "The command is in the clipboard; it wants `npm install ascent-rl`." },
  code: { button: "Copy code", done: "The code is in the clipboard: a file for Node, .mts or .mjs." },
};

export function Copies({ bench }: { bench: BenchState }) {
  const shown = useSignal<{ kind: Kind; text: string; copied: boolean } | undefined>(undefined);
  if (bench.isHidden("copies")) return null;
  const copy = async (kind: Kind) => {
    const text = textOf(kind, bench);
    const copied = await toClipboard(text);
    shown.value = { kind, text, copied };
    announce(copied ? WORDS[kind].done : "The clipboard is closed to this page: the text is shown to be selected.");
  };
  return (
    <section class="bench-copies" aria-labelledby="bench-copies-title">
      <h2 id="bench-copies-title">The same elsewhere, bit for bit</h2>
      <div class="bench-buttons">
        {(["link", "command", "code"] as const).map((kind) => (
          <Button key={kind} onClick={() => copy(kind)}>
            {WORDS[kind].button}
          </Button>
        ))}
      </div>
      {shown.value && (
        <div data-bench-copied={shown.value.kind}>
          <p class="bench-note">
            {shown.value.copied
              ? WORDS[shown.value.kind].done
              : "The clipboard is closed to this page: select the text."}
          </p>
          <textarea
            class="bench-text"
            readOnly
            rows={Math.min(14, shown.value.text.split("\n").length + 1)}
            aria-label={`The ${shown.value.kind}`}
            value={shown.value.text}
          />
        </div>
      )}
    </section>
  );
}

/** Of the runs there are, as long as nothing else was set since: with the kernels that they ran with. */
function textOf(kind: Kind, bench: BenchState): string {
  const kernels = bench.settings.value.kernels ?? bench.runs.value?.groups.value.a?.kernels.value;
  const settings: BenchSettings = { ...bench.settings.value, ...(kernels && { kernels }) };
  if (kind === "command") return copyCommand(settings, bench.catalogue);
  if (kind === "code") return copyCode(settings, bench.catalogue);
  return `${location.href.split("#")[0]}${linkOf(settings, bench.catalogue)}`;
}

async function toClipboard(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
