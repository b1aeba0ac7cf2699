/** `sluice diff FILE`: what `sluice apply FILE` would change, field by field. Nothing is asked of the kernel. */
import { type Call, isOn } from "../command.ts";
import {
  type Comparison,
  compare,
  type FarmDifference,
  type FieldDifference,
  type ListDifference,
} from "../compare.ts";
import { readDocument } from "../document/read-document.ts";
import { exit } from "../exit-codes.ts";
import { printable } from "../printable.ts";
import { paint } from "../table.ts";
import { withFarms } from "../with-agent.ts";
import { addressesText, serviceText } from "../words.ts";
import type { Screen } from "../world.ts";

export function runDiff(call: Call): Promise<number> {
  const [file = "-"] = call.words;
  return withFarms(call, async (_agent, answer) => {
    const read = await readDocument(call, file, call.world.newId, answer);
    if ("code" in read) return read.code;
    const comparison = compare(read, answer, isOn(call.values, "prune"));
    const { differences, lists, leftAlone } = comparison;
    if (isOn(call.values, "json")) call.world.out(`${JSON.stringify({ differences, lists, leftAlone })}\n`);
    else call.world.out(diffText(comparison, call.world.screen));
    return differences.length + lists.length > 0 && isOn(call.values, "exit-code") ? exit.differs : exit.done;
  });
}

function diffText({ differences, lists, leftAlone }: Comparison, screen: Screen): string {
  const lines = [
    ...lists.flatMap((difference) => listLines(difference, screen)),
    ...differences.flatMap((difference) => farmLines(difference, screen)),
  ];
  if (lines.length === 0) lines.push("No difference");
  if (leftAlone.length > 0)
    lines.push(paint(`not in the document, left alone: ${leftAlone.join(", ")}`, "dim", screen));
  return `${lines.join("\n")}\n`;
}

function listLines({ kind, list, added, gone, fields }: ListDifference, screen: Screen): string[] {
  const head = `list ${list.name}`;
  if (kind === "new") return [paint(`+ ${head} (${list.networks.length} networks)`, "good", screen)];
  if (kind === "removed") return [paint(`- ${head} (${list.networks.length} networks)`, "bad", screen)];
  return [
    paint(`~ ${head}`, "warn", screen),
    ...added.map((network) => paint(`    + ${network}`, "good", screen)),
    ...gone.map((network) => paint(`    - ${network}`, "bad", screen)),
    ...fields.flatMap((field) => fieldLines(field, screen)),
  ];
}

function farmLines({ kind, farm, fields }: FarmDifference, screen: Screen): string[] {
  const head = `farm ${farm.name}`;
  const where = `${addressesText(farm)} ${serviceText(farm)}, ${farm.backends.length} backends`;
  if (kind === "new") return [paint(`+ ${head} (${where})`, "good", screen)];
  if (kind === "removed") return [paint(`- ${head} (${where})`, "bad", screen)];
  return [paint(`~ ${head}`, "warn", screen), ...fields.flatMap((field) => fieldLines(field, screen))];
}

function fieldLines({ path, before, after }: FieldDifference, screen: Screen): string[] {
  if (before === undefined) return [paint(`    + ${path} ${shown(after)}`, "good", screen)];
  if (after === undefined) return [paint(`    - ${path} ${shown(before)}`, "bad", screen)];
  return [`    ${path}: ${paint(shown(before), "bad", screen)} -> ${paint(shown(after), "good", screen)}`];
}

/** Text as it is, a backend by its place and weight, the rest as JSON. */
function shown(value: unknown): string {
  if (typeof value === "string") return printable(value === "" ? '""' : value);
  if (isBackend(value))
    return `${value.address}${value.port === null ? "" : ` port ${value.port}`}, weight ${value.weight}`;
  return printable(JSON.stringify(value) ?? "nothing");
}

function isBackend(value: unknown): value is { address: string; port: number | null; weight: number } {
  return typeof value === "object" && value !== null && "address" in value && "weight" in value && "port" in value;
}
