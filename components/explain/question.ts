/** The question of the explain page and its place in the URL, so that it can be shared. Pure. */
import { parseClientQuery, targetText } from "@/server/core/explain/query.ts";
import { portRanges } from "@/server/core/farm/ports.ts";
import type { Farm } from "@/server/core/farm/types.ts";

/** As typed: CLIENT[:PORT] and VIP:PORT[/PROTOCOL], the words of `sluice explain`. */
export type Question = { readonly client: string; readonly target: string };

export type QuestionErrors = { readonly client?: string; readonly target?: string };

export function readQuestion(params: URLSearchParams): Question {
  return { client: params.get("client") ?? "", target: params.get("target") ?? "" };
}

export function explainPath({ client, target }: Question): string {
  return `/explain?${new URLSearchParams({ client: client.trim(), target: target.trim() })}`;
}

/** The page with the farm's first address filled in. */
export function explainHref(farm: Farm): string {
  return explainPath({ client: "", target: targetsOf(farm)[0] ?? "" });
}

/** A place of each address to ask for: the first port, or 80 where every port answers. */
export function targetsOf({ addresses, ports, protocol }: Pick<Farm, "addresses" | "ports" | "protocol">): string[] {
  const port = portRanges(ports)[0]?.from ?? 80;
  return addresses.map((vip) => targetText({ vip, port, protocol: protocol === "all" ? "tcp" : protocol }));
}

/** Empty = it can be asked. An empty box is missing, not wrong. */
export function questionErrors({ client, target }: Question): QuestionErrors {
  const missing: QuestionErrors = {
    ...(client.trim() === "" ? { client: "The client's address is needed" } : {}),
    ...(target.trim() === "" ? { target: "An address and a port are needed" } : {}),
  };
  if (Object.keys(missing).length > 0) return missing;
  const parsed = parseClientQuery(client, target);
  return parsed.ok ? {} : Object.fromEntries((parsed.error.issues ?? []).map(({ path, message }) => [path, message]));
}
