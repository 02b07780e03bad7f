/** Buttons that act in the policy's place while they are held, by finger, mouse or key; a click is one step at least. */
import { type Choice, KEY_SIGNS } from "./takeOver.ts";
import type { Played } from "./usePlayed.ts";

/** Buttons stand as the keys do. */
function placeOf({ key }: Choice): number {
  return key === "ArrowLeft" ? -1 : key === "ArrowRight" ? 1 : 0;
}

/** More would be a keyboard of their own: then the most probable ones. */
const MOST_BUTTONS = 12;

export function TakeOver({ played, choices }: { played: Played; choices: readonly Choice[] }) {
  if (choices.length === 0) {
    return <p class="small">Its actions have several parts, so there are no keys to take over with.</p>;
  }
  const [part] = played.state.value?.decision ?? [];
  const shown =
    choices.length <= MOST_BUTTONS || part?.kind !== "choice"
      ? choices.slice(0, MOST_BUTTONS)
      : choices.filter((_, i) => part.probabilities[i] > 0).slice(0, MOST_BUTTONS);
  const inOrder = [...shown].sort((a, b) => placeOf(a) - placeOf(b));
  const hold = (choice: Choice) => {
    if (played.playing.value) played.held.value = choice.action;
    else played.step(choice.action);
  };
  const release = () => {
    played.held.value = undefined;
  };
  return (
    <section class="take-over" aria-labelledby="take-over-heading">
      <h2 id="take-over-heading">Take over</h2>
      <p class="small">
        While you hold a button{choices.some(({ key }) => key) && " or its arrow key"}, you act and the policy does not.
        Paused, each press is one step.
      </p>
      <div class="take-over-buttons">
        {inOrder.map((choice) => (
          <button
            key={choice.name}
            type="button"
            class="button"
            onPointerDown={(event) => {
              event.currentTarget.setPointerCapture(event.pointerId);
              hold(choice);
            }}
            onPointerUp={release}
            onPointerCancel={release}
            onKeyDown={(event) => {
              if ((event.key === "Enter" || event.key === " ") && !event.repeat) {
                event.preventDefault();
                hold(choice);
              }
            }}
            onKeyUp={release}
            onBlur={release}
            onContextMenu={(event) => event.preventDefault()}
          >
            {choice.key && (
              <span class="key-sign" aria-hidden="true">
                {KEY_SIGNS[choice.key]}{" "}
              </span>
            )}
            {choice.name}
          </button>
        ))}
      </div>
    </section>
  );
}
