/**
 * Addresses within the page: #ppo is a chapter, #ppo-clip a figure of it, #bench?v=1&… the bench with its settings. What is asked for is
 * loaded at once, and the page goes there when its place is known.
 */
import { signal } from "@preact/signals";
import { chapterOfAddress } from "../chapters/contents.ts";

export interface Address {
  /** The chapter's name, or "bench". */
  part: string;
  /** The id of the element to go to. */
  id: string;
}

export const wantedAddress = signal<Address | undefined>(undefined);

/** How long the page keeps an element in place while what is above it loads. */
const SETTLING_MS = 3000;

/** Follows the address from now on. @returns ends it */
export function followAddress(): () => void {
  const go = () => {
    const isBench = /^#bench(\?|$)/.test(location.hash);
    const part = isBench ? "bench" : chapterOfAddress(location.hash)?.name;
    if (part === undefined) return;
    const id = isBench ? "bench" : location.hash.slice(1);
    wantedAddress.value = { part, id };
    settle(id);
  };
  addEventListener("hashchange", go);
  go();
  return () => removeEventListener("hashchange", go);
}

/** Chapters that load on the way change their heights: the element is brought back until the reader moves or all is quiet. */
function settle(id: string): void {
  const hash = location.hash;
  let over = false;
  const stop = () => {
    over = true;
  };
  const ways = ["wheel", "touchstart", "keydown", "pointerdown"] as const;
  for (const way of ways) addEventListener(way, stop, { once: true, passive: true });
  const until = performance.now() + SETTLING_MS;
  let last = Number.NaN;
  const look = () => {
    if (over || location.hash !== hash) return;
    const element = document.getElementById(id);
    const top = element?.getBoundingClientRect().top ?? Number.NaN;
    if (element && !(Math.abs(top - last) < 1)) {
      element.scrollIntoView({ behavior: "instant", block: "start" });
      last = element.getBoundingClientRect().top;
    }
    if (performance.now() < until) requestAnimationFrame(look);
    else for (const way of ways) removeEventListener(way, stop);
  };
  requestAnimationFrame(look);
}
