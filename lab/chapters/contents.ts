/** The chapters in their order: names, what each is about, and where that stands in the theory and in the library. */

export interface ChapterEntry {
  /** The folder below lab/chapters. */
  folder: string;
  /** The address (#objective), and how the ids of its figures begin. */
  name: string;
  title: string;
  /** One or two sentences under the title. */
  lead: string;
  /** Steps of docs/theory.md. */
  theory: string;
  source: string;
  /** Where the library has it. */
  files: string;
  /** About how high it is in pixels, so that the page keeps its place while it loads. */
  height: number;
}

export const chapters: readonly ChapterEntry[] = [
  {
    folder: "01-objective",
    name: "objective",
    title: "The objective and its gradient",
    lead: "A policy is as good as its mean return J. Its gradient can be estimated from episodes alone, and on small worlds computed exactly.",
    theory: "steps 1 to 3",
    source: "Williams 1992; Sutton et al. 2000",
    files: "src/mdp/finiteHorizon.ts, src/mdp/estimatorMoments.ts, src/estimators/policyGradient.ts",
    height: 2200,
  },
  {
    folder: "02-stories",
    name: "stories",
    title: "What the gradient does",
    lead: "Two stories, played out by real policies: the walker that falls forward for velocity, and the jacket folded in one of four tries.",
    theory: "steps 3, 7, 8 and 10",
    source: "Williams 1992",
    files: "src/estimators/reinforceWeights.ts, src/estimators/baselines.ts",
    height: 2400,
  },
  {
    folder: "03-variance",
    name: "variance",
    title: "Causality, baselines and discounting",
    lead: "Each trick changes the variance of the estimate, some its expectation as well. Every one of them is a switch here.",
    theory: "steps 7 to 12",
    source: "Greensmith et al. 2004; Thomas 2014; Schulman et al. 2016",
    files: "src/estimators, src/variance",
    height: 2600,
  },
  {
    folder: "04-one-pass",
    name: "one-pass",
    title: "One backward pass",
    lead: "The definition takes one gradient for each score; a weighted sum of log-probabilities takes one gradient in all, and gives the same numbers.",
    theory: "steps 5 and 6",
    source: "Williams 1992; Goodfellow 2015",
    files: "src/objectives/policyGradient.ts, src/estimators/perSampleScores.ts",
    height: 1400,
  },
  {
    folder: "05-gaussian",
    name: "gaussian",
    title: "Gaussian policies",
    lead: "For continuous actions the policy is a density. Its scores say where the mean and the spread are pushed by one action.",
    theory: "step 13",
    source: "Williams 1992",
    files: "src/distributions/gaussian.ts",
    height: 1800,
  },
  {
    folder: "06-off-policy",
    name: "off-policy",
    title: "Off-policy: weights and their price",
    lead: "Episodes of another policy can be weighted to stand for this one's. The weights of whole trajectories explode with the horizon.",
    theory: "steps 14 to 16",
    source: "Precup et al. 2000; Espeholt et al. 2018",
    files: "src/estimators/offPolicyWeights.ts, src/estimators/vtrace.ts",
    height: 2200,
  },
  {
    folder: "07-natural-gradient",
    name: "natural-gradient",
    title: "Natural gradient and trust regions",
    lead: "A step should be short in what the policy does, not in its parameters. The Fisher matrix measures that.",
    theory: "steps 18 to 21",
    source: "Kakade 2002; Schulman et al. 2015",
    files: "src/mdp/policyGradientTheorem.ts, src/algorithms/trustRegion",
    height: 2400,
  },
  {
    folder: "08-ppo",
    name: "ppo",
    title: "PPO",
    lead: "The same surrogate, with the incentive to leave the old policy clipped away or penalised.",
    theory: "steps 22 to 24",
    source: "Schulman et al. 2017",
    files: "src/objectives/clippedSurrogate.ts, src/algorithms/ppo.ts",
    height: 2200,
  },
  {
    folder: "09-preferences",
    name: "preferences",
    title: "RLHF and DPO",
    lead: "With a penalty for leaving the reference the optimum is known in closed form; DPO, PPO, RLOO and GRPO move towards it by different roads.",
    theory: "steps 25 to 27",
    source: "Ouyang et al. 2022; Rafailov et al. 2023",
    files: "src/mdp/sequences, src/objectives/preferences",
    height: 2400,
  },
  {
    folder: "10-reward-hacking",
    name: "reward-hacking",
    title: "Reward hacking",
    lead: "A proxy is optimised, the thing itself is not: proxy and gold reward part as the policy leaves the reference.",
    theory: "step 28",
    source: "Gao et al. 2023",
    files: "src/overoptimisation",
    height: 1800,
  },
];

/** The chapter that an address of the page names: its own, or that of one of its figures. */
export function chapterOfAddress(hash: string): ChapterEntry | undefined {
  const name = hash.replace(/^#/, "");
  const matching = chapters.filter((chapter) => name === chapter.name || name.startsWith(`${chapter.name}-`));
  return matching.sort((a, b) => b.name.length - a.name.length)[0];
}
