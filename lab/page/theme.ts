/**
 * Dark or light: the reader's choice, kept in localStorage, or the system's. Colours are custom properties of
 * style/tokens.css; canvases get them as a `Theme`, read from there, so that each colour is written once.
 */
import { computed, effect, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { chartColours } from "ascent-rl/charts";

export type ThemeChoice = "auto" | "light" | "dark";

/** Names of the colours of scenes, as in ascent-rl/scenes. */
export const paints = [
  "ink",
  "muted",
  "faint",
  "ground",
  "sky",
  "accent1",
  "accent2",
  "accent3",
  "accent4",
  "good",
  "bad",
] as const;

export type PaintName = (typeof paints)[number];

export interface Theme extends Readonly<Record<PaintName, string>> {
  readonly name: "light" | "dark";
  readonly grid: string;
  readonly axis: string;
  /** Colours of series, in their order; a dash and a marker go with each (figures/seriesStyle.ts). */
  readonly series: readonly string[];
  /** For `context.font`, without the size: "12px " + font. */
  readonly font: string;
}

const KEY = "ascent-lab-theme";

function stored(): ThemeChoice {
  try {
    const value = localStorage.getItem(KEY);
    return value === "light" || value === "dark" ? value : "auto";
  } catch {
    // Storage may be forbidden; the choice then lasts as long as the page.
    return "auto";
  }
}

export const themeChoice: Signal<ThemeChoice> = signal(stored());

const system = matchMedia("(prefers-color-scheme: dark)");
const systemIsDark = signal(system.matches);
system.addEventListener("change", () => {
  systemIsDark.value = system.matches;
});

const themeName = computed(() => {
  if (themeChoice.value !== "auto") return themeChoice.value;
  return systemIsDark.value ? "dark" : "light";
});

/** The colours now; reading it in an effect or in a canvas' `draw` follows it. */
export const theme: ReadonlySignal<Theme> = computed(() => {
  const name = themeName.value;
  const root = document.documentElement;
  root.dataset.theme = name;
  const series = chartColours[name].series;
  for (const [i, colour] of series.entries()) root.style.setProperty(`--series${i}`, colour);
  const style = getComputedStyle(root);
  const colour = (property: string) => style.getPropertyValue(`--${property}`).trim();
  return {
    name,
    ...(Object.fromEntries(paints.map((paint) => [paint, colour(paint)])) as Record<PaintName, string>),
    grid: colour("grid"),
    axis: colour("axis"),
    series,
    font: colour("font-sans"),
  };
});

effect(() => {
  void theme.value;
  try {
    if (themeChoice.value === "auto") localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, themeChoice.value);
  } catch {
    // As above.
  }
});
