import { expect, test } from "vitest";
import { synRetransmits } from "./flood.ts";

test("SYNs sent again are read from the line of numbers under the line of names, wherever the kernel puts them", () => {
  const netstat = [
    "TcpExt: SyncookiesSent TCPSynRetrans TCPOrigDataSent",
    "TcpExt: 0 17 900",
    "IpExt: InNoRoutes TCPSynRetrans",
    "IpExt: 4 5",
  ].join("\n");
  expect(synRetransmits(netstat)).toBe(17);
  expect(synRetransmits("TcpExt: A\nTcpExt: 1")).toBeNaN();
});
