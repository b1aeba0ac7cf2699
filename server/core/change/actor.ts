/** Who asked for a change: a signed-in person, or a local user of the command line. */
export type ChangeActor = { readonly id: string; readonly name: string };
