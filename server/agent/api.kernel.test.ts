import { randomUUID } from "node:crypto";
import http from "node:http";
import net from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { protocolHeader, protocolVersion } from "../wire/agent.ts";
import { errorCode, record } from "./answers.testing.ts";
import { actor, isRoot, request, TestAgent, testFarm, until } from "./harness.testing.ts";

let agent: TestAgent;
const strangerUid = 65_533;
const fiftyMb = 50 * 1024 * 1024;

beforeAll(async () => {
  agent = await TestAgent.open();
  await agent.put(testFarm(1));
});
afterAll(() => agent.close());

describe("who may call", () => {
  test.runIf(isRoot)(
    "a uid that is not allowed gets one sentence with the uid that was seen, whatever it sends",
    () => {
      const ask = `require("net").connect("${agent.socket}").on("data", (text) => process.stdout.write(text))`;
      const answer = agent.inside(
        ...["setpriv", `--reuid=${strangerUid}`, `--regid=${strangerUid}`, "--clear-groups"],
        ...[process.execPath, "-e", ask],
      );
      expect(answer).toContain("403");
      expect(answer).toContain('"not-allowed"');
      expect(answer).toContain(`uid ${strangerUid}`);
    },
  );

  test("the agent's socket is open to all, for the caller is looked at; the prober's is for its group", () => {
    expect(agent.inside("stat", "-c", "%a", agent.socket).trim()).toBe("666");
    expect(agent.inside("stat", "-c", "%a", `${agent.dir}/prober.sock`).trim()).toBe("660");
  });

  test("a second agent on the same socket does not start", async () => {
    const second = agent.spawn();
    const code = await new Promise((resolve) => second.once("exit", resolve));
    expect(code).toBe(1);
    await until(() => agent.log.includes("another agent serves"));
    expect(await agent.settled()).toMatchObject({ n: 1 });
  });
});

describe("bad messages", () => {
  const changes = (body: string, headers: Record<string, string> = {}) =>
    request(agent.socket, "POST", "/v1/changes", body, headers);
  const change = (operations: unknown) => changes(JSON.stringify({ uuid: randomUUID(), actor, operations }));

  test("of another protocol version are answered 426 with both versions", async () => {
    for (const version of ["0", String(protocolVersion + 1), "abc", ""]) {
      const answer = await agent.call("GET", "/v1/status", undefined, { "sluice-protocol": version });
      expect(answer.status).toBe(426);
      expect(errorCode(answer.body)).toBe("protocol");
      expect(answer.text).toContain(`protocol ${protocolVersion}`);
    }
  });

  test.each([
    ["no JSON", "{", "not JSON"],
    ["a list", "[]", ""],
    ["null", "null", ""],
    ["no uuid", JSON.stringify({ actor, operations: [] }), "uuid"],
    ["no operations", JSON.stringify({ uuid: randomUUID(), actor, operations: [] }), "operations"],
    ["an unknown field", JSON.stringify({ uuid: randomUUID(), actor, operations: [], shell: "id" }), "shell"],
  ])("with %s are answered 400 and name the place", async (_what, body, named) => {
    const answer = await changes(body);
    expect(answer.status).toBe(400);
    expect(errorCode(answer.body)).toBe("invalid");
    expect(answer.text).toContain(named);
  });

  const farm = testFarm(9);
  const backend = (wrong: object) => ({ backends: [{ ...farm.backends[0], ...wrong }] });
  const everyPort = { ports: [], ...backend({ port: null }) };
  const twin = { addresses: testFarm(1).addresses };
  const list = (count: number, item: (at: number) => unknown) => Array.from({ length: count }, (_, at) => item(at));
  test.each<[string, object, RegExp]>([
    ["name", { name: 'x"; flush ruleset; #' }, /lower-case letters/],
    ["name", { name: "new\nline" }, /lower-case letters/],
    ["name", { name: "b\u00fccher" }, /lower-case letters/],
    ["name", { name: "a".repeat(300) }, /at most 63 characters \(here 300\)/],
    ["name", { name: "farm-1" }, /exists already/],
    ["addresses[0]", { ...twin, ports: ["70-90"] }, /port 80 .* taken by farm farm-1/],
    ["addresses[0]", { ...twin, ...everyPort }, /taken by farm farm-1/],
    ["addresses[0]", { ...twin, ...everyPort, protocol: "all" }, /taken by farm farm-1/],
    ["addresses[0]", { addresses: ["localhost"] }, /names are not resolved/],
    ["addresses[0]", { addresses: ["127.0.0.1"] }, /loopback/],
    ["addresses[0]", { addresses: ["224.0.0.1"] }, /multicast/],
    ["addresses[0]", { addresses: ["::ffff:10.0.0.1"] }, /IPv4-mapped/],
    ["addresses[0]", { addresses: ["0.0.0.0"] }, /not an address of a host/],
    ["addresses[1]", { addresses: ["10.99.9.9", "fd00::9"] }, /no IPv6 backend/],
    ["addresses", { addresses: list(17, (at) => `10.98.0.${at + 1}`) }, /At most 16 addresses \(here 17\)/],
    ["ports[0]", { ports: [0] }, /outside 1 to 65,535/],
    ["ports[0]", { ports: [65_536] }, /outside 1 to 65,535/],
    ["ports[0]", { ports: ["http"] }, /not a port/],
    ["ports[0]", { ports: ["90-80"] }, /reversed/],
    ["ports", { ports: list(65, (at) => at * 2 + 1) }, /At most 64 port entries \(here 65\)/],
    ["notes", { notes: "n".repeat(2001) }, /2000 characters \(here 2001\)/],
    ["backends", { backends: [] }, /At least one backend/],
    ["backends", { backends: list(1001, () => farm.backends[0]) }, /at most 1000 backends \(here 1001\)/],
    ["backends[0].address", backend({ address: "web.example" }), /names are not resolved/],
    ["backends[0].address", backend({ address: "127.0.0.1" }), /loopback/],
    ["backends[0].address", backend({ address: "224.0.0.1" }), /multicast/],
    ["backends[0].address", backend({ address: "::ffff:10.0.0.1" }), /IPv4-mapped/],
    ["backends[0].address", backend({ address: "0.0.0.0" }), /not an address of a host/],
    ["backends[0].port", backend({ port: 0 }), /whole number from 1 to 65,535/],
    ["backends[0].port", backend({ port: "80; flush ruleset" }), /whole number from 1 to 65,535/],
    ["backends[0].weight", backend({ weight: -1 }), /whole number from 0 to 1,000/],
    ["backends[0].weight", backend({ weight: 1001 }), /whole number from 0 to 1,000/],
    ["backends[0].weight", backend({ weight: 1.5 }), /whole number from 0 to 1,000/],
    // what JSON makes of NaN
    ["backends[0].weight", backend({ weight: null }), /whole number from 0 to 1,000/],
    ["colour", { colour: "red" }, /Unknown field/],
    ["backends[0].colour", backend({ colour: "red" }), /Unknown field/],
  ])("with a bad %s say so at its path in one sentence and change nothing (%#)", async (path, wrong, words) => {
    const before = [agent.table(), (await agent.settled()).n];
    const answer = await change([{ type: "put-farm", base: null, farm: { ...farm, ...wrong } }]);
    const error = record(record(answer.body).error);
    expect(error.code).toBe("invalid");
    const message = expect.stringMatching(words);
    expect(error.issues).toEqual(expect.arrayContaining([{ path, message }]));
    expect([agent.table(), (await agent.settled()).n]).toEqual(before);
  });

  test("to an unknown address are answered 404", async () => {
    expect((await agent.call("GET", "/v1/../../etc/passwd")).status).toBe(404);
    expect((await agent.call("DELETE", "/v1/farms")).status).toBe(404);
  });

  test("that are no HTTP at all end the connection and nothing else", async () => {
    const socket = net.connect({ path: agent.socket });
    // what the agent did not read any more comes back as a reset
    socket.on("error", () => undefined);
    socket.write("\0\0\0flush ruleset\n\n");
    await new Promise((resolve) => socket.once("close", resolve));
    expect(await agent.settled()).toMatchObject({ n: 1 });
  });
});

describe("sizes", () => {
  test("a 50 MB body is refused by its announced length before it is sent", async () => {
    const sent = http.request({
      socketPath: agent.socket,
      method: "POST",
      path: "/v1/seed",
      headers: { [protocolHeader]: String(protocolVersion), "content-length": String(fiftyMb) },
    });
    sent.on("error", () => undefined);
    const response = await new Promise<http.IncomingMessage>((resolve) => {
      sent.on("response", resolve);
      sent.flushHeaders();
    });
    expect(response.statusCode).toBe(413);
    response.destroy();
  });

  test("a 50 MB body without a length is refused on the way", async () => {
    const sent = http.request({
      socketPath: agent.socket,
      method: "POST",
      path: "/v1/changes",
      headers: { [protocolHeader]: String(protocolVersion), "transfer-encoding": "chunked" },
    });
    sent.on("error", () => undefined);
    const answered = new Promise<http.IncomingMessage>((resolve) => sent.on("response", resolve));
    const piece = Buffer.alloc(1024 * 1024, " ");
    for (let at = 0; at < 50 && !sent.destroyed; at++) sent.write(piece);
    expect((await answered).statusCode).toBe(413);
    sent.destroy();
  });

  test("one operation above 1 MB is refused, many small ones of the same size are not", async () => {
    const notes = "n".repeat(2000);
    const tags = Array.from({ length: 16 }, (_, at) => `${"t".repeat(60)}${at}`);
    const big = { ...testFarm(5), notes, junk: "x".repeat(1_200_000) };
    const refused = await agent.call("POST", "/v1/changes", {
      uuid: randomUUID(),
      actor,
      operations: [{ type: "put-farm", base: null, farm: big }],
    });
    expect(["invalid", "too-large"]).toContain(errorCode(refused.body));
    const many = Array.from({ length: 290 }, (_, at) => testFarm(1000 + at, { notes, tags }, 1));
    expect(JSON.stringify(many).length).toBeGreaterThan(1024 * 1024);
    const answer = await agent.change(many.map((each) => ({ type: "put-farm", base: null, farm: each })));
    expect(answer).toMatchObject({ outcome: "applied" });
    await agent.change(many.map(({ id }) => ({ type: "remove-farm", base: Number(answer.n), farmId: id })));
  });
});

describe("rates", () => {
  test("too many structural changes a second are told to come back, and urgent ones still pass", async () => {
    const slow = await TestAgent.open({ SLUICE_STRUCTURAL_PER_S: "5", SLUICE_URGENT_PER_S: "100" });
    try {
      const send = (at: number) =>
        slow.call("POST", "/v1/changes", {
          uuid: randomUUID(),
          actor,
          operations: [{ type: "put-farm", base: null, farm: testFarm(at) }],
        });
      const answers = await Promise.all(Array.from({ length: 30 }, (_, at) => send(at + 1)));
      const taken = answers.filter(({ status }) => status === 200);
      const busy = answers.filter(({ status }) => status === 429);
      expect(taken.length).toBeGreaterThanOrEqual(10);
      expect(taken.length + busy.length).toBe(30);
      expect(busy.length).toBeGreaterThan(0);
      expect(errorCode(busy[0]?.body)).toBe("busy");
      expect(busy[0]?.text).toMatch(/busy, retry after \d+ ms/);
      // which of the thirty came first is the kernel's choice
      const first = answers.findIndex(({ status }) => status === 200);
      const base = Number(record(answers[first]?.body).n);
      const { id } = testFarm(first + 1);
      expect(await slow.change([{ type: "set-weights", base, farmId: id, weights: {} }])).toMatchObject({
        outcome: "applied",
      });
    } finally {
      await slow.close();
    }
  });
});

describe("the stream", () => {
  test("begins with everything, ticks, and tells of a revision", async () => {
    const types: string[] = [];
    const stop = await openStream((message) => types.push(String(message.type)));
    await until(() => types.includes("tick"));
    await agent.put(testFarm(50));
    await until(() => types.includes("revision"));
    expect(types[0]).toBe("hello");
    stop();
  });

  function openStream(onMessage: (message: Record<string, unknown>) => void): Promise<() => void> {
    return new Promise((resolve, reject) => {
      const options = {
        socketPath: agent.socket,
        path: "/v1/stream",
        headers: { [protocolHeader]: String(protocolVersion) },
      };
      const sent = http.get(options, (response) => {
        let rest = "";
        response.setEncoding("utf8");
        response.on("data", (piece: string) => {
          const lines = `${rest}${piece}`.split("\n");
          rest = lines.pop() ?? "";
          for (const line of lines) onMessage(record(JSON.parse(line)));
        });
        response.on("error", () => undefined);
        resolve(() => sent.destroy());
      });
      sent.on("error", reject);
    });
  }
});
