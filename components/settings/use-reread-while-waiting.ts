import { useRouter } from "next/navigation";
import { useEffect } from "react";
import type { TargetView } from "@/server/core/notify/target.ts";
import type { Untold } from "@/server/core/notify/untold.ts";

const rereadMs = 5000;

/** While something waits to be told, the page asks how it goes. */
export function useRereadWhileWaiting(targets: readonly TargetView[], untold: readonly Untold[]): void {
  const router = useRouter();
  const waits =
    targets.some(({ waiting, delivery }) => waiting.events > 0 || delivery.attempts > 0) ||
    untold.some(({ waitsFor }) => waitsFor.length > 0);
  useEffect(() => {
    if (!waits) return;
    const timer = setInterval(() => router.refresh(), rereadMs);
    return () => clearInterval(timer);
  }, [waits, router]);
}
