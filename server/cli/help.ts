/** Help that teaches: what a command does, its options, and command lines to copy. Fits 80 characters, less where the screen is narrower. */
import { type Call, type Command, isOn } from "./command.ts";
import { commands, everyOption } from "./commands.ts";
import { exit } from "./exit-codes.ts";
import { printable } from "./printable.ts";
import { paint } from "./table.ts";
import type { Screen, World } from "./world.ts";

const widthMax = 80;

export async function runHelp(call: Call): Promise<number> {
  const [name] = call.words;
  if (name === undefined) call.world.out(overview(call.world.screen));
  else {
    const command = commands.find((each) => each.name === name);
    if (command === undefined) return unknownCommand(call.world, name);
    call.world.out(commandHelp(command, call.world.screen));
  }
  return exit.done;
}

export function unknownCommand(world: World, name: string): number {
  const near = commands.filter((each) => each.isHidden !== true && isNear(each.name, name)).map((each) => each.name);
  const hint = near.length > 0 ? `; did you mean ${near.join(" or ")}?` : "";
  world.err(`sluice: there is no command ${printable(name).slice(0, 60)}${hint}\nAll commands: sluice help\n`);
  return exit.usage;
}

export function overview(screen: Screen): string {
  const shown = commands.filter(({ isHidden }) => isHidden !== true);
  const width = Math.max(...shown.map(({ name }) => name.length));
  const lines = shown.map(({ name, summary }) => `  ${paint(name.padEnd(width), "strong", screen)}  ${summary}`);
  return [
    "sluice: load balancing with nftables",
    "",
    ...lines,
    "",
    "First steps",
    "  sluice status                   what runs",
    "  sluice export > farms.yaml      the farms as a document; edit it, then",
    "  sluice diff farms.yaml          what differs",
    "  sluice apply farms.yaml         do it",
    "",
    "More about one command, with examples: sluice help COMMAND",
    ...wrapped(exitText, screen, ""),
    "",
  ].join("\n");
}

const exitText =
  "Exit codes: 0 done, 1 refused, 2 no agent, 3 outcome not known yet, 4 differs (diff --exit-code), 64 wrong command line.";

export function commandHelp(command: Command, screen: Screen): string {
  const title = (text: string) => paint(text, "strong", screen);
  const options = optionLines(command, screen);
  return [
    `${title(`sluice ${command.name}`)} ${command.words}${options.length > 1 ? " [OPTIONS]" : ""}`,
    ...wrapped(`${command.summary[0]?.toUpperCase()}${command.summary.slice(1)}.`, screen, "  "),
    ...command.text.flatMap((text) => ["", ...wrapped(text, screen, "  ")]),
    "",
    title("Options"),
    ...options,
    ...(command.examples.length === 0 ? [] : ["", title("Examples"), ...exampleLines(command, screen)]),
    "",
  ].join("\n");
}

export function usageLine({ name, words }: Command): string {
  return `sluice ${name}${words === "" ? "" : ` ${words}`}`;
}

function optionLines(command: Command, screen: Screen): string[] {
  const rows = Object.entries({ ...command.options, ...everyOption }).map(([name, option]) => {
    const short = option.short === undefined ? "" : `-${option.short}, `;
    return [`${short}--${name}${option.value === undefined ? "" : ` ${option.value}`}`, option.text] as const;
  });
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.flatMap(([name, text]) => {
    const [first = "", ...rest] = wrapped(text, screen, " ".repeat(width + 4));
    return [`  ${name.padEnd(width)}${first.slice(width + 2)}`, ...rest];
  });
}

function exampleLines({ examples }: Command, screen: Screen): string[] {
  const lines = examples.map(([line, what]) => [`sluice ${line}`, what] as const);
  return lines.flatMap(([line, what]) => [
    `  ${line}`,
    ...wrapped(what, screen, "      ").map((text) => paint(text, "dim", screen)),
  ]);
}

function wrapped(text: string, screen: Screen, indent: string): string[] {
  const room = Math.max(20, Math.min(widthMax, screen.columns ?? widthMax) - indent.length);
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > room) {
      lines.push(`${indent}${line}`);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, `${indent}${line}`];
}

/** One letter too many, too few or wrong, or a beginning. */
function isNear(name: string, typed: string): boolean {
  if (typed.length >= 2 && name.startsWith(typed)) return true;
  if (Math.abs(name.length - typed.length) > 1) return false;
  let at = 0;
  while (at < name.length && name[at] === typed[at]) at++;
  const [rest, other] = [name.slice(at), typed.slice(at)];
  return rest.slice(1) === other.slice(1) || rest.slice(1) === other || rest === other.slice(1);
}

/** For a command line that is wrong: how it would be right. */
export function usageError(world: World, command: Command, sentence: string): number {
  world.err(`sluice: ${printable(sentence)}\nUsage: ${usageLine(command)}\nExamples: sluice help ${command.name}\n`);
  return exit.usage;
}

export function wantsHelp(call: Call): boolean {
  return isOn(call.values, "help");
}
