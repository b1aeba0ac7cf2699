/** A command line to an exit code. Everything that can be wrong with it is said in a sentence; nothing throws past here. */
import { parseArgs } from "node:util";
import type { Call, Command, Values } from "./command.ts";
import { commands, everyOption } from "./commands.ts";
import { exit } from "./exit-codes.ts";
import { commandHelp, overview, unknownCommand, usageError, wantsHelp } from "./help.ts";
import type { World } from "./world.ts";

export async function run(argv: readonly string[], world: World): Promise<number> {
  const [name, ...rest] = argv;
  if (name === undefined) {
    world.err(overview({ ...world.screen, hasColor: false }));
    return exit.usage;
  }
  const command = commands.find((each) => each.name === (name === "--help" || name === "-h" ? "help" : name));
  if (command === undefined) return unknownCommand(world, name);
  const parsed = parse(command, rest);
  if (typeof parsed === "string") return usageError(world, command, parsed);
  const call: Call = { ...parsed, world };
  if (wantsHelp(call)) {
    world.out(commandHelp(command, world.screen));
    return exit.done;
  }
  const wrong = wordsProblem(command, call.words);
  if (wrong !== null) return usageError(world, command, wrong);
  const work = await command.load();
  return work(call);
}

/** Words and options, or the sentence for what is wrong with them. */
function parse(command: Command, argv: readonly string[]): { words: string[]; values: Values } | string {
  const options = Object.fromEntries(
    Object.entries({ ...command.options, ...everyOption }).map(([name, { type, short }]) => [
      name,
      short === undefined ? { type } : { type, short },
    ]),
  );
  try {
    const { values, positionals } = parseArgs({ args: [...argv], options, allowPositionals: true });
    return { words: positionals, values: values as Values };
  } catch (error) {
    return error instanceof Error ? (error.message.split(". ")[0] ?? error.message) : String(error);
  }
}

function wordsProblem({ name, words, wordsMin, wordsMax }: Command, given: readonly string[]): string | null {
  if (given.length < wordsMin) return `${name} needs ${words}`;
  return given.length > wordsMax ? `${name} takes ${words === "" ? "no words" : words}, not more` : null;
}
