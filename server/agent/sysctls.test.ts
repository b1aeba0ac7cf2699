import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { applySysctls } from "./sysctls.ts";

let root: string;
const told: string[] = [];
const events = { add: ({ text }: { text: string }) => void told.push(text) };
const max = "net.netfilter.nf_conntrack_max";

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "sluice-sysctl-"));
  mkdirSync(join(root, "net/netfilter"), { recursive: true });
  writeFileSync(join(root, "net/netfilter/nf_conntrack_max"), "8192\n");
  told.length = 0;
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

test("what is configured is set and told once; nothing else is written", () => {
  expect(applySysctls({ [max]: 65_536 }, events, root)).toMatchObject([{ ok: true }]);
  expect(readFileSync(join(root, "net/netfilter/nf_conntrack_max"), "utf8")).toBe("65536\n");
  expect(applySysctls({ [max]: 65_536 }, events, root)).toMatchObject([{ ok: true }]);
  expect(told).toEqual([`${max} was 8192 and is now 65536, as configured`]);
  expect(applySysctls({}, events, root)).toEqual([]);
});

test("what cannot be set is said with the command", () => {
  const [line] = applySysctls({ "net.ipv4.ip_forward": 1 }, events, root);
  expect(line).toMatchObject({ ok: false });
  expect(line?.text).toContain("sysctl -w net.ipv4.ip_forward=1");
  expect(told).toEqual([]);
});
