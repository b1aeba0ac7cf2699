import type { SeriesStyle } from "./series-style.ts";

type HatchPatternsProps = { readonly prefix: string; readonly styles: readonly SeriesStyle[] };

/** SVG twins of the hatches in marks.css, and of the gap. Colours by style, so that themes and forced colours reach them. */
export function HatchPatterns({ prefix, styles }: HatchPatternsProps) {
  return (
    <>
      {styles.map(({ id, colour }) => (
        <pattern key={id} id={`${prefix}${id}`} width={size(id)} height={size(id)} patternUnits="userSpaceOnUse">
          <rect
            width={size(id)}
            height={size(id)}
            style={{ fill: `color-mix(in oklab, ${colour} 84%, var(--surface))` }}
          />
          <Hatch id={id} />
        </pattern>
      ))}
      <pattern id={`${prefix}gap`} width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
        <rect width="5" height="5" style={{ fill: "var(--surface)" }} />
        <path d="M0 0v5" strokeWidth="2" style={{ stroke: "var(--line-strong)" }} />
      </pattern>
    </>
  );
}

const size = (id: string): number => (id === "7" || id === "8" ? 8 : 6);

function Hatch({ id }: { readonly id: string }) {
  const line = { style: { stroke: "var(--hatch)" }, fill: "none" } as const;
  switch (id) {
    case "2":
      return <path {...line} strokeWidth="1.2" d="M0 6L6 0M-1 1L1-1M5 7L7 5" />;
    case "3":
      return <path {...line} strokeWidth="1.2" d="M3 0v6" />;
    case "4":
      return <path {...line} strokeWidth="1.6" d="M0 0L6 6M-1 5L1 7M5-1L7 1" />;
    case "5":
      return <path {...line} strokeWidth="1.2" d="M0 3h6" />;
    case "6":
      return <circle cx="3" cy="3" r="1.2" style={{ fill: "var(--hatch)" }} />;
    case "7":
      return <path {...line} strokeWidth="2" d="M4 0v8" />;
    case "8":
      return <path {...line} strokeWidth="2" d="M0 8L8 0M-1 1L1-1M7 9L9 7" />;
    default:
      return null;
  }
}
