import { expect, test } from "vitest";
import { uncheckableAddress } from "./check-address.ts";

test.each([
  ["127.0.0.1", "127.0.0.1 is a loopback address"],
  ["0.0.0.0", "0.0.0.0 is not an address of a host"],
  ["169.254.169.254", "169.254.169.254 is link-local"],
  ["224.0.0.1", "224.0.0.1 is a multicast address"],
  ["255.255.255.255", "255.255.255.255 is reserved"],
  ["::", ":: is not an address of a host"],
  ["::1", "::1 is a loopback address"],
  ["fe80::1", "fe80::1 is link-local"],
  ["ff02::1", "ff02::1 is a multicast address"],
  ["::ffff:127.0.0.1", "::ffff:127.0.0.1 is an IPv4-mapped address; write 127.0.0.1"],
  ["fd00:ec2::254", "fd00:ec2::254 is a metadata service"],
  ["FD00:0EC2:0:0:0:0:0:0254", "fd00:ec2::254 is a metadata service"],
  ["64:ff9b::a9fe:a9fe", "64:ff9b::a9fe:a9fe: 169.254.169.254 is link-local"],
  ["100.100.100.200", "100.100.100.200 is a metadata service"],
  ["64:ff9b::6464:64c8", "64:ff9b::6464:64c8: 100.100.100.200 is a metadata service"],
  ["64:ff9b:1::7f00:1", "64:ff9b:1::7f00:1: 127.0.0.1 is a loopback address"],
  ["::ffff:0:7f00:1", "::ffff:0:7f00:1: 127.0.0.1 is a loopback address"],
  ["2002:7f00:1::1", "2002:7f00:1::1: 127.0.0.1 is a loopback address"],
  ["backend.example", '"backend.example" is not an IPv4 or IPv6 address; names are not resolved'],
])("%s is never checked", (address, reason) => {
  expect(uncheckableAddress(address)).toBe(reason);
});

test.each(["10.0.0.1", "192.0.2.1", "fd00:ec2::1", "2001:db8::1", "64:ff9b::a00:1"])("%s may be checked", (address) => {
  expect(uncheckableAddress(address)).toBeNull();
});
