/** The bench in place of the chapters, loaded when it is first asked for: addresses that begin with #bench. */
import { signal, useSignal } from "@preact/signals";
import type { ComponentType } from "preact";
import { useEffect } from "preact/hooks";
import { Button } from "../controls/Button.tsx";
import { Announcements } from "./announce.tsx";
import { ThemeSwitch } from "./ThemeSwitch.tsx";

const isBench = () => /^#bench(\?|$)/.test(location.hash);

/** Whether the address asks for the bench. */
export const showsBench = signal(isBench());
addEventListener("hashchange", () => {
  showsBench.value = isBench();
});

export function BenchFrame() {
  const body = useSignal<{ Body: ComponentType } | undefined>(undefined);
  const failed = useSignal(false);
  const load = () => {
    failed.value = false;
    import("../bench/Bench.tsx").then(
      ({ default: Body }) => {
        body.value = { Body };
      },
      () => {
        failed.value = true;
      },
    );
  };
  useEffect(() => {
    scrollTo(0, 0);
    load();
  }, []);
  const Body = body.value?.Body;
  return (
    <div class="page wide">
      <header>
        <div class="page-head">
          <div>
            <a href="#contents">To the chapters</a>
            <h1>The bench</h1>
          </div>
          <ThemeSwitch />
        </div>
        <p class="opening">
          Any algorithm, any environment, every setting: two of them side by side, over the same seeds. The runs are the
          library's own, bit for bit, here and in Node.
        </p>
      </header>
      <main>
        {Body && <Body />}
        {failed.value && (
          <div class="message" role="alert">
            <p>
              The bench could not be loaded. It is fetched from where the page came from: see that the server still
              runs.
            </p>
            <Button onClick={load}>Load it again</Button>
          </div>
        )}
      </main>
      <Announcements />
    </div>
  );
}
