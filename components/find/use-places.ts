import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useSettled } from "@/components/ui/use-settled.ts";
import type { Places } from "@/server/core/farm/find-places.ts";

/** typed letters that follow each other faster are one question */
const restMs = 120;

type Found = { readonly found: Places | null; readonly problem: string | null; readonly isAsking: boolean };

/** What the server finds; while it looks, what it found before. */
export function usePlaces(search: string): Found {
  const text = useSettled(search.trim(), restMs);
  const { data, error, isFetching } = useQuery({
    queryKey: ["find", text],
    queryFn: ({ signal }) => fetchPlaces(text, signal),
    placeholderData: keepPreviousData,
    staleTime: 10_000,
    retry: false,
  });
  return {
    found: data ?? null,
    problem: error === null ? null : error.message,
    isAsking: isFetching || text !== search.trim(),
  };
}

async function fetchPlaces(text: string, signal: AbortSignal): Promise<Places> {
  const answer = await fetch(`/api/find?text=${encodeURIComponent(text)}`, { signal, cache: "no-store" });
  const body: unknown = await answer.json().catch(() => null);
  if (answer.ok && isPlaces(body)) return body;
  throw new Error("Farms and backends could not be looked up.");
}

function isPlaces(body: unknown): body is Places {
  return typeof body === "object" && body !== null && "places" in body && Array.isArray(body.places);
}
