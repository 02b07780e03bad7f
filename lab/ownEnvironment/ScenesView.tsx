/** Scenes one after the other, as a film that can be stopped and gone through. */
import { useSignal } from "@preact/signals";
import type { Scene } from "ascent-rl/scenes";
import { useEffect, useRef, useState } from "preact/hooks";
import { Playback } from "../controls/Playback.tsx";
import { Slider } from "../controls/Slider.tsx";
import { drawScene, sceneHeight } from "../drawers/scene.ts";
import { Canvas } from "../figures/Canvas.tsx";
import { usePlaying } from "../page/motion.ts";

const FRAME_MS = 120;

export function ScenesView({ scenes }: { scenes: readonly Scene[] }) {
  const playing = usePlaying();
  const at = useSignal(0);
  const frame = useRef<HTMLDivElement>(null);
  const [height, setHeight] = useState(160);
  useEffect(() => {
    at.value = 0;
    if (frame.current) setHeight(sceneHeight(scenes[0], frame.current.clientWidth, 90, 320));
    const timer = setInterval(() => {
      if (playing.value) at.value = (at.value + 1) % scenes.length;
    }, FRAME_MS);
    return () => clearInterval(timer);
  }, [scenes]);
  const shown = Math.min(at.value, scenes.length - 1);
  return (
    <div ref={frame}>
      <Canvas
        label="The environment, drawn by its scene"
        height={height}
        draw={(context, size, theme) => drawScene(context, size, theme, scenes[Math.min(at.value, scenes.length - 1)])}
      />
      <p class="small own-words">{scenes[shown].words}</p>
      <div class="own-line">
        <Playback
          playing={playing}
          what="random actions"
          onStep={() => {
            at.value = (at.value + 1) % scenes.length;
          }}
        />
        <Slider label="Picture" value={at} min={0} max={scenes.length - 1} step={1} />
      </div>
    </div>
  );
}
