/** States of environments as pictures: scenes as plain data, and SVG text from them, in Node and in browsers. */

export { arrowHead, usualStrokeWidth } from "./arrowHead.ts";
export { type CompletionSceneOptions, completionScene } from "./completionScene.ts";
export { type FilmstripOptions, sceneFramesToSvg } from "./filmstrip.ts";
export { scenePaints } from "./paints.ts";
export type { Paint, Point, Scene, Shape } from "./scene.ts";
export { type SceneSvgOptions, sceneToSvg } from "./sceneSvg.ts";
export { whyNotScene } from "./whyNotScene.ts";
