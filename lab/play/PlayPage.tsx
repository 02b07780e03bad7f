/** The page of `ascent play`: a trained policy acting, and whoever wants to in its place. */
import { useSignalEffect } from "@preact/signals";
import { useEffect, useRef, useState } from "preact/hooks";
import { Button } from "../controls/Button.tsx";
import { Choice as ChoiceControl } from "../controls/Choice.tsx";
import { NumberField } from "../controls/NumberField.tsx";
import { Playback } from "../controls/Playback.tsx";
import { Switch } from "../controls/Switch.tsx";
import { drawScene, sceneHeight } from "../drawers/scene.ts";
import { Canvas } from "../figures/Canvas.tsx";
import { Announcements, announce } from "../page/announce.tsx";
import { ThemeSwitch } from "../page/ThemeSwitch.tsx";
import { DecisionView } from "./DecisionView.tsx";
import { FinishedTable } from "./FinishedTable.tsx";
import { openPolicyFile, servedPolicy } from "./openPolicy.ts";
import { TakeOver } from "./TakeOverButtons.tsx";
import { choicesFor } from "./takeOver.ts";
import { type Played, returnWords, startPlaying } from "./usePlayed.ts";

const SPEEDS = ["1", "5", "15", "30", "60"].map((value) => ({ value, text: `${value} steps a second` }));

export function PlayPage() {
  const [played] = useState(startPlaying);
  const [path, setPath] = useState<string | undefined>(undefined);
  useEffect(() => {
    void servedPolicy().then((served) => {
      if (served === undefined) return setPath("");
      setPath(served.start.path);
      const { environment, seed, stochastic } = served.start;
      played.load(served.bytes, environment, seed, stochastic);
    });
  }, [played]);
  const loaded = played.loaded.value;
  return (
    <div class="page play-page">
      <header class="page-head">
        <div>
          <h1>{loaded ? loaded.environment : "A policy at play"}</h1>
          {loaded && (
            <p class="small play-path">
              {loaded.algorithm}
              {path ? `, ${path}` : ""}
            </p>
          )}
        </div>
        <ThemeSwitch />
      </header>
      <main>
        {played.problem.value !== undefined && (
          <p class="message" role="alert">
            {played.problem.value}
          </p>
        )}
        {path === "" && <OpenFile played={played} />}
        {loaded && played.state.value && <Episode played={played} />}
      </main>
      <Announcements />
    </div>
  );
}

/** Where the page is not served by `ascent play`. */
function OpenFile({ played }: { played: Played }) {
  return (
    <div class="control">
      <label class="control-label" for="policy-file">
        A policy.safetensors to play
      </label>
      <input
        id="policy-file"
        type="file"
        accept=".safetensors"
        onChange={(event) => {
          const file = event.currentTarget.files?.[0];
          if (file) void openPolicyFile(file).then((bytes) => played.load(bytes, undefined, 0, false));
        }}
      />
    </div>
  );
}

function Episode({ played }: { played: Played }) {
  const { playing, speed, alone, seed, stochastic } = played;
  const { environment, actionSpace, draws } = played.loaded.value!;
  const state = played.state.value!;
  const choices = choicesFor(actionSpace, environment);
  const stage = useRef<HTMLDivElement>(null);
  const [height, setHeight] = useState(280);
  useEffect(() => {
    if (state.scene && stage.current) setHeight(sceneHeight(state.scene, stage.current.clientWidth));
  }, [environment]);
  useKeys(played);
  // What is shown when it stands still is read out: while it moves it would never end.
  useSignalEffect(() => {
    if (!playing.value) announce(played.state.peek()?.scene?.words ?? "");
  });
  return (
    <>
      <div class="play-columns">
        <section aria-label="The episode" class="play-stage" ref={stage}>
          {draws ? (
            <Canvas
              label={`${environment}, drawn`}
              height={height}
              draw={(context, size, theme) => {
                const { scene } = played.state.value!;
                if (scene) drawScene(context, size, theme, scene);
              }}
            />
          ) : (
            <p>This environment does not draw itself; its numbers are beside.</p>
          )}
          <p class="small play-words" id="words">
            {state.scene?.words}
          </p>
          <dl class="play-figures">
            <Figure name="Step" value={String(state.step)} id="step" />
            <Figure name="Return" value={returnWords(state.episodeReturn)} id="return" />
            <Figure name="Last reward" value={returnWords(state.reward)} id="reward" />
            <Figure name="State" value={state.ended ?? (playing.value ? "running" : "paused")} id="ended" />
          </dl>
        </section>
        <section aria-labelledby="decision-heading" class="play-side">
          <h2 id="decision-heading">What it chooses from</h2>
          <DecisionView
            decision={state.decision}
            chosen={state.chosen}
            space={actionSpace}
            names={choices.map(({ name }) => name)}
          />
        </section>
      </div>
      <section aria-labelledby="controls-heading">
        <h2 id="controls-heading" class="hidden-text">
          Controls
        </h2>
        <div class="play-controls">
          <Playback
            playing={playing}
            what="the episode"
            onStep={() => played.step()}
            onRestart={() => played.begin(seed.value)}
          />
          <ChoiceControl
            label="Speed"
            value={String(speed.value)}
            options={SPEEDS}
            onChange={(value) => {
              speed.value = Number(value);
            }}
          />
          <NumberField label="Seed" value={seed.value} min={0} whole onChange={(value) => played.begin(value)} />
          <Button onClick={() => played.begin(seed.value + 1)}>Next seed</Button>
          <Switch label="Sample actions" value={stochastic.value} onChange={(on) => played.setStochastic(on)} />
        </div>
        <TakeOver played={played} choices={choices} />
        {choices.length > 0 && <Switch label="Wait for me: only I act" value={alone} />}
      </section>
      <FinishedTable finished={played.finished.value} />
    </>
  );
}

function Figure({ name, value, id }: { name: string; value: string; id: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd id={id}>{value}</dd>
    </div>
  );
}

/** Space plays and pauses, R begins again, arrow keys act; not while something is typed or chosen elsewhere. */
function useKeys(played: Played): void {
  useEffect(() => {
    const choiceOf = (key: string) => {
      const loaded = played.loaded.peek();
      return loaded && choicesFor(loaded.actionSpace, loaded.environment).find((choice) => choice.key === key);
    };
    const down = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if ((event.target as Element | null)?.closest("input:not([type=checkbox]), select, textarea")) return;
      const choice = choiceOf(event.key);
      if (choice) {
        event.preventDefault();
        if (played.playing.peek()) played.held.value = choice.action;
        else if (!event.repeat) played.step(choice.action);
        return;
      }
      const onButton = (event.target as Element | null)?.closest("button, input");
      if (event.key === " " && !onButton) {
        event.preventDefault();
        played.playing.value = !played.playing.peek();
      } else if (event.key.toLowerCase() === "r" && !event.repeat) {
        played.begin(played.seed.peek());
      }
    };
    const up = (event: KeyboardEvent) => {
      if (choiceOf(event.key)) played.held.value = undefined;
    };
    const leave = () => {
      played.held.value = undefined;
    };
    addEventListener("keydown", down);
    addEventListener("keyup", up);
    addEventListener("blur", leave);
    return () => {
      removeEventListener("keydown", down);
      removeEventListener("keyup", up);
      removeEventListener("blur", leave);
    };
  }, [played]);
}
