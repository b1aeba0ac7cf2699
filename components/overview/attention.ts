/** What needs a person, worst first, each with its reason and first step. Pure. */
import type { GlyphKind } from "@/components/ui/status-glyph.tsx";
import type { FarmWord } from "@/server/core/farm/types.ts";
import type { HostFinding } from "@/server/core/metrics/feed.ts";
import type { FarmRow } from "@/server/core/metrics/live.ts";
import type { FarmBrief } from "./farm-brief.ts";

export type Attention = {
  readonly key: string;
  readonly glyph: GlyphKind;
  readonly subject: string;
  readonly text: string;
  readonly detail: string;
  readonly href: string;
  readonly step: string;
};

const ranks: Partial<Record<FarmWord, number>> = { down: 0, critical: 1, problem: 2, maintenance: 5 };
/** their reason is the word itself */
const quietWords: readonly FarmWord[] = ["stopped", "unknown"];

/** `findings`: what the preflight found on the host. */
export function attentionOf(
  farms: readonly FarmBrief[],
  rows: ReadonlyMap<string, FarmRow> | null,
  findings: readonly HostFinding[] = [],
): Attention[] {
  const found: (Attention & { rank: number })[] = findings.map((finding) => ({
    rank: finding.level === "problem" ? 0.5 : 4.5,
    ...findingOf(finding),
  }));
  for (const farm of farms) {
    const row = rows?.get(farm.id);
    const rank = row === undefined ? undefined : ranks[row.word];
    const isPanic = row?.panic !== undefined && farm.enabled;
    // who serves during a panic is not what the checks say: the panic is the news
    if (row !== undefined && rank !== undefined && !isPanic) found.push({ rank, ...troubleOf(farm, row) });
    // the word is about rules and health; a reason beside a quiet word is what the probes see
    const hasReason =
      rank === undefined && farm.enabled && !isPanic && row !== undefined && !quietWords.includes(row.word);
    if (hasReason && row.reason !== null) found.push({ rank: 2, ...reasonOf(farm, row, row.reason) });
    if (isPanic) found.push({ rank: 0.8, ...panicOf(farm, row?.panic ?? "") });
    const hint = row?.hints[0];
    if (hint !== undefined && farm.enabled) found.push({ rank: 3, ...hintOf(farm, hint, row?.hints.length ?? 1) });
    const draining = farm.backends.filter((backend) => backend.adminState === "drain");
    if (draining.length > 0 && rank === undefined) found.push({ rank: 4, ...drainOf(farm, draining) });
  }
  found.sort((a, b) => a.rank - b.rank || (a.subject < b.subject ? -1 : 1));
  return found;
}

/** What the farm does then is not what its checks say. */
function panicOf(farm: FarmBrief, panic: string): Attention {
  return {
    key: `${farm.id}-panic`,
    glyph: "degraded",
    subject: farm.name,
    text: "is in panic: its checks are not believed",
    detail: panic,
    href: `/farms/${farm.id}`,
    step: "Open farm",
  };
}

function troubleOf(farm: FarmBrief, row: FarmRow): Attention {
  return {
    key: `${farm.id}-word`,
    glyph: row.word === "down" ? "down" : row.word === "maintenance" ? "stopped" : "degraded",
    subject: farm.name,
    text:
      row.word === "down"
        ? `serves nothing: 0 of ${row.total} backends`
        : `has ${row.serving} of ${row.total} backends serving`,
    detail: row.reason ?? "",
    href: `/farms/${farm.id}`,
    step: "Open farm",
  };
}

/** Checks that nobody makes are trouble as well: what they would say is missing everywhere. */
function reasonOf(farm: FarmBrief, { silent }: Pick<FarmRow, "silent">, reason: string): Attention {
  return {
    key: `${farm.id}-reason`,
    glyph: silent === undefined ? "degraded" : "unknown",
    subject: farm.name,
    text:
      silent === undefined
        ? "gives new connections to a backend that fails"
        : `serves, and nothing is known of ${silent} of its backends`,
    detail: reason,
    href: `/farms/${farm.id}`,
    step: "Open farm",
  };
}

function hintOf(farm: FarmBrief, hint: string, count: number): Attention {
  return {
    key: `${farm.id}-hint`,
    glyph: "degraded",
    subject: farm.name,
    text: "may miss traffic",
    detail: count > 1 ? `${hint} (and ${count - 1} more)` : hint,
    href: `/farms/${farm.id}`,
    step: "See why",
  };
}

function findingOf({ id, text, command }: HostFinding): Attention {
  return {
    key: `host-${id}`,
    glyph: "degraded",
    subject: "This balancer",
    text,
    detail: command ?? "",
    href: "/settings",
    step: "Open host",
  };
}

function drainOf(farm: FarmBrief, draining: FarmBrief["backends"]): Attention {
  const names = draining.slice(0, 3).map((backend) => backend.name);
  const more = draining.length > 3 ? ` and ${draining.length - 3} more` : "";
  return {
    key: `${farm.id}-drain`,
    glyph: "draining",
    subject: farm.name,
    text: `has ${draining.length === 1 ? "a backend" : `${draining.length} backends`} draining`,
    detail: `${names.join(", ")}${more} get no new connections; open ones go on.`,
    href: `/farms/${farm.id}`,
    step: "Open farm",
  };
}
