import { spawn } from "node:child_process";
import { expect, test } from "vitest";
import { createNftReader } from "./nft-reader.ts";

/** Stands for `nft -i`: a change comes in between the first so many commands and their answers. */
function readerInterrupted(times: number) {
  const script = `
    asked=0
    while read -r line; do
      case $line in
        SluiceEnd*) printf 'Error: syntax error\\n%s\\n^^^\\n' "$line" >&2 ;;
        *) asked=$((asked + 1))
          if [ $asked -le ${times} ]; then echo 'Error: Could not process rule: Interrupted system call' >&2
          else echo "asked $asked times"; fi ;;
      esac
    done`;
  return createNftReader({ spawn: () => spawn("sh", ["-c", script]), onLost: () => undefined });
}

test("what a change interrupts is asked again, and not without end", async () => {
  const seldom = readerInterrupted(2);
  expect(await seldom.read("get element inet sluice sticky { 1 }")).toEqual({
    status: "ok",
    output: "asked 3 times\n",
  });
  seldom.stop();
  const always = readerInterrupted(1000);
  expect(await always.read("get element inet sluice sticky { 1 }")).toMatchObject({ status: "error" });
  always.stop();
});
