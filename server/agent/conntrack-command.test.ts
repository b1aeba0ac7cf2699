import { expect, test } from "vitest";
import { deletedCount, flowsByCommand } from "./conntrack-command.ts";
import { type FlowChoice, wholeMark } from "./flow-choice.ts";

const choice: FlowChoice = { mark: 0x51000001, mask: wholeMark, protocols: null, states: null, destination: null };

/** The commands that were run; each deletes 2, but for the one that fails. */
function world(failing = -1) {
  const ran: string[] = [];
  const flows = flowsByCommand(async (command, args) => {
    ran.push([command, ...args].join(" "));
    const isFailing = ran.length - 1 === failing;
    const stderr = isFailing ? "Operation failed" : "conntrack v1.4.7: 2 flow entries have been deleted.";
    return { status: isFailing ? "failed" : "ok", code: isFailing ? 1 : 0, stdout: "", stderr, durationMs: 1 };
  }, 0x51);
  return { flows, ran };
}

test("nothing to delete is no failure", () => {
  const nothing = "conntrack v1.4.7 (conntrack-tools): 0 flow entries have been deleted.\n";
  expect(deletedCount(1, nothing)).toBe(0);
  expect(deletedCount(0, nothing.replace("0 flow", "12 flow"))).toBe(12);
  expect(deletedCount(1, "conntrack v1.4.7: Operation failed: Operation not permitted")).toBeNull();
});

test("the tool is run for each protocol and state of a choice, and one that fails leaves no number", async () => {
  const unserved: FlowChoice = { ...choice, protocols: ["tcp"], states: ["CLOSE", "SYN_SENT"] };
  const { flows, ran } = world();
  expect(await flows.forget(unserved)).toBe(4);
  expect(ran).toEqual([
    "conntrack -D -m 0x51000001/0xffffffff -p tcp --state CLOSE",
    "conntrack -D -m 0x51000001/0xffffffff -p tcp --state SYN_SENT",
  ]);
  expect(await world(0).flows.forget(unserved)).toBeNull();
  expect(await world(0).flows.countOpen(choice)).toBeNull();
});

test("flows to an address and port are named by both", async () => {
  const { flows, ran } = world();
  await flows.forget({
    ...choice,
    mark: 0,
    mask: 0x7f000000,
    protocols: ["udp"],
    destination: { address: "fd00::1", port: 53 },
  });
  await flows.forget({ ...choice, destination: { address: "10.99.0.1", port: null } });
  expect(ran).toEqual([
    "conntrack -D -f ipv6 --orig-dst fd00::1 -m 0x0/0x7f000000 -p udp --orig-port-dst 53",
    "conntrack -D -f ipv4 --orig-dst 10.99.0.1 -m 0x51000001/0xffffffff",
  ]);
});
