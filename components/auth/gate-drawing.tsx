/** Three gates, a weight each: what the product does, drawn once. Decoration. */
export function GateDrawing() {
  return (
    <svg viewBox="0 0 440 470" aria-hidden="true" className="h-auto w-[min(500px,76%)]" fill="none">
      <path
        d="M64 150q8 5 16 0t16 0 16 0 16 0 16 0 16 0 16 0 16 0 16 0 16 0 16 0 16 0 16 0 16 0 16 0 16 0 16 0 16 0 16 0 16 0 14 0V360H64z"
        fill="var(--s1)"
        opacity=".1"
      />
      <path d="M66 210h126v150H66zM198 285h91v75h-91zM295 285h99v75h-99z" fill="var(--s1)" opacity=".26" />
      <path
        d="M68.5 52h121v158h-121zM200.5 127h86v158h-86zM297.5 127h94v158h-94z"
        fill="var(--raised)"
        stroke="var(--ink-3)"
        strokeWidth="1.25"
      />
      <path
        d="M69 91h120M69 131h120M69 171h120M201 166h85M201 206h85M201 246h85M298 166h93M298 206h93M298 246h93"
        stroke="var(--line-strong)"
      />
      <path d="M129 18v34M243.5 18v109M344.5 18v109" stroke="var(--ink-3)" strokeWidth="2.5" strokeLinecap="round" />
      <path
        d="M64 30v332M195 30v332M292 30v332M396 30v332M56 362h348"
        stroke="var(--ink-2)"
        strokeWidth="3"
        strokeLinecap="square"
      />
      <path
        d="M64 150q8 5 16 0t16 0 16 0 16 0 16 0 16 0 16 0 16 0 16 0 16 0 16 0 16 0 16 0 16 0 16 0 16 0 16 0 16 0 16 0 16 0 14 0"
        stroke="var(--accent)"
        strokeWidth="1.5"
        opacity=".55"
      />
      <path d="M66 210h126M198 285h91M295 285h99" stroke="var(--accent)" strokeWidth="2.5" />
      <path
        d="M36 60h8M32 90h12M36 75h8M36 105h8M36 120h8M32 135h12M36 150h8M36 165h8M36 180h8M36 195h8M28 210h16M36 225h8M36 240h8M36 255h8M36 270h8M32 285h12M36 300h8M36 315h8M36 330h8M36 345h8M28 360h16"
        stroke="var(--ink-3)"
      />
      <path d="M46 210h16M46 285h150" stroke="var(--accent-line)" strokeDasharray="2 3" />
      <g fontSize="11" fill="var(--ink-3)" textAnchor="end">
        <text x="24" y="214">
          50
        </text>
        <text x="24" y="289">
          25
        </text>
        <text x="24" y="364">
          0
        </text>
      </g>
      <g fontSize="15" fontWeight="600" fill="var(--ink)" textAnchor="middle">
        <text x="129" y="392">
          50.0
        </text>
        <text x="243.5" y="392">
          25.0
        </text>
        <text x="344.5" y="392">
          25.0
        </text>
      </g>
    </svg>
  );
}
