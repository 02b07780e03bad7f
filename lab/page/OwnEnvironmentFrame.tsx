/** The place in the page of the reader's own environment; its code is loaded when it comes near. */
import { useRef } from "preact/hooks";
import { LazyPart } from "./LazyPart.tsx";

export function OwnEnvironmentFrame() {
  const place = useRef<HTMLElement>(null);
  return (
    <section id="own-environment" class="chapter" ref={place} aria-labelledby="own-environment-title">
      <h2 id="own-environment-title" tabIndex={-1}>
        Your own environment
      </h2>
      <p class="chapter-lead">
        A task in a few lines of JavaScript: where it begins, what a step does, what it looks like. The library checks
        it, and an algorithm learns it. Its text runs in a worker that can do nothing else and is ended when it does not
        answer.
      </p>
      <LazyPart
        name="own-environment"
        place={place}
        load={async () => (await import("../ownEnvironment/OwnEnvironment.tsx")).default}
        height={900}
      />
    </section>
  );
}
