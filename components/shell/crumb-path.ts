/** The way to a page, from its path. */

export type Crumb = { readonly href: string; readonly label: string };

const names: Readonly<Record<string, string>> = {
  farms: "Farms",
  lists: "Lists",
  new: "New farm",
  weights: "Weights",
  settings: "Settings",
  ruleset: "Ruleset",
  history: "History",
  explain: "Explain a client",
  events: "Events",
  monitor: "Monitor",
};

/** `farmName`, `backendName`: of those in the path, when they are known already. Backends have no list of their own: the farm's page has it. */
export function crumbsOf(path: string, farmName: string | null, backendName: string | null = null): readonly Crumb[] {
  const parts = path.split("/").filter((part) => part !== "");
  if (parts.length === 0) return [{ href: "/", label: "Overview" }];
  if (parts[0] === "farms" && parts[2] === "backends")
    return [...crumbsOf(`/farms/${parts[1]}`, farmName).slice(0, 2), { href: path, label: backendName ?? "Backend" }];
  const crumbs = parts.map((part, index) => ({
    href: `/${parts.slice(0, index + 1).join("/")}`,
    label: labelOf(part, parts[0] ?? "", farmName),
  }));
  const isFarmPage = parts[0] === "farms" && parts.length === 2 && parts[1] !== "new";
  return isFarmPage ? [...crumbs, { href: `${path}#live`, label: "Live" }] : crumbs;
}

function labelOf(part: string, place: string, farmName: string | null): string {
  if (place === "lists" && part !== place) return part === "new" ? "New list" : "List";
  return names[part] ?? farmName ?? "Farm";
}
