"use client";

import clsx from "clsx";
import { Check, Copy } from "lucide-react";
import { useEffect, useState } from "react";
import { buttonClass } from "./button.tsx";
import { copyText } from "./copy-text.ts";

type CopyButtonProps = {
  readonly text: string;
  /** what is copied, e.g. "address"; the accessible name says "Copy address" */
  readonly what: string;
  /** shows the word Copy beside the sign */
  readonly withWord?: boolean;
};

export function CopyButton({ text, what, withWord = false }: CopyButtonProps) {
  const [state, setState] = useState<"idle" | "copied" | "failed">("idle");
  useEffect(() => {
    if (state === "idle") return;
    const timer = setTimeout(() => setState("idle"), 2000);
    return () => clearTimeout(timer);
  }, [state]);
  const Icon = state === "copied" ? Check : Copy;
  const said = state === "copied" ? "Copied" : state === "failed" ? "Could not copy" : "";
  return (
    <button
      type="button"
      aria-label={withWord ? undefined : `Copy ${what}`}
      title={`Copy ${what}`}
      className={clsx(
        withWord ? buttonClass({ variant: "quiet" }) : "inline-grid size-6 place-items-center rounded-1 hover:bg-hover",
      )}
      onClick={async () => setState((await copyText(text)) ? "copied" : "failed")}
    >
      <Icon aria-hidden className="size-3.5 text-ink-3" strokeWidth={1.5} />
      {withWord ? <span>{said === "" ? "Copy" : said}</span> : null}
      <span role="status" className="sr-only">
        {said}
      </span>
    </button>
  );
}
