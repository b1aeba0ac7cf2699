import { expect, it } from "vitest";
import { canonicalAddress } from "./address.ts";

it.each([
  ["::ffff:10.0.0.1", "::ffff:10.0.0.1 is an IPv4-mapped address; write 10.0.0.1"],
  ["::FFFF:0a00:0001", "::FFFF:0a00:0001 is an IPv4-mapped address; write 10.0.0.1"],
  ["0:0:0:0:0:0:10.0.0.1", "0:0:0:0:0:0:10.0.0.1 is an IPv4-compatible address; write 10.0.0.1"],
  ["::0001", "::0001 is a loopback address"],
  ["0:0::0", "0:0::0 is not an address of a host"],
  ["FE80::1", "FE80::1 is link-local"],
  ["Ff02::1", "Ff02::1 is a multicast address"],
])("a refused address is named as it was typed: %s", (text, error) => {
  expect(canonicalAddress(text)).toEqual({ ok: false, error });
});

it.each([
  ["FD00::0:1", "fd00::1"],
  ["2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"],
])("an accepted address is kept in its one short form: %s", (text, value) => {
  expect(canonicalAddress(text)).toEqual({ ok: true, value });
});
