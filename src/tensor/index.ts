/** The tensor engine: build a graph, differentiate it, compile it once, run it often. */
export { type CompileOptions, compile } from "./compile.ts";
export { createEngine, Engine, type EngineOptions, floatsOf, intsOf, type Region } from "./engine.ts";
export { grad, hessianVectorProduct, jvp, vjp } from "./grad.ts";
export { clipScale, GradientNorms, norm } from "./gradientNorms.ts";
export {
  constant,
  type DType,
  describeTensor,
  input,
  label,
  parameter,
  type Tensor,
  topologicalOrder,
} from "./graph.ts";
export { compileHoisted, type HoistedPrograms } from "./hoist.ts";
export type { KernelBuild, KernelChoice, KernelModule } from "./kernels/kernels.ts";
export * from "./ops/index.ts";
export { integerPower, Optimiser, type OptimiserOptions } from "./optimisers.ts";
export { flatLayout, ParameterBlock } from "./parameters.ts";
export type { Program } from "./program.ts";
export { type Schedule, type ScheduleInput, scheduleValue } from "./schedules.ts";
export { formatShape, type Shape, sizeOf } from "./shape.ts";
export { substitute } from "./substitute.ts";
