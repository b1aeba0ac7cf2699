/** "Who answers this client?": CLIENT[:PORT] and VIP:PORT[/PROTOCOL] as people write them. IPv6 with a port stands in brackets. */
import { canonicalAddress } from "../farm/address.ts";
import { limits } from "../farm/limits.ts";
import { fail, ok, type Result } from "../result.ts";

export type ClientQuery = {
  /** canonical */
  readonly client: string;
  /** null = not said; only a hash of ports needs it */
  readonly clientPort: number | null;
  /** canonical */
  readonly vip: string;
  readonly port: number;
  readonly protocol: "tcp" | "udp" | "sctp";
};

const protocols = ["tcp", "udp", "sctp"] as const;

/** Fails as "invalid" with a sentence that shows the right form; its one issue has the path "client" or "target". */
export function parseClientQuery(client: string, target: string): Result<ClientQuery> {
  const from = parsePlace(client.trim());
  if (typeof from === "string") return refused("client", from);
  const [place = "", protocolText = "tcp", ...rest] = target.trim().split("/");
  const protocol = protocols.find((each) => each === protocolText.toLowerCase());
  if (protocol === undefined || rest.length > 0)
    return refused("target", `A protocol is tcp, udp or sctp, as in 192.168.0.40:53/udp, not "${shown(protocolText)}"`);
  const to = parsePlace(place);
  if (typeof to === "string") return refused("target", to);
  const { address: vip, port } = to;
  if (port === null) return refused("target", `"${shown(target)}" names no port; write it like ${example(vip)}`);
  if (vip.includes(":") !== from.address.includes(":"))
    return refused("client", `${from.address} and ${vip} are of different families`);
  return ok({ client: from.address, clientPort: from.port, vip, port, protocol });
}

/** As parseClientQuery reads it: brackets where an IPv6 address has a port. */
export function targetText({ vip, port, protocol }: Pick<ClientQuery, "vip" | "port" | "protocol">): string {
  return `${vip.includes(":") ? `[${vip}]` : vip}:${port}/${protocol}`;
}

function refused(path: "client" | "target", message: string) {
  return fail("invalid", message, { issues: [{ path, message }] });
}

/** The sentence that says what is wrong, or the place. */
function parsePlace(text: string): string | { address: string; port: number | null } {
  const bracketed = /^\[([^\]]*)\](?::([0-9]{1,5}))?$/.exec(text);
  const v4 = /^([^:]*):([0-9]{1,5})$/.exec(text);
  const [, address = text, portText] = bracketed ?? v4 ?? [];
  const parsed = canonicalAddress(address);
  if (!parsed.ok) return parsed.error;
  const port = portText === undefined ? null : Number(portText);
  if (port !== null && (port < 1 || port > limits.portMax)) return `Port ${port} is outside 1 to 65,535`;
  return { address: parsed.value, port };
}

function example(address: string): string {
  return address.includes(":") ? `[${address}]:80` : `${address}:80`;
}

function shown(text: string): string {
  return text.slice(0, 60);
}
