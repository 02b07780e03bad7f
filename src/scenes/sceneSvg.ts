/** A scene as a picture of its own: SVG text with a light and a dark side, and its words for those who cannot see it. */
import { above, checkArgument, checkOptions, type OptionChecks, optional, text } from "../arguments/checks.ts";
import { element, escaped } from "../charts/svg.ts";
import type { Scene } from "./scene.ts";
import { sceneStyle, shapesSvg } from "./shapesSvg.ts";
import { sceneCheck } from "./whyNotScene.ts";

export interface SceneSvgOptions {
  /** Pixels; the height follows from the window. Default 480. */
  width?: number;
  /** Default: the scene's words. */
  title?: string;
}

const svgOptions: OptionChecks<SceneSvgOptions> = { width: optional(above(0)), title: optional(text) };

/** @throws AscentError "option" for what is no scene. */
export function sceneToSvg(scene: Scene, options: SceneSvgOptions = {}): string {
  checkArgument("sceneToSvg: scene", sceneCheck, scene);
  checkOptions("sceneToSvg", svgOptions, options);
  const { width = 480, title = scene.words } = options;
  const scale = width / (scene.right - scene.left);
  const height = Math.max(1, Math.round((scene.top - scene.bottom) * scale));
  return sceneFrame({ width, height, title, words: scene.words, scenes: [scene] }, [
    shapesSvg(scene, { left: 0, top: 0, scale }),
  ]);
}

interface Frame {
  width: number;
  height: number;
  title: string;
  words: string;
  scenes: readonly Scene[];
}

/** The `svg` element around what is drawn: size, words, styles and ground. */
export function sceneFrame({ width, height, title, words, scenes }: Frame, drawn: readonly string[]): string {
  return element(
    "svg",
    {
      xmlns: "http://www.w3.org/2000/svg",
      ...{ width, height, viewBox: `0 0 ${width} ${height}`, class: "ascent-scene", role: "img" },
    },
    element("title", {}, escaped(title)),
    element("desc", {}, escaped(words)),
    element("style", {}, sceneStyle(scenes)),
    element("rect", { class: "f-ground", width, height }),
    ...drawn,
  );
}
