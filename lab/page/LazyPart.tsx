/** A part of the page that is loaded when it comes near or is asked for by its address; until then its place is kept. */
import { useSignal, useSignalEffect } from "@preact/signals";
import type { ComponentType, RefObject } from "preact";
import { useRef } from "preact/hooks";
import { Button } from "../controls/Button.tsx";
import { wantedAddress } from "./address.ts";
import { useInSight } from "./inSight.ts";

export interface LazyPartProps {
  /** As addresses name it. */
  name: string;
  /** What decides whether it is near. */
  place: RefObject<HTMLElement | null>;
  load: () => Promise<ComponentType>;
  /** About how high it will be, in pixels. */
  height: number;
}

export function LazyPart({ name, place, load, height }: LazyPartProps) {
  const near = useInSight(place, "100% 0px");
  const loaded = useSignal<{ Body: ComponentType } | undefined>(undefined);
  const failed = useSignal(false);
  const begun = useRef(false);
  const begin = () => {
    begun.current = true;
    failed.value = false;
    load().then(
      (Body) => {
        loaded.value = { Body };
      },
      () => {
        failed.value = true;
      },
    );
  };
  useSignalEffect(() => {
    const wanted = near.value || wantedAddress.value?.part === name;
    if (wanted && !begun.current) begin();
  });
  const Body = loaded.value?.Body;
  return (
    <div class="chapter-body" style={Body ? undefined : { minHeight: `${height}px` }}>
      {Body && <Body />}
      {failed.value && (
        <div class="message" role="alert">
          <p>
            This part of the page could not be loaded. It comes from where the page came from: see that the server still
            runs, then load it again.
          </p>
          <Button onClick={begin}>Load it again</Button>
        </div>
      )}
    </div>
  );
}
