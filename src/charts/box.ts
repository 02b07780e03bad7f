/** Where panels stand: the plot's box, and what a panel needs around it. In pixels. */

export interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

export interface Margins {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** A panel that knows the room it needs, and draws itself once it has it. */
export interface LaidOut {
  kind: string;
  margins: Margins;
  /** Of the plot: the least it can do with, or exactly what it needs. */
  height: number;
  fixedHeight: boolean;
  /** @param box of the plot, without the margins; @param edge where the panel begins, at the left. */
  draw(box: Box, edge: number): string;
}
