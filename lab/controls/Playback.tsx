/** Play or pause, one step, from the start again, and how fast. Whatever is not given has no control. */
import type { Signal } from "@preact/signals";
import { Button } from "./Button.tsx";
import { Choice } from "./Choice.tsx";

export interface PlaybackProps<Speed extends string> {
  playing: Signal<boolean>;
  /** What is played, for the names of the buttons: "the run". */
  what: string;
  onStep?: () => void;
  onRestart?: () => void;
  speed?: Signal<Speed>;
  speeds?: readonly Speed[] | readonly { value: Speed; text: string }[];
  disabled?: boolean;
}

export function Playback<Speed extends string>(props: PlaybackProps<Speed>) {
  const { playing, what, onStep, onRestart, speed, speeds, disabled } = props;
  return (
    <fieldset class="group playback" aria-label={`Play ${what}`}>
      <Button
        disabled={disabled}
        onClick={() => (playing.value = !playing.value)}
        label={`${playing.value ? "Pause" : "Play"} ${what}`}
      >
        {playing.value ? "Pause" : "Play"}
      </Button>
      {onStep && (
        <Button
          disabled={disabled}
          label={`Step ${what}`}
          onClick={() => {
            playing.value = false;
            onStep();
          }}
        >
          Step
        </Button>
      )}
      {onRestart && (
        <Button disabled={disabled} onClick={onRestart} label={`Restart ${what}`}>
          Restart
        </Button>
      )}
      {speed && speeds && <Choice label="Speed" value={speed} options={speeds} disabled={disabled} />}
    </fieldset>
  );
}
