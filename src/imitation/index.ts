/** Learning from recorded episodes: the data, and recording them. The algorithm itself is algorithms/bc.ts. */
export type { EpisodeDataset } from "./dataset.ts";
export { checkDataset } from "./datasetChecks.ts";
export { decodeDataset, encodeDataset } from "./datasetFile.ts";
export { type RecordOptions, recordEpisodes } from "./record.ts";
export { type ReturnSummary, returnsOf } from "./returns.ts";
