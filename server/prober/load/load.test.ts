import { expect, test } from "vitest";
import { busyPct, createCpuReader } from "./cpu-metrics.ts";
import { loadRequest, readLoadAnswer } from "./snmp-message.ts";

const page = `# HELP go_threads Number of OS threads created.
go_threads 7
# TYPE node_cpu_seconds_total counter
node_cpu_seconds_total{cpu="0",mode="idle"} 1000.5
node_cpu_seconds_total{cpu="0",mode="iowait"} 10
node_cpu_seconds_total{cpu="0",mode="user"} 2.5e+02
node_cpu_seconds_total{cpu="1",mode="idle"} 900
node_cpu_seconds_total{cpu="1",mode="system"} 1.5
node_memory_MemFree_bytes 1e9
`;

test("CPU seconds are read whatever pieces they come in, and no further than they go", () => {
  for (const size of [1, 7, 64, 4096]) {
    const reader = createCpuReader();
    const bytes = Buffer.from(page);
    let isDone = false;
    for (let at = 0; at < bytes.length && !isDone; at += size) isDone = reader.push(bytes.subarray(at, at + size));
    expect(isDone).toBe(true);
    expect(reader.result()).toEqual({ idle: 1910.5, total: 2162 });
  }
});

test("a line without end and a page without CPUs are no reading", () => {
  const reader = createCpuReader();
  for (let at = 0; at < 100; at++) expect(reader.push(Buffer.alloc(65_536, "x"))).toBe(false);
  expect(reader.push(Buffer.from('\nnode_cpu_seconds_total{cpu="0",mode="idle"} NaN\n'))).toBe(false);
  expect(reader.result()).toBeNull();
});

test("how busy it was is the difference of two readings; counters that began anew say nothing", () => {
  expect(busyPct({ idle: 100, total: 200 }, { idle: 175, total: 300 })).toBe(25);
  expect(busyPct({ idle: 100, total: 200 }, { idle: 100, total: 300 })).toBe(100);
  expect(busyPct({ idle: 100, total: 200 }, { idle: 10, total: 20 })).toBeNull();
  expect(busyPct({ idle: 100, total: 200 }, { idle: 100, total: 200 })).toBeNull();
});

const ber = (tag: number, ...parts: (Buffer | readonly number[])[]): Buffer => {
  const value = Buffer.concat(parts.map((part) => Buffer.from(part)));
  return Buffer.concat([Buffer.from([tag, value.length]), value]);
};
const processorLoad = [0x2b, 6, 1, 2, 1, 0x19, 3, 3, 1, 2];
const network = [0x2b, 6, 1, 2, 1, 0x19, 3, 4, 1, 1];
const row = (column: readonly number[], index: number, value: Buffer) =>
  ber(0x30, ber(0x06, [...column, 0x98, 0x80, index]), value);
const answerOf = (status: number, ...rows: Buffer[]): Buffer => {
  const pdu = ber(0xa2, ber(2, [7]), ber(2, [status]), ber(2, [0]), ber(0x30, ...rows));
  return ber(0x30, ber(2, [1]), ber(4, Buffer.from("public")), pdu);
};
/** two CPUs, then the column behind theirs, as snmpd answers */
const answer = answerOf(
  0,
  row(processorLoad, 1, ber(2, [90])),
  row(processorLoad, 2, ber(2, [20])),
  row(network, 1, ber(2, [1])),
);

test("the mean of the CPUs is read, and only of their column", () => {
  expect(readLoadAnswer(answer, 7)).toEqual({ cpus: 2, loadPct: 55 });
  expect(readLoadAnswer(answerOf(0, row(network, 1, ber(2, [1]))), 7)).toBe("empty");
  expect(readLoadAnswer(answerOf(0, row(processorLoad, 1, ber(4, [90]))), 7)).toBe("empty");
  expect(readLoadAnswer(answerOf(16), 7)).toBe(16);
  expect(readLoadAnswer(answer, 8)).toBe("other");
});

test("an answer that is torn, or the question itself, is none", () => {
  expect(readLoadAnswer(loadRequest(7, "public"), 7)).toBe("broken");
  for (let end = 0; end < answer.length; end++) expect(readLoadAnswer(answer.subarray(0, end), 7)).toBe("broken");
});

test("random bytes never make the reader throw", () => {
  let seed = 42;
  const random = () => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return seed % 256;
  };
  for (let round = 0; round < 2000; round++) {
    const bytes = Buffer.from(answer);
    for (let change = 0; change < 4; change++) bytes[random() % bytes.length] = random();
    const read = readLoadAnswer(bytes, 7);
    expect(["string", "number", "object"]).toContain(typeof read);
  }
});
