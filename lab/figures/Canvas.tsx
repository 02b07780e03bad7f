/**
 * A canvas at the screen's resolution, drawn when a signal that its drawing reads has changed and it is in sight. Dragging in it
 * is for the pointer; for the keyboard it is a slider of two directions, moved by the arrow keys.
 */
import { signal } from "@preact/signals";
import { useLayoutEffect, useRef } from "preact/hooks";
import { useInSight } from "../page/inSight.ts";
import { type Theme, theme } from "../page/theme.ts";
import { drawInFrames } from "./drawInFrames.ts";

export interface Size {
  /** In CSS pixels. */
  width: number;
  height: number;
}

export type Drawing = (context: CanvasRenderingContext2D, size: Size, theme: Theme) => void;

/** What can be dragged, by pointer or keys. */
export interface DragTarget {
  /** What is dragged: "the action". */
  label: string;
  /** Its value in words, said when it was moved by keys. */
  text: () => string;
  /** To a place of the canvas, in CSS pixels. */
  moveTo: (x: number, y: number, size: Size) => void;
  /** By one press of an arrow key: right and up are 1; with Shift ten times as far. */
  moveBy: (right: number, up: number) => void;
}

export interface CanvasProps {
  /** What is drawn, in words. */
  label: string;
  draw: Drawing;
  /** In CSS pixels; the width is the figure's. */
  height?: number;
  onDrag?: DragTarget;
}

export function Canvas({ label, draw, height = 240, onDrag }: CanvasProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const inSight = useInSight(canvas, "50px");
  const latest = useRef(signal(draw));
  latest.current.value = draw;
  useLayoutEffect(() => {
    const element = canvas.current!;
    const context = element.getContext("2d")!;
    const width = signal(element.clientWidth);
    const observer = new ResizeObserver(() => {
      width.value = element.clientWidth;
    });
    observer.observe(element);
    const end = drawInFrames(() => {
      if (!inSight.value || width.value === 0) return;
      const size = { width: width.value, height };
      const scale = devicePixelRatio;
      const [across, down] = [Math.round(size.width * scale), Math.round(height * scale)];
      if (element.width !== across || element.height !== down) Object.assign(element, { width: across, height: down });
      context.setTransform(scale, 0, 0, scale, 0, 0);
      context.clearRect(0, 0, size.width, size.height);
      context.save();
      latest.current.value(context, size, theme.value);
      context.restore();
    });
    return () => {
      end();
      observer.disconnect();
    };
  }, [height]);
  const style = { height: `${height}px` };
  if (!onDrag) {
    return (
      <div class="canvas-frame">
        <canvas ref={canvas} role="img" aria-label={label} style={style} />
      </div>
    );
  }
  return (
    <div class="canvas-frame">
      <canvas ref={canvas} class="draggable" style={style} {...dragging(canvas, height, label, onDrag)} />
    </div>
  );
}

function dragging(canvas: { current: HTMLCanvasElement | null }, height: number, label: string, target: DragTarget) {
  const move = (event: PointerEvent) => {
    const element = canvas.current!;
    const box = element.getBoundingClientRect();
    target.moveTo(event.clientX - box.left, event.clientY - box.top, { width: element.clientWidth, height });
  };
  return {
    role: "slider" as const,
    tabIndex: 0,
    "aria-label": `${target.label}. ${label}`,
    "aria-valuenow": 0,
    "aria-valuetext": target.text(),
    onPointerDown: (event: PointerEvent) => {
      canvas.current!.setPointerCapture(event.pointerId);
      move(event);
    },
    onPointerMove: (event: PointerEvent) => {
      if (canvas.current!.hasPointerCapture(event.pointerId)) move(event);
    },
    onKeyDown: (event: KeyboardEvent) => {
      const direction = DIRECTIONS[event.key];
      if (!direction) return;
      event.preventDefault();
      const far = event.shiftKey ? 10 : 1;
      target.moveBy(direction[0] * far, direction[1] * far);
    },
  };
}

const DIRECTIONS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowDown: [0, -1],
  ArrowUp: [0, 1],
};
