/**
 * Colours, markers and fonts of pictures, as one style sheet with a light and a dark side. The eight colours keep apart for
 * all common kinds of colour blindness, and 3 : 1 from the ground (a test computes both); each style has a marker of its
 * own too, so that nothing is told by colour alone.
 */

export const FONT = "Inter, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, 'Liberation Sans', sans-serif";

export interface ChartColours {
  ground: string;
  ink: string;
  muted: string;
  grid: string;
  axis: string;
  series: readonly string[];
}

export const light: ChartColours = {
  ground: "#ffffff",
  ink: "#111827",
  muted: "#57606a",
  grid: "#e8ebef",
  axis: "#8c959f",
  series: ["#0e1791", "#9b5216", "#12a48e", "#4f0033", "#c17e2d", "#106e79", "#8471c8", "#733327"],
};

export const dark: ChartColours = {
  ground: "#0d1117",
  ink: "#f0f3f6",
  muted: "#9ea7b3",
  grid: "#21262d",
  axis: "#6e7681",
  series: ["#6e8ef1", "#f15c1c", "#b2f7e6", "#944c75", "#f5d970", "#47caec", "#6255d3", "#e89e94"],
};

/** Both sides; the n-th series has the n-th colour and the n-th marker, and from the ninth on they begin again. */
export const chartColours: Readonly<Record<"light" | "dark", ChartColours>> = { light, dark };

export const STYLES = light.series.length;

/** The markers, as SVG paths around (0, 0) of a radius of about 4 pixels, in the order of the styles. */
export const markers: readonly string[] = [
  "M-4 0a4 4 0 1 0 8 0a4 4 0 1 0 -8 0z",
  "M-3.5 -3.5h7v7h-7z",
  "M0 -4.6L4.4 3.4H-4.4z",
  "M0 -5L5 0L0 5L-5 0z",
  "M0 4.6L4.4 -3.4H-4.4z",
  "M-1.4 -4.5h2.8v3.1h3.1v2.8h-3.1v3.1h-2.8v-3.1h-3.1v-2.8h3.1z",
  "M-4.6 -2.6L-2.6 -4.6L0 -2L2.6 -4.6L4.6 -2.6L2 0L4.6 2.6L2.6 4.6L0 2L-2.6 4.6L-4.6 2.6L-2 0z",
  "M-5.5 -2.5h11v5h-11z",
];

/** Names of the class that draws in a style: "s3" strokes, "f3" fills; without a style, as the text. */
export function strokeClass(style: number | undefined): string {
  return style === undefined ? "s" : `s${style % STYLES}`;
}

export function fillClass(style: number | undefined): string {
  return style === undefined ? "f" : `f${style % STYLES}`;
}

/** Rules for the document's `<style>`; each holds only inside pictures of this folder. */
export function styleSheet(): string {
  const root = ".ascent-chart";
  const rules = (theme: ChartColours) => [
    `${root} .ground{fill:${theme.ground}}`,
    `${root} text{fill:${theme.ink}}`,
    `${root} .muted{fill:${theme.muted}}`,
    `${root} .grid{stroke:${theme.grid}}`,
    `${root} .axis{stroke:${theme.axis}}`,
    `${root} .halo{stroke:${theme.ground}}`,
    `${root} .level{stroke:${theme.muted}}`,
    `${root} .s{stroke:${theme.ink}}`,
    `${root} .f{fill:${theme.ink}}`,
    ...theme.series.flatMap((colour, i) => [`${root} .s${i}{stroke:${colour}}`, `${root} .f${i}{fill:${colour}}`]),
  ];
  return [
    `${root} text{font-family:${FONT}}`,
    `${root} .line{fill:none;stroke-width:2.25;stroke-linecap:round;stroke-linejoin:round}`,
    `${root} .dash{stroke-dasharray:7 5}`,
    `${root} .band{opacity:.17}`,
    `${root} .grid,${root} .axis{fill:none;stroke-width:1}`,
    `${root} .level{fill:none;stroke-width:1.25;stroke-dasharray:5 4}`,
    `${root} .halo{stroke-width:1.25}`,
    ...rules(light),
    `@media(prefers-color-scheme:dark){${rules(dark).join("")}}`,
  ].join("");
}
