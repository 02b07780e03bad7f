/** The address of a built worker, as the bundler gives it; also for programs that do not know the bundler's own types. */
declare module "*?worker&url" {
  const address: string;
  export default address;
}
