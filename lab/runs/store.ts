/**
 * Runs kept in this browser's IndexedDB: settings, exact state and figures, so that they go on after a reload to the bit. One entry is
 * written whole or not at all. Where the browser refuses, what was saved before stays, the runs go on, and the message says what to do.
 */
import { type ReadonlySignal, signal } from "@preact/signals";
import { AscentError } from "ascent-rl";
import { createStore, del, entries, get, set, type UseStore } from "idb-keyval";
import { History, type StoredHistory } from "./history.ts";
import { type Run, startRun } from "./run.ts";
import type { RunSettings } from "./runSettings.ts";

/** Of what an entry means. */
const FORM = 1;

interface StoredRun {
  settings: RunSettings;
  history: StoredHistory;
  /** Absent of a run that had not begun. */
  snapshot?: Uint8Array;
}

interface StoredRuns {
  form: number;
  label: string;
  /** Milliseconds since 1970. */
  savedAt: number;
  runs: readonly StoredRun[];
}

/** What is known of an entry without its states. */
export interface SavedFacts {
  readonly id: string;
  readonly label: string;
  readonly savedAt: Date;
  /** Steps made and asked for, of each run. */
  readonly runs: readonly { readonly settings: RunSettings; readonly steps: number }[];
}

let opened: UseStore | undefined;

/** The browser asks for the data base when it is first used. */
function store(): UseStore {
  opened ??= createStore("ascent-lab", "runs");
  return opened;
}

/**
 * Saves runs as they are, without stopping them, in place of what had this id.
 *
 * @param label what a list of saved runs says, such as a link.
 * @throws AscentError "state" where the browser refuses.
 */
export async function saveRuns(id: string, label: string, runs: readonly Run[]): Promise<Date> {
  const stored: StoredRuns = { form: FORM, label, savedAt: Date.now(), runs: await Promise.all(runs.map(storedRun)) };
  try {
    await set(id, stored, store());
  } catch (error) {
    throw refused(error);
  }
  return new Date(stored.savedAt);
}

async function storedRun(run: Run): Promise<StoredRun> {
  const { settings } = run;
  if (run.history.length === 0) return { settings, history: run.history.stored() };
  const { steps, bytes } = await run.save();
  const history = History.from(run.history.stored());
  // Figures that came while the state was on its way belong to what is made again.
  history.cutBehind(steps);
  return { settings: run.settings, history: history.stored(), snapshot: bytes };
}

/** Newest first; none where the browser keeps nothing. */
export async function savedRuns(): Promise<readonly SavedFacts[]> {
  try {
    const all = await entries<string, StoredRuns>(store());
    return all
      .filter(([, { form }]) => form === FORM)
      .map(([id, { label, savedAt, runs }]) => ({
        id,
        label,
        savedAt: new Date(savedAt),
        runs: runs.map(({ settings, history }) => ({ settings, steps: History.from(history).last("steps") ?? 0 })),
      }))
      .sort((a, b) => b.savedAt.getTime() - a.savedAt.getTime());
  } catch {
    return [];
  }
}

/** A saved run, to be started where it was. */
export interface Beginning {
  readonly settings: RunSettings;
  readonly history: History;
  /** Absent of one that had not begun. */
  readonly from?: Uint8Array;
}

/**
 * What is saved under this id, in the order that it was given in.
 *
 * @throws AscentError "state" where there is nothing of this id that can be read.
 */
export async function readRuns(id: string): Promise<{ label: string; savedAt: Date; runs: readonly Beginning[] }> {
  let stored: StoredRuns | undefined;
  try {
    stored = await get<StoredRuns>(id, store());
  } catch (error) {
    throw refused(error);
  }
  if (stored?.form !== FORM) {
    throw new AscentError("state", {
      what: "There are no saved runs of this name any more",
      got: stored === undefined ? "nothing" : "what another version of the page has saved",
      fix: "Start them again from their link: the same seeds give the same runs.",
    });
  }
  const { label, savedAt, runs } = stored;
  const beginnings = runs.map(({ settings, history, snapshot }) => ({
    settings,
    history: History.from(history),
    ...(snapshot && { from: snapshot }),
  }));
  return { label, savedAt: new Date(savedAt), runs: beginnings };
}

/** Goes on with saved runs, to the bit. @throws AscentError "state" as `readRuns`. */
export async function goOnWith(id: string, { paused = false } = {}): Promise<readonly Run[]> {
  const { runs } = await readRuns(id);
  return runs.map(({ settings, ...beginning }) => startRun(settings, { ...beginning, paused }));
}

export async function forgetRuns(id: string): Promise<void> {
  await del(id, store());
}

export interface Autosave {
  /** When it was last saved. */
  readonly savedAt: ReadonlySignal<Date | undefined>;
  /** Why the last time failed; undefined when it did not. */
  readonly problem: ReadonlySignal<string | undefined>;
  /** Now, whatever the clock says. */
  save(): Promise<void>;
  stop(): void;
}

/**
 * Saves now and then while there is something new, and when the page is left or hidden.
 *
 * @param every milliseconds.
 */
export function autosave(id: string, label: () => string, runs: () => readonly Run[], every = 20_000): Autosave {
  const savedAt = signal<Date | undefined>(undefined);
  const problem = signal<string | undefined>(undefined);
  let saving: Promise<void> | undefined;

  const news = () =>
    runs()
      .map(({ settings, history }) => `${settings.seed}:${history.last("steps") ?? 0}`)
      .join();

  // What has only been started, or gone on with, is nothing new.
  let saved = news();

  async function work(): Promise<void> {
    const now = news();
    try {
      savedAt.value = await saveRuns(id, label(), runs());
      problem.value = undefined;
      saved = now;
    } catch (error) {
      problem.value = error instanceof Error ? error.message : String(error);
    }
  }

  function save(): Promise<void> {
    saving ??= work().finally(() => {
      saving = undefined;
    });
    return saving;
  }

  const saveNews = () => {
    if (news() !== saved) void save();
  };
  const whenHidden = () => {
    if (document.visibilityState === "hidden") saveNews();
  };
  const timer = setInterval(saveNews, every);
  document.addEventListener("visibilitychange", whenHidden);
  addEventListener("pagehide", saveNews);
  return {
    savedAt,
    problem,
    save,
    stop() {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", whenHidden);
      removeEventListener("pagehide", saveNews);
    },
  };
}

function refused(error: unknown): AscentError {
  const { name, message } = error instanceof Error ? error : { name: "", message: String(error) };
  const isFull = name === "QuotaExceededError";
  return new AscentError(
    "state",
    {
      what: isFull ? "The runs could not be saved: this browser's storage is full" : "The runs could not be saved here",
      got: message.replace(/\.$/, "") || name,
      fix: isFull
        ? "Forget saved runs, or make room in the browser's settings. The runs go on; copy their link, or export the policies."
        : "Private windows and some settings keep no data: copy the link, which repeats the runs, or export the policies. The runs go on.",
    },
    { cause: error },
  );
}
