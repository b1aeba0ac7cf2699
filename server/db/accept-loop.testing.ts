/** Writes changes for ever, as web does, and says each number once it is acknowledged. Ended from outside, by kill -9. */
import { writeSync } from "node:fs";
import type { Operation } from "../core/change/operation.ts";
import { sampleFarm, uuid } from "../core/change/sample.testing.ts";
import { openDatabase } from "./database.ts";

const opened = await openDatabase({ url: `file:${process.argv[2]}` });
if (!opened.ok) throw new Error(opened.error.text);
const { farms, changes } = opened.value;
const actor = { id: "a", name: "A" };
const position = await farms.position();
if (!position.ok) throw new Error(position.error.text);

for (let n = position.value.n + 1; ; n++) {
  const farm = sampleFarm(1, [{ weight: n % 1000 }, { weight: (n + 1) % 1000 }], { notes: `revision ${n}` });
  const operations: Operation[] = [{ type: "put-farm", base: null, farm }];
  const begun = await changes.begin({ uuid: uuid(n), actor, operations, text: "", at: n });
  const accepted = await farms.accept({
    epoch: 1,
    n,
    uuid: uuid(n),
    actor,
    peerUid: null,
    at: n,
    digest: `digest ${n}`,
    operations,
    sentences: [],
  });
  if (!begun.ok || !accepted.ok) throw new Error(JSON.stringify([begun, accepted]));
  writeSync(1, `${n}\n`);
}
