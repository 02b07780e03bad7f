/** What does not compile, to see that it is noticed: in no project. */
export const steps: number = "many";
