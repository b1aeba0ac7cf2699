/** Completion scripts, made from the table of commands. Names come from `sluice names`, which says nothing when there is no agent. */
import { fail } from "../core/result.ts";
import type { Call, Command } from "./command.ts";
import { commands, everyOption } from "./commands.ts";
import { exit } from "./exit-codes.ts";
import { reportFailure } from "./failures.ts";
import { printable } from "./printable.ts";

export async function runCompletion(call: Call): Promise<number> {
  const [shell = ""] = call.words;
  const make = Object.hasOwn(makers, shell) ? makers[shell as keyof typeof makers] : undefined;
  if (make === undefined) {
    const text = `There is completion for bash, zsh and fish, not for ${printable(shell).slice(0, 40)}`;
    return reportFailure(call, fail("invalid", text).error);
  }
  call.world.out(make());
  return exit.done;
}

const makers = { bash, zsh, fish };

const shown = () => commands.filter(({ isHidden }) => isHidden !== true);
const optionsOf = (command: Command) => Object.entries({ ...command.options, ...everyOption });

function bash(): string {
  const cases = shown().map((command) => {
    const options = optionsOf(command).map(([name]) => `--${name}`);
    return `    ${command.name}) options="${options.join(" ")}"; words="${bashWords(command)}" ;;`;
  });
  return `# bash completion of sluice
_sluice() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" command="\${COMP_WORDS[1]}"
  local options="" words=""
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "${shown()
      .map(({ name }) => name)
      .join(" ")}" -- "$current"))
    return
  fi
  case "$previous" in --socket|--file) COMPREPLY=($(compgen -f -- "$current")); return ;; esac
  case "$command" in
${cases.join("\n")}
  esac
  case "$current" in -*) COMPREPLY=($(compgen -W "$options" -- "$current")); return ;; esac
  case "$words" in
    @file) COMPREPLY=($(compgen -f -- "$current")) ;;
    @farm) COMPREPLY=($(compgen -W "$(sluice names farm 2>/dev/null)" -- "$current")) ;;
    @backend) COMPREPLY=($(compgen -W "$(sluice names backend 2>/dev/null)" -- "$current")) ;;
    *) COMPREPLY=($(compgen -W "$words" -- "$current")) ;;
  esac
}
complete -F _sluice sluice
`;
}

function bashWords({ completes }: Command): string {
  if (completes === "none") return "";
  return fixedWords[completes]?.() ?? `@${completes}`;
}

const fixedWords: Partial<Record<Command["completes"], () => string>> = {
  shell: () => Object.keys(makers).join(" "),
  command: () =>
    shown()
      .map(({ name }) => name)
      .join(" "),
};

function zsh(): string {
  const cases = shown().map((command) => {
    const options = optionsOf(command).map(([name, { text, value, type }]) => {
      const takes = type === "string" ? `:${value ?? name}:_files` : "";
      return `'--${name}[${quoted(text)}]${takes}'`;
    });
    return `    ${command.name}) _arguments ${[...options, zshWords(command)].filter((word) => word !== "").join(" ")} ;;`;
  });
  const list = shown().map(({ name, summary }) => `    '${name}:${quoted(summary)}'`);
  return `#compdef sluice
_sluice_farms() { compadd -- \${(f)"$(sluice names farm 2>/dev/null)"} }
_sluice_backends() { compadd -- \${(f)"$(sluice names backend 2>/dev/null)"} }
_sluice() {
  local -a list
  list=(
${list.join("\n")}
  )
  if (( CURRENT == 2 )); then _describe command list; return; fi
  local command=$words[2]
  shift words; (( CURRENT-- ))
  case $command in
${cases.join("\n")}
  esac
}
if [ "$funcstack[1]" = "_sluice" ]; then _sluice "$@"; else compdef _sluice sluice; fi
`;
}

function zshWords({ completes }: Command): string {
  if (completes === "file") return "'*:file:_files'";
  if (completes === "farm") return "'*:farm:_sluice_farms'";
  if (completes === "backend") return "'*:backend:_sluice_backends'";
  const words = fixedWords[completes]?.();
  return words === undefined ? "" : `'*:word:(${words})'`;
}

function fish(): string {
  const lines = shown().flatMap((command) => {
    const seen = `-n "__fish_seen_subcommand_from ${command.name}"`;
    const options = optionsOf(command).map(
      ([name, { text, type }]) =>
        `complete -c sluice ${seen} -l ${name}${type === "string" ? " -r -F" : ""} -d '${quoted(text)}'`,
    );
    return [
      `complete -c sluice -n __fish_use_subcommand -a ${command.name} -d '${quoted(command.summary)}'`,
      ...options,
      ...fishWords(command, seen),
    ];
  });
  return `# fish completion of sluice\ncomplete -c sluice -f\n${lines.join("\n")}\n`;
}

function fishWords({ completes }: Command, seen: string): string[] {
  if (completes === "file") return [`complete -c sluice ${seen} -F`];
  if (completes === "farm" || completes === "backend")
    return [`complete -c sluice ${seen} -a "(sluice names ${completes} 2>/dev/null)"`];
  const words = fixedWords[completes]?.();
  return words === undefined ? [] : [`complete -c sluice ${seen} -a "${words}"`];
}

/** Our own texts inside single quotes of a shell. */
function quoted(text: string): string {
  return text.replaceAll("'", "").replaceAll("[", "(").replaceAll("]", ")").replaceAll(":", "");
}
