/** Constants of this chapter's studies that its figures say too; without the library, which figures do not load. */

/** The axis of ratios ends here. */
export const LARGEST = 2.5;

/** Updates of the adaptive penalty. */
export const UPDATES = 24;
