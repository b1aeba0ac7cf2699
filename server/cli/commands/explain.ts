/** `sluice explain CLIENT[:PORT] VIP:PORT[/PROTO]`: which backend a client gets and why, by what the kernel runs now. */
import { calculateRunning } from "../../core/explain/calculate-running.ts";
import { type Explanation, explainClient, type Running } from "../../core/explain/explain-client.ts";
import { type ClientQuery, parseClientQuery } from "../../core/explain/query.ts";
import type { Stickiness } from "../../core/explain/stickiness.ts";
import type { Farm } from "../../core/farm/types.ts";
import type { FarmConditions } from "../../core/health/condition.ts";
import { conditionsOfLive } from "../../core/health/live-conditions.ts";
import type { FarmsAnswer } from "../../wire/agent.ts";
import { type Call, isOn, textOf } from "../command.ts";
import { readDocument } from "../document/read-document.ts";
import { exit } from "../exit-codes.ts";
import { reportFailure } from "../failures.ts";
import { liveOnce } from "../live-once.ts";
import { pctText } from "../numbers.ts";
import { printable } from "../printable.ts";
import { paint, tableLines } from "../table.ts";
import { withFarms } from "../with-agent.ts";
import type { OpenAgent, Screen } from "../world.ts";
import { countedIds } from "./compile.ts";

export async function runExplain(call: Call): Promise<number> {
  const [client = "", target = ""] = call.words;
  const query = parseClientQuery(client, target);
  if (!query.ok) return reportFailure(call, query.error);
  const file = textOf(call.values, "file");
  if (file !== undefined) return explainDocument(call, file, query.value);
  return withFarms(call, async (agent, answer) => {
    const farms = answer.farms.map(({ farm }) => farm);
    const conditions = await conditionsNow(agent);
    return report(
      call,
      await explainClient(farms, query.value, (farm) => running(agent, farm, query.value, conditions, answer.lists)),
    );
  });
}

async function explainDocument(call: Call, file: string, query: ClientQuery): Promise<number> {
  const read = await readDocument(call, file, countedIds());
  if ("code" in read) return read.code;
  return report(
    call,
    await explainClient(read.farms, query, async (farm) => calculateRunning(farm, new Map(), read.lists)),
  );
}

/** The rules as the kernel lists them; where they cannot be read, as they are calculated. */
async function running(
  agent: OpenAgent,
  farm: Farm,
  query: ClientQuery,
  conditions: FarmConditions,
  lists: FarmsAnswer["lists"],
): Promise<Running> {
  const listed = await agent.link.ruleset(farm.id);
  const stickiness = await stickinessOf(agent, farm, query);
  const fallback = calculateRunning(
    farm,
    conditions,
    lists.map(({ list }) => list),
  );
  // a part that is missing would read as "leads nowhere"
  const isListed = listed.ok && listed.value.isWhole;
  const rules = isListed ? `${listed.value.text}\n${fallback.ownObjects}` : fallback.rules;
  return { ...fallback, stickiness, rules };
}

async function stickinessOf(agent: OpenAgent, farm: Farm, query: ClientQuery): Promise<Stickiness> {
  if (farm.persistence === null) return { known: "unasked" };
  const asked = await agent.link.stickiness(farm.id, query.client, query.vip);
  return asked.ok ? asked.value : { known: "unasked" };
}

async function conditionsNow(agent: OpenAgent): Promise<FarmConditions> {
  const hello = await liveOnce(agent);
  if (!hello.ok) return new Map();
  return conditionsOfLive(hello.value.farms.flatMap((row) => row.backends));
}

function report(call: Call, explanation: Explanation): number {
  if (isOn(call.values, "json")) call.world.out(`${JSON.stringify(explanation)}\n`);
  else call.world.out(`${explanationLines(explanation, call.world.screen).join("\n")}\n`);
  return exit.done;
}

function explanationLines(explanation: Explanation, screen: Screen): string[] {
  const { backend, candidates, rule, steps } = explanation;
  const head = paint(headline(explanation), "strong", screen);
  const why = steps.map(({ text }, at) => `  ${at + 1}. ${printable(text)}`);
  const rows = candidates.map((each) => [each.backend, String(each.slots), pctText(each.sharePct)]);
  const columns = [
    { title: "BACKEND" },
    { title: "SLOTS", align: "right" },
    { title: "SHARE", align: "right" },
  ] as const;
  return [
    head,
    ...why,
    ...(rule === null ? [] : [paint(`  rule: ${rule}`, "dim", screen)]),
    ...(backend === null && rows.length > 0 ? ["", ...tableLines(columns, rows, screen)] : []),
  ];
}

function headline({ verdict, farm, backend }: Explanation): string {
  if (verdict === "nobody" || farm === null) return "No farm answers";
  if (backend !== null) return `${farm.name}: ${backend.name} at ${backend.address} port ${backend.port}`;
  if (verdict === "denied") return `${farm.name}: turned away by its policy`;
  return verdict === "refused" ? `${farm.name}: no backend` : `${farm.name}: one of its backends`;
}
