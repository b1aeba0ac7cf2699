/** `sluice check FILE`: every error of a document with its place, or one line that says it is in order. */
import type { Call } from "../command.ts";
import { isOn } from "../command.ts";
import { readDocument } from "../document/read-document.ts";
import { exit } from "../exit-codes.ts";
import { fileName } from "../failures.ts";
import { printable } from "../printable.ts";
import { countedIds } from "./compile.ts";

export async function runCheck(call: Call): Promise<number> {
  const [file = "-"] = call.words;
  const read = await readDocument(call, file, countedIds());
  if ("code" in read) return read.code;
  const farms = read.farms.length;
  const lists = read.lists.length;
  const alsoLists = lists === 0 ? "" : `, ${counted(lists, "list")}`;
  const backends = read.farms.reduce((sum, farm) => sum + farm.backends.length, 0);
  if (isOn(call.values, "json")) call.world.out(`${JSON.stringify({ ok: true, farms, backends, lists })}\n`);
  else
    call.world.out(
      `${printable(fileName(file))} is in order: ${counted(farms, "farm")}, ${counted(backends, "backend")}${alsoLists}\n`,
    );
  return exit.done;
}

function counted(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? "" : "s"}`;
}
