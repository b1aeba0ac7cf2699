import { describe, expect, it } from "vitest";
import { checkOrigin } from "./origin.ts";

const own = "http://127.0.0.1:3000";
const from = (origin: string | null) => checkOrigin({ get: () => origin }, own).ok;

describe("origin of a request that changes something", () => {
  it("our own pages pass, under every name of loopback", () => {
    for (const origin of [own, "http://localhost:3000", "http://[::1]:3000"]) expect(from(origin)).toBe(true);
  });

  it("no origin, null, another port, another scheme and another site are refused", () => {
    for (const origin of [
      null,
      "",
      "null",
      "http://127.0.0.1:3001",
      "https://127.0.0.1:3000",
      "http://127.0.0.1:3000.evil.example",
      "http://evil.example",
    ])
      expect(from(origin)).toBe(false);
  });

  it("an origin with a name has no other names", () => {
    expect(checkOrigin({ get: () => "https://localhost" }, "https://lb.example.net").ok).toBe(false);
    expect(checkOrigin({ get: () => "https://lb.example.net" }, "https://lb.example.net").ok).toBe(true);
  });
});
