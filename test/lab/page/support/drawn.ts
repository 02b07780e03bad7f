/** What can be seen of a figure, read in the page. */
import type { Page } from "playwright-core";

export interface Drawn {
  /** The least of its canvases: the share of pixels that are not the most frequent colour. 1 where there is no canvas. */
  canvas: number;
  /** Lines, shapes and words of its SVG pictures. */
  shapes: number;
  /** Words and numbers in its body that are neither. */
  text: number;
  /** A number that changes with any pixel of its canvases or any element of its body. */
  print: number;
}

export function drawn(page: Page, figure: string): Promise<Drawn> {
  return page.locator(`[data-figure="${figure}"] > .figure-body`).evaluate((body) => {
    let print = 0;
    const add = (value: number) => {
      print = (Math.imul(print, 31) + value) | 0;
    };
    let canvas = 1;
    for (const one of body.querySelectorAll("canvas")) {
      const context = one.getContext("2d");
      if (!context || one.width === 0 || one.height === 0) {
        canvas = 0;
        continue;
      }
      const pixels = new Uint32Array(context.getImageData(0, 0, one.width, one.height).data.buffer);
      const counts = new Map<number, number>();
      for (const pixel of pixels) counts.set(pixel, (counts.get(pixel) ?? 0) + 1);
      for (const pixel of pixels) add(pixel);
      canvas = Math.min(canvas, 1 - Math.max(...counts.values()) / pixels.length);
    }
    for (const character of body.innerHTML) add(character.codePointAt(0) ?? 0);
    const shapes = body.querySelectorAll("svg :is(path, line, rect, circle, polygon, polyline, text)").length;
    return { canvas, shapes, text: (body.textContent ?? "").trim().length, print };
  });
}

/** Whether anybody would call it blank. */
export function isBlank({ canvas, shapes, text }: Drawn, hasCanvas: boolean): boolean {
  return hasCanvas ? canvas < 0.001 : shapes < 3 && text < 20;
}
