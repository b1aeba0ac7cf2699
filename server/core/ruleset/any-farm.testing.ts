/** Any farm document, most of them sensible in each field and many of them impossible in combination: what is refused is tested too. */
import fc from "fast-check";

const v4 = fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 1, max: 250 })).map(([a, b]) => `10.9.${a}.${b}`);
const v6 = fc.integer({ min: 1, max: 0xffff }).map((n) => `2001:db8:9::${n.toString(16)}`);
const port = fc.integer({ min: 1, max: 65_535 });
const network = fc.oneof(
  v4,
  v6,
  fc.constantFrom(
    "10.0.0.0/8",
    "10.0.0.0/9",
    "192.168.0.0-192.168.0.9",
    "0.0.0.0/0",
    "2001:db8::/32",
    "::/0",
    "fe80::1-fe80::9",
  ),
);
/** and the lists of list-fixture.ts */
const client = fc.oneof(
  { weight: 4, arbitrary: network },
  { weight: 1, arbitrary: fc.constantFrom("@office", "@guests", "@nobody") },
);
const orNull = <T>(arbitrary: fc.Arbitrary<T>, weight = 2) =>
  fc.oneof({ weight, arbitrary: fc.constant(null) }, { weight: 1, arbitrary });

function backend(address: fc.Arbitrary<string>) {
  return fc.record({
    address,
    port: orNull(port, 1),
    weight: fc.constantFrom(0, 1, 2, 7, 100, 999, 1000),
    adminState: fc.constantFrom("active", "active", "active", "drain", "maintenance"),
    tier: fc.constantFrom(0, 0, 1, 9),
    maxConnections: orNull(fc.integer({ min: 1, max: 10_000_000 }), 5),
    snatAddress: orNull(fc.oneof(v4, v6), 8),
  });
}

const policy = fc.record({
  allow: fc.array(client, { maxLength: 4 }),
  deny: fc.array(client, { maxLength: 4 }),
  newPerSecondPerSource: orNull(fc.integer({ min: 1, max: 1_000_000 })),
  connectionsPerSource: orNull(fc.integer({ min: 1, max: 1_000_000 })),
  synPerSecond: orNull(fc.integer({ min: 1, max: 1_000_000 })),
  synProxy: fc.boolean(),
  dropInvalid: fc.boolean(),
  logPerSecond: orNull(fc.integer({ min: 1, max: 1000 })),
  dscp: orNull(fc.constantFrom("af21", "ef", "0", 63, 5)),
  priority: orNull(fc.constantFrom("1:10", "ffff:ffff", "0:1")),
});

const persistence = fc.record({
  by: fc.constantFrom("source-address", "destination-address"),
  timeoutS: fc.integer({ min: 1, max: 86_400 }),
  prefixV4: fc.constantFrom(32, 32, 24, 1, 31),
  prefixV6: fc.constantFrom(64, 128, 48, 1, 127),
  size: orNull(fc.integer({ min: 1, max: 1_048_576 })),
});

/** As a document of people would have it; ids are given by who parses it. */
export const anyFarm = fc
  .record({
    hasV4: fc.boolean(),
    isTidy: fc.integer({ min: 0, max: 5 }).map((dice) => dice > 0),
    backends4: fc.uniqueArray(backend(v4), { minLength: 1, maxLength: 6, selector: ({ address }) => address }),
    backends6: fc.uniqueArray(backend(v6), { maxLength: 4, selector: ({ address }) => address }),
    vips: fc.integer({ min: 1, max: 3 }),
    pinned: fc.uniqueArray(network, { maxLength: 3 }),
    fields: fc.record({
      enabled: fc.boolean(),
      protocol: fc.constantFrom("tcp", "tcp", "udp", "sctp", "all"),
      ports: fc.oneof(
        fc.uniqueArray(port, { minLength: 1, maxLength: 4 }),
        fc.constantFrom<(number | string)[]>([80, 443, "8000-8010"], ["1-65535"], [], [53]),
      ),
      forwarding: fc.constantFrom("dnat", "dnat", "snat", "stateless", "dsr"),
      snatAddress: orNull(fc.oneof(v4, v6), 5),
      scheduler: fc.constantFrom(
        "round-robin",
        "weighted",
        "random",
        "source-hash",
        "symmetric-hash",
        "maglev",
        "least-connections",
        "least-response",
        "least-load",
      ),
      hashFields: fc.constantFrom(["source-address"], ["source-port"], ["source-address", "source-port"]),
      onAllDown: fc.constantFrom("reject", "drop"),
      drainSticky: fc.constantFrom("stay", "move"),
      persistence: orNull(persistence),
      sorryServer: orNull(fc.record({ address: fc.oneof(v4, v6), port: orNull(port) }), 4),
      policy: fc.oneof({ weight: 2, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: policy }),
    }),
  })
  .map(({ hasV4, isTidy, backends4, backends6, vips, pinned, fields }) => {
    const families = [...(hasV4 || backends6.length === 0 ? [4] : []), ...(backends6.length > 0 ? [6] : [])];
    const backends = [...(families.includes(4) ? backends4 : []), ...backends6].map((each, at) => ({
      name: `web-${at + 1}`,
      ...each,
      // a farm of every port keeps the client's
      ...(fields.ports.length === 0 || fields.protocol === "all" ? { port: null } : {}),
    }));
    const addresses = families.flatMap((family) =>
      Array.from({ length: vips }, (_, at) => (family === 4 ? `192.0.2.${at + 1}` : `2001:db8:1::${at + 1}`)),
    );
    const pins = pinned.map((client, at) => ({ client, backend: `web-${(at % backends.length) + 1}` }));
    const document = { ...fields, ports: fields.protocol === "all" ? [] : fields.ports, addresses, backends, pins };
    return isTidy ? tidied(document) : document;
  });

type Document = { readonly [field: string]: unknown } & {
  readonly forwarding: string;
  readonly protocol: string;
  readonly policy: object;
  readonly backends: readonly { readonly [field: string]: unknown }[];
};

/** The commonest contradictions taken out, so that most documents say something about the rules. */
function tidied(document: Document): Document {
  const isTracked = document.forwarding === "dnat" || document.forwarding === "snat";
  const noFilters = { ...document.policy, synPerSecond: null, synProxy: false, logPerSecond: null };
  return {
    ...document,
    snatAddress: null,
    pins: [],
    sorryServer: null,
    hashFields: ["source-address"],
    backends: document.backends.map((each) => ({
      ...each,
      snatAddress: null,
      ...(isTracked ? {} : { maxConnections: null }),
      ...(document.forwarding === "dsr" ? { port: null } : {}),
    })),
    ...(document.protocol === "tcp" ? {} : { policy: noFilters }),
    ...(isTracked ? {} : { persistence: null, policy: {}, scheduler: "source-hash" }),
  };
}
