"use client";

import { useState } from "react";
import { Note } from "@/components/ui/note.tsx";
import type { TargetView } from "@/server/core/notify/target.ts";
import type { NotificationActions } from "./notification-actions.ts";

type Answer = { readonly isTaken: boolean; readonly text: string };

type TargetTest = {
  readonly testing: string | null;
  readonly answer: Answer | null;
  readonly run: (target: TargetView) => Promise<void>;
};

/** One test at a time; the answer stays until the next one. */
export function useTargetTest(test: NotificationActions["test"] | null): TargetTest {
  const [testing, setTesting] = useState<string | null>(null);
  const [answer, setAnswer] = useState<Answer | null>(null);
  return {
    testing,
    answer,
    async run({ id, name }) {
      if (test === null || testing !== null) return;
      setTesting(id);
      setAnswer(null);
      const tested = await test(id).catch(() => null);
      setTesting(null);
      if (tested === null) setAnswer({ isTaken: false, text: "The server did not answer. Try again." });
      else if (tested.status === "refused") setAnswer({ isTaken: false, text: tested.text });
      else {
        const verb = tested.isTaken ? "took the test" : "did not take the test";
        setAnswer({ isTaken: tested.isTaken, text: `${name} ${verb} after ${tested.tookMs} ms: ${tested.text}` });
      }
    },
  };
}

export function TestAnswer({ answer }: { readonly answer: Answer | null }) {
  return (
    <div role="status" className="px-3.5 py-2 empty:hidden">
      {answer === null ? null : <Note tone={answer.isTaken ? "plain" : "bad"}>{answer.text}</Note>}
    </div>
  );
}
