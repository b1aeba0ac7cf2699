import { describe, expect, test } from "vitest";
import { chooseLab } from "./command.ts";

const lab = (runId: string) => ({ runId, stateFolder: `/state/of-${runId}`, socket: `/run/${runId}.sock` });

describe("npm run lab speaks to", () => {
  test("the only lab, or the one that is named", () => {
    expect(chooseLab([lab("aaaa")], undefined)).toBe("/run/aaaa.sock");
    expect(chooseLab([lab("aaaa"), lab("bbbb")], "bbbb")).toBe("/run/bbbb.sock");
  });

  test("none of several: it lists them with the folder that tells one from the other", () => {
    expect(() => chooseLab([lab("aaaa"), lab("bbbb")], undefined)).toThrow(
      "Several labs are running; name one:\n" +
        "  --run aaaa   its state is in /state/of-aaaa\n  --run bbbb   its state is in /state/of-bbbb",
    );
  });

  test("none that is not there, and says which are", () => {
    expect(() => chooseLab([lab("aaaa")], "cccc")).toThrow(
      "No lab cccc is running. There are:\n  --run aaaa   its state is in /state/of-aaaa",
    );
    expect(() => chooseLab([], undefined)).toThrow("No lab of this user is running. Start one with: npm start");
  });
});
