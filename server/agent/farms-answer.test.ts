import { expect, test } from "vitest";
import { desiredFrom } from "../core/change/apply-operations.ts";
import { sampleFarm } from "../core/change/sample.testing.ts";
import { farmsAnswerSchema } from "../wire/agent.ts";
import { farmsAnswer } from "./farms-answer.ts";

function desiredOf(count: number, weight: number) {
  const farms = Array.from({ length: count }, (_, at) => sampleFarm(at + 1, [{ weight }]));
  const desired = desiredFrom(
    { epoch: 3, n: 9 },
    farms.map((farm) => ({ farm, version: 4, actor: { id: "a", name: "A" }, at: 1 })),
  );
  if (!desired.ok) throw new Error(desired.error.text);
  return { desired: desired.value, farms };
}

test.each([0, 1, 50, 120])("the pieces of %d farms are together the answer, asked once or again", (count) => {
  const { desired, farms } = desiredOf(count, 7);
  for (let asked = 0; asked < 2; asked++) {
    const pieces = [...farmsAnswer(desired)];
    expect(farmsAnswerSchema.parse(JSON.parse(pieces.join("")))).toEqual({
      epoch: 3,
      n: 9,
      farms: farms.map((farm) => ({ farm, version: 4 })),
      lists: [],
    });
    expect(pieces.length).toBe(2 + Math.ceil(count / 50));
  }
});
