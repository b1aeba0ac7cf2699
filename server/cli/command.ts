/** What a command is. Its texts are here at start; its code is loaded when it runs, so that `sluice help` and completion stay quick. */
import type { World } from "./world.ts";

export type OptionDeclaration = {
  readonly type: "boolean" | "string";
  /** shown after the name: `--socket PATH` */
  readonly value?: string;
  readonly text: string;
  readonly short?: string;
};

export type Values = Readonly<Record<string, string | boolean | undefined>>;

/** One run: the words after the command's name, its options, and the world. */
export type Call = { readonly words: readonly string[]; readonly values: Values; readonly world: World };

/** What shells offer for each word. */
type WordKind = "file" | "farm" | "backend" | "command" | "shell" | "none";

export type Command = {
  readonly name: string;
  /** words after the name, as in a usage line */
  readonly words: string;
  readonly wordsMin: number;
  readonly wordsMax: number;
  readonly completes: WordKind;
  /** one line */
  readonly summary: string;
  /** a few sentences for `sluice help NAME` */
  readonly text: readonly string[];
  /** command line after `sluice`, and what it does */
  readonly examples: readonly (readonly [string, string])[];
  readonly options: Readonly<Record<string, OptionDeclaration>>;
  /** not in the overview: for shells */
  readonly isHidden?: boolean;
  /** Answers the exit code. */
  readonly load: () => Promise<(call: Call) => Promise<number>>;
};

export function isOn(values: Values, name: string): boolean {
  return values[name] === true;
}

export function textOf(values: Values, name: string): string | undefined {
  const value = values[name];
  return typeof value === "string" ? value : undefined;
}
