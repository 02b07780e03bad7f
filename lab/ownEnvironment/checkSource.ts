/**
 * Looks at an environment of one's own in workers that can be ended, whatever its text does: does it read as a program, does it
 * run, what does the checker say, how is it drawn. There is always an answer, in words and with a line where one is known.
 */
import { type CheckedEnvironment, type OwnFinding, readCheckReply } from "./checkProtocol.ts";
import checkAddress from "./checkWorker.ts?worker&url";
import { lineOfFinding, within } from "./linesOf.ts";
import { lockdownModule } from "./lockdownModule.ts";
import { environmentFromSource, isProblem } from "./sourceText.ts";
import { syntaxOf, workerOf } from "./syntaxProbe.ts";

export interface CheckOutcome {
  findings: readonly OwnFinding[];
  /** Undefined where the text could not be run to its end. */
  checked: CheckedEnvironment | undefined;
}

/** Milliseconds: until the worker is loaded, and then until the text has done all that is asked of it. */
const LOADING = 30_000;
const RUNNING = 5000;
/** More messages than a worker that is what it should be ever sends. */
const MOST_MESSAGES = 50;

/** @param signal ends the workers; the promise then stays open. */
export async function checkSource(source: string, signal: AbortSignal): Promise<CheckOutcome> {
  const text = environmentFromSource(source);
  if (isProblem(text)) return failed("text", text.message, text.line, source);
  const syntax = await syntaxOf(text.code, signal);
  if (syntax !== undefined) return failed("syntax", syntax.message, syntax.line, source);
  const addresses = [new URL(checkAddress, import.meta.url).href, lockdownModule];
  const before = addresses.map((address) => `import ${JSON.stringify(address)};`).join(" ");
  const names = `const { ${text.names.join(", ")} } = globalThis.ascentOffered;`;
  // On one line, so that line 2 of the module is line 1 of the text.
  const module = `${before} ${names} globalThis.ascentCheck(() => ${text.code});`;
  return await run(module, source, signal);
}

function run(module: string, source: string, signal: AbortSignal): Promise<CheckOutcome> {
  const { worker, end } = workerOf(module, "module", signal);
  return new Promise((resolve) => {
    let messages = 0;
    const finish = (outcome: CheckOutcome) => {
      clearTimeout(timer);
      end();
      resolve(outcome);
    };
    const fail = (rule: string, message: string, line?: number) => finish(failed(rule, message, line, source));
    let timer = setTimeout(
      () =>
        fail(
          "loading",
          "The worker for it could not be loaded. See that the page's server still runs, then check again.",
        ),
      LOADING,
    );
    worker.addEventListener("message", ({ data }: MessageEvent<unknown>) => {
      const reply = ++messages > MOST_MESSAGES ? undefined : readCheckReply(data);
      if (reply === undefined) {
        fail(
          "messages",
          "It sent messages that are none of the checker's, and was ended. Only reset, step and scene are asked.",
        );
      } else if (reply.kind === "begun") {
        clearTimeout(timer);
        timer = setTimeout(
          () =>
            fail(
              "time",
              `It was ended after ${RUNNING / 1000} s: some call does not come back. Look for a loop without an end, or for very slow steps.`,
            ),
          RUNNING,
        );
      } else if (reply.kind === "threw") {
        fail("throws", reply.message, reply.line === undefined ? undefined : reply.line - 1);
      } else {
        const { checked } = reply;
        const findings = checked.findings.map((finding) => withLine(finding, source));
        finish({ findings, checked: { ...checked, findings } });
      }
    });
    worker.addEventListener("messageerror", () =>
      fail("messages", "It sent a message that cannot be read, and was ended."),
    );
    worker.addEventListener("error", (event) => {
      event.preventDefault();
      const { message, lineno } = event as Partial<ErrorEvent>;
      const what =
        message?.replace(/^Uncaught /, "") || "The worker ended without a reason: its memory may not have sufficed.";
      fail("throws", what, lineno === undefined ? undefined : lineno - 1);
    });
  });
}

function failed(rule: string, message: string, line: number | undefined, source: string): CheckOutcome {
  const place = line === undefined ? {} : { line: within(line, source) };
  return { findings: [{ level: "error", rule, message, ...place }], checked: undefined };
}

function withLine(finding: OwnFinding, source: string): OwnFinding {
  const line = lineOfFinding(finding.rule, finding.message, source);
  return line === undefined ? finding : { ...finding, line };
}
