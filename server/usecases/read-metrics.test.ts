import { expect, test } from "vitest";
import { fail } from "../core/result.ts";
import { readMetrics } from "./read-metrics.ts";

const noDatabase = async () => fail("storage", "gone");
async function* agentPage(): AsyncGenerator<Uint8Array> {
  yield Buffer.from("sluice_farms 3\n");
}

async function pageOf(agent: Parameters<typeof readMetrics>[0]): Promise<string> {
  let text = "";
  for await (const piece of readMetrics(agent)) text += Buffer.from(piece).toString("utf8");
  return text;
}

type Agent = NonNullable<Parameters<typeof readMetrics>[0]>["agent"];
const agentWith = (metrics: Agent["metrics"]) => ({ agent: { metrics } as Agent, database: noDatabase });

test("the page has web's own families, then the agent's", async () => {
  const text = await pageOf(agentWith(async () => ({ ok: true, value: agentPage() })));
  expect(text).toMatch(/sluice_web_agent_up 1\n[\s\S]*sluice_web_database_up 0\n[\s\S]*sluice_farms 3\n$/);
});

test("an agent that is gone makes its series absent and says so", async () => {
  const text = await pageOf(agentWith(async () => fail("agent-down", "gone")));
  expect(text).toContain("sluice_web_agent_up 0\n");
  expect(text).not.toContain("sluice_farms");
});
