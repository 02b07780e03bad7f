/** The single-part entry points of echarts register themselves when imported and export nothing. */
declare module "echarts/lib/chart/line.js";
declare module "echarts/lib/chart/custom.js";
declare module "echarts/lib/component/gridSimple.js";
declare module "echarts/lib/component/title.js";
declare module "echarts/lib/component/legendPlain.js";
declare module "echarts/lib/component/markLine.js";
