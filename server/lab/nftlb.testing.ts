/** A farm as Debian's nftlb writes it, and that nftlb in the balancer of a lab without an agent: the peer the oracle compares with. */
import type { Farm } from "../core/farm/types.ts";
import type { OpenLab } from "./open-lab.ts";

const schedulers: Readonly<Partial<Record<Farm["scheduler"], object>>> = {
  "round-robin": { scheduler: "rr" },
  random: { scheduler: "weight" },
  weighted: { scheduler: "weight" },
  "source-hash": { scheduler: "hash", "sched-param": "srcip" },
  "symmetric-hash": { scheduler: "symhash" },
};
const modes: Readonly<Record<Farm["forwarding"], string>> = {
  dnat: "dnat",
  snat: "snat",
  dsr: "dsr",
  stateless: "stlsdnat",
};

/** One farm with one VIP; a backend in maintenance is one that is off. Throws on what nftlb has no word for. */
function nftlbFarm(farm: Farm): object {
  const [vip = ""] = farm.addresses;
  const scheduler = schedulers[farm.scheduler];
  if (scheduler === undefined || farm.addresses.length !== 1)
    throw new Error(`${farm.name}: nftlb has no word for this`);
  const { persistence } = farm;
  return {
    name: farm.name,
    family: vip.includes(":") ? "ipv6" : "ipv4",
    "virtual-addr": vip,
    "virtual-ports": farm.ports.join(","),
    mode: modes[farm.forwarding],
    protocol: farm.protocol,
    ...scheduler,
    ...(farm.snatAddress === null ? {} : { "source-addr": farm.snatAddress }),
    ...(persistence === null ? {} : { persistence: "srcip", "persist-ttl": String(persistence.timeoutS) }),
    state: farm.enabled ? "up" : "down",
    backends: farm.backends.map((backend) => ({
      name: backend.name,
      "ip-addr": backend.address,
      ...(backend.port === null ? {} : { port: String(backend.port) }),
      weight: String(backend.weight),
      priority: String(backend.tier + 1),
      state: backend.adminState === "active" ? "up" : "off",
    })),
  };
}

/** Replaces whatever nftlb had there before. */
export async function serveByNftlb(lab: OpenLab, farm: Farm): Promise<void> {
  const config = JSON.stringify({ farms: [nftlbFarm(farm)] });
  // it writes its rules and ends; -c takes a file only
  const script = 'nft flush ruleset && cat > "$0" && exec nftlb -e -c "$0"';
  const report = await lab.exec("balancer", ["sh", "-c", script, `${lab.runFolder}/nftlb.json`], config);
  if (report.code !== 0) throw new Error(`nftlb: ${report.stderr}`);
}
