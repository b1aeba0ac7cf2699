"use client";

import { useSyncExternalStore } from "react";
import { formatClock, formatDateTime } from "./numbers.ts";

type LocalTimeProps = { readonly atMs: number; readonly withDate?: boolean; readonly className?: string };

const never = (): (() => void) => () => {};

/** A moment in the reader's time zone. The server does not know the zone, so it writes UTC and the browser puts it right. */
export function LocalTime({ atMs, withDate = false, className }: LocalTimeProps) {
  const isBrowser = useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
  const iso = new Date(atMs).toISOString();
  const utc = withDate ? iso.slice(0, 19).replace("T", " ") : iso.slice(11, 19);
  const text = isBrowser ? (withDate ? formatDateTime(atMs) : formatClock(atMs)) : utc;
  return (
    <time dateTime={iso} title={isBrowser ? formatDateTime(atMs) : `${iso} UTC`} className={className}>
      {text}
    </time>
  );
}
