/** Pictures as SVG text, from plain data, in Node and in browsers: lines with bands, and values with intervals. */

export { type Curve, type CurvesOnGrid, onCommonGrid } from "./commonGrid.ts";
export { compactNumber } from "./compactNumber.ts";
export type {
  Axis,
  IntervalPanel,
  IntervalRow,
  Level,
  LinePanel,
  Mark,
  Note,
  Panel,
  Picture,
  Series,
} from "./model.ts";
export { type ChartColours, chartColours, markers as chartMarkers } from "./palette.ts";
export { lineChartSvg, pictureSvg } from "./picture.ts";
