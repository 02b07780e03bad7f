/** The worker of one figure: runs one study at a time, the last one asked for. */
import type { StudyModule, StudyReply, StudyRequest } from "./study.ts";

const modules = import.meta.glob<StudyModule<unknown, unknown>>("../chapters/*/studies/*.ts");

/** Outputs that follow each other faster than a screen shows them are left out, but for the last. */
const BETWEEN_MS = 16;

let newest = 0;

const say = (reply: StudyReply) => postMessage(reply);

addEventListener("message", (event: MessageEvent<StudyRequest>) => {
  newest = event.data.number;
  void run(event.data);
});

async function run({ number, study, input }: StudyRequest): Promise<void> {
  try {
    const [chapter, name] = study.split("/");
    const load = modules[`../chapters/${chapter}/studies/${name}.ts`];
    if (!load) throw new Error(`There is no study ${study}; there are ${Object.keys(modules).join(", ")}.`);
    const outputs = (await load()).study(input);
    let held: unknown;
    let isHeld = false;
    let saidAt = Number.NEGATIVE_INFINITY;
    for await (const output of outputs) {
      if (number !== newest) return;
      const now = performance.now();
      if (now - saidAt >= BETWEEN_MS) {
        say({ number, kind: "output", output });
        saidAt = now;
        isHeld = false;
      } else {
        held = output;
        isHeld = true;
      }
      if (now - turnAt >= BETWEEN_MS) await turn();
      if (number !== newest) return;
    }
    if (isHeld) say({ number, kind: "output", output: held });
    say({ number, kind: "done" });
  } catch (error) {
    if (number === newest)
      say({ number, kind: "failed", message: error instanceof Error ? error.message : String(error) });
  }
}

let turnAt = 0;
const channel = new MessageChannel();

/** Lets messages in: a new input ends the work on the old one. */
function turn(): Promise<void> {
  return new Promise((resolve) => {
    channel.port1.onmessage = () => {
      turnAt = performance.now();
      resolve();
    };
    channel.port2.postMessage(null);
  });
}
