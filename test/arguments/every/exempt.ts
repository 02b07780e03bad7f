/** Public functions whose arguments are not checked, each with the reason: nothing but loops run once a step or a number. */

export const exempt: Readonly<Record<string, string>> = {
  threefry2x32: "one block of random bits: run for every number drawn, where a check costs more than the work",
  writeKey: "the key of a program: written before every step that is acted",
  clipScale: "one division: run for every part of every gradient step",
  AscentError: "an error that cannot be made must not hide the one it was made for",
  didYouMean: "words for an error, which must not fail where that is made",
  overoptimisationStudy: "minutes for the least of valid calls; test/overoptimisation/study.test.ts has its mistakes",
  listEnvironments: "takes no arguments",
  loadPlanck: "takes no arguments",
  registerGymnasium: "takes no arguments",
  MaskedCorridor: "takes no arguments",
  GridImage: "takes no arguments",
};
