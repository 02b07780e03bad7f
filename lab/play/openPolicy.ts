/** Where the policy comes from: `ascent play` serves one beside the page; elsewhere the reader opens a file. */
import type { PlayStart } from "./protocol.ts";

/** Undefined where the page is not served by `ascent play`. */
export async function servedPolicy(): Promise<{ start: PlayStart; bytes: Uint8Array } | undefined> {
  const [facts, file] = await Promise.all(
    ["play.json", "policy.safetensors"].map((path) => fetch(path).catch(() => undefined)),
  );
  if (!facts?.ok || !file?.ok) return undefined;
  try {
    return { start: (await facts.json()) as PlayStart, bytes: new Uint8Array(await file.arrayBuffer()) };
  } catch {
    // A host that answers every address with some page.
    return undefined;
  }
}

export async function openPolicyFile(file: File): Promise<Uint8Array> {
  return new Uint8Array(await file.arrayBuffer());
}
