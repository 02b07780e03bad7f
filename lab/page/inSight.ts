/** Whether an element is on the screen, or near it. */
import { type ReadonlySignal, useSignal } from "@preact/signals";
import type { RefObject } from "preact";
import { useLayoutEffect } from "preact/hooks";

/** @param margin how far around the screen still counts, as CSS lengths: "100% 0px" is one screen above and below. */
export function useInSight(element: RefObject<Element | null>, margin = "0px"): ReadonlySignal<boolean> {
  const inSight = useSignal(false);
  useLayoutEffect(() => {
    if (!element.current) return undefined;
    const observer = new IntersectionObserver(
      (entries) => {
        inSight.value = entries[entries.length - 1].isIntersecting;
      },
      { rootMargin: margin },
    );
    observer.observe(element.current);
    return () => observer.disconnect();
  }, []);
  return inSight;
}
