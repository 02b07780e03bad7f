/** For saying of an expression which type it has, exactly: `typeOf(policy.act([0])).is<number>()`. */

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

export interface TypeOf<Found> {
  is<Wanted>(...same: Same<Found, Wanted> extends true ? [] : [difference: { found: Found; wanted: Wanted }]): void;
}

export declare function typeOf<Found>(value: Found): TypeOf<Found>;

typeOf(1 as number).is<number>();
// @ts-expect-error number is not any number or text
typeOf(1 as number).is<number | string>();
