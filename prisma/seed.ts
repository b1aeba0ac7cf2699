/** The lab's first farms, into a database that never held any. The launcher runs this in the lab only: a host starts empty. */
import { parseDocument } from "../server/core/farm/document.ts";
import { fail, ok, type Result } from "../server/core/result.ts";
import { openDatabase } from "../server/db/database.ts";
import type { Database } from "../server/db/repositories.ts";
import document from "../server/lab/farms.json" with { type: "json" };

const seededUuid = "5a6b7c10-ffff-4000-8000-000000000001";

async function seed(url: string, nowMs: number): Promise<Result<string>> {
  const parsed = parseDocument(document, () => crypto.randomUUID());
  if (!parsed.ok) return parsed;
  const { farms, lists } = parsed.value;
  const opened = await openDatabase({ url });
  if (!opened.ok) return opened;
  try {
    const empty = await isUntouched(opened.value);
    if (!empty.ok) return empty;
    if (!empty.value) return ok("the database has its farms");
    const imported = await opened.value.farms.importState({
      epoch: 1,
      n: 0,
      uuid: seededUuid,
      actor: { id: "system", name: "Sluice" },
      at: nowMs,
      digest: "",
      sentences: ["The lab's farms"],
      farms: farms.map((farm) => ({ farm, version: 0 })),
      lists: lists.map((list) => ({ list, version: 0 })),
    });
    return imported.ok ? ok(`seeded ${farms.length} farms`) : imported;
  } finally {
    await opened.value.close();
  }
}

/** Farms that a person removed do not come back. */
async function isUntouched(database: Database): Promise<Result<boolean>> {
  const revisions = await database.revisions.list({ limit: 1 });
  if (!revisions.ok) return revisions;
  const farms = await database.farms.list();
  return farms.ok ? ok(revisions.value.length === 0 && farms.value.length === 0) : farms;
}

const { DATABASE_URL: url } = process.env;
const result = url === undefined ? fail("invalid", "DATABASE_URL is not set") : await seed(url, Date.now());
process.stdout.write(result.ok ? `${result.value}\n` : "");
if (!result.ok) {
  process.stderr.write(`The lab's farms cannot be stored: ${result.error.text} ${result.error.detail ?? ""}\n`);
  process.exit(1);
}
