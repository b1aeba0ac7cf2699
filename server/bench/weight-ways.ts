/**
 * Two kinds of weight for the `at`-th change of a backend beside others of 100. Those the slider gives by its large steps leave a farm with tens
 * of slots; those typed to the unit with hundreds, most of which change. Neither is ever 100: each change is one of the kernel too.
 */
export type WeightWay = { readonly name: string; readonly weightAt: (at: number) => number };

export const byTens: WeightWay = { name: "weights by tens", weightAt: (at) => 10 + 10 * (at % 9) };
export const byUnits: WeightWay = { name: "any weight 1 to 99", weightAt: (at) => 1 + ((at * 31) % 99) };
