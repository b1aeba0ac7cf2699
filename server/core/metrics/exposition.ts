/**
 * The text format of Prometheus, version 0.0.4. Pure. A value that is not known makes no line: a series that is absent says
 * "not known", a zero would be a lie. All lines of a family stand together, after its HELP and TYPE.
 * Names of families are ours; what people chose stands in label values only, escaped.
 */

export const expositionType = "text/plain; version=0.0.4; charset=utf-8";

export type Family = {
  /** ends with its base unit (`_seconds`, `_bytes`, `_ratio`), a counter with `_total` */
  readonly name: string;
  readonly type: "counter" | "gauge" | "histogram";
  readonly help: string;
};

/** Name and value, in the order they are written. */
export type Labels = readonly (readonly [name: string, value: string])[];

export function familyHead({ name, type, help }: Family): string {
  return `# HELP ${name} ${escapeHelp(help)}\n# TYPE ${name} ${type}\n`;
}

/** What stands between the braces; made once for many lines of the same thing. "" without labels. */
export function labelText(labels: Labels): string {
  return labels.map(([name, value]) => `${name}="${escapeLabel(value)}"`).join(",");
}

/** One line, or "" when the value is not known. `labels` and `more` are texts of labels, made before: there may be many lines. */
export function sampleLine(name: string, labels: string, value: number | null | undefined, more = ""): string {
  if (value === null || value === undefined || Number.isNaN(value)) return "";
  const inside = labels === "" || more === "" ? labels + more : `${labels},${more}`;
  return inside === "" ? `${name} ${numberText(value)}\n` : `${name}{${inside}} ${numberText(value)}\n`;
}

/** A whole family with few lines. */
export function familyText(family: Family, samples: readonly (readonly [Labels, number | null])[]): string {
  const lines = samples.map(([labels, value]) => sampleLine(family.name, labelText(labels), value)).join("");
  return lines === "" ? "" : familyHead(family) + lines;
}

/** Lines of one histogram. `counts`: by bound, not summed up, one more than `bounds`; the last is what lies above all of them. */
export function histogramLines(
  name: string,
  labels: string,
  {
    bounds,
    counts,
    sum,
  }: { readonly bounds: readonly number[]; readonly counts: ArrayLike<number>; readonly sum: number },
): string {
  let text = "";
  let seen = 0;
  for (const [at, bound] of bounds.entries()) {
    seen += counts[at] ?? 0;
    text += sampleLine(`${name}_bucket`, labels, seen, `le="${numberText(bound)}"`);
  }
  seen += counts[bounds.length] ?? 0;
  text += sampleLine(`${name}_bucket`, labels, seen, 'le="+Inf"');
  return `${text}${sampleLine(`${name}_sum`, labels, sum)}${sampleLine(`${name}_count`, labels, seen)}`;
}

function numberText(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return "+Inf";
  if (value === Number.NEGATIVE_INFINITY) return "-Inf";
  return String(value);
}

function escapeLabel(value: string): string {
  return value.replace(/\\/g, "\\\\").replace(/"/g, '\\"').replace(/\n/g, "\\n");
}

function escapeHelp(text: string): string {
  return text.replace(/\\/g, "\\\\").replace(/\n/g, "\\n");
}
