/**
 * Which of its axes are an image's channels: a shape does not say, but most shapes can be read in one way only. A guess for
 * those who did not say; whoever sets the layout is not asked.
 */

export interface ImageLayout {
  layout: "chw" | "hwc";
  /** False where the other reading is about as likely. */
  clear: boolean;
}

/** Grey, two planes, colours, colours with transparency or four frames: what images have for channels nearly always. */
const FEW_CHANNELS = 4;
/** From here on a side is no number of channels that anybody has beside a width of 4 or less. */
const SURELY_A_SIDE = 16;

/**
 * [40, 40, 4], [7, 7, 3] and [210, 160, 3] are "hwc": few channels last, behind two sides that are equal or long. All else is
 * "chw", as [4, 84, 84]. Not clear is what could well be the other: two equal sides first and many channels last, such as
 * [7, 7, 20], or a small image of unequal sides, such as [5, 6, 3].
 *
 * @param shape of rank 3.
 */
export function imageLayoutOf([first, second, third]: readonly number[]): ImageLayout {
  const sidesFirst = first === second && second !== third;
  const fewLast = third <= FEW_CHANNELS && Math.min(first, second) > FEW_CHANNELS;
  if (fewLast && (sidesFirst || Math.min(first, second) >= SURELY_A_SIDE)) return { layout: "hwc", clear: true };
  return { layout: "chw", clear: !(sidesFirst || (fewLast && second !== third)) };
}
