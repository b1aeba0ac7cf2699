import { describe, expect, it } from "vitest";
import { type Patch, reasonsAgainst } from "./combinations.ts";
import { emptyDraft, type FarmDraft } from "./form-model.ts";

const ids = ["00000000-0000-4000-8000-000000000002", "00000000-0000-4000-8000-000000000003"];
/** As a new farm starts: no name, no address, nothing typed yet. */
const fresh = emptyDraft(ids);
const hashed: FarmDraft = { ...fresh, scheduler: "source-hash" };
const stateless: FarmDraft = { ...hashed, forwarding: "stateless" };
const sticky = (draft: FarmDraft): FarmDraft => ({
  ...draft,
  persistence: { ...draft.persistence, by: "source-address" },
});
const scheduler =
  (value: FarmDraft["scheduler"]): Patch =>
  (draft) => ({ ...draft, scheduler: value });

describe("a choice that cannot be made", () => {
  const toStateless: Patch = (draft) => ({ ...draft, forwarding: "stateless" });
  const cases: readonly (readonly [string, FarmDraft, Patch, string])[] = [
    ["stateless with a scheduler that takes turns", fresh, toStateless, "a hash keeps it together"],
    ["stateless with persistence", sticky(hashed), toStateless, "tracks no connections"],
    [
      "stateless with filters",
      { ...hashed, policy: { ...hashed.policy, dropInvalid: true } },
      toStateless,
      "tracks none",
    ],
    ["stateless with every port", { ...hashed, everyPort: true }, toStateless, "name the ports"],
    ["stateless with SCTP", { ...hashed, protocol: "sctp" }, toStateless, "it takes tcp or udp"],
    ["persistence without tracking", stateless, sticky, "tracks no connections"],
    ["turns without tracking", stateless, scheduler("weighted"), "a hash keeps it together"],
    ["all protocols without tracking", stateless, (draft) => ({ ...draft, protocol: "all" }), "it takes tcp or udp"],
    [
      "a hash of ports of all protocols",
      { ...hashed, protocol: "all" },
      (draft) => ({ ...draft, hashFields: "source-port" }),
      "cannot hash the source port",
    ],
    [
      "remembering the only address",
      fresh,
      (draft) => ({ ...draft, persistence: { ...draft.persistence, by: "destination-address" } }),
      "the same backend",
    ],
    [
      "a sorry server without tracking",
      stateless,
      (draft) => ({ ...draft, sorry: { address: "192.0.2.253", port: "" } }),
      "cannot stand in",
    ],
  ];
  it.each(cases)("says why before it is made: %s", (_, draft, patch, reason) => {
    expect(reasonsAgainst(draft)(patch)).toContain(reason);
  });
});

describe("a choice that can be made", () => {
  const cases: readonly (readonly [string, FarmDraft, Patch])[] = [
    ["stateless with a hash", hashed, (draft) => ({ ...draft, forwarding: "stateless" })],
    ["another hash without tracking", stateless, scheduler("maglev")],
    ["every port, though backends have ports", fresh, (draft) => ({ ...draft, everyPort: true })],
    ["all protocols, though ports are named", fresh, (draft) => ({ ...draft, protocol: "all" })],
    ["persistence in a form full of half-written fields", { ...fresh, addresses: ["192.", ""], ports: "8" }, sticky],
  ];
  it.each(cases)("is not ruled out by what is not typed yet: %s", (_, draft, patch) => {
    expect(reasonsAgainst(draft)(patch)).toBeNull();
  });

  it("is not ruled out by what is wrong already", () => {
    const wrong = { ...sticky(stateless), notes: "x" };
    expect(reasonsAgainst(wrong)((draft) => ({ ...draft, notes: "y" }))).toBeNull();
  });
});
