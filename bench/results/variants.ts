/** The eleven variants of the PPO paper's Table 1, with the scores it gives them. */

export interface Variant {
  name: string;
  paper: number;
  options: Record<string, unknown>;
}

export const variants: readonly Variant[] = [
  { name: "no clipping or penalty", paper: -0.39, options: { objective: "none" } },
  { name: "clipping, ε = 0.1", paper: 0.76, options: { clipRange: 0.1 } },
  { name: "clipping, ε = 0.2", paper: 0.82, options: { clipRange: 0.2 } },
  { name: "clipping, ε = 0.3", paper: 0.7, options: { clipRange: 0.3 } },
  { name: "adaptive KL, d = 0.003", paper: 0.68, options: { objective: "penalty", klTarget: 0.003 } },
  { name: "adaptive KL, d = 0.01", paper: 0.74, options: { objective: "penalty", klTarget: 0.01 } },
  { name: "adaptive KL, d = 0.03", paper: 0.71, options: { objective: "penalty", klTarget: 0.03 } },
  { name: "fixed KL, β = 0.3", paper: 0.62, options: { objective: "penalty", klRule: "fixed", klCoef: 0.3 } },
  { name: "fixed KL, β = 1", paper: 0.71, options: { objective: "penalty", klRule: "fixed", klCoef: 1 } },
  { name: "fixed KL, β = 3", paper: 0.72, options: { objective: "penalty", klRule: "fixed", klCoef: 3 } },
  { name: "fixed KL, β = 10", paper: 0.69, options: { objective: "penalty", klRule: "fixed", klCoef: 10 } },
];
