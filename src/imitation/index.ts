/** Learning from recorded episodes: the data, and recording them. The algorithm itself is algorithms/bc.ts. */
export { decodeDataset, type EpisodeDataset, encodeDataset } from "./dataset.ts";
export { checkDataset } from "./datasetChecks.ts";
export { type RecordOptions, recordEpisodes } from "./record.ts";
export { type ReturnSummary, returnsOf } from "./returns.ts";
