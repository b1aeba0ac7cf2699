import { expect, test } from "vitest";
import type { NftAnswer } from "./nft-child.ts";
import { createNftListing } from "./nft-listing.ts";
import type { RunProcess } from "./run-process.ts";

type Result = Awaited<ReturnType<RunProcess>>;
const result = (status: Result["status"], more: Partial<Result> = {}): Result => ({
  status,
  code: 0,
  stdout: "",
  stderr: "",
  durationMs: 1,
  ...more,
});

/** A reader that answers as told, and a process that lists no table of family inet and the other one as told. */
function listingWith(tables: NftAnswer, netdev: Result) {
  return createNftListing({
    run: (_command, args, { onStdout }) => {
      if (args.includes("netdev")) return Promise.resolve(netdev);
      onStdout?.('{"nftables": []}');
      return Promise.resolve(result("ok"));
    },
    reader: { read: () => Promise.resolve(tables), stop: () => undefined },
    tag: 0x51,
    dump: null,
    pause: () => Promise.resolve(),
  });
}

const lost: NftAnswer = { status: "lost", text: "hung" };
const noSuch = result("failed", { stderr: "Error: No such file or directory" });

test("a reader that does not answer is not taken for a table netdev that is not there", async () => {
  expect((await listingWith(lost, result("timeout")).table()).status).toBe("failed");
  expect((await listingWith(lost, noSuch).table()).status).toBe("absent");
});

test("where the reader names no table netdev none is listed", async () => {
  const answer: NftAnswer = { status: "ok", output: '{"nftables": []}' };
  expect((await listingWith(answer, result("timeout")).table()).status).toBe("absent");
});
