"use client";

import { Button } from "@/components/ui/button.tsx";
import { Note } from "@/components/ui/note.tsx";
import { useChartClock } from "./chart-clock.tsx";

/** The agent keeps short ranges and does not answer; the dashboard keeps the longer ones itself. */
export function HistoryOut() {
  const { setRange } = useChartClock();
  return (
    <Note tone="lost" actions={<Button onClick={() => setRange(6 * 3600)}>Show 6 hours</Button>}>
      The seconds of this range are kept by the agent, which does not answer now.
    </Note>
  );
}
