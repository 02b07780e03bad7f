/**
 * Addresses within the page: #ppo is a chapter, #ppo-clip a figure of it. What is asked for is loaded at once, and the page goes there
 * when its place is known. #bench?v=1&… is the bench, which stands in place of the chapters (BenchFrame.tsx).
 */
import { signal } from "@preact/signals";
import { chapterOfAddress } from "../chapters/contents.ts";

export interface Address {
  /** The chapter's name, or "own-environment". */
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
    const isOwn = location.hash === "#own-environment";
    const part = isOwn ? "own-environment" : chapterOfAddress(location.hash)?.name;
    if (part === undefined) return;
    const id = location.hash.slice(1);
    wantedAddress.value = { part, id };
    settle(id);
  };
  addEventListener("hashchange", go);
  go();
  return () => removeEventListener("hashchange", go);
}

/**
 * Chapters that load on the way change their heights: the element is brought back to the top as long as it is the page that
 * moves it, until the reader scrolls.
 */
function settle(id: string): void {
  const { hash } = location;
  const until = performance.now() + SETTLING_MS;
  let place = Number.NaN;
  let scrolled = Number.NaN;
  const look = () => {
    if (location.hash !== hash || performance.now() > until) return;
    const element = document.getElementById(id);
    const now = element ? element.getBoundingClientRect().top + scrollY : Number.NaN;
    if (element && !(Math.abs(now - place) < 1)) {
      element.scrollIntoView({ behavior: "instant", block: "start" });
      place = now;
    } else if (Math.abs(scrollY - scrolled) > 1) return;
    scrolled = scrollY;
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}
