/** Constants of this chapter's studies that its figures say too; without the library, which figures do not load. */

/** The map of J goes from −EXTENT to EXTENT in both parameters. */
export const EXTENT = 4;

/** Ways up the hill, and steps of each. */
export const ascentNames = ["fixed", "sameKl", "trpo"] as const;
export type AscentName = (typeof ascentNames)[number];
export const STEPS = 40;

/** θ at the start. */
export const starts = {
  "sure of the wrong thing": [-2, -0.7],
  "half sure": [1, -1],
  undecided: [0, 0],
} as const;
