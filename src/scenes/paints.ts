/** The colours behind the names of paints, light and dark: those of charts, so that a picture beside a curve looks of one piece. */
import { dark, light } from "../charts/palette.ts";
import type { Paint } from "./scene.ts";

export const scenePaints: Readonly<Record<"light" | "dark", Readonly<Record<Paint, string>>>> = {
  light: {
    ink: light.ink,
    muted: light.muted,
    faint: "#ccd3db",
    ground: light.ground,
    sky: "#eef3fa",
    accent1: light.series[0],
    accent2: light.series[1],
    accent3: light.series[2],
    accent4: light.series[4],
    good: "#1a7f45",
    bad: "#b3261e",
  },
  dark: {
    ink: dark.ink,
    muted: dark.muted,
    faint: "#3a434e",
    ground: dark.ground,
    sky: "#182230",
    accent1: dark.series[0],
    accent2: dark.series[1],
    accent3: dark.series[2],
    accent4: dark.series[4],
    good: "#4cc38a",
    bad: "#ff8a80",
  },
};

export const paintNames = Object.keys(scenePaints.light) as readonly Paint[];
