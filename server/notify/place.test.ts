import { expect, test } from "vitest";
import { placeOf } from "./place.ts";
import { loopback } from "./sample-parcel.testing.ts";

test.each([
  "127.0.0.1",
  "localhost",
  "[::1]",
  "0.0.0.0",
  "169.254.169.254",
  "fe80::1",
  "::ffff:127.0.0.1",
  "::127.0.0.1",
  "224.0.0.1",
  "100.100.100.200",
  "fd00:ec2::254",
  "[64:ff9b::a9fe:a9fe]",
  "2002:7f00:1::1",
])("nothing is sent to %s", async (host) => {
  expect((await placeOf(host, [])).ok).toBe(false);
});

test("other addresses, and networks that the host's owner allows, are sent to", async () => {
  expect(await placeOf("192.0.2.7", [])).toEqual({ ok: true, value: { address: "192.0.2.7", family: 4 } });
  expect(await placeOf("[2001:db8::7]", [])).toMatchObject({ value: { address: "2001:db8::7" } });
  expect((await placeOf("127.0.0.1", loopback)).ok).toBe(true);
  expect(await placeOf("localhost", loopback)).toMatchObject({ value: { address: "127.0.0.1" } });
  expect((await placeOf("169.254.169.254", loopback)).ok).toBe(false);
});
